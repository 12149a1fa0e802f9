"""The archive: everything that was seen, kept as evidence, and read again.

    with open_archive("sqlite:///kohyo.db") as archive, archive.write() as writer:
        ...

One ``write()`` is one transaction: all of it is stored, or nothing. One ``read()`` sees one state of
the archive, whatever is written meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from types import TracebackType
from typing import Self, cast

from sqlalchemy.engine import URL, Connection, Engine

from storage.db import engine as engines
from storage.db import schema
from storage.db.forgetting import OUT_OF_REACH, forget
from storage.db.index import search_index
from storage.db.mark import Mark, raise_mark, read_mark, tell_of_writes
from storage.errors import Busy, Unreachable
from storage.holding import Holding
from storage.query import Damage
from storage.text.fold import FOLD_VERSION
from storage.text.urls import PLACES_VERSION
from storage.topics.coverage import CoverageReads, CoverageWrites
from storage.topics.incident_trace import IncidentTraceReads, IncidentTraceWrites
from storage.topics.incidents import IncidentReads, IncidentWrites
from storage.topics.keys.link_evidence import EvidenceReads, EvidenceWrites
from storage.topics.keys.organisations import OrganisationReads
from storage.topics.leasing.due import DueReads
from storage.topics.leasing.hosts import HostReads, HostWrites
from storage.topics.leasing.jobs import JobReads
from storage.topics.notices import NoticeReads, NoticeWrites
from storage.topics.operations import OperationReads, OperationWrites
from storage.topics.pages import PageReads, PageWrites
from storage.topics.proof import checking
from storage.topics.proof.integrity import IntegrityReads
from storage.topics.proof.pruning import PruneReads, PruneWrites
from storage.topics.proof.redaction import REMAINS, RedactionReads, RedactionWrites
from storage.topics.proof.stamps import StampWrites
from storage.topics.search import ALL, FACTS, PACKED, Portion, SearchReads, SearchWrites
from storage.topics.versions import VersionReads, VersionWrites


class Reader(
    IntegrityReads,
    PruneReads,
    RedactionReads,
    DueReads,
    HostReads,
    JobReads,
    OperationReads,
    SearchReads,
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
    HostWrites,
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
    *("put_past_blocks", "put_source"),
    *("take_lease", "renew_leases", "find_lost", "release_leases", "drop_runs", "put_host", "put_robots"),
    *("touch_notices", "hold_incidents", "lock_links", "link_changes", "count_request", "put_week", "stir"),
    *("queue", "queue_alerts", "put_delivery"),
)
"""What writes only that pages were looked at and how that went, or what nobody is shown.

Pages and feeds are the same after it, but for those that say how sources fare.
"""

tell_of_writes(Writer, Reader, QUIET)


class Archive:
    """``holding`` has the leases on whose behalf it is written, see ``held_by``."""

    def __init__(self, url: URL, engine: Engine, holding: Holding | None = None) -> None:
        self._url = url
        self._engine = engine
        self._holding = holding
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

    @property
    def shared_url(self) -> str:
        """Where another process of ours finds the archive, password and all; empty where it cannot."""
        in_memory = self.is_file and self._url.database in (None, "", ":memory:")
        return "" if in_memory else self._url.render_as_string(hide_password=False)

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
    def write(self, *leases: str) -> Iterator[Writer]:
        """Open one transaction that writes: committed at the end of the block, undone where it raises.

        One at a time, on PostgreSQL as on SQLite: numbers are looked up and the chain of changes grows at its
        head, see docs/decisions/0028. Raises StorageError, and Busy where the archive is written on behalf of
        a run that has lost its lease, or one of these. Where something was redacted, the files are cleaned of
        it after the commit.
        """
        with engines.translated(self._url):
            with self._engine.begin() as connection:
                schema.lock_writing(connection)
                writer = Writer(connection)
                if self._holding is not None:
                    self._holding.prove(writer, *leases)
                yield writer
                writer.link_changes()
                if writer.told:
                    search_index.catch_up(connection)
                raise_mark(connection, told=writer.told)
            if writer.redacted:
                self.forget()

    @contextmanager
    def lease(self) -> Iterator[Writer]:
        """Open a transaction that writes of leases and hosts alone: on PostgreSQL it waits for no other."""
        with engines.translated(self._url), self._engine.begin() as connection:
            yield Writer(connection)

    def held_by(self, holding: Holding) -> Archive:
        """Return the same archive, written on behalf of who holds leases.

        Every transaction makes sure that they are still held, and that nobody takes them over to its end.
        """
        return Archive(self._url, self._engine, holding)

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
    def hold(self, what: str, *names: str) -> Iterator[Holding]:
        """Hold leases while the block lasts, these and what is taken besides; ``what`` says it for people.

        Raises Busy where somebody else holds one of these.
        """
        holding = Holding(self, what)
        with holding.kept(*names):
            yield holding

    def verify(self) -> Iterator[Damage]:
        """Read every stored byte again, on all cores, and tell what is not as it was stored."""
        with self.read() as reader:
            yield from checking.verify(reader, _reading, self.shared_url)

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

    ``tell`` hears how many documents, or pages, of how many are done while the search index is made anew,
    which takes minutes where there are many texts, or they are stored in fewer bytes than before.
    """
    parsed = engines.parse_url(url)
    engine = engines.connect(parsed)
    try:
        with engines.translated(parsed):
            schema.ensure(engine, parsed)
            archive = Archive(parsed, engine)
            _renew_index(archive, tell)
            _pack(archive, tell)
            _sort_addresses(archive)
            _forget_the_rest(archive)
    except BaseException:
        engine.dispose()
        raise
    return archive


@contextmanager
def _reading(url: str) -> Iterator[Reader]:
    with open_archive(url) as archive, archive.read() as reader:
        yield reader


def _renew_index(archive: Archive, tell: Callable[[int, int], None]) -> None:
    with archive.read() as reader:
        renewed = _is_index_of_today(reader)
    if renewed:
        return
    with archive.write() as writer:
        if not _is_index_of_today(writer):
            writer.begin_reindex()
    _in_parts(archive, _is_index_of_today, Writer.reindex, tell)


def _pack(archive: Archive, tell: Callable[[int, int], None]) -> None:
    """Store texts and facts in few bytes that an older kohyo stored as they are, and give the room back."""
    with archive.read() as reader:
        if _are_texts_packed(reader) and _are_facts_packed(reader):
            return
    pages = _in_parts(archive, _are_texts_packed, Writer.pack_texts, tell)
    if pages + _in_parts(archive, _are_facts_packed, Writer.pack_facts, tell):
        archive.shrink()


def _in_parts(
    archive: Archive,
    done: Callable[[Reader], bool],
    do: Callable[[Writer], Portion],
    tell: Callable[[int, int], None],
) -> int:
    """Do something part by part, each in a transaction of its own, and return how much was done.

    Killed between two of them it goes on there; of several that open the archive at once, each does some.
    """
    ours = 0
    while True:
        with archive.write() as writer:
            schema.lock(writer._db)
            if done(writer):
                return ours
            part = do(writer)
        ours += part.now
        if part.now:
            tell(ours, ours + part.left)


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


def _are_texts_packed(reader: Reader) -> bool:
    return reader.setting(PACKED) == ALL


def _are_facts_packed(reader: Reader) -> bool:
    return reader.setting(FACTS) == ALL
