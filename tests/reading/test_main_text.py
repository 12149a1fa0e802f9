"""The main text without a declaration, over families of templates and accidents of mark-up."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from monitor.reading import read
from storage.records import PageRules
from tests.reading import templates

URL = "https://www.city.example.lg.jp/kenko/231017.html"


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def check(body: str) -> None:
    reading = read(body.encode(), url=URL)
    text = squeeze(reading.text)
    assert reading.verdict == "content"
    assert [must for must in templates.MUST if squeeze(must) not in text] == []
    assert [not_ for not_ in templates.MUST_NOT if squeeze(not_) in text] == []
    assert [link.url for link in reading.attachments] == ["https://www.city.example.lg.jp/files/keii.pdf"]
    assert reading.title == templates.TITLE


@pytest.mark.parametrize("family", templates.FAMILIES)
def test_families(family: Callable[[], str]) -> None:
    check(templates.page(family()))


@pytest.mark.parametrize("family", templates.FAMILIES)
def test_a_new_template_around_the_text_is_no_new_text(family: Callable[[], str]) -> None:
    """The article's units are the same in every family, but for the date line."""
    units = [unit.text for unit in read(templates.page(family()).encode()).blocks]
    start = next(i for i, text in enumerate(units) if text.startswith("業務を委託"))
    assert units[start : start + 9] == [
        "業務を委託した事業者から、約320人分の個人情報が外部に持ち出されたおそれがあると報告を受けました。",
        "1 経緯",
        "持ち出しは令和5年10月13日に判明しました。",
        "業務 | 件数 | 項目",
        "特定健診勧奨業務 | 1,204件 | 氏名、住所、電話番号",
        "経緯の詳細（PDF：120KB）",
        "市民の皆さまに深くお詫び申し上げます。",
        "以上",
        "このページに関するお問い合わせ",
    ]


ACCIDENTS: list[tuple[str, Callable[[str], str]]] = [
    ("wrapped", lambda b: '<div class="page-wrapper nav-open"><div class="l-inner">' + b + "</div></div>"),
    (
        "in a form",
        lambda b: (
            '<form id="aspnetForm" action="./x.aspx"><input type=hidden name=v value=1>' + b + "</form>"
        ),
    ),
    ("upper case", lambda b: re.sub(r"<(/?)([a-z0-9]+)", lambda m: f"<{m[1]}{m[2].upper()}", b)),
    ("no closing tags", lambda b: re.sub(r"</(?:p|li|td|th|tr)>", "", b)),
    ("indented", lambda b: b.replace("><", ">\n\t  <")),
    (
        "cookie banner",
        lambda b: '<div id="cookie-consent">サイトマップ Cookieを使います<a href="#">同意</a></div>' + b,
    ),
    ("chat", lambda b: b + '<div class="ai-chatbot"><p>サイトマップ 何をお探しですか</p></div>'),
    ("survey", lambda b: b.replace("以上</p>", "以上</p>" + templates.SURVEY)),
    (
        "print button",
        lambda b: b.replace("<h1", '<div class="print"><a href="#">このページを印刷する</a></div><h1'),
    ),
    ("words for listeners", lambda b: '<p class="hide">ここからサイトの共通メニューです。</p>' + b),
    ("end tags too early", lambda b: b.replace("</h1>", "</h1></body></html>")),
    ("stray end tags", lambda b: b.replace("<h2>", "</section></span><h2>")),
]


@pytest.mark.parametrize("family", templates.FAMILIES)
@pytest.mark.parametrize("accident", ACCIDENTS, ids=lambda a: a[0])
def test_accidents(family: Callable[[], str], accident: tuple[str, Callable[[str], str]]) -> None:
    check(templates.page(accident[1](family())))


@pytest.mark.parametrize("family", templates.FAMILIES)
def test_other_names_for_the_same_parts(family: Callable[[], str]) -> None:
    """Prefixes and suffixes that designers add must not hide what a part is."""
    rng = random.Random(family.__name__)

    def rename(match: re.Match[str]) -> str:
        return f'{match[1]}="{rng.choice(["l-", "p_", "c-", "js-", ""])}{match[2]}{rng.choice(["-wrap", "_inner", "2", "", "Area"])}"'

    check(templates.page(re.sub(r'\b(id)="([A-Za-z][\w-]*)"', rename, family())))


