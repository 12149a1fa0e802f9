"""One announcement in several notices: 速報, 続報, 第N報, 確報, 最終報, 訂正 in order, and the predecessor
that a follow-up names by date and title (2023年12月7日に「…」（以下、既報）を公表)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from storage.records import Notice
from storage.text.fold import fold
from storage.text.japanese import DATE, fold_width, kanji_number, parse_date

Kind = Literal["first", "further", "numbered", "full", "final", "correction", ""]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a notice stands in its chain; ``number`` of 第N報, 0 where none is said."""

    kind: Kind = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """That a text names an earlier notice: when it was published and how it was called."""

    published: date
    title: str
    start: int
    end: int


_N = r"(?P<n>[0-9]{1,3}|[一二三四五六七八九十]{1,3})"
_NUMBERED = re.compile(
    rf"(?:第\s?{_N}\s?[報版回](?!目|会)|\(その\s?(?P<sono>[0-9]{{1,2}}|[一二三四五六七八九十])\))"
)
_STAGES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("correction", re.compile(r"訂正|正誤")),
    ("final", re.compile(r"最終(?:報告?|のご?報告)|終報|完了(?:報告|のお知らせ)")),
    ("full", re.compile(r"確報")),
    ("first", re.compile(r"速報|初報")),
    ("further", re.compile(r"続報|続き|経過(?:報告|について)|その後|追加(?:報告|のお知らせ)|更新")),
)
# In brackets at the end, or at the head: what marks the stage and is no part of the name.
_MARK = re.compile(
    r"[(（【\[〔][^()（）【】\[\]〔〕]{0,20}(?:報|訂正|更新|その[0-9０-９一二三四五六七八九十]+|お詫び|追記|重要)[^()（）【】\[\]〔〕]{0,12}[)）】\]〕]"
    r"|第\s?[0-9０-９一二三四五六七八九十]{1,3}\s?報|続報|速報|確報|最終報告?|[:：]\s*\Z"
)


def stage(title: str) -> Stage:
    """What a title says of its notice's place in a chain."""
    text = fold_width(title)
    numbered = _NUMBERED.search(text)
    number = int(kanji_number(numbered["n"] or numbered["sono"])) if numbered else 0
    kind: Kind = next((kind for kind, pattern in _STAGES if pattern.search(text)), "")
    if not kind and numbered:
        return Stage("first" if number == 1 else "numbered", number)
    return Stage(kind, number)


def base_title(title: str) -> str:
    """The title without the marks of its stage, folded: equal for the notices of one chain."""
    return fold(_MARK.sub("", title))


_CLAIM = re.compile(
    rf"(?P<date>{DATE.pattern})\s?(?:付け?|に|の|、|公表の|発表の|掲載の)*\s?(?:当社(?:ホームページ|ウェブサイト)(?:に|で|の|において))?[『「](?P<title>[^」』]{{4,120}})[』」]"
    r"(?:\s?\([^()]{0,40}\))?(?:と題し(?:て|た[^。]{0,12}))?\s?(?:を|にて|において|で|として|の(?:とおり|中で)|により)[^。]{0,40}?(?:公表|発表|お知らせ|掲載|ご報告|ご案内|開示|公開)",
    re.VERBOSE,
)


def claims(text: str) -> list[Claim]:
    """Every earlier notice that a text names by date and title."""
    folded = fold_width(text)
    found = []
    for match in _CLAIM.finditer(folded):
        published = parse_date(match["date"])
        if published:
            title = text[match.start("title") : match.end("title")]
            found.append(Claim(published, title, match.start(), match.end()))
    return found


def predecessor(claim: Claim, notices: Iterable[Notice]) -> Notice | None:
    """The one notice that was published that day under that title; None where none or several fit."""
    wanted = fold(claim.title)
    fitting = [
        notice
        for notice in notices
        if notice.published == claim.published
        and (wanted in fold(notice.title) or fold(notice.title) in wanted)
    ]
    exact = [notice for notice in fitting if fold(notice.title) == wanted]
    fitting = exact or fitting
    return fitting[0] if len(fitting) == 1 else None


_RANK = {"first": 0, "": 1, "further": 2, "numbered": 2, "full": 3, "final": 4, "correction": 5}


def chains(notices: Iterable[Notice], followed: dict[int, int] | None = None) -> list[list[Notice]]:
    """The notices of one publisher in chains, each in order. ``followed`` maps a notice to the
    predecessor it names; without one, notices of one base title are a chain if a stage says so."""
    ordered = sorted(notices, key=_order)
    known = {notice.id: notice for notice in ordered}
    group: dict[int, int] = {notice.id: notice.id for notice in ordered}

    def root(number: int) -> int:
        while group[number] != number:
            number = group[number]
        return number

    for later, earlier in (followed or {}).items():
        if later in known and earlier in known:
            group[root(later)] = root(earlier)
    by_title: dict[tuple[str, str], Notice] = {}
    for notice in ordered:
        key = (notice.source, base_title(notice.title))
        first = by_title.setdefault(key, notice)
        if first is not notice and (stage(notice.title).kind or stage(first.title).kind):
            group[root(notice.id)] = root(first.id)
    found: dict[int, list[Notice]] = {}
    for notice in ordered:
        found.setdefault(root(notice.id), []).append(notice)
    return list(found.values())


def _order(notice: Notice) -> tuple[date, int, int, int]:
    said = stage(notice.title)
    return notice.published or notice.first_seen.date(), said.number, _RANK[said.kind], notice.id


def follow(told: Sequence[tuple[Notice, str]]) -> dict[int, int]:
    """Each notice whose text names an earlier one of the same source, to that one."""
    found = {}
    for notice, text in told:
        earlier = [other for other, _ in told if other.source == notice.source and other.id != notice.id]
        named = (predecessor(claim, earlier) for claim in claims(text))
        before = next((one for one in named if one), None)
        if before:
            found[notice.id] = before.id
    return found
