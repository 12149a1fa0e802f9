"""Answers that are kept until the archive is written to: asked again, they are neither read nor made.

What is kept depends on the archive, on the address and on nothing else: not on the clock, on cookies or on
who asks. An answer goes with the mark of the archive (storage.db.mark) that stood before and after it was
made, so it is of exactly that state; once the mark has moved, nothing kept is given any more. Who asks for
what is being made waits for it.

All of this runs in the event loop: of a process only one thing at a time looks here.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import Response

from feeds.web.responses import Whole, WholeResponse
from storage.archive import Archive

Endpoint = Callable[[Request], Response]
AsyncEndpoint = Callable[[Request], Awaitable[Response]]
Key = tuple[str, bytes, str]

MAX_KEPT_BYTES = 64 << 20
"""Bytes of answers that a process keeps; those asked for longest ago make room."""

_OVERHEAD_BYTES = 2_000  # of an answer, beside its bytes
_LARGEST_SHARE = 8  # an answer larger than this part of all is not kept

MAKING, SEARCHING = 4, 2
"""How many answers are made at a time, and how many that may take long; those behind wait in line.

Python runs one thread at a time: more of them would make each wait for all, and what is quick with them. So
from a file, where nobody waits for a server, one is made after the other: SQLite lets other threads go on
at each row, and a question of a hundred rows would wait a hundred times until one of them lets go again.
"""


class KeptAnswers:
    """Makes endpoints keep their answers; ``base`` gives the address that links in an answer begin with."""

    def __init__(self, archive: Archive, base: Callable[[Request], str], room: int = MAX_KEPT_BYTES) -> None:
        self._archive, self._base, self._room = archive, base, room
        self._told = -1
        self._held = 0
        self._kept: OrderedDict[Key, Whole] = OrderedDict()
        self._making: dict[tuple[Key, int], asyncio.Task[Response]] = {}
        self._quick = ThreadPoolExecutor(1 if archive.is_file else MAKING, "making")
        self._slow = ThreadPoolExecutor(SEARCHING, "searching")

    def keep(self, endpoint: Endpoint, *, slow: bool = False) -> AsyncEndpoint:
        """Make an endpoint keep what it answers with; ``slow`` if it may take long."""

        async def answer(request: Request) -> Response:
            if _is_of_one_reader(request):
                return await self._make(endpoint, request, slow)
            key: Key = (request.scope["path"], request.scope["query_string"], self._base(request))
            told = await self._mark()
            if (whole := self._find(key, told)) is None:
                making = self._making.get((key, told))
                if making is None:
                    making = asyncio.create_task(self._make_to_keep(endpoint, request, slow, key, told))
                    self._making[key, told] = making
                    making.add_done_callback(lambda _: self._making.pop((key, told), None))
                    return await asyncio.shield(making)
                made = await asyncio.shield(making)
                if (whole := _for_everybody(made)) is None:
                    return await self._make(endpoint, request, slow)
            return whole.answer(request)

        return answer

    def wait_in_line(
        self, endpoint: Endpoint, is_slow: Callable[[Request], bool] = lambda request: True
    ) -> AsyncEndpoint:
        """Make an endpoint wait in line as those do that keep their answers, and keep nothing."""

        async def answer(request: Request) -> Response:
            return await self._make(endpoint, request, is_slow(request))

        return answer

    async def _mark(self) -> int:
        if self._archive.is_file:
            return self._archive.mark().told  # quicker than to ask another thread for it
        return (await asyncio.get_running_loop().run_in_executor(None, self._archive.mark)).told

    async def _make(self, endpoint: Endpoint, request: Request, slow: bool) -> Response:
        return await asyncio.get_running_loop().run_in_executor(
            self._slow if slow else self._quick, endpoint, request
        )

    async def _make_to_keep(
        self, endpoint: Endpoint, request: Request, slow: bool, key: Key, told: int
    ) -> Response:
        made = await self._make(endpoint, request, slow)
        whole = _for_everybody(made)
        if whole is not None and await self._mark() == told:
            self._put(key, whole, told)
        return made

    def _find(self, key: Key, told: int) -> Whole | None:
        if told != self._told:
            self._kept.clear()
            self._told, self._held = told, 0
        whole = self._kept.get(key)
        if whole is not None:
            self._kept.move_to_end(key)
        return whole

    def _put(self, key: Key, whole: Whole, told: int) -> None:
        self._find(key, told)
        size = _size(key, whole)
        if key in self._kept or size > self._room // _LARGEST_SHARE:
            return
        self._kept[key] = whole
        self._held += size
        while self._held > self._room:
            self._held -= _size(*self._kept.popitem(last=False))


def _is_of_one_reader(request: Request) -> bool:
    """Say whether a request carries a token, or a cookie of ours: both begin with the same word."""
    return "authorization" in request.headers or "kohyo" in request.headers.get("cookie", "")


def _for_everybody(made: Response) -> Whole | None:
    """Return what was answered if whoever asks is answered the same."""
    if not isinstance(made, WholeResponse) or made.whole.status != 200 or "set-cookie" in made.headers:
        return None
    return made.whole if made.headers["cache-control"] == "no-cache" else None


def _size(key: Key, whole: Whole) -> int:
    # packed, once somebody asks for it so, pages take a fifth of it again
    return len(whole.body) + len(whole.body) // 4 + sum(map(len, key)) + _OVERHEAD_BYTES
