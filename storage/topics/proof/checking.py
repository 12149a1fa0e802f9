"""Everything that is stored, read again: in processes of their own where there is much of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import islice
from typing import TYPE_CHECKING

from storage.cores import count_cores
from storage.topics.proof.integrity import IntegrityReads, PartToVerify

if TYPE_CHECKING:
    from concurrent.futures import Future

    from storage.query import Damage

MANY_PARTS = 12
"""Fewer are sooner done than processes have started."""

Opening = Callable[[str], AbstractContextManager[IntegrityReads]]

_open = ExitStack()
"""The one transaction of a process, to its end."""

_reader: IntegrityReads | None = None


def verify(reader: IntegrityReads, opening: Opening, url: str) -> Iterator[Damage]:
    """Yield everything that is not as it should be, in the order found.

    ``opening`` opens the archive at ``url`` in another process; where it is empty no other can. What a
    process that was killed leaves is done here.
    """
    parts = reader.parts_to_verify()
    processes = count_cores()
    if not url or processes < 2 or len(parts) < MANY_PARTS:
        for part in parts:
            yield from reader.damages(part)
        return
    yield from _ahead(reader, parts, processes, opening, url)


def _ahead(
    reader: IntegrityReads, parts: list[PartToVerify], processes: int, opening: Opening, url: str
) -> Iterator[Damage]:
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
    from multiprocessing import get_context  # most archives need none

    # each is forked from one that has no thread and no connection that could be copied
    executor = ProcessPoolExecutor(processes, get_context("forkserver"), _begin, (opening, url))
    rest = iter(parts)
    waiting: deque[tuple[PartToVerify, Future[list[Damage]] | None]] = deque()

    def begin(number: int) -> None:
        for part in islice(rest, number):
            try:
                waiting.append((part, executor.submit(_verify, part)))
            except BrokenProcessPool:
                waiting.append((part, None))

    try:
        begin(2 * processes)
        while waiting:
            part, job = waiting.popleft()
            try:
                found = list(reader.damages(part)) if job is None else job.result()
            except BrokenProcessPool:
                found = list(reader.damages(part))
            yield from found
            begin(1)
    finally:
        executor.shutdown(cancel_futures=True)


def _begin(opening: Opening, url: str) -> None:
    global _reader
    _reader = _open.enter_context(opening(url))


def _verify(part: PartToVerify) -> list[Damage]:
    assert _reader is not None
    return list(_reader.damages(part))
