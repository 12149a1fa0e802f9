"""The templates of the synthetic sites: families of frames, and two ways to mark up one text.

Our own HTML, in the manner of municipal content systems, old company pages, a regulator and blogs.
"""

# ruff: noqa: E501 - mark-up is read best in one line

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from zlib import crc32

_MENU = (
    "くらし", "子育て", "健康・福祉", "産業", "観光", "市政情報", "防災", "施設案内", "申請書", "よくある質問", "組織から探す", "入札",
    "統計", "議会", "職員採用", "広報", "相談窓口", "オープンデータ", "会社概要", "採用情報",
)  # fmt: skip


@dataclass(frozen=True)
class Dress:
    """Everything about a page that says nothing."""

    clock: datetime
    ad: str
    banner: str
    news: tuple[str, ...]
    visits: int
    encoding: str
    noise: tuple[bool, ...]  # which moving part stands inside the main element, not beside it
    identified: bool  # whether the main element carries the declared id
    token: str = "0c3f9a7e55d1"
    session: str = ""
    hours: int = 2
    slide: int = 1
    assets: str = "5f3a9c01"
    version: int = 1
    spacing: int = 0
    classes: str = "a1f0"
    wide: bool = False
    year: int = 2024
    size: int = 412
    style: int = 0
    era: bool = False
    plain_numbers: bool = False
    commas: bool = False

    def day(self, value: date) -> str:
        if self.era:
            return f"令和{value.year - 2018}年{value.month}月{value.day}日"
        return f"{value.year}年{value.month}月{value.day}日"

    def number(self, value: int) -> str:
        return str(value) if self.plain_numbers else f"{value:,}"

    def href(self, path: str) -> str:
        session = f";jsessionid={self.session}" if self.session else ""
        return f"{path}{session}?v={self.version}"


@dataclass(frozen=True)
class Family:
    name: str
    path: str
    encoding: str
    header_charset: bool
    main: str  # opening tag of the main element, with {id}
    close: str
    frame: str  # {head} {header} {main} {side} {footer}
    side: str  # opening tag of the side column
    suffix: str  # between the title and the site's name


FAMILIES = (
    Family("tmp", "contents/kurashi", "utf-8", True, '<div class="tmp_contents" {id}><p class="hide">ここから本文です。</p>', "</div>",
           '<div id="tmp_wrapper">{header}<div id="tmp_wrap_main">{main}<div id="tmp_wrap_side">{side}</div></div>{footer}</div>', '<div class="tmp_lnavi">', "／"),
    Family("landmark", "news", "utf-8", False, '<main {id}><article>', "</article></main>",
           "{header}{main}{side}{footer}", '<aside class="sidebar">', " | "),
    Family("table", "release", "cp932", False, '<td width="600" valign="top"><div {id}>', "</div></td>",
           '<table width="800" border="0"><tr><td colspan="2">{header}</td></tr><tr><td width="180">{side}</td>{main}</tr><tr><td colspan="2">{footer}</td></tr></table>',
           '<div class="menu-left">', " - "),
    Family("regulator", "news/press", "utf-8", True, '<main class="main" role="main"><div class="content" {id}>', "</div></main>",
           '<div class="l-page">{header}{main}{side}{footer}</div>', '<div class="l-side" role="complementary">', " |"),
    Family("blog", "archives", "utf-8", True, '<div class="site-main"><div class="entry-content" {id}>', "</div></div>",
           '<div class="site"><div class="site-inner">{header}{main}{side}</div>{footer}</div>', '<div class="widget-area">', " – "),
    Family("company", "ir/topics", "euc_jp", False, '<div id="contents"><section class="release" {id}>', "</section></div>",
           '<div id="container">{header}{main}{side}{footer}</div>', '<div id="sub">', "｜"),
    Family("joruri", "docs", "utf-8", True, '<div class="article"><div class="body" {id}>', "</div></div>",
           '<div id="page">{header}<div id="contentsRow">{side}{main}</div>{footer}</div>', '<div class="piece related-pages">', " - "),
    Family("classic", "oshirase", "cp932", True, '<div class="honbun-waku"><div {id}>', "</div></div>",
           '<div class="waku">{header}<div class="nakami">{main}</div>{side}{footer}</div>', '<div class="side_menu">', "："),
    Family("nameless", "info", "utf-8", True, '<div class="b1"><div {id}>', "</div></div>",
           '<div class="z0">{header}<div class="z1">{side}{main}</div>{footer}</div>', '<div class="b2">', " | "),
)  # fmt: skip

