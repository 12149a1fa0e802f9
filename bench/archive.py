"""An archive as it stands after years of watching: as many versions as asked for, of made-up notices.

    python -m bench.archive URL [--versions 100000]

Everything is a function of the seed. Names of places are those of the code table of municipalities, so
that the index meets as many different characters as it does in practice; sentences are our own.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from monitor.comparing.diff import compare
from monitor.incidents.declaring import declare_incidents
from storage.archive import Archive, Writer, open_archive
from storage.records import (
    Block,
    Change,
    Check,
    Fact,
    FactChange,
    IncidentLink,
    Notice,
    Recipe,
    Snapshot,
    Source,
    SourceKind,
    Version,
)

SOURCES = 100
VERSIONS_EACH = 5
BEGIN = datetime(2015, 1, 5, tzinfo=UTC)
SPAN = timedelta(days=4_300)
SLUG = "ntt-procx-2023"
MEMBERS = 70
"""Notices that belong to the one declared incident, as many as there were bodies."""

_ROOT = Path(__file__).parents[1]
_PLACES, _TEXTS = _ROOT / "monitor/facts/organisations/data/municipalities.tsv", _ROOT / "tests/facts"
_KINDS: tuple[SourceKind, ...] = ("affected", "affected", "affected", "company", "regulator", "index")
_WHAT = ("個人情報の漏えい", "顧客データの紛失", "不正アクセス", "書類の誤送付", "個人データの持ち出し")
_WHO = ("会員", "受診者", "納税者", "契約者", "応募者", "利用者", "保護者", "職員", "取引先の担当者")
_FIRST, _SECOND = "青赤白緑東西南北山川海空", "葉原島崎浜岡塚沢野倉橋屋"
_TRADES = ("通販", "電工", "保険", "物流", "薬局", "銀行", "情報サービス", "印刷", "観光", "製作所")
_SAID = (
    "{place}が業務を委託した{firm}において、{who}の情報が外部へ持ち出されたことが{day}に分かりました。",
    "対象は{place}の{who}{count:,}人分で、氏名、住所、電話番号が含まれます。",
    "個人情報の保護に関する法律第{article}条に基づき、{day}に報告しました。",
    "ご不明な点は、{place}の相談窓口（電話{phone}）までお問い合わせください。",
)
"""What nearly every notice says; the rest is put together from three parts, as people put it differently."""
_WHEN = (
    "{day}、", "{day}の点検により、", "{day}に{place}から連絡があり、", "本年の監査の過程で、",
    "{firm}の報告によれば、", "{day}から{day2}にかけて、", "内部の通報を受けて調べたところ、",
    "警察からの照会をきっかけに、", "{who}の方からのお申し出により、", "{place}の担当課が確かめたところ、",
    "委託先の{firm}では、", "復旧作業のさなか、",
)  # fmt: skip
_HAPPENED = (
    "{who}{count:,}件の書類を取り違えて交付していた", "{firm}のサーバーの設定に誤りがあった",
    "端末が暗号化され、{count:,}件が読めなくなっていた", "元従業員が{count:,}件を書き出していた",
    "{who}の名簿が誰でも見られる状態に置かれていた", "宛先を伏せずに{count:,}通の電子メールを送っていた",
    "記録媒体{count:,}枚が{place}の倉庫から失われていた", "古い台帳の控えが誤って廃棄されていた",
    "再委託の承認を得ないまま{firm}に作業させていた", "閲覧の履歴が{day}より前のものしか残っていない",
    "口座番号の下四桁を含む{count:,}件が抜き取られていた", "他人の{who}証が郵送で届いていた",
    "保管期限を過ぎた申請書が書庫に積まれていた", "退職者の権限が取り消されずにいた",
    "試験用の画面に実在の{who}の情報が映っていた", "鍵のかからない棚に帳票が置かれていた",
)  # fmt: skip
_END = (
    "ことを確認しました。", "ことが判明しました。", "旨の説明を受けました。", "おそれがあると判断しました。",
    "ため、{day}に公表しました。", "ことから、{firm}に改善を求めました。", "として、{place}が謝罪しました。",
    "状況で、悪用の事実は確認されていません。", "件について、{day}までに個別にお知らせします。",
    "疑いがあり、第三者による検証を進めています。", "ので、不審な電話にはご注意ください。",
)  # fmt: skip


@lru_cache(1)
def _clauses() -> tuple[str, ...]:
    """Some 500 clauses of the texts by which facts are tested, as different as people write."""
    texts = "".join(path.read_text("utf-8") for path in sorted(_TEXTS.glob("*.jsonl")))
    cut = (clause.strip() for clause in re.split(r'[。、\n"\\]', texts))
    return tuple(
        sorted({clause for clause in cut if 6 <= len(clause) <= 60 and re.search("[ぁ-ん]", clause)})
    )


@lru_cache(1)
def _places() -> tuple[str, ...]:
    rows = (line.split("\t") for line in _PLACES.read_text("utf-8").splitlines() if line[:1] != "#")
    return tuple(row[2] or row[1] for row in rows)


def _firm(rng: random.Random) -> str:
    return f"{rng.choice(_FIRST)}{rng.choice(_SECOND)}{rng.choice(_TRADES)}株式会社"


def _day(rng: random.Random) -> str:
    return f"令和{rng.randint(1, 8)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"


def _sentence(rng: random.Random) -> Block:
    kind = rng.random()
    if kind < 0.5:
        return Block("text", "、".join(rng.sample(_clauses(), rng.randint(1, 3))) + "。")
    parts = rng.choice(_WHEN) + rng.choice(_HAPPENED) + rng.choice(_END)
    said = (parts if kind < 0.75 else rng.choice(_SAID)).format(
        place=rng.choice(_places()),
        firm=_firm(rng),
        who=rng.choice(_WHO),
        day=_day(rng),
        day2=_day(rng),
        count=int(10 ** rng.uniform(1, 6)),
        article=rng.choice((23, 26, 68, 146, 147, 148)),
        phone=f"0{rng.randint(3, 9)}-{rng.randint(2000, 9999)}-{rng.randint(1000, 9999)}",
    )
    return Block("text", said)


def _row(rng: random.Random) -> Block:
    cells = (rng.choice(_places()), f"{rng.randint(10, 99_999):,}件", rng.choice(("通知済", "通知中")))
    return Block("row", " | ".join(cells), cells=cells, head=("団体", "件数", "状況"))


def text(rng: random.Random, title: str) -> list[Block]:
    """Some 300 to 3,000 characters: most notices are short, some are long."""
    blocks = [Block("heading", title, level=1)]
    blocks += [_sentence(rng) for _ in range(int(rng.triangular(4, 50, 12)))]
    return blocks + [_row(rng) for _ in range(rng.choice((0, 0, 3, 8)))]


def edited(rng: random.Random, blocks: list[Block]) -> list[Block]:
    """One or two sentences reworded, or a postscript."""
    fresh = list(blocks)
    for _ in range(rng.randint(1, 2)):
        fresh[rng.randrange(1, len(fresh))] = _sentence(rng)
    if rng.random() < 0.4:
        fresh.insert(1, Block("text", f"【{_day(rng)}追記】{_sentence(rng).text}"))
    return fresh


def sources() -> Iterator[Source]:
    rng = random.Random("kohyo:sources")
    for number, name in enumerate(rng.sample(_places(), SOURCES)):
        kind = _KINDS[number % len(_KINDS)]
        yield Source(f"source-{number:03}", name, kind, (f"https://s{number:03}.example.jp/news/",))


class Filler:
    """Writes what years of crawls would have written."""

    def __init__(self, writer: Writer, run: int) -> None:
        self._writer, self._run = writer, run

    def notice(self, rng: random.Random, source: Source, number: int, slug: int | None) -> None:
        published = BEGIN + SPAN * rng.random()
        title = f"{rng.choice(_places())}における{rng.choice(_WHAT)}について（第{number}号）"
        url = f"https://{source.id}.example.jp/news/{number}.html"
        page = self._writer.add_page(source.id, url, "page")
        notice = self._writer.add_notice(
            Notice(source.id, page.id, url, title, published.date(), published, published)
        )
        if slug is not None:
            self._writer.set_link(IncidentLink(slug, notice.id, "confirmed", ("委託先の名称が一致",), 0.9))
        blocks, before = text(rng, title), None
        at = published
        for turn in range(VERSIONS_EACH):
            after = self._version(notice, blocks, at, rng)
            self._change(notice, before, after, at)
            before, blocks = after, edited(rng, blocks)
            if turn < VERSIONS_EACH - 1:
                at += timedelta(days=rng.expovariate(1 / 40))
        assert before is not None
        self._writer.put_page(
            replace(
                page,
                snapshot=before.snapshot,
                version=before.id,
                last_success=at,
                last_checked=at,
                last_changed=at,
                due_at=at + timedelta(days=1),
            )
        )

    def _version(self, notice: Notice, blocks: list[Block], at: datetime, rng: random.Random) -> Version:
        joined = "\n".join(block.text for block in blocks)
        body = "".join(f"<p>{block.text}</p>\n" for block in blocks).encode()
        digest = hashlib.sha256(body).hexdigest()
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        snapshot = self._writer.add_snapshot(
            Snapshot(notice.page, at, 200, notice.url, headers, digest, len(body), body=body)
        )
        self._writer.add_check(Check(notice.page, self._run, at, "version", 200, snapshot=snapshot.id))
        version = self._writer.add_version(
            Version(
                page=notice.page,
                snapshot=snapshot.id,
                captured_at=at,
                title=notice.title,
                text=joined,
                blocks=tuple(blocks),
                attachments=(),
                key=digest,
                recipe=Recipe("d", 1, 1, 1, 1),
                published=notice.published,
                updated=at.date() if rng.random() < 0.5 else None,
            )
        )
        self._writer.add_facts(version.id, list(_facts(blocks)))
        return version

    def _change(self, notice: Notice, before: Version | None, after: Version, at: datetime) -> None:
        diff = compare(before.blocks, after.blocks) if before else None
        self._writer.add_change(
            Change(
                notice.id,
                notice.source,
                notice.url,
                notice.title,
                at,
                "updated" if before else "new",
                True,
                diff.reasons if diff else (),
                "記載の変更" if diff else "",
                before.id if before else None,
                after.id,
                diff.hunks if diff else (),
                (FactChange("count", "100人" if before else None, f"{after.id:,}人"),),
                self._run,
            )
        )


def _facts(blocks: list[Block]) -> Iterator[Fact]:
    """A count and a date of each sentence that has them; what they say matters little here."""
    at = 0
    for block in blocks:
        for unit in ("人分", "件の", "件分", "件"):
            end = block.text.find(unit)
            if end > 0:
                start = end
                while start and block.text[start - 1] in "0123456789,":
                    start -= 1
                if start < end:
                    raw = block.text[start : end + 1]
                    value = int(raw[:-1].replace(",", ""))
                    yield Fact("count", value, raw, at + start, at + end + 1, unit=raw[-1])
                break
        if "第148条" in block.text:
            start = at + block.text.index("第148条")
            yield Fact(
                "provision",
                {"law": "個人情報保護法", "article": "148", "paragraph": None},
                "第148条",
                start,
                start + 5,
            )
            yield Fact("action", "recommendation", "第148条", start, start + 5)
            yield Fact("deadline", date(2027, 3, 31).isoformat(), "第148条", start, start + 5)
        at += len(block.text) + 1


def fill(archive: Archive, versions: int, *, batch: int = 200) -> None:
    declared = list(sources())
    with archive.write() as writer:
        for source in declared:
            writer.put_source(source)
        declare_incidents(writer)
        incident = writer.incident(SLUG)
        run = writer.start_run("crawl", BEGIN)
    assert incident is not None
    notices, begun = versions // VERSIONS_EACH, time.monotonic()
    for first in range(0, notices, batch):
        with archive.write() as writer:
            filler = Filler(writer, run.id)
            for number in range(first, min(first + batch, notices)):
                member = incident.id if number % max(1, notices // MEMBERS) == 0 else None
                rng = random.Random(f"kohyo:{number}")
                filler.notice(rng, declared[number % SOURCES], number, member)
        done = min(first + batch, notices) * VERSIONS_EACH
        sys.stderr.write(f"\r{done:,} of {versions:,} versions, {time.monotonic() - begun:.0f} s")
    sys.stderr.write("\n")
    with archive.write() as writer:
        writer.finish_run(replace(run, finished_at=BEGIN + SPAN, status="done"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("url")
    parser.add_argument("--versions", type=int, default=100_000)
    given = parser.parse_args()
    with open_archive(given.url) as archive:
        fill(archive, given.versions)


if __name__ == "__main__":
    main()
