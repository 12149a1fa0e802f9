import pytest

from monitor.reading import read
from spiders.listings.listing import attachments
from storage.text.documents import DOCUMENT_EXTENSIONS, is_document


@pytest.mark.parametrize("extension", DOCUMENT_EXTENSIONS)
def test_what_is_an_attachment_when_read_is_one_when_fetched(extension: str) -> None:
    body = (
        f'<main><h1>お詫び</h1><p>漏えいがありました。<a href="/r.{extension}">資料</a></p></main>'.encode()
    )
    assert [link.url for link in read(body, url="https://example.jp/").attachments] == [
        *attachments(body, "https://example.jp/")
    ]
    assert attachments(body, "https://example.jp/") == (f"https://example.jp/r.{extension}",)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.jp/a.PDF?1001",
        "https://example.jp/a.pdf;jsessionid=1A",
        "https://example.jp/get.php?file=2024%2Fa.pptx",
        "https://example.jp/get.php?id=1&name=a.xlsx",
        "/uploaded/a.jtd#page=2",
    ],
)
def test_a_document_is_known_by_its_name(url: str) -> None:
    assert is_document(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.jp/a.html?x=.pdf",
        "https://example.jp/pdf",
        "https://example.jp/a.pdf.html",
        "https://example.jp/robots.txt",
        "http://[broken/a.pdf",
        "",
    ],
)
def test_other_addresses_are_no_documents(url: str) -> None:
    assert not is_document(url)
