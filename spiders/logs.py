"""Log lines of a crawl: a request and its answer by their keys, a capture by its name and not its bytes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.logformatter import LogFormatter

from storage.records import Capture

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Request, Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class BriefFormatter(LogFormatter):
    """Writes answers with the keys of our logs, and items in brief: a capture holds megabytes."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        """Log the answer to a request; seconds are those from the request to the answer's head."""
        source = request.cb_kwargs.get("source")
        values = {
            "event": "request.answered",
            "source": source.id if source else "",  # what a page asks for besides is nobody's start
            "host": urlsplit(response.url).hostname or "",
            "url": response.url,
            "status": response.status,
            "bytes": len(response.body),
            "seconds": request.meta.get("download_latency", 0.0),
        }
        return {"level": logging.INFO, "msg": "%(event)s url=%(url)s status=%(status)d", "args": values}

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """Log an item that the pipeline took, in brief."""
        return super().scraped(_brief(item), response, spider)

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Log an item that the pipeline dropped, in brief."""
        return super().dropped(_brief(item), exception, response, spider)

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Log an item that the pipeline failed at, in brief."""
        return super().item_error(_brief(item), exception, response, spider)


def _brief(item: Any) -> str:
    if not isinstance(item, Capture):
        return repr(item)[:300]
    return f"{item.role} {item.url} of {item.source}: {item.error or item.status}, {len(item.body)} bytes"
