"""What a question asks for: phrases, all of which must stand in one text.

White space tells them apart; within "quotes" it does not. The text that is searched is folded, so it has
no white space and says nothing of where a word of it ends: a phrase is any string of it.
"""

from __future__ import annotations

import re

from storage.fold import fold

MOST = 20
"""Of more than so many, which nobody types, the whole is one phrase: it was copied from a text."""

_PHRASE = re.compile(r'["“”＂]([^"“”＂]+)["“”＂](?=\s|\Z)|(\S+)')


def phrases(question: str) -> tuple[str, ...]:
    """The phrases, folded; without those that fold to nothing or stand in another one."""
    found = dict.fromkeys(fold(quoted or word) for quoted, word in _PHRASE.findall(question))
    found.pop("", None)
    if len(found) > MOST:
        return (fold(question),)
    return tuple(one for one in found if not any(one != other and one in other for other in found))
