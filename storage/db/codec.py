"""Frozen dataclasses to JSON and back, by their type hints. Contains no business logic.

Fields that hold their default are left out, so that what is stored is small and a field added later
reads as its default.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def _plain(value: Any) -> Any:
    """Write what JSON has no word for: dataclasses without their defaults, dates as ISO 8601."""
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: item for name, default in _defaults(kind) if (item := getattr(value, name)) != default}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    raise TypeError(f"cannot store {type(value).__name__} as JSON")


_compact = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain
).encode


def dumps(value: Any) -> str:
    """Compact JSON of records and plain values, always encodable as UTF-8."""
    text = _compact(value)
    if text.isascii() or _encodable(text):
        return text
    return json.dumps(
        value, separators=(",", ":"), default=_plain
    )  # half a surrogate pair, from a hostile page


def loads(type_: type[T], text: str | bytes) -> T:
    """Read JSON text as a value of ``type_``; the inverse of ``dumps``."""
    return from_json(type_, json.loads(text))


def from_json(type_: type[T], plain: Any) -> T:
    """Build a value of ``type_``, mostly a dataclass, from parsed JSON.

    Missing fields take their defaults.
    """
    kind: Any = type_
    record: T = _decoder(kind)(plain)
    return record


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(None)
def _defaults(type_: Any) -> tuple[tuple[str, Any], ...]:
    """Name and default of every field; what has none is always written."""
    return tuple(
        (f.name, f.default if f.default_factory is MISSING else f.default_factory()) for f in fields(type_)
    )


def _as_is(plain: Any) -> Any:
    return plain


@lru_cache(None)
def _decoder(type_: Any) -> Decoder:
    origin, arguments = get_origin(type_), get_args(type_)
    if is_dataclass(type_):
        return _record(type_)
    if type_ in (date, datetime):
        parse: Decoder = type_.fromisoformat
        return parse
    if origin in (Union, UnionType):
        (inner,) = (a for a in arguments if a is not NoneType)
        decode = _decoder(inner)
        return lambda plain: None if plain is None else decode(plain)
    if origin is tuple and arguments[-1] is Ellipsis:
        decode = _decoder(arguments[0])
        if decode is _as_is:
            return tuple
        return lambda plain: tuple([decode(item) for item in plain])
    if origin is tuple:
        decoders = tuple(map(_decoder, arguments))
        return lambda plain: tuple([d(item) for d, item in zip(decoders, plain, strict=True)])
    return _as_is


def _record(type_: Any) -> Decoder:
    hints = get_type_hints(type_)
    decoders = {f.name: _decoder(hints[f.name]) for f in fields(type_)}
    composed = [(name, decode) for name, decode in decoders.items() if decode is not _as_is]
    names = decoders.keys()

    def decode_record(plain: Mapping[str, Any]) -> Any:
        # a field that this version of kohyo does not know is left out
        known = {**plain} if plain.keys() <= names else {name: plain[name] for name in plain.keys() & names}
        for name, decode in composed:
            if name in known:
                known[name] = decode(known[name])
        return type_(**known)

    return decode_record
