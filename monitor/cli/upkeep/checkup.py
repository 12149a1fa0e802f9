"""What doctor judges: each thing in order, or what is wrong and what to do. Pure but for the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from feeds.operator import MIN_TOKEN_CHARS
from monitor.cli.common import counted, local, say
from storage.query import Coverage
from storage.records import Lease, Snapshot, Source
from storage.text.japanese import JST
from storage.topics import health

SERVED = "served"
"""Under which the archive notes how it was served last."""

LEAST_FREE_BYTES = 1 << 30
MAX_LOG_BYTES = 256 << 20
"""Of what was written and not yet folded into the database: more, and somebody reads for ever."""

LONGEST_SILENCE = timedelta(days=1)
"""Without a crawl that came to its end: it is due every few minutes."""

MOST_HOLDERS, MOST_LEASES = 8, 3
"""So many who hold leases are named, with so many of each."""

_RESERVED = ("example", "invalid", "test", "localhost", "example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: in order, or what is wrong and what to do."""

    check: str
    ok: bool
    said: str
    todo: str = ""


def check_contact(contact: str) -> Finding:
    """Judge the contact that the operators of other sites are given."""
    todo = say("set KOHYO_CONTACT to an address where you are reached: mailto:…, or a page")
    if not contact:
        return Finding(
            "contact", False, say("KOHYO_CONTACT is not set: sites that you watch cannot reach you"), todo
        )
    host = contact.rpartition("@")[2] if "@" in contact else urlsplit(contact).hostname or ""
    if not host or _is_reserved(host):
        return Finding("contact", False, say("nobody is reached at {}", contact), todo)
    return Finding("contact", True, contact)


def check_base_url(base: str) -> Finding:
    """Judge the address that links in feeds and messages begin with."""
    todo = say("set KOHYO_BASE_URL to the address under which the pages are served: https://…")
    if not base:
        return Finding(
            "base-url", False, say("KOHYO_BASE_URL is not set: links lead to this machine only"), todo
        )
    try:
        parts = urlsplit(base)
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        host = None
    if not host or _is_reserved(host):
        return Finding("base-url", False, say("links to {} lead nowhere", base), todo)
    return Finding("base-url", True, base)


def _is_reserved(host: str) -> bool:
    """Tell whether a host is set aside for examples, or means whoever asks."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return any(host == name or host.endswith(f".{name}") for name in _RESERVED)


def compare_clocks(snapshots: Iterable[Snapshot]) -> list[timedelta]:
    """Return by how much our clock was ahead of each server's that said the time with its answer."""
    found = []
    for one in snapshots:
        with suppress(ValueError):
            said = parsedate_to_datetime(one.header("Date") or "")
            found.append(one.captured_at - (said if said.tzinfo else said.replace(tzinfo=UTC)))
    return found


def check_clock(
    now: datetime, last: datetime | None, set_to: str | None, ahead: Sequence[timedelta] = ()
) -> Finding:
    """Judge the clock by the last moment on record, and by the servers that said what time it was.

    ``ahead``: of these the nearest counts, since an answer may come from a cache.
    """
    if set_to:
        said = say("KOHYO_NOW sets the clock to {}", set_to)
        return Finding("clock", False, said, say("leave KOHYO_NOW to tests"))
    if last is not None and last - now > health.CLOCK_SLACK:
        said = say("it is behind: {} is on record already", local(last.isoformat()))
        return Finding("clock", False, said, say("set the clock of this machine, with NTP"))
    if ahead and abs(nearest := min(ahead, key=abs)) > health.CLOCK_SLACK:
        minutes = round(nearest.total_seconds() / 60)
        said = say("it differs from the clocks of the servers visited by {} minutes", minutes)
        return Finding("clock", False, said, say("set the clock of this machine, with NTP"))
    return Finding("clock", True, local(now.isoformat()))


