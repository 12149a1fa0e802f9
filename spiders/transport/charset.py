"""Bytes to text: which of Japan's encodings a page is really in.

Labels lie (a header says UTF-8, the meta element Shift_JIS, the bytes are EUC), so the bytes are
asked first: byte order marks, escape sequences, then a trial of each encoding that scores what
comes out as Japanese. Labels break ties only.
"""

from __future__ import annotations

import codecs
import re
from math import inf
from typing import NamedTuple

SAMPLE_BYTES = 8_192
"""Bytes that are tried in each encoding, from the first byte that is not ASCII."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ("utf-8", "cp932", "euc_jp")
_ALIASES = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "csshiftjis": "cp932",
    "cswindows31j": "cp932",
    "x-euc-jp": "euc_jp",
    "x-euc": "euc_jp",
    "eucjp-ms": "euc_jp",
    "eucjp-win": "euc_jp",
    "cp51932": "euc_jp",
    "euc_jis_2004": "euc_jp",
    "iso-8859-1": "cp1252",  # as browsers read that label
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
}
_HTTP_LABEL = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_TEXT_LABEL = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_ESCAPE = re.compile(rb"\x1b(\$[@BA]|\$\([CDOPQ]|\([BJIT]|&@)")

_EXPECTED = re.compile(
    "[\u3001-\u3003\u3005-\u3011\u301c\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff5e]+"
)
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]+")
_STRANGE = re.compile("[\ufffd\uff61-\uff9f\ue000-\uf8ff\x80-\x9f\u0370-\u03ff\u0400-\u04ff\u2500-\u257f]+")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]+")
_NO_HALF_WIDTH = re.compile("(?<![ｳｶ-ﾄﾊ-ﾎ])ﾞ|(?<![ﾊ-ﾎ])ﾟ|[､｡･]{2}|(?:[､･][^､･]){3}")
"""What nobody writes in half-width kana: a voicing mark behind what has no voice, a comma behind each
letter, which is what hiragana of EUC look like."""
_BROKEN = re.compile("[\ufffd\ue000-\uf8ff\x80-\x9f]")


class Decoded(NamedTuple):
    """Text, the codec that made it, and how many U+FFFD stand in it."""

    text: str
    encoding: str
    replaced: int


def decode(body: bytes, content_type: str | None = None, declared: str | None = None) -> Decoded:
    """Decode ``body`` to text. ``declared`` is a declaration's encoding, which needs no proof."""
    encoding = _find_codec(declared) if declared else None
    if encoding is None:
        encoding = _detect(body, content_type)
    text = _text(body, encoding)
    return Decoded(text, encoding, text.count("\ufffd"))


def _detect(body: bytes, content_type: str | None) -> str:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return encoding
    if wide := _wide(body):
        return wide
    first = _count_ascii(body)
    if first == len(body):
        return "iso2022_jp" if _ESCAPE.search(body) else "utf-8"
    labels = _labels(body, content_type)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        pass
    else:
        # valid by chance: two bytes of EUC can be one Greek or Latin letter of UTF-8
        if _EXPECTED.search(text, first) or not {"cp932", "euc_jp"} & set(labels):
            return "utf-8"
    sample = body[first : first + SAMPLE_BYTES]
    best, most = "", -inf
    for encoding in dict.fromkeys((*_CANDIDATES, *labels)):
        if encoding == "euc_jp" and _euc_at_best(sample) < most:
            continue  # its decoder asks us about each byte that it does not know, which takes its time
        if (score := _score(sample, encoding, labels)) > most:
            best, most = encoding, score
    return best


def _count_ascii(body: bytes) -> int:
    """Count the bytes ahead of the first that is not ASCII."""
    try:
        body.decode("ascii")
    except UnicodeDecodeError as error:
        return error.start
    return len(body)


def _wide(body: bytes) -> str:
    """Detect UTF-16 or UTF-32 without a byte order mark; returns the codec, or empty for neither.

    Mark-up in these has zeros in every other byte, or in three of four.
    """
    head = body[:200]
    zeros = head.count(0)
    if zeros * 6 < len(head) or not zeros:
        return ""
    size, quarter = (32, 4) if zeros * 8 > 5 * len(head) else (16, 2)
    little = head[quarter - 1 :: quarter].count(0) > head[::quarter].count(0)
    encoding = f"utf-{size}-{'le' if little else 'be'}"
    return "" if "\0" in head.decode(encoding, "replace") else encoding


