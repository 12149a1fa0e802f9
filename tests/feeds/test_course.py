"""Clocks, roster, cross-check and timeline: from stored data only."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.event import listen, remove

from feeds.course.clocks import run_clocks, unstated_reports
from feeds.course.cross_check import check_disclosures
from feeds.course.incident_course import load_course
from feeds.course.roster import NoticeOnRecord, build_roster
from feeds.course.timeline import build_timeline
from feeds.web.app import make_app
from monitor.cli import main
from monitor.facts import extract
from storage.archive import Archive, Reader
from storage.records import (
    Change,
    Fact,
    FactChange,
    FactField,
    Incident,
    IncidentLink,
    Notice,
    RosterEntry,
    Source,
    SourceKind,
)
from tests.feeds import sample
from tests.feeds.client import Client

NOW = datetime(2024, 3, 1, tzinfo=UTC)


def test_clocks_run_between_stated_dates() -> None:
    text = (
        "2024年1月10日に不正アクセスが発覚しました。1月14日に個人情報保護委員会へ速報を報告し、"
        "2月8日に個人情報保護委員会へ確報を報告しました。1月20日から対象のお客さまへ個別に通知しています。"
    )
    facts = extract(text, published=date(2024, 2, 10))
    found = {clock.name: (clock.days, clock.limit) for clock in run_clocks(facts, date(2024, 1, 15))}
    assert found == {
        "first notice": (5, ""),
        "first report": (4, "3-5"),
        "full report": (29, "30 (60)"),
        "persons told": (10, ""),
    }


def test_without_a_stated_discovery_there_is_no_clock() -> None:
    text = "2024年1月14日に個人情報保護委員会へ報告しました。"
    assert run_clocks(extract(text), date(2024, 1, 15)) == []


@pytest.mark.parametrize(
    ("day", "first", "full"),
    [
        ("2024-01-13", "within", "within"),
        ("2024-01-15", "within", "within"),
        ("2024-01-16", "over", "within"),
        ("2024-02-09", "over", "within"),
        ("2024-02-10", "over", "depends"),
        ("2024-03-10", "over", "depends"),
        ("2024-03-11", "over", "over"),
    ],
)
def test_the_days_to_a_report_stand_to_its_limit(day: str, first: str, full: str) -> None:
    found = Fact("date", "2024-01-10", "1月10日", 0, 5, role="discovered")
    reported = Fact("step", "reported-to-ppc", "委員会へ報告", 9, 15, qualifiers=(f"date:{day}",))
    assert [clock.standing for clock in run_clocks([found, reported], None)] == [first]
    finally_ = replace(reported, raw="委員会へ確報")
    assert [clock.standing for clock in run_clocks([found, finally_], None)] == [full]
    assert unstated_reports(run_clocks([found, finally_], None)) == ["first report"]
    assert unstated_reports(run_clocks([found], date(2024, 1, 15))) == []


def notice(id: int, source: str, published: date | None) -> Notice:
    return Notice(source, id, f"https://example.jp/{id}", "お知らせ", published, NOW, NOW, id=id)


def change(
    id: int, of: Notice, when: datetime, kind: str, *reasons: str, facts: tuple[FactChange, ...] = ()
) -> Change:
    return Change(
        of.id, of.source, of.url, of.title, when, kind, True, reasons, facts=facts, to_version=id, id=id
    )  # type: ignore[arg-type]


def count(raw: str) -> Fact:
    return Fact("count", None, raw, 0, len(raw), role="affected")


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
    NoticeOnRecord(
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
        [count("約900万件")],
        [count("928万件")],
    ),
    NoticeOnRecord(LATER, [], [count("約3千件")], [count("約3千件")]),
]


def test_the_roster_joins_what_was_declared_with_what_was_seen() -> None:
    first, second, third, fourth = build_roster(INCIDENT, PUBLISHED)
    assert (first.days, first.edits, first.silent_edits) == (0, 1, 1)
    assert (first.first_counts, first.last_counts) == (("約900万件",), ("928万件",))
    assert (second.disclosed, second.days, second.unknown) == (date(2023, 10, 20), 3, ())
    assert (third.disclosed, third.unknown) == (None, ("own page", "disclosure", "count"))
    assert (fourth.disclosed, fourth.unknown) == (None, ("own page", "count"))


def source(id: str, name: str, kind: SourceKind) -> Source:
    return Source(id, name, kind)


def fact(field: FactField, value: object, *qualifiers: str, role: str = "") -> Fact:
    return Fact(field, value, str(value), 0, 1, qualifiers=qualifiers, role=role)


SEEN = {
    one.id: one
    for one in (
        source("ppc", "個人情報保護委員会", "regulator"),
        source("hako", "株式会社ハコ 令和6年1月24日のお知らせ", "company"),
        source("mie", "三重県", "affected"),
        source("press", "業界紙", "index"),
    )
}
NAMING = Incident("naming", "委託先", respondents=("ハコ", "㈱フタ"), aliases=("HAKO", "フタ社"))
NAMED = [
    NoticeOnRecord(
        notice(1, "hako", date(2024, 1, 10)),
        facts=(fact("role", "controller", "organisation:三重県"), fact("count", 900, role="affected")),
    ),
    NoticeOnRecord(
        notice(2, "mie", date(2024, 1, 12)),
        facts=(
            fact("role", "processor", "organisation:株式会社ハコ"),
            fact("role", "sub-processor", "organisation:フタ社"),
            fact("role", "list broker", "organisation:名簿屋"),
            fact("count", 30, "subset", role="affected"),
            fact("count", 20, "possible", role="affected"),
            fact("outcome", "possible"),
            fact("step", "reported-to-ppc"),
            fact("step", "police-informed", "planned"),
        ),
    ),
    NoticeOnRecord(
        notice(3, "press", date(2024, 1, 13)),
        facts=(
            fact("organisation", "見本市", role="municipality"),
            fact("count", 5, "row:見本市", role="affected"),
            fact("count", 7, "row:合計", role="affected"),
        ),
    ),
    NoticeOnRecord(
        notice(4, "ppc", date(2024, 1, 24)),
        facts=(
            fact("action", "guidance", "respondent:株式会社ハコ"),
            fact("action", "guidance", "respondent:枝社"),
        ),
    ),
]


def test_the_roster_holds_who_published_and_whom_others_name_with_who_says_so() -> None:
    rows = build_roster(NAMING, NAMED, SEEN)
    assert [
        (row.entry.name, row.has_disclosed, row.days, [(one.notice.source, one.part) for one in row.named])
        for row in rows
    ] == [
        ("ハコ", True, 0, [("mie", "processor"), ("ppc", "respondent")]),
        ("㈱フタ", False, None, [("mie", "sub-processor")]),
        ("三重県", True, 2, [("hako", "controller")]),
        ("見本市", False, None, [("press", "counted")]),
        ("枝社", False, None, [("ppc", "respondent")]),
    ]
    assert [(row.count, row.stage) for row in rows] == [
        ("900", "stated"), ("", None), ("20", "possible"), ("5", "reported"), ("", None)
    ]  # fmt: skip
    assert (rows[2].outcomes, rows[2].steps) == (("possible",), ("reported-to-ppc",))
    # with nothing but the declaration, and whoever the notices are of unknown, only declared bodies stand
    assert [row.entry.name for row in build_roster(NAMING, NAMED)] == ["ハコ", "㈱フタ"]


@given(st.permutations(NAMED))
@settings(max_examples=20)
def test_a_roster_names_the_same_bodies_in_whatever_order_notices_came(order: list[NoticeOnRecord]) -> None:
    def said(notices: list[NoticeOnRecord]) -> set[tuple[str, bool, frozenset[tuple[int, str]]]]:
        return {
            (row.entry.name, row.has_disclosed, frozenset((one.notice.id, one.part) for one in row.named))
            for row in build_roster(NAMING, notices, SEEN)
        }

    assert said(order) == said(NAMED)


def test_the_timeline_runs_in_civil_days_of_japan() -> None:
    assert [(entry.day, entry.kind, entry.notice) for entry in build_timeline(PUBLISHED)] == [
        (date(2023, 10, 17), "published", 1),
        (date(2023, 10, 20), "published", 2),
        (date(2023, 12, 19), "updated", 1),
    ]
    assert [entry.version for entry in build_timeline(PUBLISHED)] == [1, None, 2]


def test_cross_check_states_what_was_found() -> None:
    text = (
        "個人情報保護委員会は、株式会社甲データ及び株式会社乙サービスに対し、法第148条第1項の勧告を行った。"
    )
    check = check_disclosures(extract(text), ["甲データ お知らせ", "丙市"])
    assert check.named_and_published == ("甲データ",)
    assert check.named_only == ("乙サービス",)
    assert check.published_only == ("丙市",)


@pytest.fixture
def counted(archive: Archive) -> Archive:
    """The sample, with what a city states of when it learned of the leak and whom it told when."""
    with archive.write() as writer:
        (mie,) = [notice for notice in writer.notices() if notice.source == "mie"][:1]
        page = writer.page_by_id(mie.page)
        assert page is not None
        assert page.version is not None
        writer.add_facts(
            page.version,
            [
                Fact("date", "2023-10-10", "10月10日", 0, 6, role="discovered"),
                Fact("step", "reported-to-ppc", "委員会へ速報", 9, 15, qualifiers=("date:2023-10-13",)),
                Fact("step", "reported-to-ppc", "委員会へ確報", 18, 24, qualifiers=("planned",)),
                Fact("step", "persons-notified", "本人へ通知", 25, 30, qualifiers=("date:2023-10-20",)),
            ],
        )
    return archive


def test_command_line_api_and_page_tell_one_course(counted: Archive) -> None:
    web = Client(make_app(counted, base_url="https://kohyo.example"))
    api = web.get(f"/api/incidents/{sample.SLUG}").json()
    args = ["--db", counted.url, "incidents", "show", sample.SLUG, "--json"]
    told = json.loads(CliRunner().invoke(main, args, catch_exceptions=False).stdout)
    for part in ("timeline", "clocks", "cross_check"):
        assert told[part] == api[part]
    for said, shown in zip(told["roster"], api["roster"], strict=True):
        assert said["published"] == shown["day"]
        for name in shown.keys() - {"source", "disclosed", "count", "later"}:
            assert said[name] == shown[name]
    clocks = [(clock["source"], clock["name"], clock["days"], clock["limit"]) for clock in api["clocks"]]
    assert ("mie", "first report", 3, "3-5") in clocks
    assert ("mie", "persons told", 10, "") in clocks
    assert "full report" not in [name for _, name, _, _ in clocks]  # planned only
    steps = [
        (one["day"], one["source"], one["facts"][0]["new"])
        for one in api["timeline"]
        if one["kind"] == "step"
    ]
    assert steps == [("2023-10-13", "mie", "reported-to-ppc"), ("2023-10-20", "mie", "persons-notified")]
    lines = CliRunner().invoke(main, [*args[:-1], "--lang", "ja"], catch_exceptions=False).stdout
    assert "本人へ通知  [公表" in lines
    page = web.get(f"/incidents/{sample.SLUG}.html").text
    assert "発覚からの日数" in page
    assert "<td>期限内</td>" in page
    assert "<td>記載なし(不明)</td>" in page  # of the full report only a plan is told
    assert '<td class="when">2023年10月20日</td>' in page
    drawn = re.findall(r'<a href="([^"]+)"><title>([^<]+)</title><polygon class="step"', page)
    assert [title for _, title in drawn] == [
        "2023年10月13日 個人情報保護委員会へ報告",
        "2023年10月20日 本人へ通知",
    ]
    assert all(web.get(address.removeprefix("..")).status_code == 200 for address, _ in drawn)
    assert '<li><span class="step"></span> 対応の経過</li>' in page
    assert "<td>個人情報保護委員会への報告</td>" in page
    assert "<td>report to the Commission</td>" in web.get(f"/incidents/{sample.SLUG}.html?lang=en").text


def test_the_number_of_questions_does_not_grow_with_the_notices(archive: Archive) -> None:
    def asked(reader: Reader) -> int:
        incident = reader.incident(sample.SLUG)
        assert incident is not None
        statements: list[str] = []

        def hear(*args: object) -> None:
            statements.append(str(args[2]))

        listen(reader._db, "before_cursor_execute", hear)
        load_course(reader, incident)
        remove(reader._db, "before_cursor_execute", hear)
        return len(statements)

    with archive.read() as reader:
        few = asked(reader)
    with archive.write() as writer:
        incident = writer.incident(sample.SLUG)
        assert incident is not None
        for number in range(20):
            url = f"https://mie.example/{number}"
            page = writer.add_page("mie", url, "page")
            known = writer.add_notice(Notice("mie", page.id, url, "お知らせ", None, NOW, NOW))
            writer.set_link(IncidentLink(incident.id, known.id, "confirmed"))
    with archive.read() as reader:
        assert asked(reader) == few > 0


def test_what_was_not_done_runs_no_clock() -> None:
    found = Fact("date", "2024-01-10", "1月10日", 0, 5, role="discovered")
    month = Fact("date", "2024-01", "1月", 0, 2, role="discovered")
    told = Fact("step", "persons-notified", "本人へ通知", 9, 14, qualifiers=("date:2024-01-20",))
    assert [clock.days for clock in run_clocks([found, told], None)] == [10]
    for facts in (
        [month, told],
        [told],
        [found, replace(told, qualifiers=("denied", "date:2024-01-20"))],
        [found, replace(told, qualifiers=())],
        [found, replace(told, qualifiers=("date:2024-01-09",))],  # before anyone knew
        [found, replace(told, qualifiers=("date:2024-01",))],
    ):
        assert run_clocks(facts, None) == []
