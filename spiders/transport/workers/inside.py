"""What a worker process runs. Nothing of Scrapy is imported here: workers start fast and stay small."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import os
import pickle
import resource
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

from storage.errors import describe_fault
from storage.text.compiled import KEPT

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """What a job came to: its result, or what went wrong, whose traceback would not survive the way back.

    ``held`` is what the worker holds in memory after it, in bytes; 0 where the system does not say.
    """

    result: Result | None = None
    fault: str = ""
    held: int = 0


_ALLOCATOR = {-3: 256 << 10, -1: 1 << 20, -8: 2}
"""By the numbers of glibc's mallopt: bytes from which a buffer is a mapping of its own, which goes back as
soon as it is let go (by default that grows to 32 MB); free bytes kept at the top; heaps for all threads."""


def return_buffers() -> None:
    """Let this process give long buffers back to the system when they are let go. Only glibc knows how."""
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for option, value in _ALLOCATOR.items():
            mallopt(option, value)


def serve(ends: Sequence[int], most: int) -> None:
    """Do what comes through the first of these sockets, until the other end is closed.

    After the first task a process is forked for each of the others: it has loaded by then what tasks take.
    """
    limit_memory(most)
    mine, *others = ends
    link = socket.socket(fileno=mine)
    tasks = link.makefile("rb")
    if not _do_next(tasks, link):
        return
    KEPT.save()  # whoever starts us may kill us
    for number in others:
        if os.fork() == 0:
            for one in ends:
                if one != number:
                    os.close(one)
            link.detach()
            link = socket.socket(fileno=number)
            tasks = link.makefile("rb")
            break
        os.close(number)
    while _do_next(tasks, link):
        pass


def _do_next(tasks: BinaryIO, link: socket.socket) -> bool:
    try:
        call, given = pickle.load(tasks)  # noqa: S301 - whoever started us sends it
    except EOFError:
        return False
    answer = pack(call(*given))
    link.sendall(len(answer).to_bytes(8, "big") + answer)
    return True


class _Shapes(dict[type, Callable[[Any], tuple[Any, ...]]]):
    """How records are taken apart, for pickle: by their class and its arguments, in half of the time."""

    def __missing__(self, kind: type) -> Callable[[Any], tuple[Any, ...]]:
        if not is_dataclass(kind) or not all(one.init and not one.kw_only for one in fields(kind)):
            raise KeyError(kind)
        names = [one.name for one in fields(kind)]
        if len(names) < 2:
            raise KeyError(kind)
        values = attrgetter(*names)
        self[kind] = lambda record: (kind, values(record))
        return self[kind]


_SHAPES = _Shapes()


def pack(what: object) -> bytes:
    """Pickle something that is made of records."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, 5)
    pickler.dispatch_table = _SHAPES
    pickler.dump(what)
    return stream.getvalue()


def limit_memory(most: int) -> None:
    """Allow this process so many bytes of address space, and no dump of it when it dies."""
    return_buffers()
    gc.disable()  # until its first job is loaded
    with contextlib.suppress(ValueError, OSError):  # a stricter limit of the system stays
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(
    seconds: float, function: Callable[..., Result], args: tuple[object, ...], kwargs: dict[str, object]
) -> Done[Result]:
    """Call a function. The system ends the process when so much CPU time is over, whatever it does then."""
    if not gc.isenabled():
        gc.freeze()  # what is loaded stays
        gc.enable()
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, most))
    try:
        result = function(*args, **kwargs)
    except MemoryError:
        raise
    except Exception as error:
        return Done(fault=describe_fault(error), held=_held())
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    return Done(result, held=_held())


def run_all(
    seconds: float, function: Callable[..., Result], given: Sequence[tuple[object, ...]]
) -> list[Done[Result]]:
    """Call a function once for each set of arguments, each call with as much CPU time."""
    return [run(seconds, function, args, {}) for args in given]


def _held() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()