FRAME = """<table width=900><tr><td colspan=2>{menu}</td></tr><tr><td width=180>{side}</td><td>
<h1>{title}</h1><p>更新日：2023年11月2日</p>{article}{inside}</td></tr><tr><td colspan=2>{foot}</td></tr></table>"""
MENUS = [
    ("bars", lambda words: " | ".join(f'<a href="/{n}/">{word}</a>' for n, word in enumerate(words))),
    (
        "cells",
        lambda words: (
            "<table><tr>"
            + "".join(f'<td><a href="/{n}/">{word}</a></td>' for n, word in enumerate(words))
            + "</tr></table>"
        ),
    ),
    ("brackets", lambda words: "".join(f'［<a href="/{n}/">{word}</a>］' for n, word in enumerate(words))),
    (
        "rows",
        lambda words: (
            "<table>"
            + "".join(f'<tr><td><a href="/{n}/">{word}</a></td></tr>' for n, word in enumerate(words))
            + "</table>"
        ),
    ),
]
SMALL_PRINT = [
    "All Rights Reserved, Copyright(C) 2023 Example City",
    "アクセスカウンタ 12345<br>Example City Copyright © 2023",
    "記事・写真の無断転載を禁じます。 <br>Copyright 1998-2023 Example City. All rights reserved.",
]


@pytest.mark.parametrize("menu", MENUS, ids=lambda m: m[0])
@pytest.mark.parametrize("foot", SMALL_PRINT)
def test_menus_and_small_print_in_the_cells_of_a_frame(
    menu: tuple[str, Callable[[list[str]], str]], foot: str
) -> None:
    body = FRAME.format(
        menu=menu[1](templates.MENU[:4]),
        side=menu[1](templates.SIDE),
        title=templates.TITLE,
        article=templates.ARTICLE + templates.CONTACT,
        inside="",
        foot=foot,
    )
    check(templates.page(body))
    assert "無断" not in read(templates.page(body).encode()).text


def test_tables_of_links_among_the_text_stay() -> None:
    rows = "".join(
        f'<tr><td><a href="/{n}.html">{name}</a></td><td><a href="/m{n}">地図</a></td><td><a href="/f{n}">様式</a></td></tr>'
        for n, name in enumerate(["東支所", "西支所", "南支所", "北支所"])
    )
    inside = f"<p>窓口は次のとおりです。</p><table>{rows}</table><p>受付は平日だけです。</p>"
    body = FRAME.format(
        menu="", side="", title=templates.TITLE, article=templates.ARTICLE, inside=inside, foot=""
    )
    text = read(templates.page(body).encode()).text
    assert "東支所 | 地図 | 様式" in text
    photos = "<tr><th>名前</th><td>とら</td><td>" + '<a href="/1">とら1</a>' * 4 + "</td></tr>"
    more = f"<p>飼い主を募っています。</p><table>{photos * 3}</table>"
    assert "とら1" in read(templates.page(f"<h1>譲渡</h1>{templates.ARTICLE}{more}").encode()).text


WAYS = [
    '<p><a href="/">ホーム</a> &gt; <a href="/k">くらし・手続き</a> &gt; {}</p>',
    '<div>現在の位置：<a href="/">例市トップページ</a>＞<a href="/k">くらし・手続き</a>＞{}</div>',
    '<div class="pan"><ol><li><a href="/">ホーム</a></li><li><a href="/k">くらし・手続き</a></li><li>{}</li></ol></div>',
    '<ul><li><a href="/">HOME</a> &gt;</li><li><a href="/k">くらし・手続き</a></li></ul>',
]


@pytest.mark.parametrize("way", WAYS)
def test_the_way_from_the_front_page_goes(way: str) -> None:
    body = f"<div>{way.format(templates.TITLE)}</div><h1>{templates.TITLE}</h1><p>更新日：2023年11月2日</p>"
    check(templates.page(f"<main>{body}{templates.ARTICLE}{templates.CONTACT}</main>"))