def _labels(body: bytes, content_type: str | None) -> list[str]:
    found = [match[1] for match in _HTTP_LABEL.finditer(content_type or "")]
    found += [match[1].decode("ascii", "replace") for match in _TEXT_LABEL.finditer(body[:4096])]
    known = (_find_codec(label) for label in found)
    return [label for label in dict.fromkeys(known) if label and not label.startswith(("utf-16", "utf-32"))]


def _find_codec(label: str) -> str | None:
    """Return the name of the codec that a label means; None for one that nobody knows."""
    label = label.strip().lower()
    label = _ALIASES.get(label, label)
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding or info.name in {
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
    }:
        return None
    return _ALIASES.get(info.name, info.name)


def _score(sample: bytes, encoding: str, labels: list[str]) -> float:
    text = _text(sample, encoding)
    letters = len(text) - len(text.encode("ascii", "ignore")) or 1
    expected = sum(map(len, _EXPECTED.findall(text)))
    kana = sum(map(len, _KANA.findall(text)))
    strange = sum(map(len, _STRANGE.findall(text)))
    broken = len(_BROKEN.findall(text))
    half = sum(map(len, _HALF_WIDTH.findall(text))) if not broken else 0
    # In EUC each has a lead byte of its own, which cp932 takes for that of a kanji.
    sure = encoding == "euc_jp" and encoding in labels
    if encoding == "cp932":
        sure = encoding in labels[:1] or (half >= 8 and "euc_jp" not in labels)
    if half and sure and not _NO_HALF_WIDTH.search(text):
        strange -= half
        expected += half
        kana += half // 2  # EUC makes kanji of any two of them, but no kana
    score = (expected + 0.5 * kana - strange - 8 * broken) / letters
    if encoding == "utf-8":
        # one stray byte must not outweigh a page: sequences of three valid bytes are no accident
        score += 0.5 if expected > 20 * broken else 0
    return score + (0.15 if encoding in labels[:1] else 0.1 if encoding in labels else 0)


_NO_EUC = bytes((*range(0x80, 0x8E), *range(0x90, 0xA1), 0xFF))
_ASCII = bytes(range(0x80))


def _euc_at_best(sample: bytes) -> float:
    """Bound ``_score`` of EUC-JP from above: at least so many bytes are broken, the others all kana.

    The last character may be cut off, and three bytes of it count as one.
    """
    broken = len(sample) - len(sample.translate(None, _NO_EUC)) - 2
    letters = len(sample.translate(None, _ASCII))
    return 1.5 - 10.5 * broken / letters + 0.15


# --- decoding -------------------------------------------------------------------------------


def _text(body: bytes, encoding: str) -> str:
    if encoding.startswith(("iso2022_jp", "iso-2022-jp")):
        return _iso2022(body)
    if encoding == "euc_jp":
        return body.decode("euc_jp", "kohyo.nec")
    return body.decode(encoding, "replace")


def _nec_rows(error: UnicodeError) -> tuple[str, int]:
    """Decode two bytes of a row that plain EUC-JP does not know (①㈱№, 髙﨑); a handler for codecs.

    Takes the vendor's row, or the standard's later one.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) == 2 and min(pair) >= 0xA1 and max(pair) <= 0xFE:
        char = _cell(pair[0] - 0xA0, pair[1] - 0xA0) or pair.decode("euc_jis_2004", "ignore")
        if char:
            return char, error.start + 2
    return "\ufffd", error.end


codecs.register_error("kohyo.nec", _nec_rows)


def _cell(row: int, cell: int) -> str:
    """Return the character of a JIS row and cell as Windows knows it; empty for none."""
    lead = (row - 1) // 2 + (0x81 if row <= 62 else 0xC1)
    trail = cell + 0x9E if row % 2 == 0 else cell + 0x3F + (cell >= 64)
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        return ""


_TO_EUC = bytes(b | 0x80 if 0x21 <= b <= 0x7E else b for b in range(256))


def _iso2022(body: bytes) -> str:
    """Decode ISO-2022-JP by its escape sequences, with the vendors' rows that codecs refuse."""
    parts = _ESCAPE.split(body)
    text = [parts[0].decode("ascii", "replace")]
    for escape, run in zip(parts[1::2], parts[2::2], strict=True):
        if escape in (b"$B", b"$@"):
            text.append(run.translate(_TO_EUC).decode("euc_jp", "kohyo.nec"))
        elif escape == b"(I":
            text.append(run.translate(_TO_EUC).decode("cp932", "replace"))
        elif escape in (b"(B", b"(J"):
            text.append(run.decode("ascii", "replace"))
        else:
            text.append((b"\x1b" + escape + run).decode("iso2022_jp_ext", "replace"))
    return "".join(text)
