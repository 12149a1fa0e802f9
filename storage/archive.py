"""The archive: everything that was seen, kept as evidence, and read again.

    with open_archive("sqlite:///kohyo.db") as archive, archive.write() as writer:
        ...

One ``write()`` is one transaction: all of it is stored, or nothing. One ``read()`` sees one state of
the archive, whatever is written meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import filelock
import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from storage.db import engine as engines
from storage.db import schema
from storage.errors import Busy
from storage.query import Damage
from storage.text.fold import FOLD_VERSION
from storage.text.urls import PLACES_VERSION
from storage.topics.integrity import IntegrityReads
from storage.topics.redaction import RedactionWrites

Work = Literal["run", "notify"]

# of PostgreSQL, any numbers that are ours
_LOCKS: dict[Work, int] = {"run": 0x6B6F6880, "notify": 0x6B6F6881}
_SUFFIXES: dict[Work, str] = {"run": ".lock", "notify": ".notify.lock"}  # beside the SQLite file


class Reader(IntegrityReads):
    """All questions to an archive. Each topic has its file:

    pages, versions, notices, incidents, operations, search, redaction, integrity
    """


class Writer(RedactionWrites, Reader):
    """A Reader that also writes, in one transaction."""


class Archive:
    def __init__(self, url: URL, engine: Engine) -> None:
        self._url = url
        self._engine = engine
        self._reading = engines.reading(engine)

    @property
    def url(self) -> str:
        """Where the archive is, without password."""
        return engines.shown(self._url)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        with engines.translated(self._url), self._reading.connect() as connection, connection.begin():
            yield Reader(connection)

    @contextmanager
    def write(self) -> Iterator[Writer]:
        with engines.translated(self._url):
            with self._engine.begin() as connection:
                writer = Writer(connection)
                yield writer
            if writer.redacted:
                engines.forget(self._engine)

    @contextmanager
    def lock(self, work: Work = "run") -> Iterator[None]:
        """One run at a time, and one that notifies beside it; freed by the system when its process dies."""
        with ExitStack() as stack:
            if self._engine.dialect.name == "sqlite":
                path = Path(f"{self._url.database}{_SUFFIXES[work]}")
                try:
                    stack.enter_context(filelock.FileLock(path, timeout=0))
                except filelock.Timeout:
                    raise Busy(
                        f"another run is at work on {self.url} (it holds {path}); try again later"
                    ) from None
            else:
                with engines.translated(self._url):
                    connection = stack.enter_context(self._engine.connect())
                    got = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCKS[work])))
                    connection.commit()  # the lock is the session's: it outlives the transaction
                if not got:
                    raise Busy(f"another run is at work on {self.url}; try again later")
                stack.callback(connection.scalar, sa.select(sa.func.pg_advisory_unlock(_LOCKS[work])))
            yield

    def verify(self) -> Iterator[Damage]:
        """Reads every stored byte again, and tells what is not as it was stored."""
        with self.read() as reader:
            yield from reader.damages()

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_archive(url: str, tell: Callable[[int, int], None] = lambda done, total: None) -> Archive:
    """Opens an archive, and makes or upgrades it where needed. ``tell`` hears how much of the search index
    is made anew, which takes minutes where there are many texts. Raises StorageError."""
    parsed = engines.parse_url(url)
    engine = engines.connect(parsed)
    try:
        with engines.translated(parsed):
            schema.ensure(engine, parsed)
            archive = Archive(parsed, engine)
            _renew_index(archive, tell)
            _sort_addresses(archive)
    except BaseException:
        engine.dispose()
        raise
    return archive


def _renew_index(archive: Archive, tell: Callable[[int, int], None]) -> None:
    with archive.read() as reader:
        renewed = _is_index_of_today(reader)
    if not renewed:
        with archive.write() as writer:
            schema.lock(writer._db)
            if not _is_index_of_today(writer):  # nobody else was faster
                writer.reindex(tell)


def _sort_addresses(archive: Archive) -> None:
    with archive.read() as reader:
        sorted_today = reader.setting("places") == str(PLACES_VERSION)
    if not sorted_today:
        with archive.write() as writer:
            schema.lock(writer._db)
            if writer.setting("places") != str(PLACES_VERSION):  # nobody else was faster
                writer.sort_addresses()
                writer.note("places", str(PLACES_VERSION))


def _is_index_of_today(reader: Reader) -> bool:
    return reader.setting("fold") == str(FOLD_VERSION)
