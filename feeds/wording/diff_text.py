"""A difference for the terminal, to be read at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.wording.tables.change_words import HUNKS, PHRASES, PLACES, REASONS
from feeds.wording.words import word
from storage.records import Hunk, Segment

_SIGNS = {"insert": "+", "delete": "-", "move": ">", "link": "@", "column": "#", "form": "."}


def to_text(hunks: Sequence[Hunk], lang: str) -> str:
    """Write differences for a terminal, a line each: ``~ <件数> [行 / 列] …[-約900万件-]{+約928万件+}…``."""
    return "\n".join(_line(hunk, lang) for hunk in hunks) or word(PHRASES, "same", lang)


def _line(hunk: Hunk, lang: str) -> str:
    sign = _SIGNS.get(hunk.op, "~")
    tags = f"<{_dot(lang).join(word(REASONS, one, lang) for one in hunk.reasons)}> " if hunk.reasons else ""
    where = "".join(f"[{name}] " for name in (word(PLACES, hunk.place, lang), hunk.label) if name)
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
