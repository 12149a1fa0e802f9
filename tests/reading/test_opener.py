"""What the process that opens files finds in a PDF, and where it stops."""

from __future__ import annotations

import pytest

from monitor.demo.pdf_maker import render
from monitor.reading.files import opener
from tests.reading.test_pdf import plain, shown

NOTICE = b"Notice of personal data that was lost on the way, and what is being done about it."
PICTURE = (
    b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    b"\nstream\n\x00\nendstream"
)


def scan(width: int, height: int, words: bytes = b"") -> bytes:
    """A page of 600 by 800 that shows one picture, and words over it."""
    stream = b"q %d 0 0 %d 0 0 cm /I Do Q BT /F 12 Tf 10 10 Td (%s) Tj ET" % (width, height, words)
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R"
        b" /Resources << /Font << /F 4 0 R >> /XObject << /I 6 0 R >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [5 0 R] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        page,
        PICTURE,
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return body + b"trailer << /Root 1 0 R >>\n%%EOF"


def test_each_page_gives_its_text_and_the_file_its_title() -> None:
    found = opener.extract_pdf(render(["一行目", "二行目"], title="題"))
    assert {**found, "pages": [page.split() for page in found["pages"]]} == {
        "count": 1,
        "pages": [["一行目", "二行目", "-", "1", "-"]],
        "scanned": 0,
        "title": "題",
    }
    assert opener.extract_pdf(plain(shown(NOTICE), pages=3)) == {
        "count": 3,
        "pages": [NOTICE.decode()] * 3,
        "scanned": 0,
        "title": "",
    }


@pytest.mark.parametrize(
    ("limit", "most", "read"),
    [("MAX_PAGES", 2, 2), ("MAX_PAGES", 9, 3), ("MAX_CHARS", 82, 2), ("MAX_CHARS", 81, 1)],
)
def test_reading_stops_at_a_page_and_the_count_of_all_is_known(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, read: int
) -> None:
    assert len(NOTICE) == 82
    monkeypatch.setattr(opener, limit, most)
    found = opener.extract_pdf(plain(shown(NOTICE), pages=3))
    assert (found["count"], len(found["pages"])) == (3, read)


@pytest.mark.parametrize(
    ("width", "height", "words", "scanned"),
    [
        (600, 800, b"", 1),
        (600, 481, b"", 1),
        (600, 479, b"", 0),  # six tenths of the page
        (800, 800, NOTICE[:59], 1),
        (800, 800, NOTICE[:60], 0),  # a text layer
    ],
)
def test_a_page_that_a_picture_fills_is_a_scan(width: int, height: int, words: bytes, scanned: int) -> None:
    assert opener.extract_pdf(scan(width, height, words))["scanned"] == scanned


def test_what_is_no_pdf_is_an_error_in_the_library_s_words() -> None:
    assert opener.extract_pdf(b"%PDF-1.4 nothing") == {
        "error": "Failed to load document (PDFium: Data format error)."
    }
