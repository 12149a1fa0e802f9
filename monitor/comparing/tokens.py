"""Japanese text in tokens in which facts are whole, and the difference of two texts in such tokens.

約900万件 against 約928万件 is one replaced token, never 00 against 28.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, zip_longest

from monitor.comparing.lcs import count_common_prefix, find_matching_runs
from monitor.comparing.sameness.keys import shape_key
from storage.records import Replaced, Segment
from storage.text.japanese import KANJI_DIGITS, SMALL_NUMBER, fold_width
from storage.text.patterns import pattern_of
from storage.text.telephones import AREA, EXCHANGE, UNPARTED, parted
from storage.text.units import COUNTED_UNITS, any_of

# Every pattern is verbose and works on width-folded text; beside an alternative stands what it is for.

_KANJI = f"[{KANJI_DIGITS}]"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])"  # 1,204
_PLAIN = r"[0-9]+(?:\.[0-9]+)?"  # 1.5
_NUM = rf"(?:{_GROUPED}|{_PLAIN}|{_KANJI})++"  # 928万; possessive: long figures are read once
_SHORT = SMALL_NUMBER
_ERA = rf"(?:令和|平成|昭和|㋿|㍻)\s?{_SHORT}"  # 令和6
_WESTERN = r"(?:19|20)[0-9]{2}"
_YEAR = rf"(?:{_ERA}|{_WESTERN})\s?(?:[(]\s?(?:{_ERA}|{_WESTERN})\s?年?\s?[)]\s?)?"  # 2024(令和6年)
_PART = r"(?:[上中下]旬|中|末|頃)"
_WEEKDAY = r"(?:\s?[(][月火水木金土日](?:曜日?|・祝|祝)?[)])?"  # (月・祝)
_UNIT = f"(?:{any_of(COUNTED_UNITS)}|[箇かヶカ]所)"  # 928万人, 3か所
_ABOUT = r"(?:最大|最少|約|およそ|延べ|のべ|計|合計|少なくとも|推計)"
_LAW = r"(?:個人情報の保護に関する法律|個人情報保護法|番号法|同法|法)"

_LINK = r"""
    https?://[\w/:%\#$&?()~.=+\-,;@!*']+
  | [A-Za-z0-9._+\-]{1,64}+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+  # privacy@example.jp
"""
_DATE = rf"""
    {_YEAR}年度  # 令和6年度
  | {_YEAR}年\s?(?:{_SHORT}\s?月\s?(?:{_SHORT}\s?日|{_PART})?)?{_WEEKDAY}  # 2024年1月24日(水), 2024年1月末
  | {_YEAR}[./-][0-9]{{1,2}}[./-][0-9]{{1,2}}{_WEEKDAY}  # 2024.1.24
  | (?<![A-Za-z0-9])[RHS][0-9]{{1,2}}[./][0-9]{{1,2}}[./][0-9]{{1,2}}{_WEEKDAY}  # R6.1.24
  | {_SHORT}\s?月(?:\s?{_SHORT}\s?日|{_PART})?{_WEEKDAY}(?!間)  # 1月24日, 1月下旬
  | (?<![0-9])[0-9]{{1,2}}/[0-9]{{1,2}}{_WEEKDAY}(?![0-9/])  # 1/24(水)
  | (?<![0-9])[0-9]{{1,2}}日{_WEEKDAY}(?![間以])  # 24日
"""
_PARTED = parted(r"[-(]\s?", closing=r"[-)]\s?")
_PHONE = rf"""(?<![0-9])(?:
    {_PARTED}  # 0120-220-614, 03(1234)5678
  | [(]{AREA}[)]\s?{EXCHANGE}-[0-9]{{4}}  # (058)214-2966
  | {UNPARTED}  # 0312345678
)(?![0-9])"""
_PROVISION = rf"""
    {_LAW}?第\s?{_NUM}\s?条(?:の{_NUM})*(?:\s?第\s?{_NUM}\s?項)?(?:\s?第?\s?{_NUM}\s?号)?  # 法第26条第1項
  | 第\s?{_NUM}\s?項(?:\s?第\s?{_NUM}\s?号)?  # 第2項第1号
