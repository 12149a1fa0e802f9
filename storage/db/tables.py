"""The schema. Names follow the records; a comment stands at every column that is not what its name says.

Lists and nested records are stored as compact JSON text (codec.py): they are written and read as a
whole, and never searched by the database. The full-text index is not here, since its form depends on
the engine: see index/search_index.py.

A change here needs a migration in storage/migrations/versions.

An index that is partial says so for SQLite. It is so on PostgreSQL as well, see schema.py: to say that here
would load that dialect with every command.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, ForeignKey, Index, Integer, LargeBinary, Text

from storage.db.columns import Prose, Utc
from storage.db.kept.short import (
    EVIDENCE_KINDS,
    KNOWN_HEADERS,
    KNOWN_HUNKS,
    KNOWN_KEYS,
    KNOWN_RECIPE,
    Coded,
    Packed,
)

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(target: str, *, null: bool = False, name: str | None = None) -> Column[int]:
    return Column(name or f"{target}_id", ForeignKey(f"{target}.id"), nullable=null)


_HANGS = sa.text("parent_id IS NOT NULL")
_BY_ITSELF = sa.text("role <> 'attachment'")

source = sa.Table(
    "source",
    metadata,
    _id(),
    Column("slug", Text, nullable=False, unique=True),  # Source.id, the declaration's file name
    Column("name", Prose, nullable=False),
    Column("kind", Text, nullable=False),
    Column("declaration", Text, nullable=False),  # the whole Source as JSON
    # Pages of a site share their template: a first snapshot is stored as its difference from this one.
    Column("reference_blob", Integer),
    Column("reference_doc", BigInteger),  # likewise of the texts to be searched
    Column("week", Text),  # JSON: hours and days at which changes came; null: none yet
)

page = sa.Table(
    "page",
    metadata,
    _id(),
    _to("source"),
    Column("url", Prose, nullable=False),
    Column("url_hash", LargeBinary, nullable=False),  # an address may be longer than an index entry
    # of the address, without port: whom a visit asks
    Column("host", Prose, nullable=False, server_default=""),
    Column("role", Text, nullable=False),
    Column("parent_id", ForeignKey("page.id")),  # the page an attachment hangs on
    Column("etag", Prose),  # the server's own words, sent back byte for byte
    Column("last_modified", Prose),
    Column("due_at", Utc),  # of an attachment it says nothing: files are looked at with their page
    Column("last_checked", Utc),
    Column("last_success", Utc),
    Column("last_changed", Utc),
    Column("failures", Integer, nullable=False),  # in a row
    Column("missing_since", Utc),
    Column("gone", Boolean, nullable=False),
    Column("snapshot_id", Integer),  # newest; no foreign key, since the two tables would form a circle
    Column("version_id", Integer),  # newest; likewise
    Column("held", Text),  # key of a text that waits for a second look
    Column("volatile", Text, nullable=False),  # JSON list: block keys learned as noise
    Column("changes_seen", Integer, nullable=False),
    Column("settled", Boolean, nullable=False),  # was fetched twice in one visit: its flicker is known
    Column("fetched_at", Utc),  # when bytes came last, other than by a 304
    Column("rows", Integer),  # of a listing when it was read last; null: never counted
    # By what the next visit is planned: Page says what each is, monitor/track/timing what becomes of it.
    Column("planned", Text),
    Column("awaited_at", Utc),
    Column("stirred_at", Utc),
    Column("shape", Float),  # this and the next are Page.learned
    Column("exposure", Float),
    Column("pace", Float, nullable=False, server_default="0"),
    sa.UniqueConstraint("source_id", "url_hash", "role"),
    # What coverage asks of each source: how many pages fail, and when the latest was visited or changed.
    Index(None, "source_id", "failures", "last_checked"),
    Index(None, "source_id", "last_changed"),
    # without those that hang on nothing: of an index full of them a planner thinks little
    Index(None, "parent_id", sqlite_where=_HANGS),
    # What is due, host by host: few of many, and no attachments among them.
    Index(None, "source_id", "host", "due_at", sqlite_where=_BY_ITSELF),
)

# Sums over the pages of a host, kept with every visit: to add them up, all would be read.
host_pace = sa.Table(
    "host_pace",
    metadata,
    Column("host", Prose, primary_key=True),
    Column("promised", Float, nullable=False),  # visits a day to pages that wait for no budget
    Column("wished", Float, nullable=False),  # and to those that do
    Column("day", Date, nullable=False),  # in Japan, of which the requests are counted
    Column("requests", Integer, nullable=False),
)

run = sa.Table(
    "run",
    metadata,
    _id(),
    Column("started_at", Utc, nullable=False),
    Column("finished_at", Utc),
    Column("command", Prose, nullable=False),
    Column("status", Text, nullable=False),
    Column("stats", Text, nullable=False),  # JSON object: name to number
)

blob = sa.Table(
    "blob",
    metadata,
    _id(),
    Column(
        "sha256", LargeBinary, nullable=False, unique=True
    ),  # of the bytes as they were before compression
    Column("size", Integer, nullable=False),  # of the same; bounds what decompression may yield
    Column("base_id", ForeignKey("blob.id"), index=True),  # the blob whose bytes are the zstd dictionary
    Column("depth", Integer, nullable=False),  # bases below it when it was stored; see blobs.MAX_DEPTH
    Column("data", LargeBinary, nullable=False),  # one zstd frame
    # An encoding: the dictionary is the words of the base, a page in it; see kept/contents.bare.
    Column("read_as", Text),
)

snapshot = sa.Table(
    "snapshot",
    metadata,
    _id(),
    _to("page"),
    Column("captured_at", Utc, nullable=False),
    Column("status", Integer, nullable=False),
    Column("final_url", Prose, nullable=False),
    Column("redirects", Prose, nullable=False),  # JSON list
    # JSON list of pairs: order and repetition are evidence
    Column("headers", Packed(KNOWN_HEADERS), nullable=False),
    Column("sha256", LargeBinary, nullable=False),  # stays when the bytes are redacted
    Column("size", Integer, nullable=False),  # likewise
    Column("blob_id", ForeignKey("blob.id"), index=True),  # null: redacted, or pruned
    Column("pruned_at", Utc),  # when its bytes were let go since nothing needs them
    Index(None, "page_id", "captured_at"),
)

# "check" is a word of SQL; SQLAlchemy quotes it
check = sa.Table(
    "check",
    metadata,
    _id(),
    _to("page"),
    Column("run_id", ForeignKey("run.id")),
    Column("checked_at", Utc, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("detail", Prose, nullable=False),
    Column("snapshot_id", ForeignKey("snapshot.id")),
    Index(None, "page_id", "id"),  # the newest checks of a page, however many there are
)

# Found when the page is read again, and kept: to find them anew, every check of the time would be read.
gap = sa.Table(
    "gap",
    metadata,
    _id(),
    _to("source"),
    _to("page"),
    Column("began_at", Utc, nullable=False),
    Column("ended_at", Utc, nullable=False),
    Column("visits", Integer, nullable=False),  # that failed in between
    Column("outcome", Text),  # of the last of them
    Column("detail", Prose, nullable=False),  # likewise
    Index(None, "source_id", "ended_at"),
)

version = sa.Table(
    "version",
    metadata,
    _id(),
    _to("page"),
    Column("number", Integer, nullable=False),  # 1, 2, … within its page
    _to("snapshot"),
    Column("captured_at", Utc, nullable=False),
    Column("title", Prose, nullable=False),
    Column("published", Date),
    Column("updated", Date),
    Column("key", Text, nullable=False),
    Column("shape", Text, nullable=False),  # nobody read it: empty
    Column("recipe", Packed(KNOWN_RECIPE), nullable=False),  # JSON
    Column("encoding", Text, nullable=False),
    Column("replaced", Integer, nullable=False),
    # Text, blocks and attachments: see kept/contents.py. A version differs little from the one before: so do
    # the blobs; the first one's from the page it was read from.
    Column("content_id", ForeignKey("blob.id"), index=True),  # null: redacted
    Column("facts", LargeBinary),  # and where they stand: see kept/fact_spans.py; null: none, or redacted
    sa.UniqueConstraint("page_id", "number"),
    Index(None, "snapshot_id"),
)

# What versions state, each value once however many state it: see kept/fact_spans.py.
fact_value = sa.Table(
    "fact_value",
    metadata,
    _id(),
    Column("digest", BigInteger, nullable=False, unique=True),  # of all that follows, to find it by
    Column("field", Text, nullable=False),
    Column("value", Prose, nullable=False),  # JSON
    Column("number", BigInteger),  # the value of a count, to be compared
    Column(
        "term", Prose
    ),  # the value folded, to be looked for: number of an article, name of an organisation
    Column("raw", Prose, nullable=False),
    Column("unit", Prose, nullable=False),
    Column("qualifiers", Prose, nullable=False),  # JSON list
    Column("role", Prose, nullable=False),
)
# By these a fact is found that few versions state.
for value in (fact_value.c.number, fact_value.c.term):
    known = value.is_not(None)
    Index(None, fact_value.c.field, value, sqlite_where=known)

# Which versions of a page state it: from one to another, by their numbers.
fact_span = sa.Table(
    "fact_span",
    metadata,
    Column("page_id", ForeignKey("page.id"), primary_key=True),
    Column("value_id", ForeignKey("fact_value.id"), primary_key=True, index=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer),  # null: the newest states it still
    Column("times", Integer, nullable=False),  # in each of them
    sqlite_with_rowid=False,
)

# 1, 2, … to the most that a value was stated in one version: the view of facts has a row for each time.
tally = sa.Table("tally", metadata, Column("number", Integer, primary_key=True, autoincrement=False))

# Which blocks went away with a page's versions, so that these are read only where one comes back. Digests
# of 32 bits, one after the other. No row: nobody has looked yet.
page_past = sa.Table(
    "page_past",
    metadata,
    Column("page_id", ForeignKey("page.id"), primary_key=True),
    Column("blocks", LargeBinary, nullable=False),
)

notice = sa.Table(
    "notice",
    metadata,
    _id(),
    _to("source"),
    _to("page"),
    Column("url", Prose, nullable=False),
    Column("title", Prose, nullable=False),
    Column("published", Date),
    Column("updated", Date),
    Column(
        "appeared_at", Utc, nullable=False
    ),  # published (midnight in Japan), else first_seen: the order of lists
    Column("first_seen", Utc, nullable=False),
    Column("last_seen", Utc, nullable=False),
    Column("status", Text, nullable=False),
    Index(None, "page_id"),
    Index(None, "source_id", "appeared_at"),
    Index(None, "source_id", "first_seen"),
    Index(None, "appeared_at"),
)

change = sa.Table(
    "change",
    metadata,
    _id(),
    _to("notice"),
    _to("source"),
    Column("url", Prose, nullable=False),
    Column("title", Prose, nullable=False),  # as it was then
    Column("detected_at", Utc, nullable=False),
    Column("kind", Text, nullable=False),
    Column("material", Boolean, nullable=False),
    Column("reasons", Text, nullable=False),  # JSON list of words from records.REASONS
    Column("summary", Prose, nullable=False),
    Column("from_version", ForeignKey("version.id")),
    Column("to_version", ForeignKey("version.id")),
    Column("hunks", Packed(KNOWN_HUNKS), nullable=False),  # JSON
    Column("facts", Text, nullable=False),  # JSON
    Column("run_id", ForeignKey("run.id")),
    # With what changes are filtered by: rows are wide, and not read for nothing.
    Index(None, "notice_id", "kind", "material", "reasons"),
    Index(None, "detected_at", "kind", "material", "reasons"),
    Index(None, "source_id", "detected_at"),
    Index(None, "from_version"),
    Index(None, "to_version"),
)
# The same change is never told twice. A null is unlike any other null, so versions that are missing
# count as 0; the time is part of it, since a notice can vanish, or its PDF change, more than once
# while the versions of its page stay the same.
Index(
    "uq_change",
    change.c.notice_id,
    change.c.kind,
    sa.func.coalesce(change.c.from_version, sa.text("0")),
    sa.func.coalesce(change.c.to_version, sa.text("0")),
    change.c.detected_at,
    unique=True,
)

# The counts that a change moved, to be filtered by: see storage.text.wording.moved_counts.
moved_count = sa.Table(
    "moved_count",
    metadata,
    Column("change_id", ForeignKey("change.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),  # among those of its change
    Column("old", BigInteger),  # null: nothing stood there
    Column("new", BigInteger),
    Column("largest", BigInteger, nullable=False),  # of the two
    Index(None, "largest", "change_id"),
)

incident = sa.Table(
    "incident",
    metadata,
    _id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Prose, nullable=False),
    Column("declaration", Text, nullable=False),  # the Incident as JSON, as it was declared
    Column("edits", Text, nullable=False, server_default="{}"),  # keys that a person wrote, as JSON
    Column("origin", Text, nullable=False, server_default="declared"),
    Column("status", Text, nullable=False, server_default="open"),
    Column("merged_into", Text, nullable=False, server_default=""),  # the slug of another
)

# What people did to incidents, so that it can be undone. The evidence of links, which quotes notices, stands
# with the links: it may have to be taken out, see topics/proof/redaction.py.
incident_trace = sa.Table(
    "incident_trace",
    metadata,
    _id(),
    Column("operation", Integer, nullable=False),  # the id of its first step
    Column("incident_id", ForeignKey("incident.id"), nullable=False, index=True),
    Column("at", Utc, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("before", Text),  # IncidentState as JSON
    Column("after", Text, nullable=False),
    Column("undone_at", Utc),
)

incident_link = sa.Table(
    "incident_link",
    metadata,
    Column("incident_id", ForeignKey("incident.id"), primary_key=True),
    Column("notice_id", ForeignKey("notice.id"), primary_key=True, index=True),
    Column("status", Text, nullable=False),
    Column("evidence", Prose, nullable=False),  # JSON list of sentences
    Column("score", Float, nullable=False),
)

# What of a notice can tell which incident it belongs to; made anew with its facts (monitor.incidents).
# Without row ids on SQLite: the rows are their key.
notice_evidence = sa.Table(
    "notice_evidence",
    metadata,
    Column("kind", Coded(EVIDENCE_KINDS), primary_key=True),
    Column("key", Prose, primary_key=True),  # folded: equal for what is the same; see kept/short.short_key
    Column("notice_id", ForeignKey("notice.id"), primary_key=True),
    # What notices say of the names of one body, found by either name: of other kinds the next table tells.
    Index(None, "notice_id", sqlite_where=sa.text("kind = 's'")),
    sqlite_with_rowid=False,
)
# The same by notice, in a third of the bytes that an index of it would take.
notice_keys = sa.Table(
    "notice_keys",
    metadata,
    Column("notice_id", ForeignKey("notice.id"), primary_key=True, autoincrement=False),
    _to("source"),
    Column("month", Integer, nullable=False),  # it was published in, counted from the year 0; 0: undated
    Column("keys", Packed(KNOWN_KEYS), nullable=False),  # JSON list of pairs: kind, by its letter, and key
)
# The same of an incident: what is declared of it, and what the notices that belong to it hold.
incident_evidence = sa.Table(
    "incident_evidence",
    metadata,
    Column("kind", Coded(EVIDENCE_KINDS), primary_key=True),
    Column("key", Prose, primary_key=True),
    Column("incident_id", ForeignKey("incident.id"), primary_key=True),
    Column(
        "source_id", ForeignKey("source.id")
    ),  # the only one whose notices hold it; null: several, or declared
    Index(None, "incident_id", "kind"),
    sqlite_with_rowid=False,
)

alert = sa.Table(
    "alert",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    _to("source"),
    Column("url", Prose, nullable=False),
    Column("url_hash", LargeBinary, nullable=False),  # see page
    Column("detail", Prose, nullable=False),
    Column("raised_at", Utc, nullable=False),
    Column("last_seen", Utc, nullable=False),
    Column("times", Integer, nullable=False),  # the same alert within a day is counted, not repeated
    Column("run_id", ForeignKey("run.id")),
    Column("snapshot_id", ForeignKey("snapshot.id")),
    Index(None, "source_id", "url_hash"),
    Index(None, "last_seen"),
)

offer = sa.Table(
    "offer",
    metadata,
    _id(),
    _to("source"),
    Column("url", Prose, nullable=False),
    Column("url_hash", LargeBinary, nullable=False),  # see page
    Column("title", Prose, nullable=False),
    Column("offered_at", Utc, nullable=False),
    Column("status", Text, nullable=False),
    sa.UniqueConstraint("source_id", "url_hash"),
)

# Which blocks recur over the pages of a host: the count, and what each page added to it.
host_block = sa.Table(
    "host_block",
    metadata,
    Column("host", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("pages", Integer, nullable=False),
    Index(None, "host", "pages"),
)
page_blocks = sa.Table(
    "page_blocks",
    metadata,
    Column("page_id", ForeignKey("page.id"), primary_key=True),
    Column("host", Text, nullable=False),
    Column("blocks", Text, nullable=False),  # JSON list of keys
)

outbox = sa.Table(
    "outbox",
    metadata,
    _id(),
    Column("change_id", ForeignKey("change.id")),  # either a change
    Column("alert_id", ForeignKey("alert.id"), index=True),  # or what happened to an alert:
    Column("turn", Text),  # raised, recovered; an alert may be both many times
    Column("target", Prose, nullable=False),
    Column("status", Text, nullable=False),  # pending, sent, failed
    Column("due_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Prose, nullable=False),  # of the last attempt
    Column("sent_at", Utc),
    sa.UniqueConstraint("change_id", "target"),
    Index(None, "status", "due_at"),
)

redaction = sa.Table(
    "redaction",
    metadata,
    _id(),
    _to("notice"),
    Column("reason", Prose, nullable=False),
    Column("redacted_at", Utc, nullable=False),
    Column("snapshots", Integer, nullable=False),
    Column("versions", Integer, nullable=False),
)

# Every change in the order it was told, so that none is altered unnoticed: see topics/proof/chain.py.
chain = sa.Table(
    "chain",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, … without a gap
    Column("change_id", ForeignKey("change.id"), nullable=False, index=True),  # written anew: more than once
    # The bytes it was judged by: a version may be found to have begun earlier, with others.
    Column("old_snapshot_id", ForeignKey("snapshot.id")),
    Column("new_snapshot_id", ForeignKey("snapshot.id")),
    Column("form", Integer, nullable=False),  # of the record
    Column("record", LargeBinary, nullable=False),  # SHA-256 of the record of the change; stays when redacted
    Column("hash", LargeBinary, nullable=False),  # SHA-256 of the hash before it and that
    Column("redaction_id", ForeignKey("redaction.id")),  # took the record's words out
)

# Outside timestamps of links of the chain. Without a foreign key: they are to show that a link was there.
stamp = sa.Table(
    "stamp",
    metadata,
    _id(),
    Column("number", Integer, nullable=False, index=True),  # of the link
    Column("hash", LargeBinary, nullable=False),  # of the link, as it was stamped
    Column("authority", Prose, nullable=False),  # its address
    Column("stamped_at", Utc, nullable=False),  # by its clock
    Column("response", LargeBinary, nullable=False),  # TimeStampResp of RFC 3161 in DER, as it was received
)

# What can be found, as text that is compared as it stands. The id is the time in seconds since 1970, or the
# next that is free, so that what is walked by id is in order of time by itself.
search_doc = sa.Table(
    "search_doc",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("page_id", ForeignKey("page.id"), nullable=False, index=True),  # of the notices it speaks for
    Column("version_id", ForeignKey("version.id"), unique=True),  # either the text of a version
    Column("notice_id", ForeignKey("notice.id"), unique=True),  # or the title that a listing gives a notice
    # PostgreSQL: the text itself. SQLite: as packing.py has it, the base being the text of another document.
    Column("folded", Text, nullable=False, server_default=""),
    Column("base_id", BigInteger),
    Column("depth", Integer, nullable=False, server_default="0"),  # bases below it when it was stored
    # Not in the index yet, which takes many at once in a fourth of the time: looked at by every search.
    Column("pending", Boolean, nullable=False, server_default=sa.false()),
)
_waits = sa.and_(search_doc.c.pending)  # each engine has its own word for what is true
Index(None, search_doc.c.pending, sqlite_where=_waits)

setting = sa.Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # fold: the FOLD_VERSION the index was made with
)


# Who may work on what. A row stays when it is given back, so that the fence goes on.
lease = sa.Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),  # host:www.example.jp, duty:notify, run:7
    Column("owner", Text, nullable=False, index=True),  # empty: nobody
    Column("until", Utc, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("holder", Prose, nullable=False),  # who that is and on which machine, for people
)

# How a host wants to be asked, for whoever asks it next.
host = sa.Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_at", Utc, nullable=False),  # the next request may leave
    Column("delay", Float, nullable=False),  # seconds between requests, as in use
    Column("away_until", Utc),  # it asked to be left alone
    Column("stalls", Integer, nullable=False),  # in a row
    Column("rests_until", Utc),  # it stalled too often
)

robots = sa.Table(
    "robots",
    metadata,
    Column("site", Text, primary_key=True),  # https://www.example.jp
    Column("asked_at", Utc, nullable=False),
    Column("status", Integer),  # null: it could not be had
    Column("body", LargeBinary, nullable=False),
    Column("detail", Prose, nullable=False),  # why it could not be had
)
