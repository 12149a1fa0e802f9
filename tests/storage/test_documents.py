import pytest

from monitor.reading import read
from spiders.listings.listing import find_attachments
from storage.text.documents import DOCUMENT_EXTENSIONS, is_document


@pytest.mark.parametrize("extension", DOCUMENT_EXTENSIONS)
def test_what_is_an_attachment_when_read_is_one_when_fetched(extension: str) -> None:
    body = (
        f'<main><h1>お詫び</h1><p>漏えいがありました。<a href="/r.{extension}">資料</a></p></main>'.encode()
    )
    assert [link.url for link in read(body, url="https://example.jp/").attachments] == [
        *find_attachments(body, "https://example.jp/")
    ]
    assert find_attachments(body, "https://example.jp/") == (f"https://example.jp/r.{extension}",)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<a href='/get?id=7'>経緯（PDF：31KB）</a>", "get?id=7"),
        ("<a href='/get?id=7'>経緯</a>［PDF形式］", "get?id=7"),
        ("<a href='/dl/7'>経緯</a>", "dl/7"),
        ("<a href='/download.php?n=7'>経緯</a>", "download.php?n=7"),
        ("<object data='/k.pdf' type='application/pdf'></object>", "k.pdf"),
        ("<object data='/show/7' type='application/pdf'></object>", "show/7"),
        ("<embed src='k.pdf?1001'>", "k.pdf?1001"),
        ("<iframe src='/pdfjs/web/viewer.html?file=%2Ffiles%2Fk.pdf'></iframe>", "files/k.pdf"),
        ("<map><area href='/k.xlsx'></map>", "k.xlsx"),
    ],
)
def test_reading_and_fetching_agree_on_what_hangs_on_a_page(html: str, found: str) -> None:
    body = f"<main><h1>お詫び</h1><p>漏えいがありました。</p>{html}</main>".encode()
    read_there = [link.url for link in read(body, url="https://example.jp/").attachments]
    assert read_there == [*find_attachments(body, "https://example.jp/")] == [f"https://example.jp/{found}"]


@pytest.mark.parametrize(
    "html",
    [
        "<a href='/download/'>様式のダウンロード</a>",
        "<a href='/7.html'>PDFの見方</a>",
        "<iframe src='https://video.example/embed/7'></iframe>",
        "<a href='/a/files.html'>資料</a>",
    ],
)
def test_other_links_and_frames_are_no_documents(html: str) -> None:
    body = f"<main><h1>お詫び</h1><p>漏えいがありました。</p>{html}</main>".encode()
    assert (
        find_attachments(body, "https://example.jp/")
        == ()
        == read(body, url="https://example.jp/").attachments
    )


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
