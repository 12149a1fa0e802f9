"""What a question asks for: phrases, all of which must stand in one text.

White space tells them apart; within "quotes" it does not. The text that is searched is folded, so it has
no white space and says nothing of where a word of it ends: a phrase is any string of it.
"""

from __future__ import annotations

import re

from storage.text.fold import fold

MAX_PHRASES = 20
"""Of more than so many, which nobody types, the whole is one phrase: it was copied from a text."""

_WORD = re.compile(r'["“”＂][^"“”＂]+["“”＂](?=\s|\Z)|\S+')
_QUOTES = '"“”＂'


def split_words(question: str) -> list[str]:
    """Split a question at white space, as it was written, quotes and all."""
    return _WORD.findall(question)


def fold_phrase(word: str) -> str:
    """Fold a word to a phrase: the quotes that hold it together go."""
    quoted = len(word) > 2 and word[0] in _QUOTES and word[-1] in _QUOTES
    return fold(word[1:-1] if quoted else word)


def phrases(question: str) -> tuple[str, ...]:
    """Read the phrases of a question, folded; without those that fold to nothing or stand in another one."""
    found = dict.fromkeys(map(fold_phrase, split_words(question)))
    found.pop("", None)
    if len(found) > MAX_PHRASES:
        return ("".join(map(fold_phrase, split_words(question))),)
    return tuple(one for one in found if not any(one != other and one in other for other in found))
