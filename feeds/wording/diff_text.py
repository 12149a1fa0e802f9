"""A difference as plain text, to be read at a glance: on the terminal, in mail and chat."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.wording.tables.change_words import HUNKS, PHRASES, PLACES, REASONS
from feeds.wording.tables.count_words import AMOUNTS
from feeds.wording.words import phrase, word
from storage.records import Hunk, Segment

_SIGNS = {"insert": "+", "delete": "-", "move": ">", "link": "@", "column": "#", "form": "."}


def to_text(hunks: Sequence[Hunk], lang: str, limit: int | None = None) -> str:
    """Write differences, a line each: ``~ <件数> [行 / 列] …[-約900万件-]{+約928万件+}…``.

    ``limit``: so many of them, and how many are left out.
    """
    lines = [_line(hunk, lang) for hunk in hunks[:limit]]
    if more := len(hunks) - len(lines):
        lines.append(f"…{phrase(AMOUNTS, 'more', lang, more)}")
    return "\n".join(lines) or word(PHRASES, "same", lang)


def _line(hunk: Hunk, lang: str) -> str:
    sign = _SIGNS.get(hunk.op, "~")
    tags = f"<{_dot(lang).join(word(REASONS, one, lang) for one in hunk.reasons)}> " if hunk.reasons else ""
    where = "".join(f"[{name}] " for name in (word(PLACES, hunk.place, lang), hunk.label) if name)
    if hunk.goes_on:
        return f"  {hunk.new or hunk.old}"
    if hunk.op in ("insert", "delete"):
        body = hunk.new or hunk.old
    elif hunk.op == "column":
        did = word(HUNKS, "insert" if hunk.new else "delete", lang)
        body = f"{did}: " + (hunk.new or hunk.old).replace("\n", " / ")
    elif hunk.op == "link":
        body = f"{hunk.old or '–'} -> {hunk.new or '–'}"
    else:
        body = "".join(map(_segment, hunk.segments))
    moved = f"({word(HUNKS, 'move', lang)}) " if hunk.op == "move" else ""
    return f"{sign} {tags}{where}{moved}{body}"


def _dot(lang: str) -> str:
    return ", " if lang == "en" else "・"


def _segment(segment: Segment) -> str:
    if segment.equal:
        return segment.old
    return (f"[-{segment.old}-]" if segment.old else "") + (f"{{+{segment.new}+}}" if segment.new else "")