_NAMES = (
    ('<header class="header">', '<div class="k1">'), ("</header>", "</div>"), ("<nav>", ""), ("</nav>", ""),
    ('class="breadcrumb"', 'class="k2"'), ('<footer class="footer">', '<div class="k9">'), ("</footer>", "</div>"),
    ('class="bnr-area"', 'class="k4"'), ('class="bnr" ', ""), ('class="banner" ', ""),
)  # fmt: skip
"""What tells furniture by its name, and what is left of it on a site that names nothing."""

# --- one text, two ways to mark it up ---------------------------------------------------------


def render_body(
    dress: Dress,
    *,
    title: str,
    stamps: Sequence[str],
    postscripts: Sequence[str],
    paragraphs: Sequence[Sequence[str]],
    items: Sequence[str],
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    pairs: Sequence[tuple[str, str]],
    documents: Sequence[tuple[str, str]],
    closing: Sequence[str],
    extra: Sequence[str],
) -> str:
    """The main element's inside: as paragraphs and lists, or as divisions and line breaks."""
    old = dress.style == 0
    css = f"c-{dress.classes}"
    links = [
        f'<a href="{dress.href(path)}">{escape(label)}（PDF：{dress.size + 31 * at}KB）</a>'
        for at, (label, path) in enumerate(documents)
    ]
    parts = [_heading(1 if old else 2, title, css)]
    parts.append(_lines(stamps, "p" if old else "span", css))
    parts += [
        f"<p>{_moving(dress, at)}</p>" if old else f"<div>{_moving(dress, at)}</div>"
        for at in range(len(_MOVING))
        if dress.noise[at]
    ]
    parts.append(_lines(postscripts, "p" if old else "div", css))
    for group in paragraphs:
        if old:
            parts.append(f'<p class="{css}">{"".join(map(escape, group))}</p>')
        else:
            parts.append(f"<div>{'<br>'.join(map(escape, group))}</div>")
    parts.append(_heading(2 if old else 3, "対象となる情報", css))
    parts.append(
        "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        if old
        else _lines(items, "div", css)
    )
    parts.append(_table(head, rows, css, old))
    if old:
        parts.append("<dl>" + "".join(f"<dt>{a}</dt><dd>{b}</dd>" for a, b in pairs) + "</dl>")
    else:
        parts.append("<table>" + "".join(f"<tr><th>{a}</th><td>{b}</td></tr>" for a, b in pairs) + "</table>")
    parts.append(
        "<ul>" + "".join(f"<li>{link}</li>" for link in links) + "</ul>"
        if old
        else "<div>" + "<br>".join(links) + "</div>"
    )
    parts.append(_lines(closing, "p" if old else "div", css))
    for at, text in enumerate(extra):
        parts.append(_heading(2 if old else 3, text, css) if at % 2 == 0 else f"<p>{text}</p>")
    html = "\n".join(part for part in parts if part)
    if dress.commas:
        html = re.sub("、", "，", html)
    if dress.wide:
        html = _widen(html)
    return _respace(html, dress.spacing)


def _heading(level: int, text: str, css: str) -> str:
    return f'<h{level} class="{css}">{escape(text)}</h{level}>'


def _lines(lines: Sequence[str], tag: str, css: str) -> str:
    if tag == "span":
        return (
            f'<div class="{css}">' + "<br>".join(f"<span>{escape(line)}</span>" for line in lines) + "</div>"
        )
    return "\n".join(f'<{tag} class="{css}">{escape(line)}</{tag}>' for line in lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], css: str, old: bool) -> str:
    top = f"<tr>{_cells(head, 'th')}</tr>"
    body = "".join(f"<tr>{_cells(row, 'td')}</tr>" for row in rows)
    if old:
        return f'<table class="{css}" border="1">{top}{body}</table>'
    return f'<div class="table-scroll"><table><thead>{top}</thead><tbody>{body}</tbody></table></div>'


