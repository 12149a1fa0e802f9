"""Make a nation of publishers: lists in every form, with every oddity of real ones, and incidents in them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

START = datetime(2026, 11, 2, 0, 17, tzinfo=UTC)
ROWS_OF_A_LIST, NEW_ROWS, INCIDENTS, EDITS = 10, 3, 12, 6
DELAY_SECONDS = 0.5
STOPPED = 6
"""Lists that stand still from the second epoch on."""

# --- what is published --------------------------------------------------------------------------

PLACES = ("例示", "見本", "試作", "仮置", "写し", "雛形", "手本", "下書")
PARTS = ("市", "町", "村", "区", "県", "株式会社", "病院", "大学", "連合会", "協会")
PEOPLE = ("保護者", "受診者", "納税者", "会員", "応募者", "利用者", "受講者")
ITEMS = ("決定通知書", "案内状", "名簿", "申込書", "結果票", "請求書")
EVENTS = (
    "{people}の個人情報が含まれる{item}の紛失について",
    "{item}の誤送付による個人情報の漏えいについて",
    "メール誤送信による{people}のメールアドレスの流出について（お詫び）",
    "不正アクセスによる{people}情報の漏えいの可能性に関するお知らせ",
    "個人情報を保存したUSBメモリの紛失について",
    "ランサムウェア被害に伴う{people}の個人情報流出のおそれについて",
)
OTHERS = (
    "{n}月の休日当番医について",
    "令和8年度{people}アンケートの結果を公表します",
    "新型コロナウイルス感染症のワクチン接種について",
    "{item}の記載漏れにご注意ください",
    "漏水調査のお知らせ（{n}丁目）",
    "文化財の海外流出を考える展示のご案内",
    "個人情報保護条例の一部改正について",
    "情報セキュリティセミナーの受講者を募集します",
    "フィッシング詐欺にご注意ください",
    "自動車盗難が増えています",
    "市民講座「はじめてのパソコン」第{n}回",
    "粗大ごみの収集日が変わります",
    "入札結果（{n}号線舗装工事）",
    "水道工事に伴う通行止めのお知らせ",
    "マイナンバーカードの申請窓口を開設します",
    "図書館の臨時休館について",
    "職員採用試験（第{n}回）の実施について",
    "広報{n}月号を発行しました",
    "議会だより第{n}号",
    "自転車の盗難防止について",
)


@dataclass
class Item:
    """A row of a list and the page behind it; ``version`` counts what its publisher wrote there."""

    number: int
    title: str
    day: date
    incident: bool
    host: int
    count: int = 0
    version: int = 1

    @property
    def path(self) -> str:
        """Say where its page stands."""
        return f"/n/{self.number}.html"


@dataclass
class Publisher:
    """A host with its list: how it is written, what is odd about it, and what stands on it, newest first."""

    number: int
    form: str
    oddity: str
    name: str
    items: list[Item] = field(default_factory=list)
    stopped: bool = False
    asked: list[tuple[float, str]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Say its address of this machine."""
        return f"127.1.{self.number // 250}.{self.number % 250 + 1}"


