"""Processes that render parts of a large publication at once, each from the same state of the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice

from feeds.site.rendering import Batch, Rendered, Rendering, Task
from storage.archive import open_archive

AHEAD = 8
"""Parts for each process that wait for their turn."""

Render = Callable[[Batch], Rendered]
Finish = Callable[[Render], Iterator[Rendered]]
"""Brings what came of all parts, in any order; what it is given renders what the processes do not deliver."""

_open = ExitStack()
"""The archive of this process and its one transaction, to its end."""

_rendering: Rendering | None = None
"""Of this process; None where the archive has moved on from the state that is published."""


@dataclass(frozen=True, slots=True)
class Crew:
    """So many processes that read the archive at ``url`` as it is while its mark says ``told``."""

    processes: int
    url: str
    told: int

    @contextmanager
    def rendering(self, task: Task, parts: Iterable[Batch]) -> Iterator[Finish]:
        """Begin to render parts, and give what brings what came of them."""
        from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
        from multiprocessing import get_context  # most publications need none

        numbered = iter(parts)
        # each is forked from one that has no thread and no connection that could be copied
        executor = ProcessPoolExecutor(
            self.processes, get_context("forkserver"), _begin, (self.url, self.told, task)
        )
        jobs: dict[Future[Rendered | None], Batch] = {}

        def begin(number: int) -> None:
            jobs.update({executor.submit(_render, part): part for part in islice(numbered, number)})

        def finish(render: Render) -> Iterator[Rendered]:
            while jobs:
                for job in wait(jobs, return_when=FIRST_COMPLETED).done:
                    part = jobs.pop(job)
                    try:
                        done = job.result()
                        begin(1)
                    except BrokenProcessPool:  # one of them was killed
                        done = None
                    yield done or render(part)
            yield from map(render, numbered)

        try:
            begin(self.processes * AHEAD)
            yield finish
        finally:
            executor.shutdown(cancel_futures=True)


def _begin(url: str, told: int, task: Task) -> None:
    global _rendering
    reader = _open.enter_context(_open.enter_context(open_archive(url)).read())
    if reader.mark().told == told:
        _rendering = Rendering(reader, task)


def _render(part: Batch) -> Rendered | None:
    if _rendering is None:
        return None
    tree = _rendering.tree
    written, unchanged = tree.written, tree.unchanged
    done = _rendering.render(part)
    done.written, done.unchanged = tree.written - written, tree.unchanged - unchanged
    return done