def _cells(row: Sequence[str], tag: str) -> str:
    return "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)


def _widen(html: str) -> str:
    """Digits of the text, not of the mark-up, at full width."""
    table = str.maketrans("0123456789", "０１２３４５６７８９")
    return "".join(
        part if part.startswith("<") else part.translate(table) for part in re.split(r"(<[^>]*>)", html)
    )


def _respace(html: str, spacing: int) -> str:
    if spacing == 1:
        return html.replace("\n", "\n\n    ").replace("。", "。\n")
    if spacing == 2:
        return html.replace("\n", "").replace("</td><td>", "</td> <td>")
    if spacing == 3:
        return html.replace("<p", "\t<p").replace("：", "：&nbsp;").replace("</li>", " </li>")
    return html


# --- what moves by itself ---------------------------------------------------------------------

_MOVING = ("clock", "ad", "visits", "hours", "slide", "banner")


def _moving(dress: Dress, at: int) -> str:
    moment = dress.clock
    match _MOVING[at]:
        case "clock":
            return f"表示日時：{moment:%Y年%m月%d日 %H時%M分%S秒}"
        case "ad":
            return f'<a class="bnr" href="https://ad.example/{crc32(dress.ad.encode())}?cb={dress.token}">{dress.ad}</a>'
        case "visits":
            return f"アクセス数：{dress.visits:,}"
        case "hours":
            return f"{dress.hours}時間前に更新"
        case "slide":
            return f"{dress.slide}/6"
    return f'<img src="/banner/{dress.assets}.png" alt=""><a class="banner" href="/campaign/{crc32(dress.banner.encode())}">{dress.banner}</a>'


# --- frames -----------------------------------------------------------------------------------


def render(family: Family, dress: Dress, title: str, content: str, name: str) -> str:
    charset = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP"}.get(dress.encoding, "UTF-8")
    css = dress.classes
    nav = "".join(
        f'<li class="{css}"><a href="{dress.href(f"/menu/{i}/")}">{label}</a></li>'
        for i, label in enumerate(_MENU)
    )
    head = (
        f'<meta charset="{charset}"><title>{escape(title)}{family.suffix}{name}</title>'
        f'<meta name="csrf-token" content="{dress.token}"><link rel="stylesheet" href="/css/app.{dress.assets}.css?v={dress.version}">'
        f'<script src="/js/main.{dress.assets}.js"></script><script>var nonce="{dress.token}";</script>'
    )
    beside = [_moving(dress, at) for at in range(len(_MOVING)) if not dress.noise[at]]
    header = (
        f'<header class="header"><a href="/">{name}</a><nav><ul>{nav}</ul></nav>'
        f'<form action="/search"><input type="hidden" name="token" value="{dress.token}"><input name="q"></form></header>'
        f'<div class="breadcrumb"><a href="/">トップ</a> &gt; <a href="/{family.path}/">お知らせ</a> &gt; {escape(title)}</div>'
    )
    news = "".join(f'<li><a href="/{family.path}/{len(item)}.html">{item}</a></li>' for item in dress.news)
    side = (
        f"{family.side}<h2>新着情報</h2><ul>{news}</ul>"
        + "".join(f'<div class="bnr-area">{item}</div>' for item in beside[:2])
        + "</div>"
    )
    footer = (
        '<footer class="footer">'
        + "".join(f"<div>{item}</div>" for item in beside[2:])
        + f"<address>Copyright (C) 2008-{dress.year} {name} All Rights Reserved.</address></footer>"
    )
    main = family.main.format(id='id="honbun"' if dress.identified else "") + content + family.close
    body = family.frame.format(header=header, main=main, side=side, footer=footer)
    if family.name == "nameless":
        for named, bare in _NAMES:
            body = body.replace(named, bare)
    return f'<!DOCTYPE html><html lang="ja"><head>{head}</head><body class="page-{css}">{body}</body></html>'
