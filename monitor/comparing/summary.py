"""One Japanese line that says what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from monitor.comparing.diff import SLOT, STAMP
from monitor.comparing.tokens import tokenise
from storage.records import FactChange, Hunk, Segment
from storage.text.japanese import fold_width, kanji_number
from storage.text.wording import of_people

MAX_SUMMARY_CHARS = 120
"""Characters of a summary at most."""

MAX_PARTS = 3

_MAX_QUOTE_CHARS = 30
_FIELDS = {
    "count": "件数",
    "deadline": "期限",
    "outcome": "漏えいの有無",
    "provision": "根拠条文",
    "action": "措置",
    "phone": "電話番号",
}
"""Facts that go into a summary, most telling first, with their names."""

_TERMS = {
    "recommendation": "勧告",
    "order": "命令",
    "emergency order": "緊急命令",
    "guidance": "指導",
    "administrative guidance": "行政指導",
    "advice": "助言",
    "alert": "注意喚起",
    "report demand": "報告の求め",
    "on-site inspection": "立入検査",
    "criminal complaint": "告発",
    "tender exclusion": "指名停止",
    "taken out": "持ち出し",
    "leaked": "漏えい",
    "misused": "悪用",
    "possible": "可能性あり",
    "not confirmed": "確認されていない",
    "misuse possible": "悪用の可能性あり",
    "misuse not confirmed": "悪用は確認されていない",
}
_PROVISION = re.compile(r"(.+?) ([0-9]+)((?:の[0-9]+|-[0-9]+)*)(?:\(([0-9]+)\))?")
_LAWS = {
    "APPI": "個人情報保護法",
    "APPI Rules": "個人情報保護法施行規則",
    "APPI Order": "個人情報保護法施行令",
}
_TELLING = ("count", "deadline", "provision", "phone")
_VALUE_KINDS = (*_TELLING, "date")


def summarise(hunks: Sequence[Hunk], facts: Sequence[FactChange]) -> str:
    """The most telling differences in one line: 「約900万件 → 約928万件 (+28万)」."""
    values = (
        *_replaced_values(hunks, _TELLING),
        *_from_facts(hunks, facts),
        *_replaced_values(hunks, ("date",)),
    )
    parts = list(dict.fromkeys((*values, *_rest(hunks))))
    line = ""
    for shown in range(min(MAX_PARTS, len(parts)), 0, -1):
        more = len(parts) - shown
        line = " ".join("、".join(parts[:shown]).split()) + (f"、ほか{more}件" if more else "")
        if len(line) <= MAX_SUMMARY_CHARS:
            return line
    return line[: MAX_SUMMARY_CHARS - 1] + "…" if line else ""


def _replaced_values(hunks: Sequence[Hunk], reasons: Iterable[str]) -> Iterator[str]:
    for reason in reasons:
        for hunk in hunks:
            if reason in hunk.reasons and hunk.op in ("change", "cell", "move") and hunk.label != STAMP:
                for segment in hunk.segments or (Segment(hunk.old, hunk.new),):
                    if segment.equal or not segment.old or not segment.new:
                        continue
                    if found := _value(reason, segment, hunk):
                        yield found


def _value(reason: str, segment: Segment, hunk: Hunk) -> str:
    wanted = {"count": ("count", "number"), "deadline": ("date", "time")}.get(reason, (reason,))
    old = [token for token in tokenise(segment.old) if token.kind in wanted]
    new = [token for token in tokenise(segment.new) if token.kind in wanted]
    if not old or not new or [t.key for t in old] == [t.key for t in new]:
        return ""
    pairs = [(a, b) for a, b in zip(old, new, strict=False) if a.key != b.key]
    if not pairs:
        return ""
    a, b = pairs[0]
    label = hunk.label if hunk.op == "cell" else {"deadline": "期限", "provision": "根拠条文"}.get(reason, "")
    change = f"{a.text.strip()} → {b.text.strip()}"
    if reason == "count":
        change += _delta(a.text, b.text)
    return f"{label}: {change}" if label else change


def _delta(old: str, new: str) -> str:
    values = [_number(text) for text in (old, new)]
    if values[0] is None or values[1] is None or values[0] == values[1]:
        return ""
    return f" ({_signed(values[1] - values[0])})"


def _number(text: str) -> int | None:
    match = re.search(
        r"[0-9〇一二三四五六七八九十百千万億][0-9,.〇一二三四五六七八九十百千万億]*", fold_width(text)
    )
    if match is None:
        return None
    try:
        return int(kanji_number(match[0]))
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


def _from_facts(hunks: Sequence[Hunk], facts: Sequence[FactChange]) -> Iterator[str]:
    """Facts that no replaced passage shows: values of a new notice, or of text that came."""
    replaced = {reason for hunk in hunks if hunk.op in ("change", "cell", "move") for reason in hunk.reasons}
    for field, name in _FIELDS.items():
        for change in facts:
            if change.field == field and field not in replaced and change.new:
                before = f"{_term(change.old)} → " if change.old else ""
                people = field == "count" and of_people(change.new)
                yield f"{'対象者数' if people else name} {before}{_term(change.new)}"


def _term(value: str) -> str:
    """A fact's value in Japanese, where kohyo has a word of its own for it."""
    match = _PROVISION.fullmatch(value)
    if match and match[1] in _LAWS:
        paragraph = f"第{match[4]}項" if match[4] else ""
        return f"{_LAWS[match[1]]}第{match[2]}条{match[3]}{paragraph}"
    return _TERMS.get(value, value)


