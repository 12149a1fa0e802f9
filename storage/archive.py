"""The archive: everything that was seen, kept as evidence, and read again.

    with open_archive("sqlite:///kohyo.db") as archive, archive.write() as writer:
        ...

One ``write()`` is one transaction: all of it is stored, or nothing. One ``read()`` sees one state of
the archive, whatever is written meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Literal, Self, cast

import filelock
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from storage.db import engine as engines
from storage.db import schema
from storage.db.forgetting import OUT_OF_REACH, forget
from storage.db.mark import Mark, raise_mark, read_mark, tell_of_writes
from storage.errors import Busy, Unreachable
from storage.query import Damage
from storage.text.fold import FOLD_VERSION
from storage.text.urls import PLACES_VERSION
from storage.topics.coverage import CoverageReads, CoverageWrites
from storage.topics.incident_trace import IncidentTraceReads, IncidentTraceWrites
from storage.topics.incidents import IncidentReads, IncidentWrites
from storage.topics.keys.link_evidence import EvidenceReads, EvidenceWrites
from storage.topics.keys.organisations import OrganisationReads
from storage.topics.notices import NoticeReads, NoticeWrites
from storage.topics.operations import OperationReads, OperationWrites
from storage.topics.pages import PageReads, PageWrites
from storage.topics.proof.integrity import IntegrityReads
from storage.topics.proof.pruning import PruneReads, PruneWrites
from storage.topics.proof.redaction import REMAINS, RedactionReads, RedactionWrites
from storage.topics.proof.stamps import StampWrites
from storage.topics.search import SearchReads, SearchWrites
from storage.topics.versions import VersionReads, VersionWrites

Work = Literal["run", "notify"]

# of PostgreSQL, any numbers that are ours
_LOCKS: dict[Work, int] = {"run": 0x6B6F6880, "notify": 0x6B6F6881}
_SUFFIXES: dict[Work, str] = {"run": ".lock", "notify": ".notify.lock"}  # beside the SQLite file


class Reader(
    IntegrityReads,
    PruneReads,
    RedactionReads,
    SearchReads,
    OperationReads,
    CoverageReads,
    IncidentTraceReads,
    OrganisationReads,
    EvidenceReads,
    IncidentReads,
    NoticeReads,
    VersionReads,
    PageReads,
):
    """All questions to an archive. Each topic has its file, and names the topics that it asks itself."""

    def mark(self) -> Mark:
        """Return the mark of the state that this transaction sees."""
        return read_mark(self._db)


class Writer(
    StampWrites,
    RedactionWrites,
    PruneWrites,
    SearchWrites,
    OperationWrites,
    CoverageWrites,
    IncidentTraceWrites,
    EvidenceWrites,
    IncidentWrites,
    NoticeWrites,
    VersionWrites,
    PageWrites,
    Reader,
):
    """A Reader that also writes, in one transaction."""


QUIET = (
    *("add_check", "say_of_check", "prune_checks", "add_gap", "put_trials", "add_snapshot", "put_page"),
    *("start_run", "finish_run", "end_silent_runs", "raise_alert", "note", "put_host_blocks"),
    *("touch_notices", "hold_incidents", "lock_links", "link_changes"),
    *("queue", "queue_alerts", "put_delivery"),
)
"""What writes only that pages were looked at and how that went, or what nobody is shown.