def test_a_link_to_a_front_page_in_the_text_stays() -> None:
    body = '<p><a href="https://example.org/">例団体のホームページ</a>をご覧ください。</p>'
    assert "をご覧ください" in read(templates.page(f"<main>{templates.ARTICLE}{body}</main>").encode()).text


@pytest.mark.parametrize("name", ["print_area", "maincol__search", "copy", "contents-plugin"])
def test_a_text_under_the_name_of_furniture(name: str) -> None:
    said = "<p>本日、書類の紛失が判明しました。</p><p>対象は12人です。</p>"
    body = (
        f'<div class="menu"><a href="/">ホーム</a><a href="/a">概要</a></div><div class="{name}">{said}</div>'
    )
    assert read(templates.page(body).encode()).text == "本日、書類の紛失が判明しました。\n対象は12人です。"


def test_names_are_not_believed_where_they_leave_nothing() -> None:
    said = "<p>本日、書類の紛失が判明しました。</p><p>対象は12人です。</p>"
    reading = read(templates.page(f'<div class="tool-box">{said}</div>').encode())
    assert (reading.verdict, reading.text) == (
        "content",
        "本日、書類の紛失が判明しました。\n対象は12人です。",
    )


def test_the_heads_of_sections_stay() -> None:
    body = f"<div><h1>{templates.TITLE}</h1><div class=head>1 経緯</div>{templates.ARTICLE}<div class=head>2 対応</div></div>"
    units = [unit.text for unit in read(templates.page(body).encode()).blocks]
    assert units[1] == "1 経緯"
    assert units[-1] == "2 対応"


def test_a_very_short_notice() -> None:
    body = "<div id=menu><a href=/>ホーム</a><a href=/a>概要</a></div><p>本日、紛失が判明しました。</p><p>電話 000-111-2222</p>"
    assert read(templates.page(body).encode()).text == "本日、紛失が判明しました。\n電話 000-111-2222"


def test_a_page_of_links_is_no_menu() -> None:
    rows = "".join(f'<li><a href="/{n}.html">第{n}回委員会の開催について</a></li>' for n in range(12))
    assert len(read(templates.page(f"<div><h1>開催状況</h1><ul>{rows}</ul></div>").encode()).blocks) == 13


PROSE = (
    "委託した事業者から、約320人分の個人情報が外部に持ち出されたおそれがあると報告を受けました。"
    "持ち出しは令和5年10月13日に判明しました。対象の方には文書でお知らせし、深くお詫び申し上げます。"
    "再発の防止に努めてまいります。本件の対象となる業務は次のとおりです。"
)
LINKS = "<tr><td><a href=/a>健診</a></td><td><a href=/b>年金</a></td><td><a href=/c>国保</a></td></tr>"


@pytest.mark.parametrize(
    ("around", "kept"),
    [
        ("<div>{prose}<br><table>{links}</table><br>{prose}</div>", True),
        ("<table>{links}</table><p>{prose}</p>", False),
    ],
    ids=["amid the text", "above it"],
)
def test_a_table_of_links_says_something_amid_the_text_alone(around: str, kept: bool) -> None:
    body = f"<html><body>{around.format(prose=PROSE, links=LINKS)}</body></html>"
    assert ("健診 | 年金 | 国保" in read(body.encode()).text) is kept


def test_what_stands_below_a_counted_call_is_read() -> None:
    body = f"<html><body><main><p>{PROSE}</p><p>いいね！</p><p>12</p><p>以上です。</p></main></body></html>"
    assert read(body.encode()).text.endswith("次のとおりです。\n以上です。")


def test_declared_selectors_are_taken_at_their_word() -> None:
    rules = PageRules(include=("main", "footer"), exclude=("aside", "h2"))
    text = read(templates.page(templates.html5()).encode(), rules=rules).text
    assert "Example City" in text
    assert "1 経緯" not in text
    assert templates.SIDE[0] not in text


