from __future__ import annotations

from pathlib import Path

import pytest

from feeds.notify.targets import Target, TargetError, load_targets

pytest.importorskip("apprise")
# one of apprise's plugins still asks Python's imghdr
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


def read(folder: Path, toml: str, **environment: str) -> list[Target]:
    file = folder / "targets.toml"
    file.write_text(toml, encoding="utf-8")
    return load_targets(file, environment)


def test_filters_are_those_of_the_feeds(tmp_path: Path) -> None:
    toml = """
        [[target]]
        name = "desk"
        url = "env:DESK"
        mode = "digest"
        every = "7d"
        lang = "en"
        source = "fukuoka"
        publisher = ["regulator", "affected"]
        incident = "procx-2023"
        kind = ["updated", "withdrawn"]
        reason = "count"
        min_count = 1000
        provision = "148"
        organisation = "例示"
        text = "漏えい"

        [[target]]
        name = "all"
        url = "json://127.0.0.1/hook"
        material = "any"
    """
    desk, everything = read(tmp_path, toml, DESK="json://127.0.0.1/x")
    assert (desk.name, desk.lang, desk.digest_days) == ("desk", "en", 7)
    query = desk.query
    assert (query.sources, query.source_kinds) == (("fukuoka",), ("regulator", "affected"))
    assert (query.kinds, query.reasons, query.material) == (("updated", "withdrawn"), ("count",), True)
    assert (query.stated_over, query.provision, query.organisation, query.text) == (
        1000,
        "148",
        "例示",
        "漏えい",
    )
    assert (everything.digest_days, everything.query.material) == (None, None)


def test_all_mistakes_are_told_at_once_with_their_place(tmp_path: Path) -> None:
    toml = """
        [[target]]
        name = "desk"
        url = "json://127.0.0.1/hook"
        every = "1d"
        min_cuont = 5

        [[target]]
        name = "desk"
        url = "env:NOWHERE"
        mode = "digest"
        every = "1h"
        publisher = "ministry"
        reason = ["counts", "form-only"]
        material = "yes"
        min_count = "5"
        text = " "

        [[target]]
        url = "mailto://me:geheim@example.com?to=a@example.com,b@example.com"

        [[target]]
        name = "a b"
        url = "nothing:geheim"
    """
    with pytest.raises(TargetError) as raised:
        read(tmp_path, toml)
    told = str(raised.value)
    for expected in (
        "target[0].every: is for mode",
        "unknown key min_cuont, did you mean min_count?",
        "target[1].url: the environment has no NOWHERE",
        "target[1].every: not a number of days",
        "target[1].publisher[0]: must be 'regulator'",
        "target[1].reason[0]: must be one of count",
        "target[1].reason[1]: must be one of count",
        "target[1].material: must be true, false or",
        "target[1].min_count: must be a valid integer",
        "target[1].text: holds no character",
        "target[1].name: 'desk' is the name of target[0] already",
        "target[2].name: missing",
        "target[2].url: stands for 2 receivers",
        "target[3].name: may hold",
        "target[3].url: not an address that apprise can send to",
    ):
        assert expected in told
    assert "geheim" not in told
    assert all(line.startswith(str(tmp_path)) for line in told.splitlines())


def test_a_key_outside_of_its_table_is_told_with_it(tmp_path: Path) -> None:
    with pytest.raises(
        TargetError, match=r"min_count: unknown key min_count, did you mean target\.min_count\?"
    ):
        read(tmp_path, 'min_count = 5\n[[target]]\nname = "desk"\nurl = "json://127.0.0.1/hook"\n')


@pytest.mark.parametrize("toml", ["", "target = 1", "[[target]\n", "[[target]]", "\x00", 'target = ["x"]'])
def test_what_is_no_list_of_targets_is_refused(tmp_path: Path, toml: str) -> None:
    with pytest.raises(TargetError, match=r"targets\.toml: "):
        read(tmp_path, toml)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="cannot be read: No such file"):
        load_targets(tmp_path / "nowhere.toml")
