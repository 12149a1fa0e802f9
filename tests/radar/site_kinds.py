"""Twenty-four kinds of page that people point kohyo at, each a small site in our own words.

Every kind says what a search must draft of it: what, from which path, and how many rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

HOST = "https://www.city.mihon.lg.jp"
EVENTS = (
    ("2026-11-26", "保育料決定通知書の誤送付について"),
    ("2026-11-24", "水道料金のお知らせ"),
    ("2026-11-20", "個人情報が入ったUSBメモリの紛失について"),
    ("2026-11-16", "市民講座の受講者を募集します"),
    ("2026-11-11", "令和9年成人式のご案内"),
    ("2026-11-05", "道路工事に伴う通行止め"),
)


@dataclass(frozen=True)
class Kind:
    """A site by path, what is asked for, and what must come of it; ``what`` None: nothing but a reason."""

    pages: dict[str, tuple[str, str | bytes]]
    what: str | None
    start: str = "/"
    rows: int = len(EVENTS)
    asked: str = "/"
    because: str = ""


def _html(body: str, head: str = "<title>見本市</title>") -> tuple[str, str]:
    return "text/html; charset=utf-8", f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def _rows(row: str, spell: str = "{y}年{m}月{d}日") -> str:
    return "".join(
        row.format(n=n, title=title, date=_spelled(day, spell), iso=day)
        for n, (day, title) in enumerate(EVENTS)
    )


def _spelled(day: str, spell: str) -> str:
    y, m, d = map(int, day.split("-"))
    return spell.format(y=y, m=m, d=d, r=y - 2018)


ITEMS = _rows(
    "<item><title>{title}</title><link>"
    + HOST
    + "/n/{n}.html</link><pubDate>{iso}T09:00:00+09:00</pubDate></item>"
)
RSS = ("application/rss+xml", f'<rss version="2.0"><channel><title>新着</title>{ITEMS}</channel></rss>')
RDF = (
    "application/xml",
    (
        '<?xml version="1.0" encoding="Shift_JIS"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>見本市</title></channel>'
        + _rows(
            '<item rdf:about="'
            + HOST
            + '/n/{n}.html"><title>{title}</title><link>'
            + HOST
            + "/n/{n}.html</link><dc:date>{iso}T00:00:00+09:00</dc:date></item>"
        )
        + "</rdf:RDF>"
    ).encode("cp932"),
)
ATOM = (
    "application/atom+xml",
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>見本市</title>'
    + _rows(
        '<entry><title>{title}</title><id>tag:{n}</id><link href="/n/{n}.html"/><updated>{iso}T00:00:00+09:00</updated></entry>'
    )
    + "</feed>",
)
JSON_FEED = (
    "application/feed+json",
    json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "見本市",
            "items": [
                {
                    "id": str(n),
                    "url": f"{HOST}/n/{n}.html",
                    "title": title,
                    "date_published": f"{day}T00:00:00+09:00",
                }
                for n, (day, title) in enumerate(EVENTS)
            ],
        }
    ),
)
UPDATES = (
    "application/json",
    json.dumps(
        {
            "result": {
                "pages": [
                    {"page_name": title, "url": f"/n/{n}.html", "publish_datetime": f"{day}T09:00:00+0900"}
                    for n, (day, title) in enumerate(EVENTS)
                ]
            }
        }
    ),
)
SITEMAP = (
    "application/xml",
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    + _rows("<url><loc>" + HOST + "/n/{n}.html</loc><lastmod>{iso}</lastmod></url>")
    + "</urlset>",
)
TEXT = (
    "このたび、当市の委託先が誤って通知書を別の世帯へ送付したことが判明しました。関係する皆さまに深くお詫び申し上げます。"
    * 6
)
LIST = (
    "<main><ul class='news'>"
    + _rows("<li><time datetime='{iso}'>{date}</time> <a href='/n/{n}.html'>{title}</a></li>")
    + "</ul></main>"
)
MENU = "<nav><ul><li><a href='/life/'>くらし</a></li><li><a href='/shigoto/'>しごと</a></li></ul></nav>"

KINDS = {
    "RSS 2.0 by its address": Kind({"/rss.xml": RSS}, "feed", "/rss.xml", asked="/rss.xml"),
    "RDF in Shift_JIS": Kind({"/news.rdf": RDF}, "feed", "/news.rdf", asked="/news.rdf"),
    "Atom with relative links": Kind({"/a.xml": ATOM}, "feed", "/a.xml", asked="/a.xml"),
    "JSON Feed": Kind({"/feed.json": JSON_FEED}, "feed", "/feed.json", asked="/feed.json"),
    "JSON of a publishing system": Kind(
        {"/index.update.json": UPDATES}, "JSON", "/index.update.json", asked="/index.update.json"
    ),
    "a sitemap": Kind({"/sitemap.xml": SITEMAP}, "feed", "/sitemap.xml", asked="/sitemap.xml"),
    "a front page that announces its feed": Kind(
        {
            "/": _html(
                MENU + "<h1>見本市</h1>",
                '<link rel="alternate" type="application/rss+xml" href="/kisha.xml"><title>見本市</title>',
            ),
            "/kisha.xml": RSS,
        },
        "feed",
        "/kisha.xml",
    ),
    "a front page that links a feed": Kind(
        {
            "/": _html(MENU + "<a href='/shinchaku.xml'><img alt='RSS' src='r.png'></a>"),
            "/shinchaku.xml": RDF,
        },
        "feed",
        "/shinchaku.xml",
    ),
    "a front page whose list announces a feed": Kind(
        {
            "/": _html(MENU + "<p><a href='/houdou/'>報道発表資料</a></p>"),
            "/houdou/": _html("<h1>報道発表</h1><p><a href='/houdou/hodo.xml'>RSS</a></p>"),
            "/houdou/hodo.xml": RSS,
        },
        "feed",
        "/houdou/hodo.xml",
    ),
    "a front page that says nothing, with a feed at a usual path": Kind(
        {"/": _html(MENU + "<h1>見本市</h1>"), "/shinchaku/shinchaku.xml": RDF},
        "feed",
        "/shinchaku/shinchaku.xml",
    ),
    "a front page that links its list of news": Kind(
        {"/": _html(MENU + "<p><a href='/oshirase/'>お知らせ一覧</a></p>"), "/oshirase/": _html(LIST)},
        "list",
        "/oshirase/",
    ),
    "a list with time elements": Kind({"/news/": _html(MENU + LIST)}, "list", "/news/", asked="/news/"),
    "a definition list": Kind(
        {
            "/news/": _html(
                "<dl class='list'>"
                + _rows("<dt>{date}</dt><dd><a href='/n/{n}.html'>{title}</a></dd>")
                + "</dl>"
            )
        },
        "list",
        "/news/",
        asked="/news/",
    ),
    "a table with dates such as R8.11.26": Kind(
        {
            "/news/": _html(
                "<table id='t'><tr><th>日付</th><th>件名</th></tr>"
                + _rows("<tr><td>{date}</td><td><a href='/n/{n}.html'>{title}</a></td></tr>", "R{r}.{m}.{d}")
                + "</table>"
            )
        },
        "list",
        "/news/",
        asked="/news/",
    ),
    "dates in the headings above": Kind(
        {
            "/news/": _html(
                "<h2>2026年11月</h2>"
                + _rows(
                    "<h3>{date}の報道発表資料</h3><ul><li><a href='/n/{n}.html'>{title}</a></li></ul>",
                    "{m}月{d}日",
                )
            )
        },
        "list",
        "/news/",
        asked="/news/",
    ),
    "dates without a year": Kind(
        {
            "/news/": _html(
                "<p>最終更新日：2026年11月26日</p><ul>"
                + _rows("<li>{date} <a href='/n/{n}.html'>{title}</a></li>", "{m}月{d}日")
                + "</ul>"
            )
        },
        "list",
        "/news/",
        asked="/news/",
    ),
    "the date in the title, 和暦": Kind(
        {
            "/news/": _html(
                "<ul class='l'>"
                + _rows("<li><a href='/n/{n}.html'>{title}（{date}発表）</a></li>", "令和{r}年{m}月{d}日")
                + "</ul>"
            )
        },
        "list",
        "/news/",
        asked="/news/",
    ),
    "a list in Shift_JIS": Kind(
        {"/news/": ("text/html", _html("<meta charset='Shift_JIS'>" + LIST)[1].encode("cp932"))},
        "list",
        "/news/",
        asked="/news/",
    ),
    "a list of several pages": Kind(
        {
            "/news/": _html(
                LIST
                + "<div class='pager'><a href='/news/?page=2'>2</a><a href='/news/?page=2'>次へ</a></div>"
            )
        },
        "list",
        "/news/",
        asked="/news/",
    ),
    "rows that are PDF files": Kind(
        {
            "/news/": _html(
                "<ul class='p'>"
                + _rows("<li>{date}<a href='/pdf/{n}.pdf'>{title}（PDF：120KB）</a></li>")
                + "</ul>"
            )
        },
        "list",
        "/news/",
        asked="/news/",
    ),
    "a list without dates": Kind(
        {
            "/news/": _html(
                "<main><ul class='x'>"
                + _rows("<li><a href='/n/{n}.html'>{title}のお知らせです</a></li>")
                + "</ul></main>"
            )
        },
        "list",
        "/news/",
        asked="/news/",
    ),
    "a press list whose site announces another feed": Kind(
        {
            "/press/": _html(
                LIST, '<link rel="alternate" type="application/rss+xml" href="/kansen.xml"><title>x</title>'
            ),
            "/kansen.xml": ("application/rss+xml", RSS[1].replace("/n/", "/kansen/")),
        },
        "list",
        "/press/",
        asked="/press/",
    ),
    "one notice": Kind(
        {"/n/1.html": _html(f"<main><h1>誤送付について</h1><p>{TEXT}</p></main>")},
        "page",
        "/n/1.html",
        0,
        "/n/1.html",
    ),
    "a page drawn by scripts": Kind(
        {"/app/": _html("<div id='root'></div><script src='/app.js'></script>")},
        None,
        asked="/app/",
        because="drawn by scripts",
    ),
    "a page that is not there": Kind({}, None, asked="/gone/", because="HTTP 404"),
}
