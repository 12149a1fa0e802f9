"""Log lines that name a capture instead of printing its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

from storage.records import Capture

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class BriefFormatter(LogFormatter):
    """Writes items as one line in Scrapy's log; a capture holds megabytes that nobody wants to read there."""

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
