"""What one process holds of an archive: leases, renewed while it works, and given back at the end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from storage.errors import Busy, LeaseLost, StorageError
from storage.log_lines import log_event
from storage.records import Lease
from storage.topics.leasing.leases import DUTY, HOST, RUN
from storage.topics.leasing.owners import new_owner, say_holder

if TYPE_CHECKING:
    from storage.archive import Archive, Writer

logger = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
"""For how long a lease is taken and renewed. A process of another machine that dies is waited for so long."""

RENEW_SECONDS = 15.0
"""Between renewals, so that one may fail without harm."""

RETRY_SECONDS = 1.0
"""Until a renewal that failed is tried again."""

ARCHIVE, NOTIFY = f"{DUTY}archive", f"{DUTY}notify"


def run_lease(run: int) -> str:
    """Name the lease of a run: it lives while this is held."""
    return f"{RUN}{run}"


def host_lease(host: str) -> str:
    """Name the lease of a host: who holds it may ask it."""
    return f"{HOST}{host}"


class Holding:
    """The leases of one owner within this process.

    What was lost is not taken again: whatever was read while it was held is out of date.
    """

    def __init__(self, archive: Archive, what: str) -> None:
        self.owner, self.holder = new_owner(), say_holder(what)
        self._archive = archive
        self._leases: dict[str, Lease] = {}
        self._gone: set[str] = set()  # lost
        self._sure_until = self._asked_at = 0.0
        self._ended = threading.Event()
        self._run = ""

    def take(self, name: str) -> bool:
        """Take a lease; False where somebody else has it, or took it over from us. Raises StorageError."""
        if name in self._leases:
            return self.holds(name)
        if name in self._gone:
            return False
        with self._archive.lease() as writer:
            return self._take(writer, name)

    def holds(self, name: str) -> bool:
        """Tell whether a lease is still ours; asks the archive where it may have expired meanwhile.

        False where that cannot be known for want of an answer.
        """
        now = _elapsed()
        if now >= self._sure_until and now - self._asked_at > RENEW_SECONDS:  # we slept, or nobody answers
            with suppress(StorageError):
                self.renew()
            self._asked_at = _elapsed()
        return name in self._leases and _elapsed() < self._sure_until

    def took_over(self, name: str) -> bool:
        """Tell whether a lease of ours was not given back by its last owner."""
        return name in self._leases and self._leases[name].taken_over

    @property
    def is_alive(self) -> bool:
        """Whether the run goes on, as far as is known: it has not lost its own lease."""
        return self._run not in self._gone

    def check(self, *names: str) -> None:
        """Make sure that leases are still ours, all that were taken where none is named. Raises Busy."""
        for name in names or (*self._leases, *self._gone):
            if not self.holds(name):
                raise self._lost(name)

    def renew(self) -> None:
        """Prolong all leases that are still ours, and note which are not. Raises StorageError."""
        began, known = _elapsed(), dict(self._leases)
        with self._archive.lease() as writer:
            fences = writer.renew_leases(self.owner, LEASE_SECONDS)
        for name, lease in known.items():
            if fences.get(name) != lease.fence and self._leases.get(name) is lease:
                self._lose(name)
        self._sure_until = began + LEASE_SECONDS

    def release(self, name: str) -> None:
        """Give back a lease before the end. Raises StorageError."""
        if lease := self._leases.pop(name, None):
            with self._archive.lease() as writer:
                writer.release_leases([lease])

    def begin_run(self, writer: Writer, run: int, *, alone: bool) -> None:
        """Keep a run alive from here on, in the transaction that puts it on record.

        A run that works on the whole archive is ``alone``. Raises Busy where another run is in its way.
        """
        if alone:
            self._take_archive(writer)
        elif others := writer.leases(ARCHIVE):
            raise self._busy(others[0])
        self._run = run_lease(run)
        self._take(writer, self._run)

    def prove(self, writer: Writer, *names: str) -> None:
        """Make sure that the run and these leases are ours to the end of a transaction. Raises Busy.

        A name that was never taken needs no proof: the writer does not depend on it.
        """
        wanted = [name for name in dict.fromkeys((self._run, *names)) if name]
        for name in wanted:
            if name in self._gone:
                raise self._lost(name)
        lost = writer.find_lost([self._leases[name] for name in wanted if name in self._leases])
        if lost is not None:
            self._lose(lost)
            raise self._lost(lost)

    def _take_archive(self, writer: Writer) -> None:
        """Take the whole archive, in which no run may be at work then. Raises Busy."""
        others = writer.leases(ARCHIVE) or writer.leases(RUN)
        if others or not self._take(writer, ARCHIVE):
            raise self._busy(others[0] if others else Lease(ARCHIVE, "", 0, "just begun"))

    def _take(self, writer: Writer, name: str) -> bool:
        began = _elapsed()
        lease = writer.take_lease(name, self.owner, self.holder, LEASE_SECONDS)
        if lease is None:
            return False
        if not self._leases:
            self._sure_until = began + LEASE_SECONDS
        self._leases[name] = lease
        return True

    def _lose(self, name: str) -> None:
        self._leases.pop(name, None)
        self._gone.add(name)
        log_event(logger, "lease.lost", logging.WARNING, text=f"{self.holder}: {name}")

    def _lost(self, name: str) -> LeaseLost:
        return LeaseLost(
            f"{self.holder} lost its lease {name} on {self._archive.url} and another took its place; "
            "what it had not written yet is left to that"
        )

    def _busy(self, lease: Lease) -> Busy:
        return Busy(f"another run is at work on {self._archive.url} ({lease.holder}); try again later")

    # --- from begin to end ---------------------------------------------------------------------

    @contextmanager
    def kept(self, *names: str) -> Iterator[None]:
        """Take leases, renew all that are taken while the block lasts, and give them back. Raises Busy."""
        try:
            for name in names:
                if name == ARCHIVE:
                    with self._archive.write() as writer:
                        self._take_archive(writer)
                elif not self.take(name):
                    with self._archive.read() as reader:
                        others = [one for one in reader.leases(name) if one.name == name]
                    raise self._busy(others[0] if others else Lease(name, "", 0, "just ended"))
            renewing = threading.Thread(target=self._renew_until_ended, name="leases", daemon=True)
            renewing.start()
            try:
                yield
            finally:
                self._ended.set()
                renewing.join()
        finally:
            with suppress(StorageError, DBAPIError), self._archive.lease() as writer:  # else they expire
                writer.release_leases(list(self._leases.values()))
            self._leases.clear()

    def _renew_until_ended(self) -> None:
        wait = RENEW_SECONDS
        while not self._ended.wait(wait):
            try:
                self.renew()
                wait = RENEW_SECONDS
            except (StorageError, DBAPIError) as error:  # the latter where even the table is gone
                log_event(logger, "lease.not_renewed", text=error)
                wait = RETRY_SECONDS


def _elapsed() -> float:
    """Return seconds that go on while the machine sleeps, where the system counts them."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
