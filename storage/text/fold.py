"""Folding of text for searching: two strings that a reader takes for the same fold to the same.

Width, case, radicals of PDF fonts, dashes and waves of different encodings, circled digits,
white space and invisible characters disappear. Characters that tell names apart (髙 and 高) do not.

Folding works character by character, except where Unicode composes (か + ゛), so that every folded
character can be traced to its place in the raw text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

FOLD_VERSION = 1
"""Raised when fold() gives other results: the search index is then built again."""

_CIRCLED = (
    (0x2460, 1, 20),  # ①
    (0x3251, 21, 35),  # ㉑
    (0x32B1, 36, 50),  # ㊱
    (0x24EA, 0, 0),  # ⓪
    (0x24EB, 11, 20),  # ⓫
    (0x24F5, 1, 10),  # ⓵
    (0x2776, 1, 10),  # ❶
    (0x2780, 1, 10),  # ➀
    (0x278A, 1, 10),  # ➊
)
# NFKC repairs the Kangxi radicals (U+2F00…) that PDF fonts put in place of ideographs, and leaves
# those of the supplement (U+2E80…) as they are.
_RADICALS = (
    "⺅亻⺋㔾⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺝月⺟母⺠民⺡氵⺣灬⺤爫⺦丬⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺱罓⺲罒⺹耂⺼月⺽臼⺾艹⺿艹⻀艹"
    "⻁虎⻂衤⻃覀⻄西⻅見⻆角⻉貝⻋車⻌辶⻍辶⻎辶⻏阝⻑長⻓長⻔門⻖阝⻗雨⻘青⻙韋⻚頁⻛風⻜飛⻝食⻞食⻟飠⻢馬"
    "⻣骨⻤鬼⻥魚⻦鳥⻨麦⻩黄⻫斉⻬斉⻭歯⻮歯⻯竜⻱亀⻲亀"
)
_TABLE: dict[str, str] = {
    **{chr(first + i): f"({low + i})" for first, low, high in _CIRCLED for i in range(high - low + 1)},
    **dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True)),
    **dict.fromkeys("‐‑‒–—―⁃−─━﹘﹣－", "-"),  # the long vowel mark ー is a letter and stays
    **dict.fromkeys("〜～∼∿〰", "~"),
    "、": ",",
    "\0": "\N{REPLACEMENT CHARACTER}",  # no database text may hold it
    "\uffff": "\N{REPLACEMENT CHARACTER}",  # a noncharacter, which the search index uses as a mark
}
_SPECIAL = re.compile("[" + re.escape("".join(_TABLE)) + "\ud800-\udfff]")
# White space, and what nobody sees: zero-width and directional marks, soft hyphens, variation selectors.
_INVISIBLE = re.compile(
    r"[\s\u00ad\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]+"
)
# Characters that fold to themselves, and compose with none before them.
_PLAIN = re.compile("[0-9a-zぁ-ゖァ-ヺー一-鿿。]+")
# Characters that compose with the one before although Unicode does not class them as combining.
_TAILS = frozenset(
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1b35"
    "\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U00011127\U000115af\U00011930"
).union(map(chr, range(0x1161, 0x1176)), map(chr, range(0x11A8, 0x11C3)))


def fold(text: str) -> str:
    """Fold a text as it is searched and compared."""
    text = _SPECIAL.sub(_special, text)
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """Fold a text, and give for each folded character the index in ``text`` it came from.

    One index more, the length of ``text``, closes the list.
    """
    folded: list[str] = []
    offsets: list[int] = []
    at = 0
    for run in _PLAIN.finditer(text):
        _map(text, at, run.start(), folded, offsets)
        at = run.end() - 1  # with what the next one may compose
        folded.append(text[run.start() : at])
        offsets.extend(range(run.start(), at))
    _map(text, at, len(text), folded, offsets)
    offsets.append(len(text))
    return "".join(folded), offsets


def _map(text: str, first: int, end: int, folded: list[str], offsets: list[int]) -> None:
    """Fold a part of a text character by character."""
    starts = [at for at in range(first, end) if at == first or not _joins(text[at])]
    for start, until in pairwise([*starts, end]):
        piece = _piece(text[start:until])
        folded.append(piece)
        offsets.extend([start] * len(piece))


@lru_cache(8192)
def _piece(text: str) -> str:
    return fold(text)


def _special(match: re.Match[str]) -> str:
    return _TABLE.get(match[0], "\N{REPLACEMENT CHARACTER}")  # else half of a surrogate pair


@lru_cache(8192)
def _joins(character: str) -> bool:
    """Tell whether the character may compose with the one before it."""
    first = unicodedata.normalize("NFKD", character)[:1]
    return unicodedata.combining(first) != 0 or first in _TAILS