Pages and feeds are the same after it, but for those that say how sources fare.
"""

tell_of_writes(Writer, Reader, QUIET)


class Archive:
    """``run`` is the run on whose behalf it is written, see ``of_run``."""

    def __init__(self, url: URL, engine: Engine, run: int | None = None) -> None:
        self._url = url
        self._engine = engine
        self._run = run
        self._reading = engines.reading(engine)
        self._marking, self._mark_connection = Lock(), cast(Connection | None, None)

    @property
    def is_file(self) -> bool:
        """Whether the archive is a file and no server's: asked little, it answers at once."""
        return self._engine.dialect.name == "sqlite"

    @property
    def url(self) -> str:
        """Where the archive is, without password."""
        return engines.shown(self._url)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open one transaction that only reads; all reads in it see one state. Raises StorageError."""
        with engines.translated(self._url), self._reading.connect() as connection, connection.begin():
            yield Reader(connection)

    def mark(self) -> Mark:
        """Return the mark of the archive: equal as long as nothing is written. Raises StorageError.

        It has a connection of its own: it is asked often, and not to wait for whoever reads much.
        """
        with engines.translated(self._url), self._marking:
            if self._mark_connection is None:
                self._mark_connection = self._reading.connect()
            with self._mark_connection.begin():
                return read_mark(self._mark_connection)

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Open one transaction that writes: committed at the end of the block, undone where it raises.

        Raises StorageError, and Busy where the archive is written for a run that has lost its lock. Where
        something was redacted, the files are cleaned of it after the commit.
        """
        with engines.translated(self._url):
            with self._engine.begin() as connection:
                writer = Writer(connection)
                if self._run is not None and not writer.is_running(self._run):
                    raise Busy(
                        f"run {self._run} lost its lock on {self.url} and another took its place; "
                        "what it had not written yet is left to that"
                    )
                yield writer
                writer.link_changes()
                raise_mark(connection, told=writer.told)
            if writer.redacted:
                self.forget()

    def of_run(self, run: int) -> Archive:
        """Return the same archive, written on behalf of a run.

        Every transaction makes sure that the run is still the one at work: a lock can be lost with the
        connection that held it.
        """
        return Archive(self._url, self._engine, run)

    def forget(self) -> None:
        """Take out of the files what was redacted.

        Not to be had while a reader is at work, or killed before its end, it stays on record as unfinished,
        and is tried again whenever the archive is opened.
        """
        remains = forget(self._engine)
        with self.write() as writer:
            writer.note(REMAINS, remains)

    def shrink(self) -> str:
        """Give room that is free within the files back to the system; why that is not done, or nothing."""
        return forget(self._engine)

    def take_back(self, revision: str) -> None:
        """Take the schema back to an older one. The archive cannot be read or written here afterwards.

        Raises NotFound for a schema that never was.
        """
        with engines.translated(self._url), self._engine.begin() as connection:
            schema.take_back(connection, revision)

    @property
    def out_of_reach(self) -> str:
        """Where redacted words stay for a while, whatever we do; empty where there is no such place."""
        return OUT_OF_REACH[self._engine.dialect.name]

    @contextmanager
    def lock(self, work: Work = "run") -> Iterator[Callable[[], None]]:
        """Hold the lock of one run at a time, or of one that notifies; freed when its process dies.

        Yields a function that raises Busy once the lock is lost, which only a server's can be.
        """
        with ExitStack() as stack:
            if self._engine.dialect.name == "sqlite":
                self._lock_file(stack, work)
                yield lambda: None
            else:
                yield self._lock_server(stack, work)

    def _lock_file(self, stack: ExitStack, work: Work) -> None:
        path = self._lock_path(work)
        try:
            # Whoever asks whether it is held, holds it for a moment.
            stack.enter_context(filelock.FileLock(path, timeout=0.2))
        except filelock.Timeout:
            raise Busy(f"another run is at work on {self.url} (it holds {path}); try again later") from None
        except OSError as error:
            raise Unreachable(
                f"{path} cannot be written ({error.strerror}); runs need a place of their own to lock"
            ) from None

    def _lock_server(self, stack: ExitStack, work: Work) -> Callable[[], None]:
        with engines.translated(self._url):
            connection = stack.enter_context(self._engine.connect())
            got = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCKS[work])))
            connection.commit()  # the lock is the session's: it outlives the transaction
        if not got:
            raise Busy(f"another run is at work on {self.url}; try again later")

        def release() -> None:
            with suppress(sa.exc.SQLAlchemyError):  # with its connection the lock is gone as well
                connection.scalar(sa.select(sa.func.pg_advisory_unlock(_LOCKS[work])))

        def hold() -> None:
            try:
                connection.scalar(sa.select(1))
                connection.commit()
            except sa.exc.SQLAlchemyError as error:
                raise Busy(f"the lock on {self.url} was lost with its connection; try again later") from error

        stack.callback(release)
        return hold

    def is_at_work(self, work: Work = "run") -> bool:
        """Tell whether somebody holds the lock."""
        if self._engine.dialect.name == "sqlite":
            try:
                with filelock.FileLock(self._lock_path(work), timeout=0):
                    return False
            except filelock.Timeout:
                return True
            except OSError:  # read-only: nobody can
                return False
        with self.read() as reader:
            return reader.is_locked(_LOCKS[work])

    def _lock_path(self, work: Work) -> Path:
        return Path(f"{self._url.database}{_SUFFIXES[work]}")

    def verify(self) -> Iterator[Damage]:
        """Read every stored byte again, and tell what is not as it was stored."""
        with self.read() as reader:
            yield from reader.damages()

    def close(self) -> None:
        """Close all connections. Whoever asks again, such as a process forked afterwards, opens others."""
        if self._mark_connection is not None:
            self._mark_connection.close()
            self._mark_connection = None
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_archive(url: str, tell: Callable[[int, int], None] = lambda done, total: None) -> Archive:
    """Open an archive, and make or upgrade it where needed. Raises StorageError.

    ``tell`` hears how many documents of how many are done while the search index is made anew, which takes
    minutes where there are many texts.
    """
    parsed = engines.parse_url(url)
    engine = engines.connect(parsed)
    try:
        with engines.translated(parsed):
            schema.ensure(engine, parsed)
            archive = Archive(parsed, engine)
            _renew_index(archive, tell)
            _sort_addresses(archive)
            _forget_the_rest(archive)
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


def _forget_the_rest(archive: Archive) -> None:
    """Finish a redaction that was killed before its end, or that a reader was in the way of."""
    with archive.read() as reader:
        remains = reader.setting(REMAINS)
    if remains:
        with suppress(Busy, Unreachable):  # a writer at work, or media that cannot be written
            archive.forget()


def _is_index_of_today(reader: Reader) -> bool:
    return reader.setting("fold") == str(FOLD_VERSION)
