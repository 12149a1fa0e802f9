"""Pages that scripts draw, by the system's Chromium: the extra ``browser``, for sources that ask for it.

The browser itself has no network. Whatever a page asks for is fetched by Scrapy, so that robots.txt, gate,
pace, limits and the honest User-Agent hold for each of its requests, and is handed to the browser. Looks,
pictures, films and whatever is no GET are left out. What comes is the page as drawn, not what a server
sent.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from itertools import count
from typing import TYPE_CHECKING, Any

from scrapy import Request

from spiders.transport.cookies import JAR
from spiders.transport.politeness import DELAY
from spiders.transport.safety import PRIVATE
from storage.errors import list_packages
from storage.log_lines import log_event
from storage.records import Source

if TYPE_CHECKING:
    from playwright.async_api import Page, Route
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

MAX_REQUESTS = 60
"""Requests of one page; with a second between them that is a minute."""
DRAWING_SECONDS = 120.0
"""Until a page must be drawn and quiet."""
FLAG = "playwright"
"""Of a response that a browser drew."""
HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"

_DRAWN_WITH = frozenset({"document", "script", "xhr", "fetch"})
"""Kinds of request that a page is drawn with; its looks say nothing."""
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_NO_NETWORK = (
    "--proxy-server=http://127.0.0.1:9",  # nobody listens there: what is not handed over reaches nothing
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
)
_NOT_HANDED_ON = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})
"""Headers of an answer that its unpacked body contradicts, and cookies, which Scrapy keeps for the visit."""

_NO_OTHER_SCHEMES = {"file": None, "data": None, "ftp": None, "s3": None}  # as in monitor.settings

_visits = count()


def say_missing() -> str:
    """Say what ``browser = true`` needs. It stands on published pages: no path of this machine is in it."""
    return f"browser = true needs a Chromium and the package {', '.join(list_packages('browser'))}"


def is_installed() -> bool:
    """Tell whether the extra is there."""
    return find_spec("scrapy_playwright") is not None


def browser_settings(sources: Iterable[Source]) -> dict[str, Any]:
    """Return the settings of a crawl that draws pages; none where no source asks for it, or nothing can."""
    if not is_installed() or not any(source.browser for source in sources):
        return {}
    found = next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    launch = {
        "args": list(_NO_NETWORK),
        "chromium_sandbox": os.geteuid() != 0,  # Chromium has none for root
        **({"executable_path": found} if found else {}),
    }
    return {
        "DOWNLOAD_HANDLERS": {**_NO_OTHER_SCHEMES, "http": HANDLER, "https": HANDLER},
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch,
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
    }


def drawing(crawler: Crawler, meta: dict[str, Any]) -> dict[str, Any]:
    """Return what the meta of a request says so that its page is drawn; ``meta`` is that of its source."""
    carried = {key: meta[key] for key in (PRIVATE, DELAY, JAR) if key in meta}
    return {
        "playwright": True,
        "playwright_context": f"visit-{next(_visits)}",  # and with it cookies and storage: for one visit
        "playwright_context_kwargs": {
            "user_agent": crawler.settings["USER_AGENT"],
            "service_workers": "block",
            "accept_downloads": False,
            "locale": "ja-JP",
            "timezone_id": "Asia/Tokyo",
        },
        "playwright_page_init_callback": _hand_over(crawler, carried),
        "playwright_page_goto_kwargs": {"wait_until": "networkidle", "timeout": DRAWING_SECONDS * 1000},
        "download_timeout": DRAWING_SECONDS,
        "download_slot": "browser",  # it asks for nothing itself; what it wants takes the place of its host
    }


def _hand_over(crawler: Crawler, carried: dict[str, Any]) -> Callable[[Page, Request], Any]:
    """Return what is called of a page before it is opened: from then on its requests are ours."""

    async def begin(page: Page, request: Request) -> None:
        asked = count(1)

        async def answer(route: Route) -> None:
            wanted = route.request
            if (
                wanted.method != "GET"
                or wanted.resource_type not in _DRAWN_WITH
                or next(asked) > MAX_REQUESTS
            ):
                await route.abort()
                return
            assert crawler.engine is not None
            inner = Request(wanted.url, meta=carried.copy(), dont_filter=True)
            try:
                got = await crawler.engine.download_async(inner)
            except Exception as error:
                log_event(logger, "page.not_drawn", url=request.url, target=wanted.url, text=error)
                await route.abort()
                return
            headers = {
                name.decode("latin-1"): values[-1].decode("latin-1")
                for name, values in got.headers.items()
                if values and name.decode("latin-1").lower() not in _NOT_HANDED_ON
            }
            await route.fulfill(status=got.status, headers=headers, body=got.body)

        await page.route("**/*", answer)
        page.once("close", lambda _: asyncio.ensure_future(page.context.close()))

    return begin
