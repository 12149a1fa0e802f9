"""PDFs of our own writing are read back by pdfium as they were written."""

from __future__ import annotations

import pypdfium2

from monitor.demo.model import pdf
from monitor.demo.pdf_maker import PAGE_LINES, broken, render


def extracted(body: bytes) -> list[list[str]]:
    document = pypdfium2.PdfDocument(body)
    try:
        return [page.get_textpage().get_text_range().replace("\r", "").split("\n") for page in document]
    finally:
        document.close()


def test_every_character_comes_back() -> None:
    lines = [
        "令和６年１月24日",
        "ProCX 社及び BS 社(以下「両社」という。)、①②③㈱〜～－—・髙﨑",
        "約928万人分・133,655件・3,923人",
    ]
    assert extracted(render(lines)) == [[*lines, "- 1 -"]]


def test_long_texts_are_broken_into_lines_and_pages() -> None:
    paragraph = "個人情報保護委員会は、法第148条第１項の規定による勧告を行った。" * 60
    lines = list(broken(paragraph))
    assert "".join(lines) == paragraph
    assert not any(line.startswith(("。", "、", "」")) for line in lines)
    pages = extracted(render([paragraph]))
    assert [line for page in pages for line in page[:-1]] == lines
    assert [len(page) - 1 for page in pages] == [PAGE_LINES, len(lines) - PAGE_LINES]


def test_the_recommendation_holds_articles_and_deadlines() -> None:
    text = "".join(line for page in extracted(pdf("ppc/240124_houdou.txt")) for line in page[:-1])
    for said in (
        "法第148条第１項",
        "法第147条",
        "法第146条第１項",
        "約928万人分",
        "令和６年２月29日までに",
        "令和６年３月29日までに",
    ):
        assert said in text


def test_a_title_stands_in_the_documents_information() -> None:
    document = pypdfium2.PdfDocument(render(["本文"], title="報道発表"))
    assert document.get_metadata_dict()["Title"] == "報道発表"
    document.close()


def test_an_empty_document_is_one_page() -> None:
    assert len(extracted(render([]))) == 1
