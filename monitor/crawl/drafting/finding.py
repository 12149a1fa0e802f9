"""Look for the list of an address: ``kohyo sources new URL``, politely, and say what was tried.

The address itself first; then the feeds it announces or links; then its links to lists, and what those
announce; then, of a site that named none, the usual paths. The first good list ends the search.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from monitor.crawl.drafting.draft import Draft, draft_of, is_drawn_by_scripts
from monitor.crawl.drafting.guesses import MIN_ROWS
from monitor.crawl.drafting.leads import Lead, find_feeds, find_lists, list_usual_leads
from monitor.radar import judge_title
from monitor.reading import read
from spiders.discovery import DiscoverySpider
from spiders.listings.feed_rows import detect_format
from spiders.listings.listing import HtmlPage
from spiders.transport.capturing import FORBIDDEN
from storage.records import Capture, Row
from storage.text.documents import is_document
from storage.text.urls import place

MAX_ADDRESSES = 16
"""So many addresses of a site are asked at most; with a second between them that is a quarter of a minute."""
ARTICLE_CHARS = 300
"""A main text of this length, under an address that is no front page, is a notice of its own."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One address that was asked, why, and what it turned out to be."""

    url: str
    way: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was tried, the drafts that came of it, the best first, and what to know besides."""

    tried: tuple[Tried, ...]
    drafts: tuple[Draft, ...]
    remarks: tuple[str, ...]


class Search:
    """The guide of one search. What it decides rests on captures alone."""

    def __init__(
        self, url: str, taken: Container[str], *, private: bool, say: Callable[[Tried], None]
    ) -> None:
        self.private = private
        self.tried: list[Tried] = []
        self.remarks: list[str] = []
        self._drafts: list[tuple[Lead, Draft]] = []
        self._taken, self._say = taken, say
        self._leads = deque([Lead(url, "named")])
        self._at: Lead | None = None
        self._seen: set[str] = set()
        self._root = url
        self._name = ""  # of the publisher, as the page says that was asked for
        self._guessed = False
        self._done = False

    # --- as the spider asks -------------------------------------------------------------------

    def next(self) -> str | None:
        """Name the next lead that was not asked yet; see ``spiders.discovery.Guide``."""
        if self._done or len(self.tried) >= MAX_ADDRESSES:
            return None
        while self._leads:
            lead = self._leads.popleft()
            if place(lead.url) not in self._seen:
                self._seen.add(place(lead.url))
                self._at = lead
                return lead.url
        if not self._guessed and self._may_guess():
            self._guessed = True
            self._leads.extend(list_usual_leads(self._root))
            return self.next()
        return None

    def met(self, capture: Capture) -> None:
        """Judge what came, and note where it leads."""
        lead = self._at
        assert lead is not None
        outcome = self._outcome(lead, capture)
        self.tried.append(Tried(capture.url, lead.way, outcome))
        self._say(self.tried[-1])

    # --- what was found -------------------------------------------------------------------------

    def findings(self) -> Findings:
        """Sum the search up."""
        asked = next(
            (draft for lead, draft in self._drafts if lead.way == "named" and draft.what == "list"), None
        )
        ranked = sorted(self._drafts, key=lambda found: _rank(found[1], asked))
        return Findings(tuple(self.tried), tuple(draft for _, draft in ranked), tuple(self.remarks))

    def _outcome(self, lead: Lead, capture: Capture) -> str:
        if capture.status != 200 or capture.error:
            silent = capture.status is None and capture.error != FORBIDDEN  # no other address will do better
            self._done = self._done or (lead.way == "named" and silent)
            return capture.error or f"HTTP {capture.status}"
        url = capture.final_url or capture.url
        if is_document(url):
            if lead.way == "named":
                self._drafts.append((lead, draft_of(capture, self._taken, private=self.private)))
            return "a document"
        draft = draft_of(capture, self._taken, private=self.private)
        is_html = detect_format(capture.body) is None
        if draft.what == "page":
            return self._no_list(lead, capture, draft) if is_html else "a feed without rows"
        if self._name:
            draft = replace(draft, source=replace(draft.source, name=self._name))
        self._drafts.append((lead, draft))
        if not is_html:
            self._done = len(draft.rows) >= MIN_ROWS
            return f"{draft.what} of {len(draft.rows)} rows"
        page = HtmlPage(capture.body, url, content_type=capture.header("Content-Type"))
        feeds = find_feeds(page)
        self._leads.clear()
        self._leads.extend(feeds)  # a feed of the same list reads surer than its page
        self._guessed = self._guessed or lead.way == "named"
        return f"list of {len(draft.rows)} rows"

    def _no_list(self, lead: Lead, capture: Capture, draft: Draft) -> str:
        url = capture.final_url or capture.url
        reading = read(capture.body, url=url, content_type=capture.header("Content-Type"))
        page = HtmlPage(capture.body, url, content_type=capture.header("Content-Type"))
        if lead.way == "named":
            self._root, self._name = url, draft.source.name
            if is_drawn_by_scripts(capture):
                self.remarks.append(
                    "the page is drawn by scripts and says nothing without them: browser = true reads it"
                )
            elif reading.verdict != "content":
                self.remarks.append(f"the page reads as {reading.verdict}: {reading.detail}".rstrip(": "))
            else:
                self._drafts.append((lead, draft))
                if _is_article(url, reading.text):
                    self._done = True
                    return f"a page of its own: {reading.title or url}"
        if lead.way in ("named", "linked list"):
            feeds, lists = find_feeds(page), find_lists(page) if lead.way == "named" else ()
            self._leads.extendleft(reversed(feeds))
            self._leads.extend(lists)
            return f"no list; it leads to {len(feeds)} feeds and {len(lists)} lists"
        return "HTML without a list"

    def _may_guess(self) -> bool:
        return not any(draft.what != "page" for _, draft in self._drafts)


def _rank(draft: Draft, asked: Draft | None) -> tuple[int, int]:
    """Order drafts: the list that was asked for, or a feed of its rows; other feeds; lists; the page."""
    if draft.what in ("feed", "JSON"):
        return (0 if asked is None or _holds(draft, asked) else 2), -len(draft.rows)
    if draft is asked:
        return 1, 0
    return (3 if draft.what == "list" else 4), -len(draft.rows)


def _holds(feed: Draft, asked: Draft) -> bool:
    """Tell whether a feed is that of a list: half of what either could show stands in both."""
    ours, theirs = ({place(row.url) for row in draft.rows} for draft in (feed, asked))
    return len(ours & theirs) * 2 >= min(len(ours), len(theirs))


def _is_article(url: str, text: str) -> bool:
    parts = urlsplit(url)
    folders = [part for part in parts.path.split("/") if part and not part.startswith("index.")]
    return bool(folders or parts.query) and len(text) >= ARTICLE_CHARS


def find_list(
    url: str,
    taken: Container[str] = (),
    *,
    private: bool = False,
    say: Callable[[Tried], None] = lambda tried: None,
) -> Findings:
    """Search at an address for what can be watched there. One search a process, as for crawls.

    ``taken`` are ids of sources that there are already; ``say`` is told of each address when it was tried.
    """
    search = Search(url, taken, private=private, say=say)
    settings = Settings()
    settings.setmodule("monitor.settings", priority="project")
    settings.setdict({"ITEM_PIPELINES": {}, "LOG_LEVEL": "ERROR"}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(process.create_crawler(DiscoverySpider), guide=search)  # settings would hand on a copy
    process.start()
    return search.findings()


def findings_json(url: str, found: Findings, watched: Mapping[str, str]) -> dict[str, Any]:
    """Give findings as JSON. ``watched`` names the source that visits an address, by its place."""
    return {
        "url": url,
        "tried": [asdict(tried) for tried in found.tried],
        "remarks": list(found.remarks),
        "drafts": [_draft_json(draft, watched) for draft in found.drafts],
    }


def _draft_json(draft: Draft, watched: Mapping[str, str]) -> dict[str, Any]:
    source = draft.source
    return {
        "what": draft.what,
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "start": list(source.start),
        "watched_by": next((watched[place(one)] for one in source.start if place(one) in watched), None),
        "remarks": list(draft.remarks),
        "declaration": draft.declaration,
        "rows": [_row_json(row, source.kind) for row in draft.rows],
    }


def _row_json(row: Row, kind: str) -> dict[str, Any]:
    answer = judge_title(row.title, kind)
    return {
        "title": row.title,
        "url": row.url,
        "published": row.published.isoformat() if row.published else None,
        "answer": answer.answer,
        "because": list(answer.because),
    }
