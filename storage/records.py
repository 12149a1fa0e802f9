"""The nouns of kohyo as frozen dataclasses.

They travel between the rooms; no ORM object, Scrapy object or HTML tree does. Every datetime
is aware and in UTC, every date is a civil date in Japan, every duration is in seconds.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

SourceKind = Literal["regulator", "company", "affected", "index", "commentary"]
THIRD_PARTIES: tuple[SourceKind, ...] = ("index", "commentary")
"""Kinds that report of others: what they publish is no body's own disclosure."""
Role = Literal["listing", "page", "attachment"]
Verdict = Literal["content", "soft-404", "blocked", "empty", "unreadable"]
Outcome = Literal[
    "not-modified",  # 304: the server says so
    "same-bytes",
    "same-text",  # other bytes, same readable text
    "version",  # a new version was stored
    "held",  # too much changed at once: waits for a second look
    "soft-404",
    "blocked",
    "empty",
    "unreadable",
    "missing",  # 404 or 410
    "earlier",  # imported, and older than what is known: evidence that changes nothing any more
    "error",  # no answer, 5xx, refused by robots.txt or by the URL gate
]
SUCCESS: frozenset[Outcome] = frozenset({"not-modified", "same-bytes", "same-text", "version"})
"""Outcomes of a page that stood there and could be read, or was not even altered."""
ChangeKind = Literal["new", "updated", "withdrawn", "restored", "moved"]
LinkStatus = Literal["declared", "suggested", "confirmed", "rejected"]
BELONGING: tuple[LinkStatus, ...] = ("declared", "confirmed")
"""Statuses of a link by which a notice belongs to an incident; the others are questions or refusals."""
NoticeStatus = Literal["listed", "standing", "withdrawn"]

REASONS = (
    "count",
    "date",
    "deadline",
    "provision",
    "phone",
    "outcome",  # 漏えい -> 確認されていない, or back
    "wording-softened?",  # a hint for a person, never a claim
    "negation",
    "postscript",
    "added",
    "removed",
    "column",
    "text",
    "title",
    "attachment",
    "link",
    "order",  # passages moved, nothing else
    "reverted",  # back to an earlier text
    "silent",  # the content changed, the page's own update date did not
    "found-later",  # by importing captures from before what was known: told to nobody
    "address",  # moved to another URL
    "form-only",  # width, punctuation, notation: same values
)
"""Every reason a change may carry, most telling first."""


# --- declarations -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JsonPaths:
    """Where JSON holds rows, in JMESPath: ``items`` from the root, the others from an item."""

    items: str
    url: str
    title: str
    date: str | None = None
    label: str | None = None


Topic = Literal["any", "personal-data"]


@dataclass(frozen=True, slots=True)
class ListingRules:
    """How to read a page of links.

    Selectors are CSS; ``follow`` are regular expressions on absolute URLs; ``expect`` is (min, max) rows of a
    healthy listing.
    """

    item: str = ""  # empty: a feed, a sitemap, or JSON, told apart by what came
    link: str = "a"
    title: str | None = None  # default: the link's text
    date: str | None = None
    follow: tuple[str, ...] = ()
    more: str | None = None  # links to further listings (earlier years, next page)
    expect: tuple[int, int | None] = (1, None)
    label: str | None = None  # a word beside the title, such as お知らせ
    json: JsonPaths | None = None
    links: bool = False  # the dated links of the page are its rows
    topic: Topic = "any"  # which rows are followed up; the others are on record only
    match: tuple[str, ...] = ()  # words of one's own that make a row one to follow up
    ignore: tuple[str, ...] = ()  # words of one's own that make a row one to leave alone
    any_form: bool = False  # a feed where it is one, and else a page of dated links
    index: str | None = None  # links to the lists of years and months, of which the newest is followed


