"""One notice in the templates of many kinds of site, written for these tests.

Every function puts the same article into another family's furniture: what must be read and what
must not is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable

TITLE = "委託先における個人情報の漏えいについて"
MENU = [
    "くらし・手続き",
    "子育て・教育",
    "健康・医療",
    "防災・安全",
    "しごと・産業",
    "観光・文化",
    "市政情報",
    "施設案内",
]
SIDE = [
    "国民健康保険の届出",
    "高額療養費の支給",
    "保険料の納め方",
    "特定健診のご案内",
    "出産育児一時金",
    "医療費のお知らせ",
]

MUST = [
    "約320人分の個人情報",
    "令和5年10月13日に判明",
    "特定健診勧奨業務",
    "1,204件",
    "氏名、住所、電話番号",
    "お詫び申し上げます",
    "000-111-2222",
    "経緯の詳細（PDF：120KB）",
    "以上",
]
MUST_NOT = [
    *MENU,
    *SIDE,
    "本文へスキップ",
    "ツイート",
    "サイトマップ",
    "Example City",
    "役に立ちましたか",
    "先頭へ戻る",
]

ARTICLE = """
<p>業務を委託した事業者から、約320人分の個人情報が外部に持ち出されたおそれがあると報告を受けました。</p>
<h2>1 経緯</h2><p>持ち出しは令和5年10月13日に判明しました。</p>
<table><tr><th>業務</th><th>件数</th><th>項目</th></tr>
<tr><td>特定健診勧奨業務</td><td>1,204件</td><td>氏名、住所、電話番号</td></tr></table>
<ul><li><a href="/files/keii.pdf">経緯の詳細（PDF：120KB）</a></li></ul>
<p>市民の皆さまに深くお詫び申し上げます。</p><p>以上</p>
"""
CONTACT = "<h2>このページに関するお問い合わせ</h2><p>健康部 保険課<br>電話：000-111-2222</p>"
SURVEY = (
    "<form><h2>ページの感想をお聞かせください</h2><p>この情報は役に立ちましたか</p>"
    "<label><input type=radio name=q>はい</label><label><input type=radio name=q>いいえ</label></form>"
)


def links(words: list[str], tag: str = "li") -> str:
    return "".join(f'<{tag}><a href="/{n}/">{word}</a></{tag}>' for n, word in enumerate(words))


def html5() -> str:
    return f"""<header><a href="/"><img src="l.png" alt="例市"></a><nav><ul>{links(MENU)}</ul></nav></header>
    <div class="breadcrumb"><ol>{links(MENU[:2])}<li>{TITLE}</li></ol></div>
    <main><article><header><h1>{TITLE}</h1><p>更新日：2023年11月2日</p></header>{ARTICLE}{CONTACT}</article>
    <aside><h2>関連ページ</h2><ul>{links(SIDE)}</ul></aside></main>
    <footer><ul>{links(["サイトマップ"])}</ul><small>© Example City</small></footer>"""


def tmp_family() -> str:
    return f"""<div id="tmp_wrapper"><p><a class="skip" href="#tmp_honbun">本文へスキップします。</a></p>
    <div id="tmp_header"><ul>{links(MENU)}</ul></div><div id="tmp_gnavi"><ul>{links(MENU)}</ul></div>
    <div id="tmp_pankuzu"><p><a href="/">ホーム</a> &gt; {TITLE}</p></div>
    <div id="tmp_custom_update"><p>印刷</p><p>更新日：2023年11月2日</p></div>
    <div id="tmp_wrap_main" class="column_rnavi"><div id="tmp_main"><div id="tmp_honbun"><p>ここから本文です。</p>
    <h1>{TITLE}</h1>{ARTICLE}</div><div id="tmp_inquiry">{CONTACT}</div><div id="tmp_feedback">{SURVEY}</div></div>
    <div id="tmp_rnavi"><ul>{links(SIDE)}</ul></div></div>
    <div class="pnavi"><p class="ptop"><a href="#">ページの先頭へ戻る</a></p></div>
    <div id="tmp_footer"><ul>{links(["サイトマップ"])}</ul><p>Copyright Example City</p></div></div>"""


def contact_outside() -> str:
    return f"""<div id="header"><ul>{links(MENU)}</ul></div>
    <div id="main"><h1>{TITLE}</h1><p class="date">更新日 2023年11月2日</p>{ARTICLE}</div>
    <div class="toiawase">{CONTACT}</div><div id="sidebar"><ul>{links(SIDE)}</ul></div>
    <div id="footer"><p><a href="/">サイトマップ</a> Copyright Example City</p></div>"""


def three_columns() -> str:
    return f"""<div id="all"><div id="head"><div class="globalNavi"><ul>{links(MENU)}</ul></div></div>
    <div id="topicpath"><a href="/">トップ</a> &gt; <a href="/k">くらし</a> &gt; {TITLE}</div>
    <div id="contents_area"><div class="side_contents"><ul>{links(SIDE)}</ul></div>
    <div class="main_col"><h1>{TITLE}</h1><div class="tools"><a href="#">ツイート</a></div>
    <div class="info">公開日 2023年10月17日 最終更新日 2023年11月2日</div>{ARTICLE}{CONTACT}{SURVEY}</div>
    <div class="right_banner"><ul>{links(SIDE)}</ul></div></div>
    <div class="pagetop"><a href="#">ページの先頭へ戻る</a></div>
    <div id="foot"><ul>{links(["サイトマップ"])}</ul>Example City</div></div>"""


def nameless() -> str:
    return f"""<div><div><ul>{links(MENU)}</ul></div></div><div><div><ul>{links(SIDE)}</ul></div>
    <div><h1>{TITLE}</h1><div>掲載日：令和5年10月17日</div>{ARTICLE}{CONTACT}</div></div>
    <div><p><a href="/">サイトマップ</a></p><p>Copyright © Example City</p></div>"""


def layout_tables() -> str:
    return f"""<table width=760><tr><td colspan=2>{links(MENU, "span")}</td></tr><tr>
    <td width=160>{links(SIDE, "p")}</td><td width=600><font size=5><b>{TITLE}</b></font><br>
    <div align=right>平成28年3月7日</div>{ARTICLE}{CONTACT}</td></tr></table>
    <hr><center>Copyright (C) Example City</center>"""


def wordpress() -> str:
    return f"""<body class="single has-sidebar"><header id="masthead"><nav id="site-navigation"><ul>{links(MENU)}</ul>
    </nav></header><div id="content" class="site-content"><div id="primary"><article class="post">
    <header class="entry-header"><h1 class="entry-title">{TITLE}</h1>
    <time class="entry-date published" datetime="2023-10-17T09:00:00+09:00">2023年10月17日</time></header>
    <div class="entry-content">{ARTICLE}{CONTACT}</div><footer class="entry-footer"><div class="sharedaddy">
    <a href="#">ツイート</a></div></footer></article><nav class="post-navigation"><a href="/p">前の記事</a></nav></div>
    <div id="secondary" class="widget-area"><section class="widget"><ul>{links(SIDE)}</ul></section></div></div>
    <footer id="colophon"><ul>{links(["サイトマップ"])}</ul>Example City</footer>"""


def camel_case() -> str:
    return f"""<div id="pageWrap"><div id="siteHeader"><div id="headMenu"><ul>{links(MENU)}</ul></div></div>
    <p id="linkSkip"><a href="#mainContents">本文へスキップ</a></p>
    <div id="breadCrumb">{links(MENU[:1], "span")} {TITLE}</div>
    <div id="mainContents"><h1>{TITLE}</h1><p>登録日：2023年10月17日</p>{ARTICLE}<div class="inquiryBox">{CONTACT}</div>
    <div class="snsArea"><a href="#">ツイート</a></div></div>
    <div id="localNavi"><ul>{links(SIDE)}</ul></div>
    <div id="siteFooter"><ul>{links(["サイトマップ"])}</ul><p>Example City</p></div></div>"""


def role_main() -> str:
    return f"""<div role="banner"><div role="navigation"><ul>{links(MENU)}</ul></div></div>
    <div class="wrap"><section id="container" role="main"><h1>{TITLE}</h1><p>更新日：2023年11月2日</p>{ARTICLE}{CONTACT}
    </section><div role="complementary"><ul>{links(SIDE)}</ul></div></div>
    <div role="contentinfo"><a href="/">サイトマップ</a> Example City</div>"""


FAMILIES: list[Callable[[], str]] = [
    html5,
    tmp_family,
    contact_outside,
    three_columns,
    nameless,
    layout_tables,
    wordpress,
    camel_case,
    role_main,
]


def page(body: str, title: str = f"{TITLE}｜例市公式サイト") -> str:
    return f'<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'