class Nation:
    """All publishers as of an epoch. Everything is a function of the seed."""

    def __init__(self, hosts: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.numbers = iter(range(1, 10**9))
        self.epoch = 0
        self.port = 0
        forms = sorted(FORMS)
        oddities = ("", "", "", "relative links", "odd dates", "old item stays", "few items", "new ids")
        self.publishers = [
            Publisher(
                number,
                forms[number % len(forms)],
                oddities[number // len(forms) % len(oddities)],
                f"{PLACES[number % len(PLACES)]}第{number}{PARTS[number % len(PARTS)]}",
            )
            for number in range(hosts)
        ]
        for publisher in self.publishers:
            days = sorted(self.random.sample(range(1, 60), ROWS_OF_A_LIST))
            publisher.items = [self._other(publisher, START.date() - timedelta(days)) for days in days]
        self.told: list[Item] = []
        self.edited: list[Item] = []

    def forbids(self, publisher: Publisher) -> bool:
        """Tell whether a publisher's robots.txt keeps everybody out."""
        return publisher.number == len(self.publishers) - 1

    def is_down(self, publisher: Publisher) -> bool:
        """Tell whether a publisher's host does not answer."""
        return publisher.number == len(self.publishers) - 2

    def advance(self, today: date) -> None:
        """Let every publisher publish, twelve of them an incident, and edit what some have said."""
        self.epoch += 1
        open_ones = [one for one in self.publishers if not self.forbids(one) and not self.is_down(one)]
        if self.epoch == 2:
            undated = [one for one in open_ones if one.form == "RSS without dates"]
            for publisher in [undated[-1], *self.random.sample(open_ones, STOPPED - 1)]:
                publisher.stopped = True
        live = [one for one in open_ones if not one.stopped]
        struck = {one.number for one in self.random.sample(live, INCIDENTS)}
        for publisher in live:
            new = [self._other(publisher, today) for _ in range(NEW_ROWS)]
            if publisher.number in struck:
                new[self.random.randrange(NEW_ROWS)] = incident = self._incident(publisher, today)
                self.told.append(incident)
            kept = 6 if publisher.oddity == "few items" else ROWS_OF_A_LIST + 2 * NEW_ROWS
            publisher.items = (new + publisher.items)[:kept]
        earlier = [item for item in self.told if item.day < today]
        for item in self.random.sample(earlier, min(EDITS, len(earlier))):
            item.version += 1
            item.count += self.random.randint(50, 500)
            self.edited.append(item)

    def _other(self, publisher: Publisher, day: date) -> Item:
        return self._item(publisher, day, self.random.choice(OTHERS), incident=False)

    def _incident(self, publisher: Publisher, day: date) -> Item:
        return self._item(publisher, day, self.random.choice(EVENTS), incident=True)

    def _item(self, publisher: Publisher, day: date, title: str, *, incident: bool) -> Item:
        choose, number = self.random.choice, next(self.numbers)
        title = title.format(people=choose(PEOPLE), item=choose(ITEMS), n=number % 12 + 1)
        return Item(number, title, day, incident, publisher.number, self.random.randint(2, 9_000))

    # --- as a server ----------------------------------------------------------------------------

    def answer(self, host: str, path: str, at: float) -> tuple[int, str, bytes]:
        """Return status, media type and body of what a host has at a path; ``at``: when it was asked for."""
        _, _, high, low = (int(part) for part in host.split("."))
        publisher = self.publishers[high * 250 + low - 1]
        publisher.asked.append((at, path))
        if path == "/robots.txt":
            rule = "/" if self.forbids(publisher) else ""
            return 200, "text/plain", f"User-agent: *\nDisallow: {rule}\n".encode()
        form = FORMS[publisher.form]
        if path.partition("?")[0] == form.path or (form.further and path.startswith(form.further)):
            content_type, body = form.write(self, publisher, path)
            return 200, content_type, body if isinstance(body, bytes) else body.encode()
        item = next((one for one in self._known(publisher) if one.path == path), None)
        return (
            (404, "text/html", b"not here")
            if item is None
            else (200, "text/html", self._page(publisher, item))
        )

    def _known(self, publisher: Publisher) -> Iterator[Item]:
        yield from publisher.items
        yield from (item for item in self.told if item.host == publisher.number)

    def _page(self, publisher: Publisher, item: Item) -> bytes:
        if not item.incident:
            text = "<p>詳しくは担当課へお問い合わせください。</p>" * 3
        else:
            days = f"{item.day.month}月{item.day.day}日"
            text = (
                f"<p>{publisher.name}が管理する個人情報が漏えいしました。{days}に判明したものです。</p>"
                f"<p>対象は{item.count}名分で、氏名、住所、電話番号が含まれていました。</p>"
                "<p>関係する皆さまに深くお詫び申し上げます。現時点で不正に利用された事実は確認されていません。</p>"
                "<p>再発防止のため、送付前の確認を二人で行うこととしました。</p>"
            )
            if item.version > 1:
                text += f"<p>（第{item.version}報）調査の結果、対象者数を改めました。</p>"
        return (
            f"<!doctype html><html lang=ja><meta charset=utf-8><title>{item.title} | {publisher.name}</title>"
            f"<body><nav><a href='/'>トップ</a></nav><main><h1>{item.title}</h1>"
            f"<p>{item.day.year}年{item.day.month}月{item.day.day}日</p>{text}</main>"
            f"<footer>{publisher.name} 代表電話</footer></body></html>"
        ).encode()


# --- the forms of lists -------------------------------------------------------------------------

Write = Callable[[Nation, Publisher, str], tuple[str, str | bytes]]


@dataclass(frozen=True)
class Form:
    """How a list is written: its path, its declaration, and the function that writes it."""

    path: str
    listing: str
    write: Write
    further: str = ""


def _address(nation: Nation, publisher: Publisher, item: Item) -> str:
    relative = publisher.oddity == "relative links"
    return item.path if relative else f"http://{publisher.host}:{nation.port}{item.path}"


def _moment(publisher: Publisher, item: Item, place: int) -> str:
    if publisher.oddity == "odd dates" and place == 3:
        return "1700-01-01T00:00:00+09:00"
    if publisher.oddity == "odd dates" and place == 4:
        return "9999-12-31T00:00:00+09:00"
    return f"{item.day.isoformat()}T09:00:00+09:00"


def shown(nation: Nation, publisher: Publisher) -> Sequence[Item]:
    """Return the rows that a publisher's list shows, newest first."""
    old = Item(
        900_000_000 + publisher.number, "夏まつりの出店者を募集", date(2022, 7, 1), False, publisher.number
    )
    return [*publisher.items, old] if publisher.oddity == "old item stays" else publisher.items


def _entries(nation: Nation, publisher: Publisher, shape: str) -> str:
    return "".join(
        shape.format(
            title=item.title,
            url=_address(nation, publisher, item),
            moment=_moment(publisher, item, place),
            id=f"{item.number}-{nation.epoch}" if publisher.oddity == "new ids" else item.number,
        )
        for place, item in enumerate(shown(nation, publisher))
    )


def _rdf(nation: Nation, publisher: Publisher, path: str) -> tuple[str, bytes]:
    items = _entries(
        nation,
        publisher,
        '<item rdf:about="{url}#{id}"><title>{title}</title><link>{url}</link>'
        "<dc:date>{moment}</dc:date></item>",
    )
    codec = "Shift_JIS" if publisher.number % 2 else "UTF-8"
    text = (
        f'<?xml version="1.0" encoding="{codec}"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{publisher.name}</title></channel>{items}</rdf:RDF>"
    )
    return "application/xml", text.encode("cp932" if codec == "Shift_JIS" else "utf-8")


def _rss(nation: Nation, publisher: Publisher, path: str) -> tuple[str, str]:
    items = _entries(
        nation,
        publisher,
        "<item><title>{title}</title><link>{url}</link><guid>{id}</guid><pubDate>{moment}</pubDate></item>",
    )
    return "text/xml", f'<rss version="2.0"><channel><title>{publisher.name}</title>{items}</channel></rss>'


def _rss_undated(nation: Nation, publisher: Publisher, path: str) -> tuple[str, str]:
    items = _entries(nation, publisher, "<item><title>{title}</title><link>{url}</link></item>")
    return "text/xml", f'<rss version="2.0"><channel><title>{publisher.name}</title>{items}</channel></rss>'


def _atom(nation: Nation, publisher: Publisher, path: str) -> tuple[str, str]:
    items = _entries(
        nation,
        publisher,
        '<entry><title>{title}</title><id>tag:{id}</id><link href="{url}"/>'
        "<updated>{moment}</updated></entry>",
    )
    return "text/html", f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{items}</feed>'


def _json_feed(nation: Nation, publisher: Publisher, path: str) -> tuple[str, str]:
    items = [
        {
            "id": str(item.number),
            "url": _address(nation, publisher, item),
            "title": item.title,
            "date_published": _moment(publisher, item, place),
        }
        for place, item in enumerate(shown(nation, publisher))
    ]
    return "application/json", json.dumps({"version": "https://jsonfeed.org/version/1", "items": items})


def _json(nation: Nation, publisher: Publisher, path: str) -> tuple[str, str]:
    pages = [
        {"name": item.title, "at": _address(nation, publisher, item), "day": _moment(publisher, item, place)}
        for place, item in enumerate(shown(nation, publisher))
    ]
    return "application/json", json.dumps({"result": {"pages": pages}}, ensure_ascii=False)


def _html(
    nation: Nation, publisher: Publisher, row: str, around: str = "<ul class='news'>{}</ul>"
) -> tuple[str, str]:
    rows = "".join(
        row.format(
            title=item.title,
            url=_address(nation, publisher, item),
            day=item.day.isoformat(),
            kanji=f"{item.day.year}年{item.day.month}月{item.day.day}日",
            era=f"R{item.day.year - 2018}.{item.day.month}.{item.day.day}",
            reiwa=f"令和{item.day.year - 2018}年{item.day.month}月{item.day.day}日",
            short=f"{item.day.month}月{item.day.day}日",
        )
        for item in shown(nation, publisher)
    )
    body = f"<nav><a href='/'>トップ</a></nav><h1>報道発表</h1>{around.format(rows)}"
    head = f"<meta charset=utf-8><title>{publisher.name}</title>"
    return "text/html; charset=utf-8", f"<!doctype html><html lang=ja>{head}<body>{body}</body></html>"


def _by_heading(nation: Nation, publisher: Publisher, path: str) -> tuple[str, str]:
    parts, month, day = [], "", ""
    for item in shown(nation, publisher):
        if (now := f"{item.day.year}年{item.day.month}月") != month:
            parts.append(f"<h2>{now}</h2>")
            month, day = now, ""
        if (now := f"{item.day.month}月{item.day.day}日") != day:
            parts.append(f"<h3>{now}の報道発表資料</h3>")
            day = now
        parts.append(f"<ul><li><a href='{_address(nation, publisher, item)}'>{item.title}</a></li></ul>")
    page = "<!doctype html><meta charset=utf-8><body>" + "".join(parts)
    return "text/html; charset=utf-8", page


def _paged(nation: Nation, publisher: Publisher, path: str) -> tuple[str, str]:
    page = int(path.partition("page=")[2] or 1)
    items, size = shown(nation, publisher), 8
    rows = "".join(
        f"<li><time datetime='{item.day}'>{item.day}</time>"
        f"<a href='{_address(nation, publisher, item)}'>{item.title}</a></li>"
        for item in items[(page - 1) * size : page * size]
    )
    more = f"<a rel='next' href='/news/?page={page + 1}'>次へ</a>" if page * size < len(items) else ""
    return "text/html", f"<!doctype html><meta charset=utf-8><ul class='news'>{rows}</ul>{more}"


_LIST = 'item = "ul.news > li"\n'
FORMS: dict[str, Form] = {
    "RSS 1.0": Form("/rss/10/list1.xml", "", _rdf),
    "RSS 2.0": Form("/news.rss", "", _rss),
    "RSS without dates": Form("/rss/index.rdf", "", _rss_undated),
    "Atom as text/html": Form("/atom.xml", "", _atom),
    "JSON Feed": Form("/feed.json", "", _json_feed),
    "JSON": Form(
        "/index.update.json",
        'json = { items = "result.pages", url = "at", title = "name", date = "day" }\n',
        _json,
    ),
    "list": Form(
        "/news/",
        _LIST + 'date = "time"\n',
        lambda n, p, _: _html(
            n, p, "<li><time datetime='{day}'>{kanji}</time> <a href='{url}'>{title}</a></li>"
        ),
    ),
    "definition list": Form(
        "/news/",
        'item = "dl.news > dd"\n',
        lambda n, p, _: _html(
            n, p, "<dt>{kanji}</dt><dd><a href='{url}'>{title}</a></dd>", "<dl class='news'>{}</dl>"
        ),
    ),
    "table": Form(
        "/news/",
        "links = true\n",
        lambda n, p, _: _html(
            n, p, "<tr><td>{era}</td><td><a href='{url}'>{title}</a></td></tr>", "<table>{}</table>"
        ),
    ),
    "date in the title": Form(
        "/news/",
        "links = true\n",
        lambda n, p, _: _html(n, p, "<li><a href='{url}'>{title}（{reiwa}発表）</a></li>"),
    ),
    "no year": Form(
        "/news/",
        "links = true\n",
        lambda n, p, _: _html(
            n,
            p,
            "<li>{short} <a href='{url}'>{title}</a></li>",
            f"<p>更新日：{START.year}年{START.month}月{START.day}日</p><ul>{{}}</ul>",
        ),
    ),
    "dates in headings": Form("/news/", "links = true\n", _by_heading),
    "pages": Form("/news/", _LIST + 'date = "time"\nmore = "a[rel=next]"\n', _paged, "/news/?page="),
}


def declarations(nation: Nation) -> str:
    """Write the declarations of all lists, in one file."""
    parts = [
        f'set = "radar"\nkind = "affected"\nevery = "12h"\nprivate = true\n'
        f'delay = {DELAY_SECONDS}\nseen = "bench"\n'
    ]
    for publisher in nation.publishers:
        form = FORMS[publisher.form]
        start = f"http://{publisher.host}:{nation.port}{form.path}"
        parts.append(
            f'[[source]]\nid = "n{publisher.number}"\nname = "{publisher.name}"\nstart = ["{start}"]\n'
            f'[source.listing]\n{form.listing}topic = "personal-data"\n'
        )
    return "\n".join(parts)