@dataclass(frozen=True, slots=True)
class PageRules:
    """How to read a notice page. Empty ``include`` lets kohyo find the main text."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    attachments: bool = False
    encoding: str | None = None  # only where the site lies
    watch_offers: bool = False  # what is offered is watched at once
    offers: str | None = None  # CSS of links offered as new sources (index articles)


SourceSet = Literal["core", "radar"]
"""Sources that are switched on together: those of the incident, and the lists of all Japan."""
SOURCE_SETS: tuple[SourceSet, ...] = get_args(SourceSet)


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher and how to read its site. ``id`` is the declaration's file name."""

    id: str
    name: str
    kind: SourceKind
    start: tuple[str, ...] = ()  # empty: the publisher is known, its address is not
    every: int = 3600
    quiet_after: int | None = None  # seconds without a new item before "gone quiet"
    listing: ListingRules | None = None
    page: PageRules = PageRules()
    browser: bool = False  # pages are drawn by scripts, in a browser
    private: bool = False  # may be fetched from private and loopback addresses
    delay: float | None = None  # seconds between requests to one host; robots.txt may ask for more
    note: str = ""
    origin: Literal["bundled", "file", "accepted", "dropped"] = "file"  # dropped: accepted, and taken back
    set: SourceSet = "core"
    seen: str = ""  # where the address was seen, of one that nobody has confirmed
    fallback: tuple[str, ...] = ()  # other lists of the publisher, visited while the first is sick
    fallback_listing: ListingRules | None = None  # how they are read; None: by what comes
    name_en: str = ""
    templates: tuple[str, ...] = ()  # ``start`` with its fields, where that names a day, month or year
    slowest: int | None = None  # seconds that a start page may wait when no news is to be expected
    overrides: tuple[str, ...] = ()  # keys in which a file differs from the bundled declaration of its id

    def in_place(self) -> Source:
        """Return what is visited while the list is sick: the same publisher by its other lists."""
        rules, other = self.listing or ListingRules(), self.fallback_listing or ListingRules(any_form=True)
        found = replace(
            other,
            follow=other.follow or rules.follow,
            topic=rules.topic,
            match=rules.match,
            ignore=rules.ignore,
        )
        return replace(self, start=self.fallback, templates=(), listing=found)

    @property
    def periodic(self) -> bool:
        """Whether its lists are each of a day, month or year, and the newest alone is visited."""
        return bool(self.templates or (self.listing is not None and self.listing.index))


# --- in flight -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a listing as the listing shows it. ``published`` is None where unreadable.

    ``touched`` is when a feed or a sitemap says that the page was changed last: no part of what is shown and
    kept, only of when to look.
    """

    url: str  # absolute, percent-encoded, fragment kept
    title: str
    published: date | None = None
    label: str = ""
    touched: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Validators:
    """The server's own words, replayed byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A day, month or year by its first and last day."""

    first: date
    last: date

    def holds(self, other: Period) -> bool:
        """Tell whether ``other`` is a part of this period."""
        return self != other and self.first <= other.first and other.last <= self.last


@dataclass(frozen=True, slots=True)
class Visit:
    """One page to look at, as the agenda asks for it."""

    source: str
    url: str
    role: Role
    validators: Validators = Validators()
    sha256: str | None = None  # of the bytes stored last
    confirm: bool = False  # fetch a second time if the bytes differ: what flickers is noise
    attachments: tuple[Visit, ...] = ()  # known ones, looked at even when the page answers 304
    row: Row | None = None
    period: Period | None = None  # of a list that an index of lists led to


