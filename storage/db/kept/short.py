"""Columns whose values take few bytes, as most of what they say is known: types, and what is known."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from storage.db.columns import storable

KNOWN_HEADERS = (
    '[["Content-Encoding","gzip"],["Transfer-Encoding","chunked"],["X-Frame-Options","SAMEORIGIN"],'
    '["X-Content-Type-Options","nosniff"],["X-XSS-Protection","1; mode=block"],'
    '["Strict-Transport-Security","max-age=31536000; includeSubDomains"],["Content-Language","ja"],'
    '["Set-Cookie","path=/; secure; HttpOnly"],["Expires","Thu, 19 Nov 1981 08:52:00 GMT"],'
    '["Pragma","no-cache"],["Vary","Accept-Encoding"],["Keep-Alive","timeout=5, max=100"],'
    '["Connection","keep-alive"],["Connection","close"],["Cache-Control","no-cache"],'
    '["Cache-Control","max-age=0"],["Accept-Ranges","bytes"],["Server","nginx"],["Server","Apache"],'
    '["Content-Length","1234"],["Date","Fri, 02 Oct 2026 00:00:00 GMT"],'
    '["Date","Tue, 12 Nov 2026 13:45:26 GMT"],["Content-Type","text/html"],'
    '["Content-Type","text/html; charset=UTF-8"],["Etag","\\"0123456789abcdef\\""],'
    '["Etag","\\"1a2b-5c3d4e5f60718\\""],["Last-Modified","Wed, 24 Jan 2024 02:00:00 GMT"]]'
)
"""What headers mostly say, as they are stored. This and what follows may never be altered: archives are
written with it."""

KNOWN_RECIPE = '{"declaration":"0123456789abcdef","key":2,"blocks":5,"dates":2,"rules":41}'

KNOWN_HUNKS = (
    '"goes_on":true}],"place":"","label":"","reasons":["moved","withdrawn","title","date","added","removed",'
    '"wording"]},{"op":"delete","old":"","segments":[{"old":""}]},{"op":"replace","old":"","new":"",'
    '"segments":[{"old":"","new":""}],"reasons":["count"]},[{"op":"insert","new":"",'
    '"segments":[{"old":"","new":""}],"reasons":["count","postscript","added"]}]'
)

KNOWN_KEYS = (
    '[["a","www.example.lg.jp/news/"],["t","個人情報の漏えいについて"],["d","2024-01-01"],["c","loss"],'
    '["n","100"],["b","0:01234567"],["b","1:89abcdef"],["b","2:"],["b","3:"],["b","4:"],["b","5:"],'
    '["b","6:"],["b","7:"],["m","株式会社'
)

EVIDENCE_KINDS = (
    *(("address", "a"), ("band", "b"), ("cause", "c"), ("count", "n"), ("day", "d"), ("named", "m")),
    *(("publisher", "p"), ("title", "t"), ("party", "y"), ("local", "l"), ("names", "s"), ("quoted", "q")),
    *(("link", "k"), ("file", "f"), ("phone", "h"), ("respondent", "r")),
)
"""Kinds of keys that tie notices and incidents, each with its letter."""


READ_KINDS = frozenset(("publisher", "party", "named", "local", "names", "title"))
"""Kinds of keys of notices that are read, or searched for a part; others are only asked for as a whole."""

_LONG_KEY_BYTES = 12  # like all that makes a digest: archives are written with it


def short_key(kind: str, key: str) -> str:
    """Write a key of a notice as the index of keys has it: a long one that nobody reads as its digest.

    Of 48 bits: where ten million of a kind are kept, two of them share a digest with a chance of one in six.
    """
    plain = key.encode()
    if kind in READ_KINDS or len(plain) <= _LONG_KEY_BYTES:
        return key
    return "#" + base64.b64encode(hashlib.blake2b(plain, digest_size=6).digest()).decode()


class Packed(TypeDecorator[str]):
    """JSON text that SQLite keeps deflated, where that takes fewer bytes; PostgreSQL keeps it as it is.

    ``known``: what such texts mostly say. It may never be altered: what is stored was made with it.
    """

    impl = sa.Text
    cache_ok = True

    def __init__(self, known: str) -> None:
        super().__init__()
        self.known = known

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | bytes | None]:
        """Return what SQLAlchemy calls for each value: as Prose does, and on SQLite it packs."""
        if dialect.name != "sqlite":
            return lambda text: None if text is None else storable(text)
        known = self.known.encode()
        return lambda text: None if text is None else pack(storable(text), known)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what SQLAlchemy calls for each value that is read."""
        known = self.known.encode()
        return lambda stored: unpack(stored, known)


def pack(text: str, known: bytes) -> str | bytes:
    """Deflate a text, unless that takes more bytes than the text does."""
    plain = text.encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, known)
    packed = packer.compress(plain) + packer.flush()
    return packed if len(packed) < len(plain) else text


def unpack(stored: Any, known: bytes) -> Any:
    """Undo ``pack``; what is no bytes was never packed."""
    if not isinstance(stored, bytes):
        return stored
    unpacker = zlib.decompressobj(-15, known)
    return (unpacker.decompress(stored) + unpacker.flush()).decode()


class Coded(TypeDecorator[str]):
    """Words of which there are few, each stored as a letter; others as they are."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, codes: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.codes = codes

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """Return what SQLAlchemy calls for each value: it writes a letter in place of a word."""
        return _mapped(dict(self.codes))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], str | None]:
        """Return what SQLAlchemy calls for each value that is read: it writes the word again."""
        return _mapped({code: word for word, code in self.codes})


def _mapped(words: Mapping[str, str]) -> Callable[[str | None], str | None]:
    return lambda word: None if word is None else words.get(word, word)
