"""What a key may be meant to be that nobody knows in a file of tables."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

Place = tuple[str, ...]


def suggest_key(model: type[BaseModel], location: tuple[int | str, ...]) -> str | None:
    """Return the key that is meant by an unknown one at ``location`` in a file, None where none is like it.

    A key of that very name in another table goes before one that is only like it, and is told with its
    table: ``listing.topic``.
    """
    *table, name = (part for part in location if isinstance(part, str))
    known = sorted(_places(model), key=len)
    elsewhere = [place for place in known if place[:-1] != tuple(table)]
    own = [place for place in known if place[:-1] == tuple(table)]
    found = [place for place in elsewhere if place[-1] == name] or _near(name, own) or _near(name, elsewhere)
    if not found:
        return None
    return found[0][-1] if found[0] in own else ".".join(found[0])


def _near(name: str, places: list[Place]) -> list[Place]:
    near = difflib.get_close_matches(name, {place[-1] for place in places}, n=1)
    return [place for place in places if place[-1] in near]


def _places(model: type[BaseModel], table: Place = ()) -> Iterator[Place]:
    for name, field in model.model_fields.items():
        key = (*table, field.alias or name)
        yield key
        for inner in _models(field.annotation):
            yield from _places(inner, key)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Find the tables that a key may hold: one, perhaps none, or a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
