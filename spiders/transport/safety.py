"""One gate for addresses, asked in three places.

They are the declaration check (``refuse_url``), every request and every redirect (``GateMiddleware``), and
the resolver at the moment of connecting (``SafeResolver``).
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from spiders.transport.public_addresses import read_literal, refuse_address, refuse_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

PRIVATE = "private"
"""Key of ``Request.meta``: the source of this request may visit private and loopback addresses."""


class SafeResolver(CachingThreadedResolver):  # type: ignore[misc,unused-ignore]
    """Judges the very address that is connected to. IPv4 only, like Scrapy's own.

    So a name cannot pass the gate as one machine and be connected to as another (DNS rebinding).
    """

    def __init__(self, reactor: Any, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.near: set[str] = set()
        """Hosts that a source with ``private = true`` asked for. The gate keeps other sources off them."""

    def look_up(self, name: str) -> Deferred[str]:
        """Resolve a name to its address, not judged. Cached: the connection will use the same one."""
        return super().getHostByName(name)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """Resolve a name and judge its address; fails with DNSLookupError where it is not allowed."""

        def judge(address: str) -> str:
            reason = refuse_address(ip_address(address), private=name in self.near)
            if reason:
                raise DNSLookupError(f"{name}: {reason}")
            return address

        return self.look_up(name).addCallback(judge)


class GateMiddleware:
    """Asks the gate about every request: first ones, retries, redirects, robots.txt, attachments.

    The permission travels in ``Request.meta`` and so belongs to one source. The resolver cannot
    know on whose behalf it is asked, hence the name is looked up and judged here as well.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GateMiddleware:
        """Make the middleware for a crawl, whose resolver it asks."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise IgnoreRequest with the reason it must not.

        Raises CannotResolveHostError for a name that cannot be resolved.
        """
        private = bool(request.meta.get(PRIVATE))
        if reason := refuse_url(request.url, private=private):
            raise IgnoreRequest(reason)
        host = urlsplit(request.url).hostname or ""
        resolver = self._resolver()
        if private:
            resolver.near.add(host)
        elif read_literal(host) is None:
            try:
                address = await maybe_deferred_to_future(resolver.look_up(host))
            except OSError as error:  # DNSLookupError and timeouts are among them
                raise CannotResolveHostError(str(error)) from error
            if reason := refuse_address(ip_address(address)):
                raise IgnoreRequest(f"{host}: {reason}")

    def _resolver(self) -> SafeResolver:
        from twisted.internet import reactor

        # Scrapy installs TWISTED_DNS_RESOLVER for `scrapy crawl` only, not for its CrawlerRunner.
        if not isinstance(reactor.resolver, SafeResolver):  # type: ignore[attr-defined,unused-ignore]
            SafeResolver.from_crawler(self.crawler, reactor).install_on_reactor()
        resolver = reactor.resolver  # type: ignore[attr-defined,unused-ignore]
        assert isinstance(resolver, SafeResolver)
        return resolver
