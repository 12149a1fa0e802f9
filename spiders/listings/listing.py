"""A listing's rows as the listing shows them. Pure: bytes in, rows out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.cssselect import CSSSelector

from spiders.listings.attached import MAX_GUESSES, find_documents, find_guessed
from spiders.listings.dated_links import read_dated_links
from spiders.listings.feed_rows import NotAFeed, detect_format, read_day, read_feed, read_json
from spiders.listings.period_links import find_newest_lists
from spiders.listings.row_titles import read_title, strip_marks
from spiders.listings.slug_dates import read_slug_date
from spiders.transport.charset import decode
from storage.records import ListingRules, Period, Row
from storage.text.japanese import parse_date
from storage.text.urls import absolute, fetchable, place

# HTML's own blanks. An ideographic space is part of a title as its author wrote it.
_BLANKS = re.compile(r"[ \t\r\n\f]+")
# without width: no part of a word
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


class Attached(NamedTuple):
    """The addresses of what hangs on a page: its documents, and what may be one by its name alone."""

    documents: tuple[str, ...]
    guessed: tuple[str, ...] = ()


class HtmlPage:
    """A parsed page: its tree, and addresses as a browser would see them."""

    def __init__(
        self, body: bytes, url: str, *, encoding: str | None = None, content_type: str | None = None
    ) -> None:
        text, codec, _ = decode(body, content_type, encoding)
        # Paths are UTF-8 everywhere, queries in the page's own encoding, as browsers send them.
        self.query = "utf-8" if codec.startswith("utf") else codec
        # One parser with one setting, fed with UTF-8: what a page claims about itself has been judged above.
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
        try:
            self.root: Any = html.document_fromstring(text.replace("\x00", "").encode(), parser=parser)
        except etree.ParserError:  # nothing in it
            self.root = html.Element("html")
        base = self.root.find(".//base[@href]")
        self.base = url if base is None else absolute(base.get("href"), url) or url

    def select(self, css: str) -> list[Any]:
        """Return the elements that match a CSS selector, in document order."""
        return _within(self.root, css)

    def address(self, link: Any) -> str | None:
        """Return where a link leads, as published: absolute, with fragment; None if not to a web page."""
        href = link.get("href")
        return None if href is None else absolute(href, self.base, self.query)


def read_rows(
    body: bytes,
    url: str,
    rules: ListingRules,
    encoding: str | None = None,
    *,
    content_type: str | None = None,
) -> tuple[Row, ...]:
    """Read the notices a listing lists, in its order. Links that ``follow`` leaves alone are no rows.

    ``encoding`` is the declaration's; ``content_type`` the header. Raises NotAFeed where the body is none.
    """
    found: Iterable[Row | None]
    if rules.any_form:
        rules = replace(rules, links=detect_format(body) is None)
    if rules.json is not None:
        found = read_json(body, url, rules.json)
    elif rules.links:
        found = read_dated_links(HtmlPage(body, url, encoding=encoding, content_type=content_type))
    elif not rules.item:
        found = read_feed(body, url, content_type=content_type)
    else:
        page = HtmlPage(body, url, encoding=encoding, content_type=content_type)
        found = (_row(page, item, rules) for item in page.select(rules.item))
    rows_read = tuple(row for row in found if row)
    if not rows_read and (rules.item or rules.links) and (other := detect_format(body)):
        what = {"json": "JSON", "feed": "a feed", "sitemap": "a sitemap"}[other]
        raise NotAFeed(f"no HTML: the answer is {what}; a listing without item and links reads it")
    return tuple(row for row in rows_read if is_followed(row.url, rules))


def is_followed(url: str, rules: ListingRules) -> bool:
    """Tell whether an address is that of a notice."""
    spelled = (url, fetchable(url))  # a pattern that ends in \.html$ means the one with a session, too
    return not rules.follow or any(re.search(pattern, one) for pattern in rules.follow for one in spelled)


def try_rows(body: bytes, url: str, rules: ListingRules, **page: Any) -> tuple[Row, ...] | str:
    """Read the rows of a listing, or say in one line why it is not what its declaration says."""
    try:
        return read_rows(body, url, rules, **page)
    except NotAFeed as error:
        return str(error)


def find_further(
    body: bytes,
    url: str,
    rules: ListingRules,
    encoding: str | None = None,
    *,
    content_type: str | None = None,
) -> tuple[str, ...]:
    """Return the addresses of more listings: earlier years, the next page. Never this one again."""
    if not rules.more:
        return ()
    page = HtmlPage(body, url, encoding=encoding, content_type=content_type)
    found = {place(link): fetchable(link) for link in map(page.address, page.select(rules.more)) if link}
    return tuple(link for at, link in found.items() if at != place(url))


def find_lists(
    body: bytes,
    url: str,
    rules: ListingRules,
    day: date,
    within: Period | None = None,
    encoding: str | None = None,
    *,
    content_type: str | None = None,
) -> tuple[tuple[Period, str], ...]:
    """Addresses of the lists of a year or month that an index of lists leads to on ``day``: the newest."""
    if not rules.index:
        return ()
    page = HtmlPage(body, url, encoding=encoding, content_type=content_type)
    return find_newest_lists(page, page.select(rules.index), url, day, within)


def find_attachments(
    body: bytes,
    url: str,
    *,
    include: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    encoding: str | None = None,
    content_type: str | None = None,
) -> Attached:
    """Return the addresses of the documents a page links to, in its order, each once."""
    page = HtmlPage(body, url, encoding=encoding, content_type=content_type)
    areas = [area for css in include for area in page.select(css)] or [page.root]
    dropped = {element for css in exclude for area in page.select(css) for element in area.iter()}

    def gather(find: Callable[[Any], Iterator[tuple[Any, str]]]) -> dict[str, str]:
        found: dict[str, str] = {}
        for area in areas:
            for element, address in find(area):
                target = absolute(address, page.base, page.query) if element not in dropped else None
                if target:
                    found.setdefault(place(target), fetchable(target))
        return found

    sure = gather(find_documents)
    host = urlsplit(page.base).hostname
    guessed = [
        link
        for at, link in gather(find_guessed).items()
        if at not in sure and at != place(url) and urlsplit(link).hostname == host
    ]
    return Attached(tuple(sure.values()), tuple(guessed[:MAX_GUESSES]))


def _row(page: HtmlPage, item: Any, rules: ListingRules) -> Row | None:
    links = ((one, page.address(one)) for one in _within(item, rules.link))
    # A link that is no address costs that link, not the row.
    link, url = next(((one, url) for one, url in links if url is not None), (None, None))
    if url is None:
        return None
    titled = _first(item, rules.title) if rules.title else None
    title = _title(link if titled is None else titled)
    label = _first(item, rules.label) if rules.label else None
    return Row(
        url=url,
        title=title,
        published=_read_date(item, link, rules.date) or read_slug_date(url),
        label="" if label is None else _text(label),
    )


def _read_date(item: Any, link: Any, css: str | None) -> date | None:
    """Find the row's own date: its machine-readable form first, then what people see."""
    # In a definition list the date stands in the dt before the dd.
    parts = [item, *item.itersiblings("dt", preceding=True)][:2] if item.tag == "dd" else [item]
    marked = [element for part in parts for element in _within(part, css or "time")]
    texts = [element.get("datetime", "") for element in marked] + [_text(element) for element in marked]
    if css is None:  # nobody said where: any date outside the title
        texts += ["".join(_outside(part, link)) for part in parts]
    return next(filter(None, (read_day(text) or parse_date(text) for text in texts)), None)


def _outside(element: Any, link: Any) -> Iterator[str]:
    """Yield the text of an element but for that of one link in it."""
    if element is not link:
        yield element.text or ""
        for child in element:
            yield from _outside(child, link)
            yield child.tail or ""


def _title(element: Any) -> str:
    if text := _collapse(read_title(element)) or _text(element):
        return strip_marks(text)
    images = (image.get("alt", "") for image in element.iter("img"))
    return strip_marks(_collapse(next(filter(None, images), element.get("title", ""))))


def _text(element: Any) -> str:
    return _collapse(element.text_content())


def _collapse(text: str) -> str:
    return _BLANKS.sub(" ", _UNSEEN.sub("", text)).strip(" ")


def _first(item: Any, css: str) -> Any:
    return next(iter(_within(item, css)), None)


def _within(item: Any, css: str) -> list[Any]:
    """Return the matches inside an item, the item itself included."""
    return list(_selector(css)(item))


@cache
def _selector(css: str) -> Any:
    return CSSSelector(css, translator="html")