def header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """Return the first value of a header, compared without case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Capture:
    """What one request brought (WARC/Memento sense), its attachments with it."""

    source: str
    url: str  # the address asked for
    role: Role
    captured_at: datetime
    status: int | None = None  # None: no answer, see ``error``
    final_url: str = ""  # after redirects
    redirects: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    error: str = ""  # what went wrong, for the operator
    fault: str = ""  # what of ours went wrong over it, and where
    moved_to: str = ""  # where the page did nothing but point on to, which is what was read
    cut: str = ""  # what of it a limit of ours leaves out
    further: tuple[str, ...] = ()  # more pages of this list
    index: bool = False  # a list of lists, which has no rows of its own
    rows: tuple[Row, ...] | None = None  # of a listing
    row: Row | None = None  # what a listing said of this page
    attachments: tuple[Capture, ...] = ()
    again: bytes | None = None  # body of a second fetch a minute later

    def header(self, name: str) -> str | None:
        """Return the first value of a header of the answer, compared without case."""
        return header(self.headers, name)


# --- reading -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page's text: the words it hangs on, and where it leads."""

    text: str
    url: str  # absolute


BlockKind = Literal["heading", "text", "item", "row"]


@dataclass(frozen=True, slots=True)
class Block:
    """One readable unit: a heading, a sentence, a list item, a table row or a dt/dd pair.

    ``cells`` and ``head`` are set for rows; ``text`` of a row is its cells joined by `` | ``. ``head`` says
    of each column all its heads, ``row_head`` what cells above say that reach down into the row.
    """

    kind: BlockKind
    text: str
    cells: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    level: int = 0  # of a heading
    row_head: str = ""


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date a page claims, and where.

    ``source`` is json-ld, opengraph, label, history, line, title or slug; ``confidence`` between 0 and 1.
    """

    value: date
    source: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What kohyo reads in one body of bytes."""

    verdict: Verdict
    detail: str = ""  # evidence for a verdict other than content
    title: str = ""
    published: PageDate | None = None
    updated: PageDate | None = None
    encoding: str = ""
    replaced: int = 0  # U+FFFD in the decoded text
    blocks: tuple[Block, ...] = ()
    attachments: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        """The readable text: the blocks, one a line."""
        return "\n".join(block.text for block in self.blocks)