def check_runs(now: datetime, ended: datetime | None) -> Finding:
    """Judge when a crawl came to its end last. A clock that is ahead looks like a long silence."""
    if ended is None:
        said = say("no crawl has come to its end yet")
        return Finding("runs", False, said, say("run `kohyo crawl`"))
    if now - ended > LONGEST_SILENCE:
        said = say("no crawl has come to its end since {}", local(ended.isoformat()))
        todo = say("see whether cron or the timer still starts it, and whether this clock is ahead")
        return Finding("runs", False, said, todo)
    return Finding("runs", True, say("a crawl came to its end at {}", local(ended.isoformat())))


def describe_leases(held: Sequence[Lease], left: Sequence[Lease]) -> Finding:
    """Say who holds what and until when, and what nobody gave back; neither is a fault."""
    said = [say("{} held", counted(len(held), "lease")), *_say_holders(held)]
    if left:
        said += [say("{} expired, free for who comes next", counted(len(left), "lease")), *_say_holders(left)]
    return Finding("leases", True, "; ".join(said))


def _say_holders(leases: Sequence[Lease]) -> list[str]:
    by_holder: defaultdict[str, list[Lease]] = defaultdict(list)
    for one in leases:
        by_holder[one.holder].append(one)
    said = []
    for holder, theirs in list(by_holder.items())[:MOST_HOLDERS]:
        names = ", ".join(one.name for one in theirs[:MOST_LEASES]) + (" …" * (len(theirs) > MOST_LEASES))
        until = max(one.until for one in theirs if one.until)
        said.append(
            say(
                "{}: {} ({}) until {}",
                holder,
                len(theirs),
                names,
                f"{until.astimezone(JST):%Y-%m-%d %H:%M:%S}",
            )
        )
    more = len(by_holder) - MOST_HOLDERS
    return [*said, f"(+{more})"] if more > 0 else said


def check_disk(folder: str, free: int) -> Finding:
    """Judge the room that is left beside the database."""
    said = say("{} left in {}", _say_bytes(free), folder)
    todo = "" if free >= LEAST_FREE_BYTES else say("make room, or move the database with its folder")
    return Finding("disk", free >= LEAST_FREE_BYTES, said, todo)


def check_log(size: int) -> Finding:
    """Judge how much was written that is not yet folded into the database."""
    said = say("{} wait to be folded into the database", _say_bytes(size))
    todo = "" if size <= MAX_LOG_BYTES else say("end what has read from it for long, then run `kohyo verify`")
    return Finding("wal", size <= MAX_LOG_BYTES, said, todo)


def _say_bytes(number: int) -> str:
    return f"{number / (1 << 30):.1f} GiB" if number >= 1 << 30 else f"{number / (1 << 20):.0f} MiB"


def check_sources(sources: Sequence[Source], coverage: Mapping[str, Coverage]) -> Finding:
    """Judge whether the sources are read as they should be."""
    known = [source for source in sources if source.start]
    rows = [coverage[source.id] for source in known if source.id in coverage]
    wrong = sum(health.is_wrong(row) for row in rows)
    unread = len(known) - len(rows) + sum("unconfirmed" in row.state for row in rows)
    said = say(
        "{} of {} need attention, {} were never read well", wrong, counted(len(known), "source"), unread
    )
    return Finding("sources", not wrong, said, say("run `kohyo status --broken`") if wrong else "")


def check_token(token: str) -> Finding:
    """Judge the secret of who may decide."""
    if token and len(token) < MIN_TOKEN_CHARS:
        said = say("KOHYO_TOKEN has {} characters, and needs {}", len(token), MIN_TOKEN_CHARS)
        return Finding("token", False, said, say("make one: `{}`", "openssl rand -hex 16"))
    return Finding("token", True, say("set") if token else say("none: nobody can write"))


def is_loopback(host: str) -> bool:
    """Tell whether what is served at a host is for this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_served(host: str, port: int, *, token: bool) -> Finding:
    """Judge how it was served last: to whom, and whether a token was set."""
    place = f"{host}:{port}"
    if is_loopback(host) or token:
        return Finding("served", True, say("at {}", place))
    said = say("at {}, to everybody on the network, without a token", place)
    todo = say("leave --host at 127.0.0.1 behind a web server with TLS, or set KOHYO_TOKEN")
    return Finding("served", False, said, todo)
