"""Patterns that are compiled when they are first wanted: most runs want few of them.

Compiling those that read facts takes longer than reading a dozen pages.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


def pattern_of(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what is used as ``re.compile(source, flags)`` is, and compiled by its first use.

    A match's ``re`` is the pattern that was compiled, not what is returned here.
    """
    return cast("re.Pattern[str]", Late(source, flags))


class Late:
    """A pattern that is compiled when one of its methods, each in a slot that is empty so far, is wanted."""

    __slots__ = ("flags", "pattern", *_METHODS)

    def __init__(self, source: str, flags: int) -> None:
        self.pattern, self.flags = source, flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(self, name)
