"""What keeps its turn: requests that are not made in this run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class PutOff(IgnoreRequest):
    """Not asked for in this run; ``reason`` says why, and of which host or of all."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"put off to the next run: {reason}")
        self.host, self.reason = host, reason


class HostTaken(PutOff):
    """Not asked for, since another run visits the host. It is in good hands."""

    def __init__(self, host: str) -> None:
        super().__init__(host, f"another run visits {host}")


def drop_waiting(
    crawler: Crawler,
    error: IgnoreRequest,
    host: str | None = None,
    but: Callable[[Request], bool] = lambda _: False,
) -> None:
    """Give up what waits for its turn at a host, or at all hosts, ``but`` some; what is under way goes on."""
    assert crawler.engine is not None
    for slot in list(crawler.engine.downloader.slots.values()):
        kept = [one for one in slot.queue if host not in (None, host_of(one[0])) or but(one[0])]
        dropped = [one for one in slot.queue if one not in kept]
        slot.queue.clear()
        slot.queue.extend(kept)
        for _, waiting in dropped:
            waiting.errback(error)


def begins_page(request: Request) -> bool:
    """Tell whether a request is the first of its page, and not for what belongs to one."""
    return "visit" in request.cb_kwargs


def host_of(request: Request) -> str:
    """Return the host that a request goes to, without port."""
    return urlparse_cached(request).hostname or ""
