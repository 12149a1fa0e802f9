"""An archive that has lived through the incident, written as the tracker would write it."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from feeds.formats.channels import WatchList
from monitor.incidents import KEYS_VERSION
from storage.archive import Archive, Writer, open_archive
from storage.db.tables import incident_link
from storage.query import Query
from storage.records import (
    Block,
    Change,
    ChangeKind,
    Fact,
    FactChange,
    FactField,
    Hunk,
    Incident,
    IncidentLink,
    Link,
    ListingRules,
    Notice,
    Page,
    Recipe,
    Replaced,
    RosterEntry,
    Segment,
    Snapshot,
    Source,
    Version,
)
from tests.databases import copy_of, database_at

SLUG = "procx-2023"

SOURCES = (
    Source(
        "ppc",
        "個人情報保護委員会",
        "regulator",
        ("https://www.example.go.jp/news/",),
        listing=ListingRules("li"),
    ),
    Source("procx", "例示マーケティング", "company", ("https://procx.example.co.jp/info/",)),
    Source("fukuoka", "福岡県", "affected", ("https://www.pref.example.lg.jp/zeimu.html",)),
    Source("mie", "三重県", "affected", ("https://www.pref-mie.example.lg.jp/m1.htm",)),
    Source("okinawa", "沖縄県", "affected"),
)

INCIDENT = Incident(
    slug=SLUG,
    name="コールセンター業務の受託先における個人情報の持ち出し(2023年)",
    summary="運用を担っていた元派遣社員が、顧客の情報を長く持ち出していたとされる事案です。",
    respondents=("例示マーケティング", "例示ソリューションズ"),
    hotlines=("0120-000-000",),
    window=(date(2013, 7, 1), date(2023, 2, 28)),
    roster=(
        RosterEntry("福岡県", "県", "fukuoka", "2023-10-17", "最大約14万人", "162,828人"),
        RosterEntry("三重県", "県", "mie", "2023-10-18", "約2,400件", "第三者への漏えいは確認されていない"),
        RosterEntry("沖縄県", "県", "okinawa", "2023-10-18", "6万5,993件"),
        RosterEntry("浜松市", "市"),
    ),
)


WATCHED = WatchList(
    "prefectures",
    "県とカード",
    Query(material=True, any_of=(Query(bodies=("福岡県", "三重県")), Query(text="カード番号"))),
    ("福岡県", "例示カード"),
    ("カード番号",),
    ("三重県",),
)


def at(day: str, hour: int = 1) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def blocks(*texts: str | Block) -> tuple[Block, ...]:
    return tuple(text if isinstance(text, Block) else Block("text", text) for text in texts)


def row(*cells: str, head: tuple[str, ...] = ()) -> Block:
    return Block("row", " | ".join(cells), cells=cells, head=head)


@dataclass
class Story:
    """Writes what a crawl would have written, one page at a time."""

    writer: Writer

    def notice(
        self, source: str, url: str, title: str, day: str, text: tuple[Block, ...], **kw: object
    ) -> Notice:
        page = self.writer.add_page(source, url, "page")
        published = date.fromisoformat(day)
        notice = self.writer.add_notice(Notice(source, page.id, url, title, published, at(day), at(day)))
        version = self.version(notice, day, text, **kw)
        facts = tuple(FactChange(fact.field, None, fact.raw) for fact in self.writer.facts(version.id))
        self.change(notice, day, "new", to_version=version.id, facts=_iso(facts))
        return self.writer.notice(notice.id) or notice

    def version(
        self,
        notice: Notice,
        day: str,
        text: tuple[Block, ...],
        *,
        facts: tuple[tuple[FactField, object, str], ...] = (),
        attachments: tuple[Link, ...] = (),
        updated: str | None = None,
        hour: int = 1,
    ) -> Version:
        joined = "\n".join(block.text for block in text)
        body = f"<html><body>{joined}</body></html>".encode("utf-8", "replace")
        digest = hashlib.sha256(body).hexdigest()
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        page = self.writer.page_by_id(notice.page)
        assert isinstance(page, Page)
        snapshot = self.writer.add_snapshot(
            Snapshot(page.id, at(day, hour), 200, notice.url, headers, digest, len(body), body=body)
        )
        version = self.writer.add_version(
            Version(
                page=page.id,
                snapshot=snapshot.id,
                captured_at=at(day, hour),
                title=notice.title,
                text=joined,
                blocks=text,
                attachments=attachments,
                key=digest,
                recipe=Recipe("d", 1, 1, 1, 1),
                published=notice.published,
                updated=date.fromisoformat(updated) if updated else None,
            )
        )
        self.writer.put_page(
            replace(
                page, snapshot=snapshot.id, version=version.id, last_success=at(day), last_checked=at(day)
            )
        )
        found = [
            Fact(field, value, raw, joined.index(raw), joined.index(raw) + len(raw))
            for field, value, raw in facts
            if raw in joined
        ]
        self.writer.add_facts(version.id, found)
        return version

    def change(self, notice: Notice, day: str, kind: ChangeKind, *, hour: int = 1, **kw: object) -> Change:
        values = {"material": True, **kw}
        return self.writer.add_change(
            Change(notice.id, notice.source, notice.url, notice.title, at(day, hour), kind, **values)  # type: ignore[arg-type]
        )


def _iso(facts: tuple[FactChange, ...]) -> tuple[FactChange, ...]:
    """Dates stand in changes as ISO 8601."""
    known = {"令和6年2月29日": "2024-02-29", "令和6年3月29日": "2024-03-29"}
    return tuple(replace(fact, new=known.get(fact.new or "", fact.new)) for fact in facts)


def counts(old: str, new: str) -> tuple[FactChange, ...]:
    return (FactChange("count", old, new),)


def replaced(before: str, old: str, new: str, after: str, *reasons: str, label: str = "") -> Hunk:
    values = tuple(Replaced(reason, old, new) for reason in reasons if reason in ("count", "date"))
    segments = (Segment(before, before), Segment(old, new, values), Segment(after, after))
    op = "cell" if label else "change"
    return Hunk(op, before + old + after, before + new + after, segments, reasons, label)  # type: ignore[arg-type]


def tell(writer: Writer) -> dict[str, Notice]:
    """The whole story; notices by a short name."""
    for source in SOURCES:
        writer.put_source(source)
    story = Story(writer)
    run = writer.start_run("crawl", at("2023-10-17"))
    told: dict[str, Notice] = {}

    told["procx"] = procx = story.notice(
        "procx",
        "https://procx.example.co.jp/info/detail/231017.html",
        "元派遣社員によるお客さま情報の不正な持ち出しについて(お詫び)",
        "2023-10-17",
        blocks(
            Block("heading", "1. 概要", level=2),
            "業務をお預かりしている59社のお客さま情報、約900万件が持ち出されていたことが分かりました。",
            Block("item", "お問い合わせ窓口 0120-000-000"),
        ),
        facts=(("count", 9_000_000, "約900万件"), ("phone", "0120000000", "0120-000-000")),
    )
    told["fukuoka"] = fukuoka = story.notice(
        "fukuoka",
        "https://www.pref.example.lg.jp/zeimu.html",
        "自動車税に関する個人情報の漏えい事案について",
        "2023-10-17",
        blocks(
            "県が委託した業務で、個人情報が漏えいしたおそれがあります。",
            row("区分", "人数"),
            row("自動車税", "133,655人", head=("区分", "人数")),
        ),
        facts=(("count", 133_655, "133,655人"),),
    )
    told["mie"] = mie = story.notice(
        "mie",
        "https://www.pref-mie.example.lg.jp/m1.htm",
        "委託先における個人情報の流出の可能性について",
        "2023-10-18",
        blocks("約2,400件について、流出した可能性があります。", "更新日 令和5年10月18日"),
        facts=(("count", 2_400, "約2,400件"),),
        updated="2023-10-18",
    )

    later = story.version(
        procx,
        "2023-12-19",
        blocks(
            Block("heading", "1. 概要", level=2),
            "業務をお預かりしている69社のお客さま情報、約928万件が持ち出されていたことが分かりました。",
            Block("item", "お問い合わせ窓口 0120-000-000"),
        ),
        facts=(("count", 9_280_000, "約928万件"),),
    )
    story.change(
        procx,
        "2023-12-19",
        "updated",
        reasons=("count",),
        summary="約900万件 → 約928万件 (+28万)",
        facts=counts("約900万件", "約928万件"),
        hunks=(replaced("お客さま情報、", "約900万件", "約928万件", "が持ち出されていた", "count"),),
        from_version=later.id - 3,
        to_version=later.id,
    )
    later = story.version(
        fukuoka,
        "2024-01-17",
        blocks(
            "県が委託した業務で、個人情報が漏えいしたおそれがあります。",
            row("区分", "人数"),
            row("自動車税", "162,828人", head=("区分", "人数")),
        ),
        facts=(("count", 162_828, "162,828人"),),
    )
    story.change(
        fukuoka,
        "2024-01-17",
        "updated",
        reasons=("count", "silent"),
        summary="自動車税 / 人数: 133,655人 → 162,828人 (+29,173)",
        facts=counts("133,655人", "162,828人"),
        hunks=(replaced("", "133,655人", "162,828人", "", "count", label="自動車税 / 人数"),),
        from_version=2,
        to_version=later.id,
    )
    told["ppc"] = ppc = story.notice(
        "ppc",
        "https://www.example.go.jp/news/press/2023/240124_houdou/",
        "例示マーケティング及び例示ソリューションズに対する行政上の対応について(令和6年1月24日)",
        "2024-01-24",
        blocks(
            "個人情報保護委員会は、個人情報保護法第148条第1項に基づく勧告及び第147条に基づく指導を行いました。",
            "原因及び経緯は令和6年2月29日まで、再発防止策は令和6年3月29日までに報告するよう求めました。",
        ),
        facts=(
            ("action", "recommendation", "勧告"),
            ("action", "guidance", "指導"),
            ("provision", {"law": "個人情報保護法", "article": "148", "paragraph": "1"}, "第148条第1項"),
            ("deadline", "2024-02-29", "令和6年2月29日"),
            ("deadline", "2024-03-29", "令和6年3月29日"),
        ),
        attachments=(Link("別紙(PDF:152KB)", "https://www.example.go.jp/files/pdf/240124_houdou.pdf"),),
    )
    later = story.version(
        mie,
        "2024-03-28",
        blocks("調査の結果、第三者への漏えいは確認されていません。", "更新日 令和5年10月18日"),
        updated="2023-10-18",
    )
    story.change(
        mie,
        "2024-03-28",
        "updated",
        reasons=("outcome", "removed", "silent"),
        summary="漏えい等の有無に関する記載の変更「第三者への漏えいは確認されていません。」",
        facts=(FactChange("outcome", "possible", "not confirmed"), FactChange("count", "約2,400件", None)),
        hunks=(
            Hunk(
                "change",
                "約2,400件について、流出した可能性があります。",
                "調査の結果、第三者への漏えいは確認されていません。",
                (
                    Segment(
                        "約2,400件について、流出した可能性があります。",
                        "調査の結果、第三者への漏えいは確認されていません。",
                    ),
                ),
                ("outcome",),
            ),
        ),
        from_version=3,
        to_version=later.id,
    )
    # notation only: nobody is told
    story.change(
        fukuoka,
        "2024-04-01",
        "updated",
        material=False,
        reasons=("form-only",),
        hunks=(Hunk("form", "１６２,８２８人", "162,828人"),),
    )
    withdrawn = replace(procx, status="withdrawn")
    writer.put_notice(withdrawn)
    story.change(withdrawn, "2024-09-11", "withdrawn", summary="ページがなくなりました", from_version=4)
    told["procx"] = withdrawn

    incident = writer.put_incident(INCIDENT)
    for name in ("procx", "fukuoka", "mie"):
        writer.set_link(IncidentLink(incident.id, told[name].id, "declared", ("事案の定義に含まれる",), 1.0))
    writer.set_link(IncidentLink(incident.id, ppc.id, "confirmed", ("委託先の名称が一致",), 0.9))
    for name, key in (("procx", "例示マーケティング"), ("fukuoka", "福岡県"), ("mie", "三重県")):
        writer.put_evidence(told[name].id, told[name].source, 0, frozenset({("publisher", key)}))
    writer.put_evidence(ppc.id, ppc.source, 0, frozenset({("party", "例示マーケティング")}))
    writer.finish_run(replace(run, finished_at=at("2024-09-11"), status="done"))
    writer.note("links", str(KEYS_VERSION))  # these were made by hand
    return told


def suggest(writer: Writer, incident: Incident, notice: int) -> None:
    """The link as it was before anybody decided: what stands otherwise stays."""
    of = (incident_link.c.incident_id == incident.id) & (incident_link.c.notice_id == notice)
    writer._db.execute(incident_link.delete().where(of))
    writer.set_link(IncidentLink(incident.id, notice, "suggested", ("同じ委託先",), 0.8))


def archive(folder: Path, name: str = "kohyo.db") -> Archive:
    """A new archive that holds the story."""
    return open_archive(copy_of(_told(), folder / name))


@cache
def _told() -> str:
    """An archive to be copied: telling takes longer than most tests."""
    folder = tempfile.mkdtemp(prefix="kohyo-told-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = database_at(Path(folder, "kohyo.db"))
    with open_archive(url) as opened, opened.write() as writer:
        tell(writer)
    return url


def many(opened: Archive, count: int, *, source: str = "fukuoka", first: str = "2025-01-01") -> list[Change]:
    """More material changes of one notice, an hour apart."""
    start = at(first)
    with opened.write() as writer:
        notice = next(one for one in writer.notices() if one.source == source)
        changes = []
        for number in range(count):
            change = Change(
                notice.id, source, notice.url, notice.title,
                start.fromtimestamp(start.timestamp() + 3600 * number, UTC), "updated", True,
                ("count",), facts=counts(f"{number:,}人", f"{number + 1:,}人"),
            )  # fmt: skip
            changes.append(writer.add_change(change))
    return changes
