"""Clocks, roster, cross-check and timeline: from stored data only."""

from __future__ import annotations

from datetime import UTC, date, datetime

from monitor.facts import extract
from monitor.incidents import clocks, cross_check, roster, timeline
from monitor.incidents.roster import Published
from storage.records import Change, FactChange, Incident, Notice, RosterEntry

NOW = datetime(2024, 3, 1, tzinfo=UTC)


def test_clocks_run_between_stated_dates() -> None:
    text = (
        "2024年1月10日に不正アクセスが発覚しました。1月14日に個人情報保護委員会へ速報を報告し、"
        "2月8日に個人情報保護委員会へ確報を報告しました。1月20日から対象のお客さまへ個別に通知しています。"
    )
    facts = extract(text, published=date(2024, 2, 10))
    found = {clock.name: (clock.days, clock.limit) for clock in clocks(text, facts, date(2024, 1, 15))}
    assert found == {
        "first notice": (5, ""),
        "first report": (4, "3-5"),
        "full report": (29, "30 (60)"),
        "persons told": (10, ""),
    }


def test_without_a_stated_discovery_there_is_no_clock() -> None:
    text = "2024年1月14日に個人情報保護委員会へ報告しました。"
    assert clocks(text, extract(text), date(2024, 1, 15)) == []


def notice(id: int, source: str, published: date | None) -> Notice:
    return Notice(source, id, f"https://example.jp/{id}", "お知らせ", published, NOW, NOW, id=id)


def change(
    id: int, of: Notice, when: datetime, kind: str, *reasons: str, facts: tuple[FactChange, ...] = ()
) -> Change:
    return Change(
        of.id, of.source, of.url, of.title, when, kind, True, reasons, facts=facts, to_version=id, id=id
    )  # type: ignore[arg-type]


FIRST = notice(1, "a", date(2023, 10, 17))
LATER = notice(2, "b", date(2023, 10, 20))
INCIDENT = Incident(
    "example",
    "例示",
    roster=(
        RosterEntry("甲社", "company", "a", "2023-10-17", "約900万件"),
        RosterEntry("乙市", "city", "b"),
        RosterEntry("丙市", "city", "c"),
        RosterEntry("丁市", "city", "", "2023-10"),
    ),
)
PUBLISHED = [
    Published(
        FIRST,
        [
            change(1, FIRST, datetime(2023, 10, 17, 9, tzinfo=UTC), "new"),
            change(
                2,
                FIRST,
                datetime(2023, 12, 18, 20, tzinfo=UTC),
                "updated",
                "count",
                "silent",
                facts=(FactChange("count", "約900万件", "928万件"),),
            ),
        ],
        ("約900万件",),
        ("928万件",),
    ),
    Published(LATER, [], ("約3千件",), ("約3千件",)),
]


def test_the_roster_joins_what_was_declared_with_what_was_seen() -> None:
    first, second, third, fourth = roster(INCIDENT, PUBLISHED)
    assert (first.days, first.edits, first.silent_edits) == (0, 1, 1)
    assert (first.first_counts, first.last_counts) == (("約900万件",), ("928万件",))
    assert (second.published, second.days, second.unknown) == (date(2023, 10, 20), 3, ())
    assert (third.published, third.unknown) == (None, ("own page", "disclosure", "count"))
    assert (fourth.published, fourth.unknown) == (None, ("own page", "count"))


def test_the_timeline_runs_in_civil_days_of_japan() -> None:
    assert [(entry.day, entry.kind, entry.notice) for entry in timeline(PUBLISHED)] == [
        (date(2023, 10, 17), "published", 1),
        (date(2023, 10, 20), "published", 2),
        (date(2023, 12, 19), "updated", 1),
    ]
    assert [entry.version for entry in timeline(PUBLISHED)] == [1, None, 2]


def test_cross_check_states_what_was_found() -> None:
    text = (
        "個人情報保護委員会は、株式会社甲データ及び株式会社乙サービスに対し、法第148条第1項の勧告を行った。"
    )
    check = cross_check(extract(text), ["甲データ お知らせ", "丙市"])
    assert check.named_and_published == ("甲データ",)
    assert check.named_only == ("乙サービス",)
    assert check.published_only == ("丙市",)
