"""A difference for the terminal, to be read at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from storage.records import Hunk, Segment

_SIGNS = {"insert": "+", "delete": "-", "move": ">", "link": "@", "column": "#", "form": "."}
_NAMES = {
    "count": "件数",
    "date": "日付",
    "deadline": "期限",
    "provision": "条文",
    "phone": "電話",
    "outcome": "漏えいの有無",
    "wording-softened?": "表現が弱まった可能性",
    "negation": "否定",
    "postscript": "追記",
    "added": "追加",
    "removed": "削除",
    "column": "列",
    "text": "文言",
    "title": "題名",
    "attachment": "添付",
    "link": "リンク",
    "order": "順序",
    "form-only": "表記のみ",
}


def to_text(hunks: Sequence[Hunk]) -> str:
    """The difference for a terminal, a line each: ``~ <件数> [行 / 列] …[-約900万件-]{+約928万件+}…``."""
    return "\n".join(map(_line, hunks)) or "変更なし"


def _line(hunk: Hunk) -> str:
    sign = _SIGNS.get(hunk.op, "~")
    tags = f"<{'・'.join(_NAMES.get(reason, reason) for reason in hunk.reasons)}> " if hunk.reasons else ""
    where = f"[{hunk.label}] " if hunk.label else ""
    if hunk.op in ("insert", "delete"):
        body = hunk.new or hunk.old
    elif hunk.op == "column":
        body = ("列の追加: " if hunk.new else "列の削除: ") + (hunk.new or hunk.old).replace("\n", " / ")
    elif hunk.op == "link":
        body = f"{hunk.old or '(なし)'} -> {hunk.new or '(なし)'}"
    else:
        body = "".join(map(_segment, hunk.segments))
    moved = "(移動) " if hunk.op == "move" else ""
    return f"{sign} {tags}{where}{moved}{body}"


def _segment(segment: Segment) -> str:
    if segment.equal:
        return segment.old
    return (f"[-{segment.old}-]" if segment.old else "") + (f"{{+{segment.new}+}}" if segment.new else "")