@pytest.mark.parametrize(
    "line", ["Adobe Acrobat Readerの脆弱性を悪用されました。", "アクセス数が急増しました。", "検索履歴 3件"]
)
def test_sentences_about_what_furniture_speaks_of_stay(line: str) -> None:
    assert line in read(templates.page(f"<main><h1>報告</h1><p>{line}</p></main>").encode()).text


SAID = (
    "<p>事業者から、個人情報が漏えいしたとの報告を受けました。関係の皆さまに深くお詫び申し上げます。</p>" * 3
)


@pytest.mark.parametrize(
    ("box", "stays"),
    [
        ("このページについてのご意見をお聞かせください。", False),
        ("このページについてのご意見を載せています。", True),
        ("このページについてのご意見を載せています。<input>", False),
        ("<a href=/q>このページについてのご意見</a>", False),
        ("このページについてのご意見。<a href=/q>様式</a>", True),
        ("サイトの内容は役に立ちましたか", False),
        ("サイトの内容は役に立ちましたか。電話 03-1234-5678", True),
        ("サイトの内容は役に立ちましたか。更新日：2023年11月2日", True),
        ('サイトの内容は役に立ちましたか。<a href="/a.pdf">結果（PDF）</a>', True),
        ("サイトの内容は役に立ちましたか。会員の情報が流出しました。", True),
        ("サイトの内容は役に立ちましたか。会員の情報が流出しました。<input>", False),
        ("アンケートの結果を載せます。", True),
        ("アンケート<input>", False),
        ("ご意見をお聞かせください。", True),
        ("ご意見をお聞かせください。<input>", False),
        ("こんなページも見ています", False),
        ("こんなページも見ていますと述べる文が長く続き、四十字を超えるまで、まだまだ先へと書かれ続けています", True),
        ("<a href=/a>こんなページも見ていますと述べる文が長く続き、四十字を超えるまで、まだまだ先へと続いています</a>", False),
    ],
)  # fmt: skip
def test_a_box_that_asks_about_the_page_goes_and_what_says_something_stays(box: str, stays: bool) -> None:
    page = f"<html><title>漏えい</title><main><h1>漏えいについて</h1>{SAID}<div>{box}</div></main></html>"
    blocks = read(page.encode()).blocks
    assert (len(blocks) > 7) == stays, [block.text for block in blocks[7:]]


@pytest.mark.parametrize(
    ("way", "stays"),
    [
        ('<ul><li><a href="/">ホーム</a></li><li>漏えいについて</li></ul>', False),
        ('<ul><li><a href="/">ホーム</a></li><li><a href="/k">くらし</a></li></ul>', False),
        ('<ol><li><a href="/">ホーム</a> &gt;</li><li>漏えい</li></ol>', False),
        ('<p><a href="/">ホーム</a> &gt; くらし</p>', False),
        ('<ul><li><a href="/">ホーム</a></li></ul>', True),
        ('<ul><li>案内</li><li><a href="/">ホーム</a></li></ul>', True),
        ('<ol><li><a href="/">ホーム</a></li><li>漏えい 03-1234-5678</li></ol>', True),
        ('<ol><li><a href="/">ホーム</a></li><li>漏えいがありました。</li></ol>', True),
        ('<ol><li><a href="/">ホーム</a></li><li>更新日：2023年11月2日</li></ol>', True),
        ('<p><a href="/">ホーム</a> くらし</p>', True),
    ],
)
def test_a_way_is_known_by_its_steps(way: str, stays: bool) -> None:
    page = f"<html><title>漏えい</title><main>{way}<h1>漏えいについて</h1>{SAID}</main></html>"
    blocks = read(page.encode()).blocks
    assert (len(blocks) > 7) == stays, [block.text for block in blocks]
    assert stays or blocks[0].kind == "heading"


def test_lines_of_preformatted_text_are_lines_behind_marks_too() -> None:
    page = (
        "<main><h1>漏えい</h1><pre>一行目の文章です。\n二行目<b>の</b>文章です\n三行目の文章です</pre></main>"
    )
    texts = [block.text for block in read(page.encode()).blocks]
    assert texts[1:] == ["一行目の文章です。", "二行目の文章です", "三行目の文章です"]
