"""Something else in a page's place, and pages that only point on."""

from __future__ import annotations

import pytest

from monitor.reading import read
from spiders.transport.onward import points_to

URL = "https://www.city.example.lg.jp/oshirase/7.html"
NEXT = "https://www.city.example.lg.jp/oshirase/2026/7.html"


def page(body: str, title: str = "見本市") -> bytes:
    return f"<html><head><title>{title}</title></head><body><main>{body}</main></body></html>".encode()


LOGIN = "<h1>職員ポータル サインイン</h1><form>利用者番号<input><input type='password'><input type='submit'></form>"
INSTEAD = {
    "login": page(LOGIN, "サインイン"),
    "login under the notice's title": page(LOGIN.replace("<h1>", "<p>"), "住民情報の流出について"),
    "consent": page("<p>当サイトの利用規約に同意のうえお進みください。</p><button>同意して進む</button>"),
    "age": page("<p>Are you over 20?</p><a href='?ok=1'>I am</a><p>Before you continue</p>"),
    "queue": page(
        "<p>ご来訪ありがとうございます。順番にご案内しています。</p><p>あと 214 人</p>", "お待ちください"
    ),
    "queue number": page(
        "<h1>混雑しています</h1><p>お客様の番号は 4,310 番です。画面はそのままお待ちください。</p>"
    ),
    "waiting room": page("<h1>Virtual Waiting Room</h1><p>You are in line. Estimated wait: 12 minutes.</p>"),
    "maintenance": page("<h1>おしらせ</h1><p>只今、設備点検のためご覧いただけません。夕方に再開します。</p>"),
    "parking": page("<h1>city.example</h1><p>This domain may be for sale. Related searches: loans</p>"),
    "lapsed domain": page("<p>このドメインは有効期限が切れ、更新手続き中です。</p>"),
    "moved": page(
        "<h1>住民情報の流出について</h1><p>掲載ページを移動しました。</p><p><a href='/n'>移動先</a></p>",
        "住民情報の流出について",
    ),
}


@pytest.mark.parametrize("name", INSTEAD)
def test_what_stands_in_a_page_s_place_is_no_content(name: str) -> None:
    reading = read(INSTEAD[name], url=URL)
    assert reading.verdict in ("blocked", "soft-404"), reading.text
    assert reading.detail


@pytest.mark.parametrize(
    "body",
    [
        "<h1>会員ページの障害について</h1><p>只今ログインできない障害が発生し、サービスを停止しています。</p>",
        "<h1>パスワードの流出について</h1><p>会員のパスワードが流出しました。再度ログインしてください。</p>",
        "<h1>利用規約の同意画面の不具合</h1><p>年齢の確認なしに進める状態でした。お詫びいたします。</p>",
        "<h1>お待ちいただいた方へのお詫び</h1><p>順番にご案内すべきところ、個人情報の載った紙を渡しました。</p>",
    ],
)
def test_a_notice_about_such_things_is_content(body: str) -> None:
    title = body[4 : body.index("</h1>")]
    assert read(page(body, title), url=URL).verdict == "content"


POINTING = {
    "refresh": page("<p>移りました</p>").replace(
        b"<head>", f"<head><meta http-equiv='Refresh' content='3; URL={NEXT}'>".encode()
    ),
    "refresh, content first": b"<meta content=\"0;url='/oshirase/2026/7.html'\" http-equiv=refresh>",
    "replace": b"<script>window.location.replace('/oshirase/2026/7.html')</script>",
    "href": b'<p>...</p><script>\nlocation.href = "2026/7.html";\n</script>',
}


@pytest.mark.parametrize("name", POINTING)
def test_a_page_that_only_points_on_says_where(name: str) -> None:
    assert points_to(POINTING[name], URL) == NEXT
    reading = read(POINTING[name], url=URL)
    assert (reading.verdict, NEXT in reading.detail) == ("soft-404", True)


def test_a_header_points_on_as_well() -> None:
    assert points_to(b"<p>moved</p>", URL, refresh="0; url=2026/7.html") == NEXT


@pytest.mark.parametrize(
    "body",
    [
        "<meta http-equiv=refresh content=300>",
        "<meta http-equiv=refresh content='60; url=7.html'>",
        "<script>function go() { location.href = '/search'; }</script><p>本文</p>",
        f"<meta http-equiv=refresh content='600; url=/top'><p>{'本文があります。' * 80}</p>",
        "<meta http-equiv=refresh content='0; url=javascript:alert(1)'>",
    ],
)
def test_a_page_that_reloads_or_says_something_points_nowhere(body: str) -> None:
    assert points_to(body.encode(), URL) == ""