def _rest(hunks: Sequence[Hunk]) -> Iterator[str]:
    """What is no replaced value: outcomes, additions, columns, documents, wording."""
    for hunk in sorted(hunks, key=_weight):
        if "outcome" in hunk.reasons:
            yield f"漏えい等の有無に関する記載の変更「{_quote(hunk.new or hunk.old)}」"
        elif hunk.op == "insert" and hunk.label == STAMP:
            continue
        elif hunk.op == "insert":
            name = "追記" if "postscript" in hunk.reasons else "追加"
            yield f"{name}「{_quote(hunk.new)}」"
        elif hunk.op == "delete":
            yield f"削除「{_quote(hunk.old)}」"
        elif hunk.op == "column":
            did = "追加" if hunk.new else "削除"
            yield f"表の列「{hunk.label}」の{did}"
        elif hunk.label == SLOT:
            yield f"リンク枠の入れ替わり「{_quote(hunk.new)}」"
        elif hunk.op == "link":
            yield _link(hunk)
        elif "title" in hunk.reasons:
            yield f"題名の変更「{_quote(hunk.new)}」"
        elif hunk.label == STAMP:
            yield "更新日の変更"
        elif "address" in hunk.reasons:
            yield f"掲載先の変更 {hunk.new}"
        elif hunk.op in ("change", "cell") and not set(hunk.reasons) & set(_VALUE_KINDS):
            yield f"{hunk.label or '文言'}の変更「{_edited(hunk)}」"
        elif "order" in hunk.reasons:
            yield "順序の変更"
    if hunks and all(hunk.op == "form" for hunk in hunks):
        yield "表記のみの変更"


def _weight(hunk: Hunk) -> int:
    ranks = ("outcome", "title", "postscript", "column", "attachment", "added", "removed", "text")
    return next((rank for rank, reason in enumerate(ranks) if reason in hunk.reasons), len(ranks))


def _link(hunk: Hunk) -> str:
    name = "添付ファイル" if "attachment" in hunk.reasons else "リンク先"
    did = "差し替え" if hunk.old and hunk.new else "追加" if hunk.new else "削除"
    return f"{name}の{did}「{_quote(hunk.label)}」"


def _edited(hunk: Hunk) -> str:
    segment = next((s for s in hunk.segments if not s.equal), None)
    if segment is None:
        return _quote(hunk.new)
    if not segment.old.strip() or not segment.new.strip():
        return _quote(hunk.new)
    return f"{_quote(segment.old)} → {_quote(segment.new)}"


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MAX_QUOTE_CHARS else text[: _MAX_QUOTE_CHARS - 1] + "…"
