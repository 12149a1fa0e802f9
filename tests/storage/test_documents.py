import pytest

from monitor.reading import read
from spiders.listings.listing import find_attachments
from storage.records import Link
from storage.text.documents import DOCUMENT_EXTENSIONS, is_document


@pytest.mark.parametrize("extension", DOCUMENT_EXTENSIONS)
def test_what_is_an_attachment_when_read_is_one_when_fetched(extension: str) -> None:
    body = (
        f'<main><h1>お詫び</h1><p>漏えいがありました。<a href="/r.{extension}">資料</a></p></main>'.encode()
    )
    assert [link.url for link in read(body, url="https://example.jp/").attachments] == [
        *find_attachments(body, "https://example.jp/").documents
    ]
    assert find_attachments(body, "https://example.jp/").documents == (f"https://example.jp/r.{extension}",)


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
        ("<button onclick=\"location.href='/k.pdf'\">別紙</button>", "k.pdf"),
        (
            "<button type=button onclick='window.open(&quot;/k.pdf&quot;,&quot;_blank&quot;)'>別紙</button>",
            "k.pdf",
        ),
        ("<a href='#' onclick=\"openFile('k.pdf'); return false\">別紙</a>", "k.pdf"),
        ("<a href=\"javascript:show('\\/f\\/k.pdf')\">別紙</a>", "f/k.pdf"),
        ("<input type=button value='別紙' onclick=\"location='./k.xlsx'\">", "k.xlsx"),
        ("<div data-href='/k.pdf'>別紙</div>", "k.pdf"),
        ("<span class=link data-url='/f/7'>別紙（PDF：31KB）</span>", "f/7"),
        ("<button data-file='/download/7'>別紙</button>", "download/7"),
        ("<iframe data-src='/k.pdf'></iframe>", "k.pdf"),
        ("<form action='/k.pdf'><button>別紙</button></form>", "k.pdf"),
        (
            "<form action='/download.php'><input type=hidden name=id value=7><button>別紙</button></form>",
            "download.php?id=7",
        ),
        (
            "<form action='/f' method=get><input type=hidden name=n value='7 8'><input type=submit value='PDFを開く'></form>",
            "f?n=7+8",
        ),
        ("<form action='/x'><button formaction='/k.pdf'>別紙</button></form>", "k.pdf"),
    ],
)
def test_reading_and_fetching_agree_on_what_hangs_on_a_page(html: str, found: str) -> None:
    body = f"<main><h1>お詫び</h1><p>漏えいがありました。</p>{html}</main>".encode()
    read_there = [link.url for link in read(body, url="https://example.jp/").attachments]
    fetched = find_attachments(body, "https://example.jp/").documents
    assert read_there == [*fetched] == [f"https://example.jp/{found}"]


@pytest.mark.parametrize(
    "html",
    [
        "<a href='/download/'>様式のダウンロード</a>",
        "<a href='/7.html'>PDFの見方</a>",
        "<iframe src='https://video.example/embed/7'></iframe>",
        "<a href='/a/files.html'>資料</a>",
        "<button onclick=\"location.href='/a.html'\">戻る</button>",
        "<button onclick=\"gtag('event', 'click', '/k.pdf')\">閉じる</button>",
        "<button onclick=\"open('/f/' + n + '/k.pdf')\">別紙</button>",
        "<div onclick=\"trackClick('/k.pdf'); this.hidden=true\">閉じる</div>",
        "<img data-src='/k.jpg' alt='PDF'>",
        "<div data-url='/f/7'>別紙</div>",
        "<div data-title='PDF' data-n='7'>別紙（PDF）</div>",
        "<nav><button data-href='/guide.pdf'>案内</button></nav>",
        "<form action='/k.pdf' method='POST'><button>別紙</button></form>",
        "<form action='/x' method=post><button formaction='/k.pdf'>別紙</button></form>",
        "<form action='/search'><input type=hidden name=q value=7><button>検索</button></form>",
    ],
)
def test_other_links_and_frames_are_no_documents(html: str) -> None:
    body = f"<main><h1>お詫び</h1><p>漏えいがありました。</p>{html}</main>".encode()
    assert (
        find_attachments(body, "https://example.jp/").documents
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


@pytest.mark.parametrize(
    ("html", "guessed"),
    [
        ("<a href='/news/7'>別紙</a>", ["news/7"]),
        ("<a href='/news/7'> ■ 報告書（概要）</a>", ["news/7"]),
        ("<a href='/news/view.php?id=7'>調査報告書</a>", []),
        ("<a href='/news/7.html'>別紙</a>", []),
        ("<a href='/news/7/'>別紙</a>", []),
        ("<a href='/news/7'>本件に関する報告書の公表について</a>", []),
        ("<a href='/news/7'>PDF</a><a href='https://other.example/7'>別紙</a><a href='#a'>別紙</a>", []),
        ("<a href='/'>資料</a><a href='/7.pdf'>資料</a>", []),
        ("<a href='/7'>資料</a>" * 3, ["7"]),
        ("".join(f"<a href='/{n}'>資料{n}</a>" for n in range(9)), ["0", "1", "2", "3", "4"]),
    ],
)
def test_what_is_called_a_document_is_asked_for_and_the_answer_decides(html: str, guessed: list[str]) -> None:
    body = f"<main><h1>お詫び</h1><p>漏えいがありました。</p>{html}</main>".encode()
    found = find_attachments(body, "https://example.jp/")
    assert found.guessed == tuple(f"https://example.jp/{one}" for one in guessed)


def test_a_button_is_listed_by_what_it_says() -> None:
    body = "<main><h1>お詫び</h1><p>漏えいがありました。</p><button data-href='/k.pdf'> 別紙 <b>1</b></button></main>"
    assert read(body.encode(), url="https://example.jp/").attachments == (
        Link("別紙 1", "https://example.jp/k.pdf"),
    )
