"""Parse query parameters into a Query, and write a Query as one canonical address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol, get_args
from urllib.parse import urlencode

from feeds.wording.sanitise import plain
from feeds.wording.tables.fact_words import ACTIONS, STEPS
from feeds.wording.tables.request_words import REFUSALS
from feeds.wording.words import phrase
from storage.query import Query
from storage.records import REASONS, ChangeKind, LinkStatus, SourceKind
from storage.text.body_names import name_key
from storage.text.fold import fold
from storage.text.japanese import JST

MAX_QUERY_CHARS = 200
"""Characters of a search. What is longer is a mistake or an attack."""

ORDERS = ("newest", "relevance")
"""Orders of what a search finds."""

MAX_ID = 2**31 - 1
"""The largest id that a database can hold."""


class BadParameter(ValueError):
    """A parameter that cannot be understood: one of ``REFUSALS``, in English, and in ``ja`` in Japanese."""

    def __init__(self, name: str, *words: object) -> None:
        super().__init__(phrase(REFUSALS, name, "en", *words))
        self.ja = phrase(REFUSALS, name, "ja", *words)


def unsearchable(name: str) -> BadParameter:
    """Make the error for words without any character that can be searched for."""
    return BadParameter("unsearchable", name)


def unknown_choice(name: str, known: Iterable[str]) -> BadParameter:
    """Make the error for a value that is none of those known."""
    return BadParameter("choices", name, ", ".join(known))


class Parameters(Protocol):
    """Query parameters as Starlette gives them."""

    def get(self, name: str, /) -> str | None:
        """Return the last value of a parameter, or None."""

    def getlist(self, name: Any, /) -> list[str]:
        """Return all values of a parameter, in the order given."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was understood; ``parameters`` are its conditions in one spelling."""

    query: Query
    parameters: tuple[tuple[str, str], ...]
    text: str

    @property
    def address(self) -> str:
        """Write the parameters as a query string."""
        return urlencode(self.parameters)


def parse_params(given: Parameters, *, material: bool | None = True) -> Question:
    """Parse the parameters of a page, a feed or a list. Raise BadParameter.

    ``material`` is the default: feeds hold material changes, lists of an API all.
    """
    text = _parse_text(given, "q")
    query = Query(
        sources=_parse_values(given, "source"),
        source_kinds=_parse_choices(given, "publisher", get_args(SourceKind)),
        incident=_parse_text(given, "incident") or None,
        kinds=_parse_choices(given, "kind", get_args(ChangeKind)),
        reasons=_parse_choices(given, "reason", REASONS),
        material=_parse_material(given, material),
        since=_parse_day(given, "since"),
        until=_parse_day(given, "until"),
        stated_over=parse_number(given, "min_count", 10**15),
        provision=_parse_searchable(given, "provision"),
        organisation=_parse_searchable(given, "organisation"),
        bodies=_parse_body(given),
        action=parse_choice(given, "action", ACTIONS),
        step=parse_choice(given, "step", STEPS),
        text=text or None,
        after=parse_number(given, "before"),
        by_relevance=parse_choice(given, "order", ORDERS) == "relevance",
    )
    if text and not fold(text):
        raise unsearchable("q")
    return Question(query, tuple(_canonical_parameters(given, query)), text)


def parse_number(given: Parameters, name: str, largest: int = MAX_ID) -> int | None:
    """Parse a whole number from 0 to ``largest``, or None where it is absent. Raise BadParameter."""
    value = given.get(name)
    if not value:
        return None
    # the length first: turning a million digits into a number takes its time
    if len(value) > len(str(largest)) or not re.fullmatch("[0-9]+", value) or int(value) > largest:
        raise BadParameter("no-number", name, largest)
    return int(value)


def _parse_text(given: Parameters, name: str) -> str:
    value = given.get(name) or ""
    if len(value) > MAX_QUERY_CHARS:
        raise BadParameter("too-long", name, MAX_QUERY_CHARS)
    text = " ".join(plain(value).split())
    if value.strip() and not text:
        raise unsearchable(name)
    return text


def _parse_searchable(given: Parameters, name: str) -> str | None:
    text = _parse_text(given, name)
    if text and not fold(text):
        raise unsearchable(name)
    return text or None


def _parse_body(given: Parameters) -> tuple[str, ...]:
    """Parse the name of a body into its key, so that one body has one address."""
    name = _parse_text(given, "body")
    if name and not name_key(name):
        raise unsearchable("body")
    return (name_key(name),) if name else ()


def _parse_values(given: Parameters, name: str) -> tuple[str, ...]:
    """Parse values given once or more, or with commas in between."""
    values = [part.strip() for value in given.getlist(name)[:50] for part in value[:2_000].split(",")]
    return tuple(sorted({plain(value) for value in values if value}))


def _parse_choices(given: Parameters, name: str, known: Sequence[Any]) -> tuple[Any, ...]:
    values = _parse_values(given, name)
    for value in values:
        if value not in known:
            raise unknown_choice(name, known)
    return values


def parse_choice(given: Parameters, name: str, known: Collection[str]) -> str | None:
    """Parse one of the known values, or None where it is absent. Raise BadParameter."""
    value = given.get(name) or None
    if value is not None and value not in known:
        raise unknown_choice(name, known)
    return value


def _parse_material(given: Parameters, usual: bool | None) -> bool | None:
    value = given.get("material") or ""
    known = {"": usual, "true": True, "false": False, "any": None}
    if value not in known:
        raise unknown_choice("material", ("true", "false", "any"))
    return known[value]


def _parse_day(given: Parameters, name: str) -> datetime | None:
    """Parse a day in Japan into its first moment, in UTC."""
    value = given.get(name)
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
        return datetime(day.year, day.month, day.day, tzinfo=JST).astimezone(UTC)
    except (ValueError, OverflowError):  # the first day of all began in Japan before there was a UTC
        raise BadParameter("no-day", name) from None


def _canonical_parameters(given: Parameters, query: Query) -> list[tuple[str, str]]:
    """List the parameters that restrict, sorted; where to go on from is not one of them."""
    said: list[tuple[str, object]] = [
        ("q", query.text),
        ("incident", query.incident),
        ("min_count", query.stated_over),
        ("provision", query.provision),
        ("organisation", query.organisation),
        ("body", query.bodies[0] if query.bodies else None),
        ("action", query.action),
        ("step", query.step),
        ("order", "relevance" if query.by_relevance else None),
        ("material", given.get("material")),
        ("since", query.since and query.since.astimezone(JST).date()),
        ("until", query.until and query.until.astimezone(JST).date()),
    ]
    lists: Mapping[str, Sequence[str]] = {
        "source": query.sources,
        "publisher": query.source_kinds,
        "kind": query.kinds,
        "reason": query.reasons,
    }
    said += [(name, value) for name, values in lists.items() for value in values]
    return sorted((name, str(value)) for name, value in said if value not in (None, ""))


def parse_alert_filter(given: Parameters) -> dict[str, Any]:
    """Parse the filter of a list of alerts; their kinds are no kinds of change."""
    return {
        "sources": _parse_values(given, "source"),
        "kinds": _parse_values(given, "kind"),
        "since": _parse_day(given, "since"),
        "until": _parse_day(given, "until"),
    }


def parse_decision_filter(given: Parameters, of: str) -> tuple[tuple[str, ...], LinkStatus | None]:
    """Parse whose decisions are asked for, and which; those still to be made are ``suggested``."""
    chosen = parse_choice(given, "status", get_args(LinkStatus))
    status: LinkStatus | None = chosen  # type: ignore[assignment]
    return _parse_values(given, of), status
