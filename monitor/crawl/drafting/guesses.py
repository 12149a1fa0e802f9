"""How a body may be read as a list: rules of a declaration, guessed. Pure: bytes in, rules out.

Each guess is tried by the reader of listings itself, so that a draft reads what the preview shows.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import XPathSyntaxError

from spiders.listings.dated_links import read_dated_links
from spiders.listings.feed_rows import NotAFeed, detect_format
from spiders.listings.listing import HtmlPage, read_rows
from spiders.transport.charset import decode
from storage.records import JsonPaths, ListingRules, Row
from storage.text.japanese import fold_width
from storage.text.urls import place

MIN_ROWS = 3
"""Fewer dated links are no list: a notice itself may link two earlier ones."""
MIN_UNDATED_ROWS, MIN_UNDATED_TITLE_CHARS = 6, 8
"""What a list without dates must have, or every menu would be one."""
MAX_GROUPS, MAX_DEPTH = 40, 5

_ITEMS = ("li", "tr", "dd", "article", "div", "p", "section")
_FURNITURE = ("nav", "header", "footer", "aside", "form")
_NAME = re.compile(r"[A-Za-z_][\w-]*\Z")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z", re.A)  # of JMESPath; others stand in quotes
_NEXT = re.compile(r"^(?:次(?:へ|の?\s?\d*\s?(?:ページ|頁|件))?|next|older|>|>>|»|›)", re.I)
_URL_KEYS = ("url", "link", "href", "page_url", "permalink", "path", "uri")
_TITLE_KEYS = ("title", "page_name", "name", "subject", "headline", "text")
_DATE_KEYS = ("date", "publish", "update", "created", "issued", "time", "day")


@dataclass(frozen=True, slots=True)
class Guess:
    """Rules and the rows they give; ``dated`` of them have a date."""

    rules: ListingRules
    rows: tuple[Row, ...]

    @property
    def dated(self) -> int:
        """Count the rows with a date."""
        return sum(row.published is not None for row in self.rows)


def guess_list(body: bytes, url: str, content_type: str | None) -> Guess | None:
    """Guess how a feed, JSON or HTML is read as a list; None where it is none."""
    kind = detect_format(body)
    if kind == "json":
        return _first_with_rows(body, url, content_type, [ListingRules(), *_json_rules(body)])
    if kind is not None:
        return _first_with_rows(body, url, content_type, [ListingRules()])
    return _html_list(body, url, content_type)


def _first_with_rows(
    body: bytes, url: str, content_type: str | None, all_rules: Iterable[ListingRules]
) -> Guess | None:
    for rules in all_rules:
        try:
            found = read_rows(body, url, rules, content_type=content_type)
        except NotAFeed:
            continue
        if found:
            return Guess(rules, found)
    return None


# --- HTML -------------------------------------------------------------------------------------


def _html_list(body: bytes, url: str, content_type: str | None) -> Guess | None:
    page = HtmlPage(body, url, content_type=content_type)
    by_links = Guess(ListingRules(links=True), read_dated_links(page))
    guesses = (
        Guess(rules, read_rows(body, url, rules, content_type=content_type))
        for rules in map(ListingRules, _selectors(page))
    )
    by_item = max(guesses, key=lambda one: (one.dated, -len(one.rows)), default=None)
    chosen: Guess | None = None
    if by_item and by_item.dated >= max(MIN_ROWS, by_links.dated * 0.9) and _mostly_dated(by_item):
        chosen = by_item
    elif by_links.dated >= MIN_ROWS:
        chosen = by_links
    if chosen is None:
        return _undated(page, body, url, content_type)
    return replace(chosen, rules=replace(chosen.rules, more=_next_page(page), follow=_folder(chosen.rows)))


def _mostly_dated(guess: Guess) -> bool:
    return guess.dated * 10 >= len(guess.rows) * 8


def _undated(page: HtmlPage, body: bytes, url: str, content_type: str | None) -> Guess | None:
    for css in _selectors(page):
        rules = ListingRules(css)
        found = read_rows(body, url, rules, content_type=content_type)
        long = [row for row in found if len(row.title) >= MIN_UNDATED_TITLE_CHARS]
        if len(long) >= MIN_UNDATED_ROWS and len(long) * 10 >= len(found) * 8:
            return Guess(replace(rules, follow=_folder(found)), found)
    return None


def _selectors(page: HtmlPage) -> Iterator[str]:
    """Name the groups of like siblings that each hold a link, the largest first, furniture left out."""
    groups: Counter[str] = Counter()
    seen: dict[tuple[int, str], Any] = {}  # holds the parents, so that no other takes an id
    for tag in _ITEMS:
        for item in page.root.iter(tag):
            parent = item.getparent()
            if parent is None or item.find(".//a[@href]") is None:
                continue
            if (id(parent), tag) in seen or any(one.tag in _FURNITURE for one in item.iterancestors()):
                continue
            seen[id(parent), tag] = parent
            linked = sum(1 for one in parent.iterchildren(tag) if one.find(".//a[@href]") is not None)
            if linked >= MIN_ROWS:
                groups[_selector(parent, tag)] += linked
    return (css for css, _ in groups.most_common(MAX_GROUPS))


def _selector(parent: Any, tag: str) -> str:
    """Name the children of a parent by the nearest class or id; numbers in them are of one day."""
    steps = [tag]
    for element in (parent, *parent.iterancestors()):
        if not isinstance(element.tag, str) or element.tag in ("body", "html"):
            break
        marks = [f".{name}" for name in (element.get("class") or "").split() if _NAME.match(name)]
        if _NAME.match(element.get("id") or ""):
            marks.append(f"#{element.get('id')}")
        steps.insert(0, f"{element.tag}{marks[0]}" if marks else element.tag)
        if marks or len(steps) > MAX_DEPTH:
            break
    return " > ".join(steps)


def _folder(found: tuple[Row, ...]) -> tuple[str, ...]:
    """Say which addresses are notices, where nearly all rows stand in one folder of the site."""
    if not found:
        return ()
    folders = Counter(
        f"{urlsplit(row.url).netloc}{urlsplit(row.url).path.rsplit('/', 1)[0]}/" for row in found
    )
    folder, count = folders.most_common(1)[0]
    host, _, path = folder.partition("/")
    inside = count * 20 >= len(found) * 19 and path.strip("/")
    return (re.escape(f"{host}/{path}"),) if inside else ()


def _next_page(page: HtmlPage) -> str | None:
    """Name the link to the next page of a list by CSS; None where there is none that CSS can name."""
    for link in page.select("a[href]"):
        label = fold_width(" ".join(link.text_content().split()))
        rel = (link.get("rel") or "").lower().split()
        if "next" not in rel and not _NEXT.match(label):
            continue
        address = page.address(link)
        if not address or place(address) == place(page.base):
            continue
        css = "a[rel~=next]" if "next" in rel else _selector(link.getparent(), "a")
        if _leads_only_to_pages(page, css, address):
            return css
    return None


def _leads_only_to_pages(page: HtmlPage, css: str, address: str) -> bool:
    try:
        found = [page.address(link) for link in page.select(css)]
    except (SyntaxError, RuntimeError, XPathSyntaxError):
        return False
    folder = urlsplit(address).path.rsplit("/", 1)[0]
    return 0 < len(found) <= 30 and all(one and urlsplit(one).path.startswith(folder) for one in found)


# --- JSON -------------------------------------------------------------------------------------


def _json_rules(body: bytes) -> Iterator[ListingRules]:
    """Name where JSON holds rows: lists of objects with an address and a title, the longest first."""
    try:
        value = json.loads(decode(body).text)
    except (ValueError, RecursionError):
        return
    lists = sorted(_lists(value, ()), key=lambda found: -len(found[1]))
    for path, items in lists:
        keys = list(dict.fromkeys(key for item in items[:20] for key in item))
        url, title, date = (_key(keys, names) for names in (_URL_KEYS, _TITLE_KEYS, _DATE_KEYS))
        if url and title:
            place_of = ".".join(map(_quoted, path)) or "@"
            yield ListingRules(
                json=JsonPaths(place_of, _quoted(url), _quoted(title), _quoted(date) if date else None)
            )


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    if isinstance(value, list):
        items = [item for item in value if isinstance(item, dict)]
        if items:
            yield path, items
    elif isinstance(value, dict) and len(path) < MAX_DEPTH:
        for key, inner in value.items():
            yield from _lists(inner, (*path, key))


def _key(keys: list[str], names: tuple[str, ...]) -> str | None:
    for name in names:
        for key in keys:
            if key.lower() == name or (name in _DATE_KEYS and name in key.lower()):
                return key
    return next((key for name in names for key in keys if name in key.lower()), None)


def _quoted(key: str) -> str:
    return key if _IDENTIFIER.match(key) else json.dumps(key, ensure_ascii=False)