"""
# 一部 is a part, and 一人一人 is each: no number changes where they come or go
_COUNT = rf"""
    (?:{_ABOUT}\s?)*(?!一部|一通り|一人一人|一人ひとり){_NUM}(?:\s?(?:余り?|超|強|弱))?\s?{_UNIT}  # 約928万人
    様?分?(?:以上|以下|未満|超|余り?|あまり|程度|弱|強)?  # 928万人分以上
"""
_TIME = r"""(?:午前|午後|正午)?[0-9]{1,2}(?:
    時(?!間)(?:[0-9]{1,2}分|半)?  # 午後5時半
  | :[0-9]{2}(?::[0-9]{2})?  # 17:00
)"""
_NUMBER = rf"(?:{_GROUPED}|{_PLAIN})[%円万億千兆]*"  # 30%, 1,204
_WORD = r"[A-Za-z]+ | [ァ-ヴーヵヶ]+ | [一-龥々〆髙﨑]+ | [ぁ-んゔ]+ | \s+ | ."

_TOKEN = pattern_of(
    rf"""
    (?P<link>{_LINK})
  | (?P<date>{_DATE})
  | (?P<phone>{_PHONE})
  | (?P<provision>{_PROVISION})
  | (?P<count>{_COUNT})
  | (?P<time>{_TIME})
  | (?P<number>{_NUMBER})
  | (?P<word>{_WORD})
    """,
    re.VERBOSE | re.DOTALL,
)
"""Facts before words, the longer fact first."""

ISLAND_CHARS = 2
"""Equal runs this short between two edits are read as part of them."""

CUT_ABOVE_CHARS, REPLACED_ABOVE_CHARS = 2_000, 20_000
"""Characters above which a pair is cut into sentences first, and above which what is left of it is
one replacement."""

_PIECE = pattern_of(r"[^。\n]*[。\n]|[^。\n]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text that is compared as one.

    ``text`` is what stands there, ``key`` what it is compared by; ``kind`` what it is, such as a count or a
    date.
    """

    kind: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class TokenRun:
    """A run of tokens: equal on both sides (whatever the notation), or replaced.

    ``kinds`` are the kinds of facts among what was replaced; ``words``: ordinary words were as well.
    """

    old: str
    new: str
    equal: bool
    kinds: frozenset[str] = frozenset()
    words: bool = False

    @property
    def same(self) -> bool:
        """Whether both sides say the same here."""
        return self.old == self.new

    @property
    def segment(self) -> Segment:
        """The segment that is stored: the wording of both sides, and the values among what was replaced."""
        return Segment(self.old, self.new, tuple(_pair_replaced(self)) if self.kinds else ())


def tokenise(text: str) -> list[Token]:
    """Cut ``text`` into tokens; their texts join to ``text`` again."""
    folded = fold_width(text)  # as long as ``text``
    return [
        Token(kind, raw := text[match.start() : match.end()], _token_key(kind, raw))
        for match in _TOKEN.finditer(folded)
        if (kind := match.lastgroup or "word")
    ]


@lru_cache(1 << 14)
def _token_key(kind: str, text: str) -> str:
    key = shape_key(text) if kind not in ("word", "link") else fold_width(text).casefold()
    return key.strip() or ("," if text.strip() else "")


def _pair_replaced(run: TokenRun) -> Iterator[Replaced]:
    """Pair the values on both sides in their order, sort by sort; a bare number may be a count."""
    old, new = tokenise(run.old), tokenise(run.new)
    for sort in (("count", "number"), ("date",), ("time",), ("provision",), ("phone",), ("link",)):
        before, after = ([token for token in side if token.kind in sort] for side in (old, new))
        for a, b in zip_longest(before, after):
            if a is None or b is None or a.key != b.key:
                kind = (b or a).kind
                yield Replaced(kind, a.text.strip() if a else "", b.text.strip() if b else "")


