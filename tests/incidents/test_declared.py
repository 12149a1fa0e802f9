"""The bundled incident, and declarations with mistakes."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.incidents.declared import check, load, make_incident, read_keys, to_toml, write_over
from spiders import declarations
from spiders.mistakes import DeclarationError
from storage.records import Incident, RosterEntry


def test_the_bundled_incident() -> None:
    (incident,) = load()
    assert incident.slug == "ntt-procx-2023"
    assert incident.hotlines == ("0120-220-614",)
    assert incident.window == (date(2023, 10, 17), date(2025, 6, 30))
    assert len(incident.roster) == 37
    by_name = {entry.name: entry for entry in incident.roster}
    assert by_name["海津市"].count == "3,923人 持ち出し、3,794人 流出、3,721人に通知"
    assert by_name["NTTドコモ"].later.startswith("2023-11-09: 約6.9万件")


@pytest.mark.parametrize("name", ["浜松市", "小牧市", "福井県・静岡県などの自治体(名称不明)"])
def test_what_was_not_seen_is_absent(name: str) -> None:
    entry = next(entry for entry in load()[0].roster if entry.name == name)
    assert (entry.disclosed, entry.count, entry.later) == ("", "", "")


def test_every_source_of_the_roster_is_declared() -> None:
    known = {source.id for source in declarations.load()}
    (incident,) = load()
    named = {entry.source for entry in incident.roster} | {
        seed for seed in incident.seeds if "://" not in seed
    }
    assert named <= known


BROKEN = """
respondets = ["例示商事"]
aliases = ["市", "株式会社", "例示商事"]
hotlines = "0120-000-111"
window = { from = 2024-01-01, until = 2023-01-01 }
[[roster]]
name = "例示市"
knd = "city"
"""


def test_all_mistakes_are_told_at_once_with_what_may_be_meant(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(BROKEN, "utf-8")
    (tmp_path / "two.toml").write_text("name = \n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "one.toml").write_text('name = "x"\n')
    (tmp_path / "three.toml").write_bytes(b'name = "\xff"\n')
    paths = [tmp_path, tmp_path / "more", tmp_path / "none.toml"]
    with pytest.raises(DeclarationError) as caught:
        load(paths, bundled=False)
    assert list(caught.value.problems) == check(paths, bundled=False)
    assert {(p.path.name, p.where, p.message) for p in caught.value.problems} == {
        ("one.toml", "name", "missing"),
        ("one.toml", "respondets", "unknown key, did you mean respondents?"),
        ("one.toml", "aliases[0]", "'市' is no body's name but that of many: write it in full"),
        ("one.toml", "aliases[1]", "'株式会社' is no body's name but that of many: write it in full"),
        ("one.toml", "hotlines", "must be a list"),
        ("one.toml", "window", "until lies before from"),
        ("one.toml", "roster[0].kind", "missing"),
        ("one.toml", "roster[0].knd", "unknown key, did you mean kind?"),
        ("two.toml", "line 1, column 8", "broken TOML: Invalid value"),
        ("three.toml", "line 1", "not UTF-8"),
        ("one.toml", "", f"'one' is declared in {tmp_path / 'one.toml'} already"),
        ("none.toml", "", "cannot be read: No such file or directory"),
    }


ROSTER = st.builds(RosterEntry, name=st.text(min_size=1), kind=st.text(min_size=1), count=st.text())


@settings(max_examples=40)
@given(
    st.builds(
        Incident,
        slug=st.just("x"),
        name=st.text(min_size=1),
        respondents=st.lists(st.sampled_from(["例示商事", 'X"\\\x7fY']), max_size=2).map(tuple),
        hotlines=st.lists(st.text(min_size=1), max_size=2).map(tuple),
        window=st.none() | st.tuples(st.dates(), st.none()),
        roster=st.lists(ROSTER, max_size=2).map(tuple),
    )
)
def test_what_is_written_as_toml_reads_as_the_same(incident: Incident) -> None:
    assert make_incident("x", read_keys(Path("x.toml"), to_toml(incident))) == incident


def test_keys_written_over_others_leave_the_rest() -> None:
    (known,) = load()
    written = write_over(known, {"hotlines": [], "window": {"from": "2023-01-02"}})
    assert written == replace(known, hotlines=(), window=(date(2023, 1, 2), None))
    for key, meant in (("nme", "name"), ("from", "window.from"), ("disclosed", "roster.disclosed")):
        with pytest.raises(DeclarationError, match=re.escape(f"{key}: unknown key, did you mean {meant}?")):
            write_over(known, {key: "x"})


def test_a_file_adds_an_incident(tmp_path: Path) -> None:
    file = tmp_path / "example-2026.toml"
    file.write_text('name = "例示"\nrespondents = ["例示商事"]\n', encoding="utf-8")
    assert [incident.slug for incident in load([file])] == ["ntt-procx-2023", "example-2026"]


def test_a_declaration_that_is_printed_steers_no_terminal_and_reads_the_same() -> None:
    said = "a\x9b31m\x7f\x85\u061c\u202e\u2066\x1b[0m 漏えい"
    text = to_toml(Incident("x-2026", said, aliases=(said,)))
    assert all(line.isprintable() for line in text.splitlines())
    told = tomllib.loads(text)
    assert (told["name"], told["aliases"]) == (said, [said])
