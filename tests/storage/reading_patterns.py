"""What every match of a pattern begins with and holds, told from how ``re`` itself reads the pattern."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as reader  # type: ignore[attr-defined]
from typing import Any, TypeVar

import monitor.comparing
import monitor.facts
import monitor.reading
from storage.text.patterns import Late

Ways = dict[str, str]
"""What is kept of what may have been said so far, with one way of saying all of it."""

UNTOLD = "…"
"""Stands for any character that is none of those asked for."""

MADE_UP = "(?#made up)"
"""Stands in patterns of tests."""

Some = TypeVar("Some", bound=Late)

_DONE = "\0"
_SPELT = 40  # characters of a range that are told one by one


def list_declared(kind: type[Some]) -> list[Some]:
    """Return all patterns of a kind in the rooms that read texts."""
    for room in (monitor.comparing, monitor.facts, monitor.reading):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    ours = (one for one in gc.get_objects() if isinstance(one, kind))
    return sorted((one for one in ours if MADE_UP not in one.pattern), key=lambda one: one.pattern)


def list_begins(source: str, flags: int = 0) -> set[str]:
    """Return what matches begin with: two characters, or one behind which anything may stand."""
    tree = _read(source, flags)
    begins = {begin.rstrip(UNTOLD) for begin in _follow(tree, {"": ""}, lambda said: said[:2], _spell)}
    kind, what = tree[0]
    if kind is ops.ASSERT and what[0] > 0:  # a pattern that names every first character is bound to these
        first = _follow(what[1], {"": ""}, lambda said: said[:1], _spell)
        begins = {begin for begin in begins if begin[:1] in first}
    assert all(begins), f"begins with anything: {source}"
    return begins


def find_without(source: str, flags: int, words: Iterable[str]) -> str | None:
    """Return what a match may be that holds none of the words; None where each match holds one."""
    words = tuple(words)
    letters = set("".join(words))
    kept = max(map(len, words)) - 1

    def keep(said: str) -> str:
        if said.startswith(_DONE) or any(word in said for word in words):
            return _DONE
        return said[len(said) - min(len(said), kept) :]

    def spell(kind: Any, what: Any) -> set[str]:
        return {letter if letter in letters else UNTOLD for letter in _spell(kind, what)}

    ways = _follow(_read(source, flags), {"": ""}, keep, spell)
    return next((way for said, way in ways.items() if said != _DONE), None)


def _read(source: str, flags: int) -> Any:
    tree = reader.parse(source, flags)
    assert not tree.state.flags & re.IGNORECASE, source
    return tree


def _follow(tree: Any, said: Ways, keep: Callable[[str], str], spell: Callable[[Any, Any], set[str]]) -> Ways:
    """Return what may have been said behind a tree, by what may have been said ahead of it."""
    for kind, what in tree:
        said = _step(kind, what, said, keep, spell)
        assert len(said) < 50_000, "too many ways"
    return said


def _step(kind: Any, what: Any, said: Ways, keep: Any, spell: Any) -> Ways:
    if kind is ops.ASSERT and what[0] > 0:  # takes no character, but what it asks for is there
        ahead = {one: _follow(what[1], {one: way}, keep, spell) for one, way in said.items()}
        return {_DONE if ahead[one].keys() == {_DONE} else one: way for one, way in said.items()}
    if kind in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
        return said
    if kind is ops.SUBPATTERN:
        assert not what[1] & re.IGNORECASE
        return _follow(what[3], said, keep, spell)
    if kind is ops.BRANCH:
        return {one: way for tree in what[1] for one, way in _follow(tree, said, keep, spell).items()}
    if kind in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, most, tree = what
        found: Ways = {}
        for turn in range(min(most, least + 400) + 1):
            if turn >= least:
                if said.keys() <= found.keys():
                    break  # one more turn says nothing new
                found |= said
            said = _follow(tree, said, keep, spell)
        return found
    return {keep(one + letter): way + letter for one, way in said.items() for letter in spell(kind, what)}


def _spell(kind: Any, what: Any) -> set[str]:
    """Return the characters that one step of a pattern may take."""
    if kind is ops.LITERAL:
        return {chr(what)}
    if kind is ops.IN and what[0][0] is not ops.NEGATE:
        letters: set[str] = set()
        for part, value in what:
            if part is ops.LITERAL:
                letters.add(chr(value))
            elif part is ops.RANGE and value[1] - value[0] < _SPELT:
                letters.update(map(chr, range(value[0], value[1] + 1)))
            else:
                return {UNTOLD}
        return letters
    assert kind in (ops.IN, ops.ANY, ops.NOT_LITERAL), kind
    return {UNTOLD}
