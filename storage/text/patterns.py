"""Patterns that are compiled when they are first wanted, and tried only where they may match.

    pattern_of(source, flags)                 compiled by its first use
    pattern_of(source, flags, begins=words)   tried only where one of the words stands
    pattern_of(source, flags, needs=words)    used only on a text in which one of the words stands

Few texts want many of the patterns that read facts, and compiling all takes longer than reading a dozen
pages (``storage.text.compiled`` keeps what came of it). A pattern of many alternatives costs a text a hundred
times what it costs to see where one of them begins, or that what each of them holds is not there. That the
words of a pattern hide no match is proved by a test, from how ``re`` itself reads the pattern.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator
from typing import Any, cast

from storage.text.compiled import KEPT

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


def pattern_of(source: str, flags: int = 0, *, begins: str = "", needs: str = "") -> re.Pattern[str]:
    """Return what is used as ``re.compile(source, flags)`` is, and compiled by its first use.

    ``begins`` holds words apart by spaces; every match begins with one of them. So does ``needs``; every
    match holds one of them. Both are asked by ``search`` and ``finditer`` alone. A match's ``re`` is the
    pattern that was compiled, not what is returned here.
    """
    if begins:
        return cast("re.Pattern[str]", Beginning(source, flags, tuple(begins.split())))
    if needs:
        return cast("re.Pattern[str]", Needing(source, flags, tuple(needs.split())))
    return cast("re.Pattern[str]", Late(source, flags))


def may_match(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether a text holds a word that a pattern needs, where it names some."""
    words = getattr(pattern, "needs", ())
    return not words or any(word in text for word in words)


def compile_loaded() -> None:
    """Compile the patterns of all modules that are loaded, for whoever is forked from this process."""
    for one in gc.get_objects():
        if issubclass(type(one), Late):
            one.compiled  # noqa: B018  # compiled by its first use
    KEPT.save()


class Late:
    """A pattern that is compiled when one of its methods, each in a slot that is empty so far, is wanted."""

    __slots__ = ("compiled", "flags", "pattern", *_METHODS)

    def __init__(self, source: str, flags: int) -> None:
        self.pattern, self.flags = source, flags

    def __getattr__(self, name: str) -> Any:
        if name == "compiled":
            self.compiled = KEPT.compile(self.pattern, self.flags)
        elif name in _METHODS:
            setattr(self, name, getattr(self.compiled, name))
        else:
            raise AttributeError(name)
        return getattr(self, name)


class Beginning(Late):
    """A pattern whose matches begin with one of a few words."""

    __slots__ = ("_places", "words")

    def __init__(self, source: str, flags: int, words: tuple[str, ...]) -> None:
        super().__init__(source, flags)
        self.words = frozenset(word[:2] for word in words)
        alone = {word for word in self.words if len(word) == 1}
        first, second = ({word[at] for word in self.words - alone} for at in (0, 1))
        ways = [
            f"[{_spell(first)}](?=[{_spell(second)}])" if first else "",
            f"[{_spell(alone)}]" if alone else "",
        ]
        self._places = Late(
            "|".join(filter(None, ways)), 0
        )  # few of these places are right, but all are there

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Yield what ``re.Pattern.finditer`` does."""
        for place in self._places.finditer(text, pos, endpos):
            at = place.start()
            if at < pos or not (text[at : at + 2] in self.words or text[at] in self.words):
                continue
            if match := self.compiled.match(text, at, endpos):
                pos = match.end()
                yield match

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return what ``re.Pattern.search`` does."""
        return next(self.finditer(text, pos, endpos), None)


class Needing(Late):
    """A pattern whose matches hold one of a few words."""

    __slots__ = ("needs",)

    def __init__(self, source: str, flags: int, words: tuple[str, ...]) -> None:
        super().__init__(source, flags)
        self.needs = words

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Return what ``re.Pattern.finditer`` does."""
        for word in self.needs:
            if text.find(word, pos, endpos) >= 0:
                return self.compiled.finditer(text, pos, endpos)
        return iter(())

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return what ``re.Pattern.search`` does."""
        for word in self.needs:
            if text.find(word, pos, endpos) >= 0:
                return self.compiled.search(text, pos, endpos)
        return None

    def sub(self, by: str, text: str) -> str:
        """Return what ``re.Pattern.sub`` does."""
        return self.compiled.sub(by, text) if any(word in text for word in self.needs) else text


def _spell(letters: set[str]) -> str:
    return re.escape("".join(sorted(letters)))
