"""A draft of a declaration of what one address holds, for a person to look at. Pure: a capture in."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from monitor.crawl.drafting.guesses import Guess, guess_list
from monitor.reading import read
from spiders.listings.feed_rows import detect_format
from spiders.listings.listing import HtmlPage
from storage.records import Capture, ListingRules, PageRules, Row, Source, SourceKind

_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_MAIN = ("main", "[role=main]", "article", "#main", "#contents", "#content", ".main", ".contents")
_GENERIC_LABELS = re.compile(r"www|city|pref|town|vill|metro|lg|co|go|or|ne|ac|jp|com|net|org|info|[0-9]+")
_GOVERNMENT, _COMPANY = re.compile(r"\.go\.jp$"), re.compile(r"\.(?:co\.jp|com|net)$")
MAX_STEM_CHARS = 40
DRAWN_TEXT_CHARS = 200
"""A page with scripts and less text than this shows a reader without scripts nothing."""

What = Literal["feed", "JSON", "list", "page"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A source as it would be declared, the rows it would read now, and what to look at first."""

    what: What
    source: Source
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]

    @property
    def declaration(self) -> str:
        """Write the source as TOML."""
        return _toml(self.source, self.remarks)


def draft_of(capture: Capture, taken: Container[str] = (), *, private: bool = False) -> Draft:
    """Draft a declaration of what ``capture`` holds: a list where it is one, else a page to watch.

    ``taken`` are ids of sources that there are already.
    """
    url = capture.final_url or capture.url
    content_type = capture.header("Content-Type")
    guess = guess_list(capture.body, url, content_type)
    source = Source(
        id=_free(_stem(url), taken),
        name=_name(capture, url),
        kind=_kind(url),
        start=(url,),
        every=6 * 3600,
        private=private,
        page=PageRules(attachments=True),
    )
    if guess is None:
        return Draft("page", replace(source, page=_page_rules(capture, url)), (), ())
    rules = replace(
        guess.rules,
        expect=(max(1, len(guess.rows) // 2), None),
        topic="personal-data" if guess.dated else "any",
    )
    what: What = "JSON" if rules.json else "feed" if detect_format(capture.body) else "list"
    return Draft(what, replace(source, listing=rules), guess.rows, tuple(_remarks(guess)))


def is_drawn_by_scripts(capture: Capture) -> bool:
    """Tell whether a page shows a reader without scripts nothing: hardly a text, and scripts that draw it."""
    page = HtmlPage(
        capture.body, capture.final_url or capture.url, content_type=capture.header("Content-Type")
    )
    scripts = page.root.xpath(".//script")
    said = "".join(page.root.xpath("string(.)").split())
    silent = sum(len("".join((one.text or "").split())) for one in page.root.xpath(".//script|.//style"))
    return bool(scripts) and len(said) - silent < DRAWN_TEXT_CHARS


def _remarks(guess: Guess) -> list[str]:
    remarks = []
    if not guess.dated:
        remarks.append("no row shows its date: what is new is what was not there at the visit before")
    elif guess.dated < len(guess.rows):
        remarks.append(f"{len(guess.rows) - guess.dated} of {len(guess.rows)} rows show no date")
    if guess.rules.links:
        remarks.append("read by its dated links, wherever they stand; listing.item can say which")
    if sum(urlsplit(row.url).path.lower().endswith(".pdf") for row in guess.rows) * 2 > len(guess.rows):
        remarks.append("its rows are PDF files, which are read as the notices")
    return remarks


def _page_rules(capture: Capture, url: str) -> PageRules:
    reading = read(capture.body, url=url, content_type=capture.header("Content-Type"))
    page = HtmlPage(capture.body, url, content_type=capture.header("Content-Type"))
    main = next((css for css in _MAIN if len(page.select(css)) == 1), None)
    return PageRules(include=(main,) if main else (), attachments=bool(reading.attachments))


def _name(capture: Capture, url: str) -> str:
    """Name the publisher as its page does, else by its host."""
    page = HtmlPage(capture.body, url, content_type=capture.header("Content-Type"))
    said = [one.get("content") or "" for one in page.select('meta[property="og:site_name"]')]
    said += [one.text_content() for one in page.root.xpath(".//*[local-name()='title']")[:1]]
    names = (" ".join(one.split())[:200] for one in said)
    return next(filter(None, names), urlsplit(url).hostname or url)


def _kind(url: str) -> SourceKind:
    host = urlsplit(url).hostname or ""
    if _GOVERNMENT.search(host):
        return "regulator"
    return "company" if _COMPANY.search(host) else "affected"


def _stem(url: str) -> str:
    """Make an id of the host: city.hamamatsu.shizuoka.jp is hamamatsu-shizuoka."""
    host = (urlsplit(url).hostname or "").lower()
    kept = [label for label in host.split(".") if not _GENERIC_LABELS.fullmatch(label)]
    stem = re.sub(r"[^a-z0-9_-]", "-", "-".join(kept)).strip("-_")[:MAX_STEM_CHARS]
    return stem or "source"


def _free(stem: str, taken: Container[str]) -> str:
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


# --- as TOML ------------------------------------------------------------------------------------


def _toml(source: Source, remarks: tuple[str, ...]) -> str:
    lines = [
        f"id = {_quoted(source.id)}  # must be the file's name",
        f"name = {_quoted(source.name)}",
        f"kind = {_quoted(source.kind)}  # regulator | company | affected | index | commentary",
        *(["private = true"] if source.private else []),
        f"start = [{', '.join(map(_quoted, source.start))}]",
        f'every = "{source.every // 3600}h"',
        "",
    ]
    if source.listing:
        lines += [*_listing(source.listing, remarks), ""]
    lines.append("[page]")
    if source.page.include:
        lines.append(
            f"include = {_list(source.page.include)}  # check that nothing of the notice stands outside"
        )
    else:
        lines.append("# no include: kohyo finds the main text itself")
    lines.append(f"attachments = {'true' if source.page.attachments else 'false'}")
    return "\n".join(lines) + "\n"


def _listing(rules: ListingRules, remarks: tuple[str, ...]) -> list[str]:
    lines = ["[listing]", *(f"# {_UNSEEN.sub(' ', remark)}" for remark in remarks)]
    if rules.item:
        lines.append(f"item = {_quoted(rules.item)}")
    if rules.links:
        lines.append("links = true")
    if rules.json:
        paths = [("items", rules.json.items), ("url", rules.json.url), ("title", rules.json.title)]
        paths += [("date", rules.json.date)] if rules.json.date else []
        lines.append(f"json = {{ {', '.join(f'{key} = {_quoted(path)}' for key, path in paths)} }}")
    if rules.more:
        lines.append(f"more = {_quoted(rules.more)}  # the next page")
    if rules.follow:
        lines.append(f"follow = {_list(rules.follow)}  # which addresses are notices")
    lines.append(f'topic = "{rules.topic}"  # "any" tells of every row')
    lines.append(f"expect = {{ min = {rules.expect[0]} }}  # fewer rows are an alert")
    return lines


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    """Write a string of TOML; what a page says neither ends it nor steers the terminal it is printed on."""
    quoted = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
