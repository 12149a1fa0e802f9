"""What a change is about in one line, in Japanese or English, composed from hunks and facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from feeds.wording.tables.change_words import PHRASES
from feeds.wording.tables.fact_words import FIELDS
from feeds.wording.words import field_name, phrase, say, say_date, say_text_value, word
from storage.records import Change, FactChange, Hunk
from storage.text.japanese import KANJI_NUMBER, fold_width, kanji_number, parse_date
from storage.text.wording import TOMBSTONE

MAX_SUMMARY_CHARS = {"ja": 120, "en": 240}
"""English says a value beside the publisher's wording of it."""

MAX_PARTS = 3
_MAX_QUOTE_CHARS = 30

Event = Literal["", "page-gone", "page-back"]
"""What happened to a page as a whole."""

_KINDS_OF = {"count": ("count", "number"), "deadline": ("date", "time")}
"""Kinds of values that a reason speaks of; any other reason speaks of its own kind."""

_FACTS = ("count", "deadline", "outcome", "provision", "action", "phone")
"""Facts that go into a summary, most telling first."""

_VALUES = ("count", "deadline", "provision", "phone")
_NAMED = ("deadline", "provision")
"""Values whose name is said with them: 約900万件 needs none."""

_NUMBER = re.compile(KANJI_NUMBER)


def say_change(change: Change, lang: str) -> str:
    """Say what a change is about: in Japanese as it was said when it was judged, in English anew.

    Of a change that was stored before hunks carried their values, the Japanese line is all there is.
    """
    if lang == "ja" or change.summary == TOMBSTONE:
        return PHRASES["redacted"][1] if lang == "en" else change.summary
    if change.kind in ("withdrawn", "restored") and not (change.from_version and change.to_version):
        return summarise((), (), lang, event="page-gone" if change.kind == "withdrawn" else "page-back")
    if change.kind == "updated" and change.summary and any(map(_untold, change.hunks)):
        return change.summary
    return summarise(change.hunks, change.facts, lang) or change.summary


def _untold(hunk: Hunk) -> bool:
    """Tell whether a hunk says that values were replaced and not which."""
    edited = hunk.op in ("change", "cell", "move") and bool(hunk.segments) and not hunk.place
    return edited and bool({*hunk.reasons} & {*_VALUES}) and not any(one.values for one in hunk.segments)


def summarise(hunks: Sequence[Hunk], facts: Sequence[FactChange], lang: str = "ja", event: Event = "") -> str:
    """Compose the most telling differences in one line: 「約900万件 → 約928万件 (+28万)」."""
    if event:
        return _phrase(event, lang)
    values = (
        *_replaced_values(hunks, _VALUES, lang),
        *_from_facts(hunks, facts, lang),
        *_replaced_values(hunks, ("date",), lang),
    )
    parts = list(dict.fromkeys((*values, *_rest(hunks, lang))))
    line, limit = "", MAX_SUMMARY_CHARS[lang]
    for shown in range(min(MAX_PARTS, len(parts)), 0, -1):
        more = len(parts) - shown
        line = " ".join(("; " if lang == "en" else "、").join(parts[:shown]).split())
        line += _phrase("more", lang, more) if more else ""
        if len(line) <= limit:
            return line
    return line[: limit - 1] + "…" if line else ""


def _phrase(name: str, lang: str, *words: object) -> str:
    return phrase(PHRASES, name, lang, *words)


def _replaced_values(hunks: Sequence[Hunk], reasons: Iterable[str], lang: str) -> Iterator[str]:
    for reason in reasons:
        for hunk in hunks:
            if reason not in hunk.reasons or hunk.op not in ("change", "cell", "move"):
                continue
            if hunk.place == "date":
                days = (say_date(parse_date(day), lang) or "–" for day in (hunk.old, hunk.new))
                yield _phrase("date", lang, *days)
            elif not hunk.place:
                yield from _values(reason, hunk, lang)


def _values(reason: str, hunk: Hunk, lang: str) -> Iterator[str]:
    """Say the first value of each segment that was replaced by another of its kind."""
    name = hunk.label if hunk.op == "cell" else word(FIELDS, reason, lang) if reason in _NAMED else ""
    kinds = _KINDS_OF.get(reason, (reason,))
    for segment in hunk.segments:
        pairs = ((one.old, one.new) for one in segment.values if one.kind in kinds and one.old and one.new)
        for old, new in list(pairs)[:1]:
            change = f"{say_text_value(reason, old, lang)} → {say_text_value(reason, new, lang)}"
            if reason == "count":
                change += _delta(old, new, lang)
            yield f"{name}: {change}" if name else change


