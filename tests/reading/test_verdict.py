"""Content, or something else in its place."""

from __future__ import annotations

import pytest

from monitor.reading import read
from storage.records import PageRules


def page(title: str, *paragraphs: str, h1: str = "") -> bytes:
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<html><head><title>{title}</title></head><body><h1>{h1 or title}</h1>{body}</body></html>".encode()
    )


GONE = [
    page("お探しのページが見つかりません｜例市", "アドレスが変わったか、公開を終えた可能性があります。"),
    page("例市", "ご指定のページは見つかりませんでした。", "トップページからお探しください。"),
    page("404 Not Found", "The requested URL /a.html was not found on this server."),
    page("ページが存在しません", "URLをお確かめください。"),
    page("例株式会社", "アクセスいただいたページは、削除または移動された可能性があります。"),
    page("Page not found | Example", "Sorry, the page you are looking for cannot be found."),
    page("例町", "この記事の公開期間は終了しました。"),
    page("例県", "掲載期間が終了しました。"),
    page("例県", "お探しの情報は、掲載期間が終了しております。"),
    page("例市", "ページが移動または削除されたか、アドレスに誤りがあります。"),
    page("例市", "該当するページがありません。"),
    page("例社", "お探しのニュースリリースは公開を終了しました。"),
    page("例社", "このページはリニューアルにより移動しました。"),
    page("例社の発表", "本件の発表は<a href='/n/9.html'>新しい掲載場所</a>へ移設しました。"),
    page("例社", "Not Found"),
    page("例社", "404 Not Found"),
    page("Example", "Sorry, this page is no longer available."),
    b"404 Not Found\n",
    b'Error {\n    code=404;\n    message="Not Found: unknown datasetID=a";\n}\n',
    b"<?xml version='1.0'?><Error><Message>The specified key does not exist.</Message></Error>",
    "ご指定のページは見つかりませんでした。".encode("cp932"),
]
BLOCKED = [
    page("Just a moment...", "example.jp needs to review the security of your connection before proceeding."),
    page("Attention Required! | Cloudflare", "Sorry, you have been blocked"),
    page("Access Denied", "You don't have permission to access this page. Reference #18.2f"),
    page("Request Rejected", "The requested URL was rejected. Your support ID is: 123456"),
    page("429 Too Many Requests"),
    page("例市", "ただいまシステムメンテナンス中です。"),
    page("例社", "アクセスが集中しています。しばらく時間をおいてから再度アクセスしてください。"),
    page("例社", "システムエラーが発生しました。"),
    page("例社", "現在システムメンテナンスのため、サービスを停止しています。"),
    page("例社", "セッションがタイムアウトしました。もう一度お試しください。"),
    page("Example", "You don't have permission to access / on this server."),
    page("Welcome to nginx!", "If you see this page, the web server is working."),
    page("405 Not Allowed", "nginx"),
    page(
        "503 Backend fetch failed",
        "Guru Meditation:",
        "Varnish cache server",
        h1="Error 503 Backend fetch failed",
    ),
    page("Error", "Sorry, the page you are looking for is currently unavailable."),
    page("しばらくお待ちください...", "セキュリティ検証を実行しています", h1="www.example.jp"),
    b'Error {\n    code=413;\n    message="Payload Too Large: Your query produced too much data.";\n}\n',
    page("Security check", "Please complete the CAPTCHA to continue."),
    b'Error {\n    code=403;\n    message="Forbidden: your address is on a blacklist.";\n}',
]
CONTENT = [
    page("個人情報の漏えいについて", "委託先で漏えいが発生しました。対象は320人です。"),
    page(
        "ホームページが見つかりませんと表示される障害について",
        "昨夜から一部のページは存在しませんと表示されました。原因を調べています。",
    ),
    page("システムメンテナンスに関するお知らせ", "メンテナンス中は閲覧できません。"),
    page("相談窓口のご案内", "現在、該当する情報はありません。", "電話 000-111-2222 で受け付けています。"),
    page("不正アクセスについてのお詫び", "第三者によりアクセスが拒否される事態となりました。"),
    page("お知らせ", "本日9時、予約の受付でシステムエラーが発生しました。ご迷惑をおかけしました。"),
    page("募集", "応募の期間が終了した後は受け付けません。", "詳しくは要項をご覧ください。"),
    page("Cookieの方針", "このサイトの利用状況を知るために使うものを説明します。お問い合わせは窓口へ。"),
    page("500 Years of the Castle", "The exhibition opens on 3 May at the city museum."),
    page("災害時の通行", "落石のため、展望台へのアクセスは制限されています。解除は改めてお知らせします。"),
    page("重要", "本日公表したとおりです。", "資料をご覧ください。詳しくはお電話で。"),
]