def compare_tokens(old: str, new: str) -> list[TokenRun]:
    """List the runs that lead from ``old`` to ``new``: of long texts sentence by sentence first."""
    if len(old) + len(new) <= CUT_ABOVE_CHARS:
        return _compare(old, new)
    a, b = _PIECE.findall(old), _PIECE.findall(new)
    runs: list[TokenRun] = []
    i = j = 0
    for at, bt, size in find_matching_runs(a, b):
        runs += _compare("".join(a[i:at]), "".join(b[j:bt]))
        i, j = at + size, bt + size
        if size:
            same = "".join(a[at:i])
            runs.append(TokenRun(same, same, True))
    return runs


def _compare(old: str, new: str) -> list[TokenRun]:
    if len(old) + len(new) > REPLACED_ABOVE_CHARS:
        return [TokenRun(old, new, old == new, words=True)]
    runs = _absorb(_opcodes(tokenise(old), tokenise(new)))
    return [part for run in runs for part in _refine(run)]


def _opcodes(a: Sequence[Token], b: Sequence[Token]) -> Iterator[TokenRun]:
    keys_a, keys_b = [token.key for token in a], [token.key for token in b]
    i = j = 0
    for at, bt, size in find_matching_runs(keys_a, keys_b):
        yield _run(a[i:at], b[j:bt], False)
        i, j = at + size, bt + size
        pairs = zip(a[at:i], b[bt:j], strict=True)
        for _, group in groupby(pairs, key=lambda pair: pair[0].text == pair[1].text):
            left, right = zip(*group, strict=True)
            yield _run(left, right, True)


def _run(a: Sequence[Token], b: Sequence[Token], equal: bool) -> TokenRun:
    kinds: frozenset[str] = frozenset()
    words = False
    if not equal:
        tokens = (*a, *b)
        kinds = frozenset(token.kind for token in tokens) - {"word"}
        words = any(token.kind == "word" and token.key not in ("", ",") for token in tokens)
    return TokenRun("".join(t.text for t in a), "".join(t.text for t in b), equal, kinds, words)


def _absorb(runs: Iterable[TokenRun]) -> list[TokenRun]:
    """Join neighbours of one sort, and let tiny equal islands between two edits go under."""
    listed = [run for run in runs if run.old or run.new]
    out: list[TokenRun] = []
    for at, run in enumerate(listed):
        inside = 0 < at < len(listed) - 1
        if (
            run.equal
            and inside
            and len(run.old.strip()) <= ISLAND_CHARS
            and run.old.strip() not in "。、，．,."
        ):
            run = TokenRun(run.old, run.new, False)
        if out and out[-1].equal == run.equal and (not run.equal or out[-1].same == run.same):
            last = out.pop()
            run = TokenRun(
                last.old + run.old,
                last.new + run.new,
                run.equal,
                last.kinds | run.kinds,
                last.words or run.words,
            )
        out.append(run)
    return out


def _refine(run: TokenRun) -> Iterator[TokenRun]:
    """Give back what a replaced run of words shares at its ends, never cutting inside a word."""
    a, b = run.old, run.new
    if run.equal or run.kinds or not a or not b:
        yield run
        return
    head = count_common_prefix(a, b)
    tail = count_common_prefix(a[head:][::-1], b[head:][::-1])
    while head and (_cuts(a, head, "ぁ") or _cuts(b, head, "ぁ")):
        head -= 1
    if head + tail not in (len(a), len(b)):  # a pure insertion keeps its tight boundary
        while tail and (_cuts(a, len(a) - tail) or _cuts(b, len(b) - tail)):
            tail -= 1
    for old, new, equal in (
        (a[:head], b[:head], True),
        (a[head : len(a) - tail], b[head : len(b) - tail], False),
        (a[len(a) - tail :], b[len(b) - tail :], True),
    ):
        if old or new:
            yield TokenRun(old, new, equal, words=not equal)


def _cuts(text: str, at: int, unless: str = "") -> bool:
    """Tell whether a cut at ``at`` falls inside a run of kana or of Latin letters."""
    return (
        0 < at < len(text) and _class(text[at - 1]) == _class(text[at]) != "" and _class(text[at]) != unless
    )


def _class(char: str) -> str:
    if "ぁ" <= char <= "ん":
        return "ぁ"
    if "ァ" <= char <= "ヿ":
        return "ァ"
    return "a" if char.isascii() and char.isalnum() else ""
