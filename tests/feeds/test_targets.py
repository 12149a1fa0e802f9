from __future__ import annotations

from pathlib import Path

import pytest
from starlette.datastructures import QueryParams

from feeds.notify import targets
from feeds.notify.targets import Target, TargetError, load_targets
from feeds.web.params import parse_params
from feeds.wording.conditions import PERIOD, RULES

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


@pytest.mark.parametrize(
    ("keys", "mistake"),
    [
        ('kind = "withdrawn"\nchanged_over = 5', "can match nothing: kind = withdrawn with changed_over"),
        ('kind = ["new", "moved"]\nchanged_by = "5%"', "with changed_by: these move no count"),
        ("since = 2024-02-01\nuntil = 2024-01-01", "since = 2024-02-01 with until = 2024-01-01: no day lies"),
        ("stated_over = 5\nmin_count = 6", "min_count is another name of stated_over"),
        ('period = "fy2024"\nsince = 2024-01-01', "period stands in place of since and until"),
        ('period = "soon"', "must be a period such as"),
        ('changed_by = "much"', 'must be an amount such as 1000 or "10%"'),
        ('outcome = "perhaps"', "no outcome: 'perhaps'; one of taken out"),
    ],
)
def test_a_target_that_can_match_nothing_says_so(tmp_path: Path, keys: str, mistake: str) -> None:
    with pytest.raises(TargetError) as raised:
        read(tmp_path, f'[[target]]\nname = "desk"\nurl = "json://127.0.0.1/hook"\n{keys}\n')
    assert mistake in str(raised.value)


def test_the_keys_of_a_target_are_the_filters() -> None:
    """By one name each, everywhere; what has no name of a filter is about how it is told."""
    keys = {*targets._Target.model_fields}
    assert {name for rule in RULES for name in rule.names if name != "q"} | {PERIOD} <= keys
    assert keys - {name for rule in RULES for name in rule.names} - {PERIOD} == {
        "name", "url", "mode", "every", "lang", "watch", "alerts",
    }  # fmt: skip


def test_filters_about_the_change_are_read_as_addresses_have_them(tmp_path: Path) -> None:
    (desk,) = read(
        tmp_path,
        '[[target]]\nname = "desk"\nurl = "json://127.0.0.1/hook"\nkind = "updated"\nchanged_over = 10_000\n'
        'changed_by = "10%"\noutcome = "not confirmed"\naction = "recommendation"\nperiod = "R6年度"\n',
    )
    asked = "kind=updated&changed_over=10000&changed_by=10%25&outcome=not+confirmed&action=recommendation"
    same = parse_params(QueryParams(f"{asked}&period=fy2024")).query
    assert desk.query == same
    assert desk.since == same.since
