"""PDF files: read in a process of their own, lines joined, margins off."""

from __future__ import annotations

import zlib
from datetime import date

import pytest

from monitor.demo.pdf_maker import render
from monitor.reading import read
from monitor.reading.files import contained
from monitor.reading.files.pdf import join_lines, strip_margins

PARAGRAPHS = [
    "令和６年１月24日",
    "見本委員会",
    "株式会社見本に対する行政上の対応について",
    "見本委員会は、個人情報の保護に関する法律に基づき、株式会社見本に対して勧告を行いましたので、その概要をお知らせします。",
    "１　事案の概要",
    "約928万人分の個人データが持ち出されました。",
]


def plain(stream: bytes, pages: int = 1) -> bytes:
    """A PDF whose pages all show one stream."""
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + pages))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R /Resources << /Font << /F 4 0 R >> >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
        % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *[page] * pages,
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return body + b"trailer << /Root 1 0 R >>\n%%EOF"


def shown(text: bytes) -> bytes:
    return zlib.compress(zlib.compress(b"BT /F 12 Tf 10 10 Td (" + text + b") Tj ET"))


def test_a_notice() -> None:
    reading = read(
        render(PARAGRAPHS, title="対応について"), url="https://example.jp/files/pdf/240124_houdou.pdf"
    )
    assert reading.verdict == "content"
    assert reading.title == "対応について"
    assert [block.text for block in reading.blocks] == PARAGRAPHS
    assert reading.published is not None
    assert reading.published.value == date(2024, 1, 24)


def test_a_file_name_is_no_title() -> None:
    assert read(render(PARAGRAPHS, title="Microsoft Word - 02_houdou.docx")).title == PARAGRAPHS[2]


def test_pages_run_on() -> None:
    long = [
        f"第{n}項の規定により、委託先の監督について必要かつ適切な措置を講ずるよう求めたところです。"
        for n in range(90)
    ]
    assert [block.text for block in read(render(long)).blocks] == long


def test_margins_go_but_repeated_sentences_stay() -> None:
    pages = [["報道資料", "同じ文です。", f"{n}つ目です。", "同じ終わり。", f"- {n} -"] for n in range(1, 6)]
    assert strip_margins(pages)[2] == ["同じ文です。", "3つ目です。", "同じ終わり。"]


def test_lines_are_joined_where_the_width_broke_them() -> None:
    page = [
        "個人情報の保護に関する法律の規定に基",
        "づく勧告を行いました。",
        "・一つ目の項目はこのように長く続いてい",
        "ます。",
        "以上",
    ]
    assert join_lines([page]) == [
        "個人情報の保護に関する法律の規定に基づく勧告を行いました。",
        "・一つ目の項目はこのように長く続いています。",
        "以上",
    ]


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.7\n1 0 obj", b"%PDF-1.4\n" + bytes(range(256)) * 100, render([]), render(PARAGRAPHS)[:900]],
)
def test_what_cannot_be_read_says_so(body: bytes) -> None:
    reading = read(body)
    assert (reading.verdict, reading.detail[:3], reading.blocks) == ("unreadable", "PDF", ())


def test_a_text_layer_without_meaning_is_not_believed() -> None:
    assert (
        read(plain(shown(b"(cid:12)(cid:13)(cid:14)".replace(b"(", b"\\(").replace(b")", b"\\)")))).verdict
        == "unreadable"
    )


def test_a_bomb_takes_the_worker_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    packer = zlib.compressobj(9)
    chunk = b"BT /F 12 Tf 10 10 Td (AAAAAAAA) Tj ET\n" * 25_000
    packed = b"".join(packer.compress(chunk) for _ in range(400)) + packer.flush()
    bomb = plain(zlib.compress(packed))
    assert len(bomb) < 100_000
    with monkeypatch.context() as patch:
        patch.setattr(contained, "MAX_SECONDS", 2.0)  # or its memory runs out before
        assert read(bomb).verdict == "unreadable"
    assert read(plain(shown(b"Notice of personal data"))).text == "Notice of personal data"


def test_one_process_serves_many_files() -> None:
    read(render(PARAGRAPHS))
    before = contained._OPENER._process
    read(render(PARAGRAPHS[:3]))
    assert contained._OPENER._process is before
    assert before is not None
    contained._OPENER.close()
    assert read(render(PARAGRAPHS)).verdict == "content"


def test_many_pages_are_read_up_to_a_limit() -> None:
    reading = read(plain(shown(b"Notice of personal data"), pages=450))
    assert (reading.verdict, reading.detail) == ("content", "the first 400 of 450 pages were read")
