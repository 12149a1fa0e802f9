"""What is asked of the archive, and what it answers beside the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from storage.records import ChangeKind, Gap, Notice, Role, Row, SourceKind, Validators


@dataclass(frozen=True, slots=True)
class Margin:
    """By how much a count moves: so many, or so many percent of what it was."""

    amount: int
    percent: bool = False

    def __str__(self) -> str:
        """Write it as it is asked for: 1000, 10%."""
        return f"{self.amount}{'%' if self.percent else ''}"

    def holds(self, old: int, new: int) -> bool:
        """Tell whether ``new`` is so far from ``old``."""
        return abs(new - old) * 100 >= self.amount * old if self.percent else abs(new - old) >= self.amount


@dataclass(frozen=True, slots=True)
class Query:
    """A filter over notices and changes; whatever is left empty does not restrict.

    ``since`` (inclusive) and ``until`` (exclusive) are about the day of publication of notices (of
    first sight where none is stated) and about the detection of changes. ``after`` is the id of the
    last row already seen: the answer goes on behind it, in the order asked for.
    """

    sources: tuple[str, ...] = ()
    source_kinds: tuple[SourceKind, ...] = ()
    incident: str | None = None
    kinds: tuple[ChangeKind, ...] = ()  # notices: those with such a change
    reasons: tuple[str, ...] = ()  # any of them
    material: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    stated_over: int | None = None  # a count of at least so many stands in the text
    changed_over: int | None = None  # a count moved that was, or is, at least so many
    changed_by: Margin | None = None  # a count was replaced by another, so much larger or smaller
    provision: str | None = None  # number of an article that stands in the text
    organisation: str | None = None  # part of the name of one that stands in the text
    bodies: tuple[str, ...] = ()  # a notice speaks of any of these, by all names that are known to be theirs
    action: str | None = None  # English term of a measure that stands in the text, such as recommendation
    outcome: str | None = None  # term of what the text says of a leak, such as not confirmed
    step: str | None = None  # term of a step the text says was taken, such as police-informed
    text: str | None = None
    any_of: tuple[Query, ...] = ()  # passes one of these besides, whatever their limits
    limit: int | None = None
    after: int | None = None
    newest_first: bool = True
    by_relevance: bool = False  # of a search: what the text is about comes first


EVERYTHING = Query()


@dataclass(frozen=True, slots=True)
class Hit:
    """A notice found by its text.

    ``spans`` are the places of the phrases in ``snippet``; ``goes_on`` says whether the text does, before and
    behind it.
    """

    notice: Notice
    version: int | None  # None: found in the title that a listing gives
    snippet: str
    spans: tuple[tuple[int, int], ...]
    goes_on: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row as a list of a source holds it now."""

    source: str
    row: Row


@dataclass(frozen=True, slots=True)
class Figures:
    """What notices of some time come to: how many they are, and the largest count that one states."""

    notices: int
    largest: int | None = None
    said: str = ""  # in its words
    notice: int | None = None


State = Literal[
    "address-unknown",  # nothing to visit
    "unvisited",  # not yet
    "unconfirmed",  # an address from elsewhere that was never read well yet
    "clock",  # visited or planned in a future that a wrong clock made
    "overdue",  # a start page has waited for a visit far longer than it should
    "failing",  # pages that stand there, as far as is known, cannot be read
    "few-rows",  # a listing has fewer rows than its declaration expects
    "quiet",  # nothing new for longer than the declaration expects
    "alerts",  # something else is open
    "gone",  # every page to visit has been told as gone, and nobody has named another
]


@dataclass(frozen=True, slots=True)
class Watched:
    """What a visit needs of a page; of many pages it is read quicker than all that is known of them."""

    id: int
    source: str
    url: str
    at: bytes  # what the address is looked up by
    host: str
    role: Role
    validators: Validators
    sha256: str | None  # of the newest bytes
    due_at: datetime | None
    fetched_at: datetime | None
    version: int | None
    held: bool  # whether a text waits for a second look
    settled: bool


