"""Writes a plain PDF with Japanese text, small enough to read in one sitting.

No font is embedded: the text is shown with a predefined Japanese font, as office software of the
period did, and a ToUnicode map says which character each code stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

PAGE_POINTS = (595, 842)  # A4 in points
MARGIN_POINTS = 72
SIZE_POINTS = 10.5
LEADING_POINTS = 18.0
LINE_CHARS = 42  # full-width characters in a line
PAGE_LINES = 36
_PIECES = re.compile(r"(?:[0-9A-Za-z]+|.)[、。」）)]*", re.S)


def render(paragraphs: Iterable[str], *, title: str = "") -> bytes:
    """Make a PDF with one paragraph after another, broken into lines and pages, page numbers below."""
    lines = [line for paragraph in paragraphs for line in broken(paragraph)]
    pages = [lines[i : i + PAGE_LINES] for i in range(0, len(lines), PAGE_LINES)] or [[]]
    letters = sorted({c for line in lines for c in line} | set("0123456789- "))
    kids = [7 + 2 * i for i in range(len(pages))]
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        _dict(Type="/Pages", Count=len(pages), Kids="[" + " ".join(f"{k} 0 R" for k in kids) + "]"),
        _dict(
            Type="/Font",
            Subtype="/Type0",
            BaseFont="/Ryumin-Light-Identity-H",
            Encoding="/Identity-H",
            DescendantFonts="[4 0 R]",
            ToUnicode="6 0 R",
        ),
        _dict(
            Type="/Font",
            Subtype="/CIDFontType0",
            BaseFont="/Ryumin-Light",
            CIDSystemInfo="<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
            FontDescriptor="5 0 R",
            DW=1000,
            W="[32 [" + " ".join(["500"] * 95) + "]]",
        ),
        _dict(
            Type="/FontDescriptor",
            FontName="/Ryumin-Light",
            Flags=4,
            FontBBox="[0 -120 1000 880]",
            ItalicAngle=0,
            Ascent=880,
            Descent=-120,
            CapHeight=700,
            StemV=80,
        ),
        _stream(_to_unicode(letters)),
    ]
    for number, page in enumerate(pages, 1):
        content = 8 + 2 * (number - 1)
        objects.append(
            _dict(
                Type="/Page",
                Parent="2 0 R",
                MediaBox=f"[0 0 {PAGE_POINTS[0]} {PAGE_POINTS[1]}]",
                Resources="<< /Font << /F 3 0 R >> >>",
                Contents=f"{content} 0 R",
            )
        )
        objects.append(_stream(_content(page, f"- {number} -")))
    objects.append(b"<< /Title " + _hex(title, mark=True) + b" >>")
    return _file(objects)


def broken(paragraph: str) -> Iterator[str]:
    """Break a paragraph into lines of as many characters as fit.

    No line begins with a closing mark, and no Latin word is torn in two.
    """
    line, room = "", LINE_CHARS * 2
    for piece in _PIECES.findall(paragraph):
        width = sum(1 if " " <= c <= "~" else 2 for c in piece)
        if room < width and line:
            yield line
            line, room = "", LINE_CHARS * 2
        line += piece
        room -= width
    yield line


def _content(lines: Sequence[str], footer: str) -> bytes:
    top = PAGE_POINTS[1] - MARGIN_POINTS
    shown = [
        b"BT /F %g Tf %g TL 1 0 0 1 %g %g Tm" % (SIZE_POINTS, LEADING_POINTS, MARGIN_POINTS, top),
        *(_hex(line) + b" Tj T*" if line else b"T*" for line in lines),
        b"1 0 0 1 %g %g Tm" % (PAGE_POINTS[0] / 2 - 12, MARGIN_POINTS / 2),
        _hex(footer) + b" Tj ET",
    ]
    return b"\n".join(shown)


def _to_unicode(letters: Sequence[str]) -> bytes:
    groups = [letters[i : i + 100] for i in range(0, len(letters), 100)]
    maps = "".join(
        f"{len(group)} beginbfchar\n"
        + "".join(f"<{ord(c):04X}> <{ord(c):04X}>\n" for c in group)
        + "endbfchar\n"
        for group in groups
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Unicode def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _hex(text: str, *, mark: bool = False) -> bytes:
    return b"<" + (b"FEFF" if mark else b"") + text.encode("utf-16-be").hex().upper().encode() + b">"


def _dict(**entries: object) -> bytes:
    return ("<< " + " ".join(f"/{name} {value}" for name, value in entries.items()) + " >>").encode("ascii")


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _file(objects: Sequence[bytes]) -> bytes:
    """Join the objects with their cross-reference table; the last one is the document's information."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