def _delta(old: str, new: str, lang: str) -> str:
    before, after = _number(old), _number(new)
    if before is None or after is None or before == after:
        return ""
    step = after - before
    return f" ({step:+,})" if lang == "en" else f" ({_signed(step)})"


def _number(text: str) -> int | None:
    match = _NUMBER.search(fold_width(text))
    try:
        return int(kanji_number(match[0])) if match else None
    except ValueError:
        return None


def _signed(value: int) -> str:
    sign = "+" if value > 0 else "-"
    amount = abs(value)
    if amount >= 10**8 and amount % 10**4 == 0:
        high, low = divmod(amount, 10**8)
        return f"{sign}{high}億" + (f"{low // 10**4}万" if low else "")
    if amount >= 10**4 and amount % 10**4 == 0:
        return f"{sign}{amount // 10**4}万"
    return f"{sign}{amount:,}"


def _from_facts(hunks: Sequence[Hunk], facts: Sequence[FactChange], lang: str) -> Iterator[str]:
    """Word facts that no replaced passage shows: values of a new notice, or of text that came."""
    replaced = {reason for hunk in hunks if hunk.op in ("change", "cell", "move") for reason in hunk.reasons}
    for field in _FACTS:
        for change in facts:
            if change.field == field and field not in replaced and change.new:
                before = f"{say(field, change.old, lang)} → " if change.old else ""
                yield f"{field_name(field, change.new, lang)} {before}{say(field, change.new, lang)}"


def _rest(hunks: Sequence[Hunk], lang: str) -> Iterator[str]:
    """Say what is no replaced value: outcomes, additions, columns, documents, wording."""
    for hunk in sorted(hunks, key=_weight):
        if found := _other(hunk, lang):
            yield found
    if hunks and all(hunk.op == "form" for hunk in hunks):
        yield _phrase("form", lang)


def _other(hunk: Hunk, lang: str) -> str:
    if hunk.place in ("file-gone", "file-back", "file-replaced"):
        return _phrase(hunk.place, lang, hunk.label)
    if "outcome" in hunk.reasons:
        return _phrase("outcome", lang, _quote(hunk.new or hunk.old))
    if hunk.place == "stamp":
        return "" if hunk.op == "insert" else _phrase("stamp", lang)
    if hunk.op == "insert":
        return _phrase("postscript" if "postscript" in hunk.reasons else "insert", lang, _quote(hunk.new))
    if hunk.op == "delete":
        return _phrase("delete", lang, _quote(hunk.old))
    if hunk.op == "column":
        return _phrase("column-insert" if hunk.new else "column-delete", lang, hunk.label)
    if hunk.place == "slot":
        return _phrase("slot", lang, _quote(hunk.new))
    if hunk.op == "link":
        return _link(hunk, lang)
    if "title" in hunk.reasons:
        return _phrase("title", lang, _quote(hunk.new))
    if "address" in hunk.reasons:
        return _phrase("address", lang, hunk.new)
    if hunk.op in ("change", "cell") and not {*hunk.reasons} & {*_VALUES, "date"}:
        return _phrase("change", lang, hunk.label or _phrase("wording", lang), _edited(hunk))
    return _phrase("order", lang) if "order" in hunk.reasons else ""


def _link(hunk: Hunk, lang: str) -> str:
    name = "attachment" if "attachment" in hunk.reasons else "link"
    did = "change" if hunk.old and hunk.new else "insert" if hunk.new else "delete"
    return _phrase(f"{name}-{did}", lang, _quote(hunk.label))


def _weight(hunk: Hunk) -> int:
    ranks = ("outcome", "title", "postscript", "column", "attachment", "added", "removed", "text")
    return next((rank for rank, reason in enumerate(ranks) if reason in hunk.reasons), len(ranks))


def _edited(hunk: Hunk) -> str:
    segment = next((s for s in hunk.segments if not s.equal), None)
    if segment is None or not segment.old.strip() or not segment.new.strip():
        return _quote(hunk.new)
    return f"{_quote(segment.old)} → {_quote(segment.new)}"


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MAX_QUOTE_CHARS else text[: _MAX_QUOTE_CHARS - 1] + "…"
