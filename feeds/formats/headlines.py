"""The headline of a change with the names that are on record, and rows of changes that carry it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from feeds.formats.entries import Names, load_names, make_headline
from feeds.wording.headline import needs_hunks
from storage.archive import Reader
from storage.json_shapes import Json, change_json
from storage.records import Change


def fill_hunks(reader: Reader, changes: Sequence[Change], lang: str) -> list[Change]:
    """Give changes that were read without their hunks those that their headline is put into words from."""
    short = [change.id for change in changes if needs_hunks(change, lang)]
    hunks = reader.hunks_of(short) if short else {}
    return [replace(one, hunks=hunks[one.id]) if one.id in hunks else one for one in changes]


def load_headlines(reader: Reader, changes: Sequence[Change], names: Names) -> dict[int, str]:
    """Load the headlines of changes, each in one line, by the number of the change."""
    return {
        one.id: make_headline(one, names, names.lang).line for one in fill_hunks(reader, changes, names.lang)
    }


def shaper(lang: str) -> Callable[[Reader], Callable[[Change], Json]]:
    """Make what shapes the changes of an archive one after the other, each with its headline."""

    def open_shape(reader: Reader) -> Callable[[Change], Json]:
        names = load_names(reader, lang)
        return lambda change: shape_changes(reader, [change], names)[0]

    return open_shape


def shape_changes(reader: Reader, changes: Sequence[Change], names: Names) -> list[Json]:
    """Shape changes as JSON with their headlines."""
    return [shape_change(change, names) for change in fill_hunks(reader, changes, names.lang)]


def shape_change(change: Change, names: Names) -> Json:
    """Shape a change as JSON with its headline."""
    return {**change_json(change), "headline": make_headline(change, names, names.lang).line}
