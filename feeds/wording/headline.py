"""The one headline of a change: what it comes to, whose, about what, in that order of weight.

    [更新] 福岡県「委託業務による個人情報の漏えい事案」: 対象者数 133,655人 → 162,828人
    断りなく書き換え: 可能性あり → 確認されていない — 三重県「委託業務で使用した情報の流出の…」

Feeds, mail, chat, pages, files and the command line say it alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from feeds.wording import diff_html
from feeds.wording.sanitise import cut, one_line
from feeds.wording.summary import say_change
from feeds.wording.tables.change_words import KINDS, MARKS, REASONS
from feeds.wording.tables.count_words import AMOUNTS
from feeds.wording.tables.fact_words import ACTIONS, FIELDS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import join_words, magnitude, phrase, say, word
from storage.records import Change, FactChange
from storage.text.body_names import strip_form
from storage.text.patterns import pattern_of
from storage.text.wording import reverses

MAX_SUBJECT_CHARS = 20
MAX_MATTER_CHARS = 120
MAX_HEADLINE_CHARS = 240

_BADGES = {**KINDS, **MARKS}
_TOLD = (*tuple(FIELDS)[:5], "step")
"""Fields whose differences are worth a headline, most telling first."""
_OF_NEW = ("action", "count", "outcome", "deadline", "provision")
"""What of a new notice is, most telling first."""
_MORE_THAN_ADDED = {
    "removed",
    "text",
    "title",
    "outcome",
    "negation",
    "wording-softened?",
    "column",
    "reverted",
}
"""Reasons by which a page says more than it did, and something else than it did."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline in its parts: pages lay them out, everything else joins them into ``line``."""

    mark: str  # silent, added-silently, reversed, or the kind of the change
    badge: str  # in words
    leads: bool  # what it comes to stands before whose it is
    publisher: str
    subject: str
    matter: str  # old → new; empty where the badge says all
    more: str  # how many differences there are besides
    told: FactChange | None  # the difference that ``matter`` says
    lang: str

    @property
    def line(self) -> str:
        """The headline in one line of plain text."""
        who = _quote(self.publisher, self.subject, self.lang)
        matter = " ".join(filter(None, (self.matter, self.more)))
        if not self.leads:
            said = f"[{self.badge}] {who}" + (f": {matter}" if matter else "")
        elif matter:
            said = f"{self.badge}: {matter} — {who}"
        else:
            said = f"{self.badge}: {who}"
        return one_line(said, MAX_HEADLINE_CHARS)


@lru_cache(4_096)  # home, incidents and feeds tell the same newest changes
def compose_headline(change: Change, publisher: str, lang: str, *, third_party: bool = False) -> Headline:
    """Compose the headline of a change from its weightiest fact.

    What was rewritten while the page's own date stood still, an outcome that turned round, and what is no
    more to be read come first. Of what trade press or an index says, it says that it is no body's own word.
    In English, a change without such a fact is put into words from its hunks.
    """
    mark = _mark(change)
    badges = [word(_BADGES, mark, lang)]
    if third_party:
        badges.append(word(LABELS, "third-party", lang))
    weighed = _weighed(change)
    more = len(weighed) - 1 if change.kind == "updated" else 0
    return Headline(
        mark,
        " · ".join(badges),
        mark in MARKS or mark == "withdrawn",
        publisher,
        shorten_title(change.title or change.url),
        cut(_say_fact(weighed[0], lang) if weighed else _sum_up(change, lang), MAX_MATTER_CHARS),
        phrase(AMOUNTS, "more", lang, more) if more > 0 else "",
        weighed[0] if weighed else None,
        lang,
    )


def needs_hunks(change: Change, lang: str) -> bool:
    """Tell whether the headline is put into words from hunks, which a list of changes may leave out."""
    return lang != "ja" and change.kind != "new" and not change.hunks and not _weighed(change)


def _mark(change: Change) -> str:
    if change.kind == "updated" and "silent" in change.reasons:
        rewritten = _MORE_THAN_ADDED & {*change.reasons} or any(fact.old for fact in change.facts)
        return "added-silently" if "added" in change.reasons and not rewritten else "silent"
    if change.kind == "updated" and any(map(reverses, change.facts)):
        return "reversed"
    return change.kind


def _quote(publisher: str, subject: str, lang: str) -> str:
    if not subject:
        return publisher
    return f"{publisher} “{subject}”" if lang == "en" else f"{publisher}「{subject}」"


# --- what it comes to ------------------------------------------------------------------------


def _sum_up(change: Change, lang: str) -> str:
    """Say what a change without such a difference is about: its summary, or its reasons."""
    if change.kind != "updated":
        return ""
    said = one_line(say_change(change, lang))
    if said and (lang == "ja" or said != one_line(change.summary)):
        return said
    return join_words((word(REASONS, reason, lang) for reason in change.reasons[:3]), lang)