@pytest.mark.parametrize("body", GONE)
def test_error_pages_with_status_200(body: bytes) -> None:
    assert read(body).verdict == "soft-404"


@pytest.mark.parametrize("body", BLOCKED)
def test_block_pages(body: bytes) -> None:
    reading = read(body)
    assert reading.verdict == "blocked"
    assert reading.detail


@pytest.mark.parametrize("body", CONTENT)
def test_notices_about_errors_are_content(body: bytes) -> None:
    assert read(body).verdict == "content"


@pytest.mark.parametrize(
    ("status", "verdict"), [(404, "soft-404"), (410, "soft-404"), (403, "blocked"), (503, "blocked")]
)
def test_the_status_has_its_say(status: int, verdict: str) -> None:
    reading = read(CONTENT[0], status=status)
    assert (reading.verdict, str(status) in reading.detail) == (verdict, True)


def test_a_shell_is_empty() -> None:
    shell = b'<html><head><title>App</title></head><body><div id="app"></div><script src="/a.js"></script></body></html>'
    assert read(shell).verdict == "empty"
    waiting = "<html><body><div id='root'>読み込み中です…</div><script>1</script></body></html>"
    assert read(waiting.encode()).verdict == "empty"


@pytest.mark.parametrize(
    "text",
    [
        "JavaScriptを有効にしてください。",
        "このサイトではJavaScriptを使用しています。<br>JavaScriptを有効にしてご覧ください。",
        "お使いのブラウザではJavaScriptが無効になっています。有効にしてください。",
        "You need to enable JavaScript to run this app.",
        "Cookieを有効にしてください。",
        "ページを読み込んでいます…",
        "自動的に切り替わらない場合は<a href='/a'>こちら</a>をクリックしてください。",
        "しばらくお待ちください。",
    ],
)
def test_what_a_shell_says(text: str) -> None:
    assert read(f"<html><body><div>{text}</div></body></html>".encode()).verdict == "empty"


def test_a_map_of_the_site_below_an_error() -> None:
    links = "".join(f'<li><a href="/{n}">{n}番目の分野のページの一覧</a></li>' for n in range(150))
    body = f"<html><head><title>お探しのページは見つかりません｜例市</title></head><body><ul>{links}</ul></body></html>"
    assert read(body.encode()).verdict == "soft-404"


def test_a_missing_element_is_named() -> None:
    reading = read(CONTENT[0], rules=PageRules(include=(".textcontent",)))
    assert (reading.verdict, reading.detail, reading.blocks) == ("empty", "nothing matches .textcontent", ())


def test_an_error_page_without_the_declared_element_is_an_error_page() -> None:
    assert read(GONE[0], rules=PageRules(include=("#news",))).verdict == "soft-404"


def test_a_thin_page_with_a_document_is_content() -> None:
    body = '<html><body><main><a href="/a.pdf">資料</a></main></body></html>'.encode()
    reading = read(body, url="https://example.jp/")
    assert reading.verdict == "content"
    assert [link.url for link in reading.attachments] == ["https://example.jp/a.pdf"]


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b"", None),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "text/html"),
        (b"<html><body>" + bytes(range(256)) * 40, "text/html"),
        (b"\x00" * 1000, None),
        ("<html>お探しの資料</html>".encode(), "application/pdf"),
    ],
)
def test_what_is_no_text_is_unreadable(body: bytes, type_: str | None) -> None:
    assert read(body, content_type=type_).verdict == "unreadable"