@dataclass(frozen=True, slots=True)
class HostPace:
    """How many requests a day the pages of a host ask for, and how many were made today."""

    promised: float = 0.0  # visits to pages that wait for no budget
    wished: float = 0.0  # and to those that do
    day: date | None = None  # in Japan, of which the requests are
    requests: int = 0

    def left(self, budget: float, today: date) -> int:
        """Return how many more requests a day's budget allows today."""
        return max(0, int(budget) - (self.requests if self.day == today else 0))

    def stretch(self, budget: float) -> float:
        """Return how many times longer than it should a page waits, so that all of them keep the budget.

        A tenth of it is theirs even where start pages alone would use it up.
        """
        return max(1.0, self.wished / max(budget - self.promised, budget / 10, 1e-9))


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one start address when it was tried without being watched; no ``problem``: it reads."""

    source: str
    url: str
    at: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What has been watched of a source, so that no news can be told from broken."""

    source: str
    pages: int
    notices: int
    last_checked: datetime | None
    last_success: datetime | None
    last_new_item: datetime | None
    last_changed: datetime | None
    failures: int  # pages whose last visit failed
    alerts: int  # open ones: raised, and no success of their page since, nor told that it is gone
    withdrawn: int = 0  # pages among the failures that are known to be gone
    every: int = 3600  # as declared, like the next two
    quiet_after: int | None = None
    expected: tuple[int, int | None] | None = None  # fewest and most rows of a listing; None: it has none
    rows: tuple[int, int] | None = None  # fewest and most when its listings were last read; None: unknown
    usual: int | None = None  # seconds between new items, as its publisher dates them; None: too few
    gaps: int = 0  # that ended within the last 90 days, of the start page missed longest
    gap_seconds: int = 0  # how much of these days they take up
    open_gap: Gap | None = None
    state: tuple[State, ...] = ()  # what is not in order, or not watched
    trials: tuple[Trial, ...] = ()  # of its start addresses, by `sources check --live`


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How the notice pages of a source are visited, each at its own pace.

    Seconds from a visit to the next, of those whose last visit succeeded.
    """

    pages: int
    next_due: datetime | None
    shortest: int | None
    longest: int | None


DeliveryStatus = Literal["pending", "sent", "failed"]


AlertTurn = Literal["raised", "recovered"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification to one target: of a change, or of what happened to an alert."""

    change: int | None
    target: str
    due_at: datetime
    status: DeliveryStatus = "pending"
    attempts: int = 0
    error: str = ""
    sent_at: datetime | None = None
    id: int = 0
    alert: int | None = None
    turn: AlertTurn | None = None


@dataclass(frozen=True, slots=True)
class Redaction:
    """The trace that something was taken out, and why; not what."""

    notice: int
    reason: str
    redacted_at: datetime
    snapshots: int
    versions: int
    id: int = 0


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that verify() found wrong, and where."""

    what: str  # bytes, snapshot, version, chain, …
    id: int
    detail: str

    def __str__(self) -> str:
        return f"{self.what} {self.id}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Discovery:
    """The day on which a publisher says it found out, by a notice of its own as it stands now."""

    notice: int
    source: str
    title: str
    day: str  # as stored: ISO 8601, or a month where only that is known
    raw: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class Prunable:
    """What nothing needs: captures with the bytes they were and take in the database, checks, and runs."""

    captures: int
    received: int  # bytes as they came
    stored: int  # bytes as they are stored
    checks: int
    runs: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the queue, and how its process went the last time."""

    id: int
    task: str  # visit, enqueue, publish, …
    host: str  # of a visit
    state: str  # waiting, running, done, failed, cancelled
    attempts: int = 0
    worker: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""  # done, failed, nothing-free, killed
    status: int | None = None  # with which its process ended; negative: by that signal
    seconds: float | None = None
    pages: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WorkerFigures:
    """What a worker has done since it was first seen."""

    name: str
    version: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    running: int
    ended: dict[str, int]  # jobs by outcome
    seconds: float
    pages: int


@dataclass(frozen=True, slots=True)
class RestingHost:
    """A host that is set aside for a while, since its visits ended the processes that made them."""

    host: str
    kills: int
    until: datetime
    detail: str