FactField = Literal[
    "count",
    "date",
    "deadline",
    "provision",
    "action",
    "organisation",
    "role",
    "cause",
    "phone",
    "data-item",
    "outcome",
    "corporate-number",
    "step",
    "report",
    "days-to-publication",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value read from text with its place in it.

    ``value``: count an integer or None; date and deadline ISO 8601 (a day, or a month where only
    that stands); provision ``{"law", "article", "paragraph"}``; action the English term.
    ``start`` and ``end`` count characters of the text the fact was read from.
    """

    field: FactField
    value: Any
    raw: str
    start: int
    end: int
    unit: str = ""
    qualifiers: tuple[str, ...] = ()
    role: str = ""


# --- comparing -----------------------------------------------------------------------------

HunkOp = Literal["insert", "delete", "change", "cell", "move", "link", "form", "column"]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A value among what a segment replaced, as both sides word it.

    ``old`` or ``new`` is empty where it only came or went. ``kind``: count, number, date, time, provision,
    phone or link.
    """

    kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A run inside a changed block: equal where ``old == new``, else replaced."""

    old: str
    new: str
    values: tuple[Replaced, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether both sides say the same in this segment."""
        return self.old == self.new


HunkPlace = Literal[
    "",  # somewhere in the text
    "stamp",  # the page's own update date
    "slot",  # a place where lone links take turns: a banner, by its looks
    "title",
    "date",  # of a listing's row, in ISO 8601
    "address",
    "file-gone",
    "file-back",
    "file-replaced",
]


@dataclass(frozen=True, slots=True)
class Hunk:
    """One reviewable difference.

    ``label`` says where in the publisher's words (row and column, attachment, link text), ``place`` in ours.
    """

    op: HunkOp
    old: str = ""
    new: str = ""
    segments: tuple[Segment, ...] = ()
    reasons: tuple[str, ...] = ()
    label: str = ""
    place: HunkPlace = ""
    goes_on: bool = dataclasses.field(default=False, compare=False)  # one passage with the hunk before it


PassageOp = Literal["same", "change", "form", "replace", "insert", "delete", "move"]


@dataclass(frozen=True, slots=True)
class Passage:
    """One row of two texts side by side; a side is None where nothing stands there.

    ``cells`` are the runs of a passage that stands on both sides and was edited: of a table row
    one for each column, of any other block one. A moved passage is two rows, one at each place.
    """

    op: PassageOp
    old: Block | None
    new: Block | None
    cells: tuple[tuple[Segment, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a page: the differences worth a review, and the whole of both texts in rows."""

    hunks: tuple[Hunk, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class FactChange:
    """A typed difference: ``old`` or ``new`` is None where the value came or went."""

    field: str
    old: str | None
    new: str | None
    role: str = dataclasses.field(default="", compare=False)  # what a date is of, what a count counts


# --- stored --------------------------------------------------------------------------------


PlanReason = Literal[
    "promised",  # a list at the pace that its declaration names
    "rested",  # a list that its declaration lets rest when no news is to be expected
    "learned",  # by how often a page of its age and history changes
    "unread",  # nothing of it was ever read
    "attached",  # a file is looked at with its page
    "listed",  # a row of a list said that it has changed
    "stirred",  # something happened in the incident that it belongs to
    "second-look",
    "missing",
    "failing",
    "unconfirmed",
    "retry-after",
]
"""By what a visit was planned."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What looks told of how often a page changes: a gamma distribution over changes in a day."""

    shape: float
    exposure: float  # days, each by how much was to be expected of it


@dataclass(frozen=True, slots=True)
class Page:
    """One URL that is watched."""

    id: int
    source: str
    url: str
    role: Role
    parent: int | None = None  # the page an attachment hangs on
    validators: Validators = Validators()
    due_at: datetime | None = None
    last_checked: datetime | None = None
    last_success: datetime | None = None
    last_changed: datetime | None = None  # when the newest version was met, be it the first
    failures: int = 0  # in a row
    missing_since: datetime | None = None  # first 404/410 of the present row of them
    gone: bool = False  # called withdrawn
    snapshot: int | None = None  # newest stored bytes
    version: int | None = None  # newest version
    held: str | None = None  # key of a text that waits for a second look
    volatile: tuple[str, ...] = ()  # block keys and shapes learned as noise on this page
    changes_seen: int = 0  # versions after the first
    settled: bool = False  # was fetched twice in one visit, so that its flicker is known
    fetched_at: datetime | None = None  # when bytes came last, other than by a 304
    rows: int | None = None  # of a listing when it was read last; None: never counted
    planned: PlanReason | None = None  # why it is due when it is
    awaited_at: datetime | None = None  # when it was to be read next, as planned when it was read last
    stirred_at: datetime | None = None  # when something happened in an incident that it belongs to
    learned: Learned | None = None  # None: nothing yet
    pace: float = 0.0  # visits a day that it would be given if its host had no budget


@dataclass(frozen=True, slots=True)
class Check:
    """That a page was looked at: evidence that it still stood there unchanged, or did not."""

    page: int
    run: int | None
    checked_at: datetime
    outcome: Outcome
    status: int | None = None
    detail: str = ""
    snapshot: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A space of time in which a start page should have been read and was not.

    From one success to the next, or until it was found gone. ``visits`` are those that failed in between;
    with none, nobody went there.
    """

    page: int
    began_at: datetime
    ended_at: datetime | None  # None: still open
    visits: int = 0
    outcome: Outcome | None = None  # of the last of them
    detail: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Bytes as stored, with headers and time. ``body`` is only filled where asked for."""

    page: int
    captured_at: datetime
    status: int
    final_url: str
    headers: tuple[tuple[str, str], ...]
    sha256: str
    size: int
    redirects: tuple[str, ...] = ()
    body: bytes | None = None
    id: int = 0

    def header(self, name: str) -> str | None:
        """Return the first value of a header as it was received, compared without case."""
        return header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What made a version: digest of the declaration, and the versions of our own rules."""

    declaration: str
    key: int
    blocks: int
    dates: int
    rules: int


@dataclass(frozen=True, slots=True)
class Version:
    """A state of a page's readable text.

    ``key`` is the hash of its comparison keys: two versions with one key say the same.
    """

    page: int
    snapshot: int
    captured_at: datetime
    title: str
    text: str
    blocks: tuple[Block, ...]
    attachments: tuple[Link, ...]
    key: str
    recipe: Recipe
    published: date | None = None
    updated: date | None = None
    encoding: str = ""
    replaced: int = 0
    id: int = 0
    number: int = 0  # 1, 2, … within its page
    redacted: bool = False  # what it read was taken out; its key is left
    sha256: str = field(default="", compare=False)  # of the bytes it was read from

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text in UTF-8; newer rules may read another text in the same bytes."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A version without its text: enough to name it and to choose it."""

    id: int
    number: int
    snapshot: int
    captured_at: datetime
    title: str
    updated: date | None
    sha256: str = ""  # of the bytes it was read from


@dataclass(frozen=True, slots=True)
class Notice:
    """One announcement. ``published`` is what the publisher says."""

    source: str
    page: int
    url: str
    title: str
    published: date | None
    first_seen: datetime
    last_seen: datetime
    status: NoticeStatus = "standing"
    updated: date | None = None
    id: int = 0
    versions: int = 0
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a subscriber hears. ``hunks`` is the difference as it was judged at the time."""

    notice: int
    source: str
    url: str
    title: str
    detected_at: datetime
    kind: ChangeKind
    material: bool
    reasons: tuple[str, ...] = ()
    summary: str = ""
    from_version: int | None = None
    to_version: int | None = None
    hunks: tuple[Hunk, ...] = ()
    facts: tuple[FactChange, ...] = ()
    run: int | None = None
    id: int = 0
    incidents: tuple[str, ...] = ()
    link: ChainLink | None = field(default=None, compare=False)  # None within its own transaction

    def __hash__(self) -> int:
        """Hash what tells nearly all changes apart: to walk all hunks takes as long as to read them."""
        return hash((self.id, self.notice, self.detected_at))


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A link of the chain of changes: digests in hexadecimal, see storage/topics/proof/chain.py."""

    number: int
    change: int
    form: int
    record: str  # SHA-256 of the record of the change
    hash: str  # of the hash before it, and that
    redacted: bool = False  # what the record says was taken out; it cannot be checked any more
    old_snapshot: int | None = None  # the bytes before and after, as the change was judged by them
    new_snapshot: int | None = None
    old_sha256: str = ""
    new_sha256: str = ""


LASTING_ALERTS = (
    "unreachable",
    "missing",
    "blocked",
    "soft-404",
    "empty",
    "unreadable",
    "redesign",
    "failed",
    "too-expensive",
    "few-rows",
    "many-rows",
)
"""Kinds of alert that last until the page is read well again."""

PASSING_ALERTS = (
    "rolled-off",
    "fallback",
    "addresses",
    "stood-still",
    "decoding",
    "recipe",
    "budget",
    "set-aside",
    "notification",
)
"""Kinds that tell of a moment: that it was not seen again says nothing about how it stands."""

ALERT_KINDS = LASTING_ALERTS + PASSING_ALERTS


@dataclass(frozen=True, slots=True)
class Stamp:
    """An outside timestamp: that a link of the chain was there at a moment of the authority's clock."""

    number: int
    hash: str  # of the link
    authority: str  # its address
    stamped_at: datetime
    response: bytes  # TimeStampResp of RFC 3161 in DER
    id: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    """Something the operator must see; never a change."""

    kind: str
    source: str
    url: str
    detail: str
    raised_at: datetime
    run: int | None = None
    snapshot: int | None = None  # the evidence
    last_seen: datetime | None = None  # the same alert again is counted, not repeated
    times: int = 1
    id: int = 0


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One body of an incident as our sources of knowledge give it; empty where not seen."""

    name: str
    kind: str
    source: str = ""  # id of a declared source
    disclosed: str = ""
    count: str = ""
    later: str = ""


IncidentOrigin = Literal["declared", "drafted"]
IncidentStatus = Literal["open", "closed", "removed"]
IncidentAction = Literal["new", "edit", "link", "unlink", "merge", "split", "close", "reopen", "remove"]


@dataclass(frozen=True, slots=True)
class Incident:
    """An event with notices of several publishers: declared in TOML, or drafted from notices."""

    slug: str
    name: str
    summary: str = ""
    respondents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    hotlines: tuple[str, ...] = ()
    window: tuple[date, date | None] | None = None
    seeds: tuple[str, ...] = ()  # URLs of notices that belong to it by declaration
    roster: tuple[RosterEntry, ...] = ()
    id: int = 0
    origin: IncidentOrigin = "declared"
    status: IncidentStatus = "open"
    merged_into: str = ""  # slug of the incident that took its notices
    name_en: str = ""
    edited: tuple[str, ...] = ()  # keys that a person wrote; they go before the declaration's


INCIDENT_KEYS = (
    "name", "name_en", "summary", "respondents", "aliases", "hotlines", "window", "seeds", "roster",
)  # fmt: skip
"""What is declared of an incident, drafted, and edited."""


@dataclass(frozen=True, slots=True)
class IncidentState:
    """What people decided of an incident: a step of its trace goes from one of these to another."""

    status: IncidentStatus
    merged_into: str = ""
    edits: str = "{}"  # the keys that a person wrote, as JSON
    links: tuple[tuple[int, LinkStatus | None], ...] = ()  # notices the step is about; None: no link


@dataclass(frozen=True, slots=True)
class IncidentStep:
    """One step of an incident's trace; steps of one operation, such as a merge, have the same number."""

    incident: str  # slug
    action: IncidentAction
    at: datetime
    by: str  # the way it came: command, page
    before: IncidentState | None  # None: there was no such incident
    after: IncidentState
    operation: int = 0
    undone_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class IncidentLink:
    """That a notice belongs to an incident, why, and who says so."""

    incident: int
    notice: int
    status: LinkStatus
    evidence: tuple[str, ...] = ()
    score: float = 0.0


EvidenceKey = tuple[str, str]
"""Something of a notice that others may share, as kind and key: ``("phone", "0120220614")``."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An address found on an index page, offered as a new source."""

    source: str  # where it was found
    url: str
    title: str
    offered_at: datetime
    status: LinkStatus = "suggested"
    id: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl or import."""

    started_at: datetime
    command: str
    finished_at: datetime | None = None
    status: Literal["running", "done", "failed"] = "running"
    stats: dict[str, int] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one owner to something that nobody else may have at the same time: a host, a duty, a run.

    ``fence`` grows by one with each new owner: a write that names another is refused.
    """

    name: str  # host:www.example.jp, duty:notify, run:7
    owner: str
    fence: int
    holder: str = ""  # who that is and on which machine, for people
    until: datetime | None = None  # by the clock of the database, on SQLite by that of the machine
    taken_over: bool = False  # its last owner did not give it back


@dataclass(frozen=True, slots=True)
class HostState:
    """How a host wants to be asked, whichever process asked it last; in seconds from now."""

    wait: float = 0.0  # until the next request may leave
    delay: float = 0.0  # between requests, as it was in use last
    away: float = 0.0  # it asked to be left alone for so long yet
    stalls: int = 0  # in a row
    rest: float = 0.0  # it stalled too often, and is left alone for so long yet


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What a site answered when it was asked for its robots.txt, and how many seconds ago that was."""

    status: int | None  # None: it could not be had
    body: bytes = b""
    detail: str = ""  # why it could not be had
    age: float = 0.0
