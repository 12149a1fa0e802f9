"""Whose turn it is to ask a host: one process at a time, which is as polite as the one before it.

Nothing leaves for a host, not even the question for its robots.txt, before this process holds the host, and
nothing once it has lost it. What a host asks for (its pace, to be left alone, its robots.txt) is kept in the
archive as soon as it is known. Where a crawl keeps nothing, as a probe does, everything is free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from scrapy import Request, signals
from scrapy.utils.misc import load_object

from spiders.transport.manners.putting_off import HostTaken, PutOff, begins_page, drop_waiting, host_of
from storage.errors import StorageError
from storage.records import HostState, RobotsAnswer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

T = TypeVar("T")

IDLE_SECONDS = 5.0
"""A host of which no page is visited, such as one of attachments, is given back after so long without use."""

WAIT_SECONDS = 20.0
"""For what belongs to a page, a host that another process holds is waited for so long."""

LOOK_SECONDS = 1.0
"""Between two looks at who holds what."""


HOST_TAKEN = object()
"""Signal: ``host`` was taken and has asked for nothing yet; ``state`` is how it wants to be asked."""


class Hosts(Protocol):
    """What the archive knows of hosts. Found by the dotted name in the setting HOSTS; see Agenda."""

    def take(self, host: str) -> HostState | None:
        """Take a host, and return how it wants to be asked; None where another process has it."""

    def holds(self, host: str) -> bool:
        """Tell whether the host is still ours."""

    def keep(self, states: Mapping[str, HostState]) -> None:
        """Keep how hosts want to be asked."""

    def release(self, host: str, state: HostState) -> None:
        """Give a host back."""

    def robots(self, site: str) -> RobotsAnswer | None:
        """Return what a site answered to the question for its robots.txt last."""

    def keep_robots(self, site: str, answer: RobotsAnswer) -> None:
        """Keep what a site answered just now."""

    def close(self) -> None:
        """Release what is held of the archive."""


class Turns:
    """The hosts that this crawl may ask now, and how they want to be asked."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._hosts: Hosts | None = None
        if crawler.settings.get("KOHYO_HOLDING"):
            self._hosts = load_object(crawler.settings["HOSTS"]).from_crawler(crawler)
        # One at a time, and not where answers are waited for: on SQLite another writer may be waited for.
        self._thread = ThreadPoolExecutor(1, "hosts")
        self._taking: dict[str, asyncio.Task[HostState]] = {}
        self._states: dict[str, HostState] = {}
        self._since: dict[str, float] = {}  # by our own clock, when that was so
        self._until: dict[str, float] = {}  # by our own clock, no request may leave before
        self._used: dict[str, float] = {}
        self._visited: set[str] = set()
        self._refused: set[str] = set()
        self._looking: asyncio.Task[None] | None = None
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._left, signal=signals.request_left_downloader)
        crawler.signals.connect(self._stopped, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Turns:
        """Make the turns of a crawl, as an extension of Scrapy's."""
        return cls(crawler)

    async def wait_for(self, request: Request) -> None:
        """Wait until the host of a request is ours. Raises PutOff where it is another's, or rests."""
        host = host_of(request)
        if self._hosts is None or not host:
            return
        if begins_page(request) and not request.meta.get("redirect_times"):
            self._visited.add(host)
            patience = 0.0
        else:
            patience = WAIT_SECONDS
        self._used[host] = monotonic()
        if host in self._refused:
            raise HostTaken(host)
        if host not in self._taking:
            self._taking[host] = asyncio.ensure_future(self._take(host, patience))
        found = await asyncio.shield(self._taking[host])
        if found.rest:
            raise PutOff(host, f"{host} stalled {found.stalls} times, and rests")

    async def _take(self, host: str, patience: float) -> HostState:
        assert self._hosts is not None
        until = monotonic() + patience
        try:
            while (state := await self._aside(self._hosts.take, host)) is None:
                if monotonic() >= until:
                    self._refused.add(host)
                    raise HostTaken(host)
                await asyncio.sleep(LOOK_SECONDS)
        except StorageError as error:  # no fault of the host
            del self._taking[host]
            raise PutOff("", f"nobody knows whose turn it is: {error}") from error
        self._states[host], self._since[host] = state, monotonic()
        self._until[host] = self._since[host] + state.wait
        self._crawler.signals.send_catch_log(signal=HOST_TAKEN, host=host, state=state)
        return state

    def check(self, request: Request) -> None:
        """Make sure, the moment before a request leaves, that its host is still ours. Raises HostTaken."""
        host = host_of(request)
        if self._hosts is not None and host and not self._hosts.holds(host):
            self._refused.add(host)
            drop_waiting(self._crawler, HostTaken(host), host)
            raise HostTaken(host)

    def note(self, host: str, **altered: Any) -> None:
        """Keep what was learned of how a host wants to be asked: fields of HostState."""
        state = self._states.get(host)
        if self._hosts is None or state is None or state == replace(state, **altered):
            return
        if "wait" in altered:
            self._until[host] = monotonic() + altered["wait"]
        self._states[host], self._since[host] = replace(self._now(host), **altered), monotonic()
        self._thread.submit(self._hosts.keep, {host: self._now(host)})

    async def robots(self, site: str) -> RobotsAnswer | None:
        """Return what a site answered to the question for its robots.txt last, in whichever process."""
        return None if self._hosts is None else await self._aside(self._hosts.robots, site)

    async def keep_robots(self, site: str, answer: RobotsAnswer) -> None:
        """Keep what a site answered just now to the question for its robots.txt."""
        if self._hosts is not None:
            await self._aside(self._hosts.keep_robots, site, answer)

    async def _aside(self, function: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *args)

    def _now(self, host: str) -> HostState:
        state, now = self._states[host], monotonic()
        passed = now - self._since[host]
        return replace(
            state,
            wait=max(self._until[host] - now, 0.0),
            away=max(state.away - passed, 0.0),
            rest=max(state.rest - passed, 0.0),
        )

    def _left(self, request: Request) -> None:
        host, now = host_of(request), monotonic()
        self._used[host] = now
        if host in self._states:
            self._until[host] = max(self._until[host], now + self._states[host].delay)

    # --- from begin to end ---------------------------------------------------------------------

    def _opened(self) -> None:
        if self._hosts is not None:
            self._looking = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        """Give back hosts that only lend something to pages of others, as soon as they are not used."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for host in self._states.keys() - self._visited:
                if monotonic() - self._used[host] > IDLE_SECONDS and not self._is_asked(host):
                    await self._give_back(host)

    def _is_asked(self, host: str) -> bool:
        assert self._crawler.engine is not None
        return any(host_of(one) == host for one in self._crawler.engine.downloader.active)

    async def _give_back(self, host: str) -> None:
        assert self._hosts is not None
        state = self._now(host)
        del self._taking[host], self._states[host]
        await self._aside(self._hosts.release, host, state)

    async def _stopped(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        if self._hosts is not None:
            states = {host: self._now(host) for host in self._states}
            await self._aside(self._hosts.keep, states)
            await self._aside(self._hosts.close)
        self._thread.shutdown()


class TurnMiddleware:
    """Lets no request go on to a host that is not ours: before its name is looked up."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TurnMiddleware:
        """Make the middleware for a crawl; the turns are an extension of the same crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the turn of a request. Raises HostTaken where another run visits its host."""
        await get_turns(self.crawler).wait_for(request)


def get_turns(crawler: Crawler) -> Turns:
    """Return the turns of a crawl."""
    turns = crawler.get_extension(Turns)
    assert turns is not None, "settings list the extension"
    return turns
