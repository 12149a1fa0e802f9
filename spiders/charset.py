"""Bytes of a listing to text. Headers and meta tags of Japanese sites lie now and then."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.I)
_ISO_2022 = (b"\x1b$B", b"\x1b$@", b"\x1b(J")

# Shift_JIS in a label means what Windows writes, with ① and 髙.
_REALLY = {
    "shift_jis": "cp932",
    "iso8859-1": "",
    "ascii": "",
    "cp1252": "",
    "utf-16": "",
    "utf-8": "utf-8-sig",
}
_TRIALS = ("utf-8-sig", "cp932", "euc_jp", "euc_jis_2004")


def decode(body: bytes, *, declared: str | None = None, content_type: str | None = None) -> tuple[str, str]:
    """The text and the codec that read it: the declaration's word counts, then whatever reads without
    an error of byte order mark, escape sequences, meta, header and the usual three."""
    if declared:
        return body.decode(declared, errors="replace"), declared
    candidates = list(dict.fromkeys(_claims(body, content_type)))
    for codec in candidates:
        try:
            return body.decode(codec), codec
        except (UnicodeDecodeError, LookupError):
            continue
    # A stray byte somewhere: the codec with the least damage.
    texts = {codec: body.decode(codec, errors="replace") for codec in _TRIALS}
    best = min(texts, key=lambda codec: texts[codec].count("\ufffd"))
    return texts[best], best


def _claims(body: bytes, content_type: str | None) -> Iterator[str]:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            yield codec
    if any(escape in body[:100_000] for escape in _ISO_2022):
        yield "iso2022_jp_ext"
    if meta := _META.search(body[:4096]):
        yield from _real(meta[1].decode("ascii", errors="ignore"))
    if header := _HEADER.search(content_type or ""):
        yield from _real(header[1])
    yield from _TRIALS


def _real(label: str) -> Iterator[str]:
    """A label's codec. Latin-1 says nothing: it is a server's default and reads any bytes at all."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return
    if codec := _REALLY.get(name, name):
        yield codec
