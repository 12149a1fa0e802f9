"""The bundled incident, and declarations with mistakes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from monitor.incidents import load
from spiders import declarations
from spiders.declarations import DeclarationError


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


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('name = ""\nwindow = { from = 2024-01-01, until = 2023-01-01 }\n')
    (tmp_path / "two.toml").write_text("name = \n")
    with pytest.raises(DeclarationError) as caught:
        load([tmp_path], bundled=False)
    assert [(p.path.name, p.where) for p in caught.value.problems] == [
        ("one.toml", "name"),
        ("one.toml", "window"),
        ("two.toml", ""),
    ]


def test_a_file_adds_an_incident(tmp_path: Path) -> None:
    file = tmp_path / "example-2026.toml"
    file.write_text('name = "例示"\nrespondents = ["例示商事"]\n', encoding="utf-8")
    assert [incident.slug for incident in load([file])] == ["ntt-procx-2023", "example-2026"]