def _weighed(change: Change) -> list[FactChange]:
    """Return the differences worth a headline, the weightiest first."""
    if change.kind not in ("new", "updated"):
        return []
    new = change.kind == "new"
    found = [fact for fact in change.facts if fact.field in (_OF_NEW if new else _TOLD)]
    if len(found) < 2:
        return found
    return sorted(found, key=_weight_of_new if new else _weight)


def _weight(fact: FactChange) -> tuple[bool, bool, int, int]:
    """Order what turned round before what moved, that before what came or went, and larger counts first."""
    return not reverses(fact), not (fact.old and fact.new), _TOLD.index(fact.field), -_size(fact)


def _weight_of_new(fact: FactChange) -> tuple[int, int]:
    order = tuple(ACTIONS).index(fact.new or "") if fact.new in ACTIONS else len(ACTIONS)
    return _OF_NEW.index(fact.field), order if fact.field == "action" else -_size(fact)


def _size(fact: FactChange) -> int:
    return max(magnitude(fact.new or ""), magnitude(fact.old or "")) if fact.field == "count" else 0


def _say_fact(fact: FactChange, lang: str) -> str:
    """Say a difference in a line; of an outcome that became another, the two say what it is of."""
    if fact.field == "outcome" and fact.old and fact.new:
        return f"{word_of_ours(fact, fact.old, lang)} → {word_of_ours(fact, fact.new, lang)}"
    return one_line(diff_html.fact_line(fact, lang))


def word_of_ours(fact: FactChange, value: str, lang: str) -> str:
    """Say a value; of an outcome, whose words are ours in both languages, in the reader's alone."""
    return value if fact.field == "outcome" and lang == "en" else say(fact.field, value, lang)


# --- what it is about ------------------------------------------------------------------------

_LABEL = pattern_of(r"^(?:【[^】]{1,20}】|\[[^\]]{1,20}\]|（[^）]{1,10}）)\s*(?=.)")
_TAIL = pattern_of(
    r"""
    \s*[(（][^()（）]{1,20}[)）]$  # (令和6年1月24日)
  | (?:のお詫び|お詫び|のご報告|ご報告|のお知らせ|お知らせ|報告)?(?:と|及び|および|ならびに|・)?
    (?:のお詫び|お詫び|のご報告|ご報告|のお知らせ|お知らせ)$  # に関するお詫びとお知らせ
  | (?:について|に関して|に関する|に係る|につきまして|の件)$
    """,
    re.VERBOSE,
)
_MAX_TAIL_CHARS = 24
"""Characters that such a tail has at most, where no two spaces follow each other."""
_PARTICLES = "のにをがではとへやも"
_KINDS_OF_LETTERS = (
    re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９,.，．-]"),
    re.compile("[\u30a1-\u30fa\u30fc]"),
    re.compile("[\u3041-\u309f]"),
    re.compile("[\u3400-\u9fff々]"),
)


def shorten_title(title: str, limit: int = MAX_SUBJECT_CHARS) -> str:
    """Shorten the title of a notice to what it is about, an ellipsis included.

    Labels, dates in brackets and words such as についてのお知らせ go first; then it is cut where a phrase
    ends, or a word, and inside one only if there is no other place. An address keeps its end.
    """
    text = one_line(title)
    if re.match("https?://", text):
        return text if len(text) <= limit else "…" + text[1 - limit :]
    whole = text
    text = _LABEL.sub("", text)
    while (tail := _TAIL.search(text, max(0, len(text) - _MAX_TAIL_CHARS))) and tail.start() >= 4:
        text = text[: tail.start()]
    if len(text) > limit:
        text = strip_form(text)
    if len(text) <= limit:
        return text or cut(whole, limit)
    return text[: next(_cuts(text, limit - 1), limit - 1)].rstrip(" 、,・「（(") + "…"


def _cuts(text: str, room: int) -> Iterator[int]:
    """List where a text may be cut to so many characters, the best place first."""
    ends = range(room, room // 2, -1)
    kinds = [*map(_kind_of, text[: room + 1])]
    # not between a word and its ending in hiragana
    words = [end for end in ends if kinds[end] == -1 or (kinds[end] != 2 and kinds[end - 1] != kinds[end])]
    yield from (end for end in words if text[end - 1] in _PARTICLES or kinds[end - 1] == -1)
    yield from words


@lru_cache(4_096)
def _kind_of(letter: str) -> int:
    return next((number for number, kind in enumerate(_KINDS_OF_LETTERS) if kind.match(letter)), -1)
