"""Parse query parameters into a Query, and write a Query as one canonical address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, get_args
from urllib.parse import urlencode

from feeds.wording import conditions
from feeds.wording.conditions import BY_NAME, PERIOD, RULES, read_filters, unknown_choice
from storage.query import Query
from storage.records import LinkStatus
from storage.text.japanese import JST

ORDERS = ("newest", "relevance")
"""Orders of what a search finds."""

MAX_ID = 2**31 - 1
"""The largest id that a database can hold."""


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
    found = read_filters({name: given.getlist(name) for name in (*BY_NAME, PERIOD)})
    query = Query(
        **{"material": material, **found},
        after=parse_number(given, "before"),
        by_relevance=parse_choice(given, "order", ORDERS) == "relevance",
    )
    return Question(query, tuple(_canonical_parameters(given, query)), query.text or "")


def parse_number(given: Parameters, name: str, largest: int = MAX_ID) -> int | None:
    """Parse a whole number from 0 to ``largest``, or None where it is absent. Raise BadParameter."""
    value = given.get(name)
    return conditions.parse_number(name, value, largest) if value else None


def _parse_values(given: Parameters, name: str) -> tuple[str, ...]:
    """Parse values given once or more, or with commas in between."""
    return tuple(BY_NAME["source"].read(given.getlist(name) or [""]))


def parse_choice(given: Parameters, name: str, known: Collection[str]) -> str | None:
    """Parse one of the known values, or None where it is absent. Raise BadParameter."""
    value = given.get(name) or None
    if value is not None and value not in known:
        raise unknown_choice(name, known)
    return value


def _canonical_parameters(given: Parameters, query: Query) -> list[tuple[str, str]]:
    """List the parameters that restrict, sorted; where to go on from is not one of them."""
    said: list[tuple[str, object]] = [("order", "relevance" if query.by_relevance else None)]
    for rule in RULES:
        value = getattr(query, rule.attribute)
        if rule.name == "material":
            said.append(("material", given.get("material")))
        elif isinstance(value, tuple):
            said += [(rule.name, one) for one in value]
        elif isinstance(value, datetime):
            said.append((rule.name, value.astimezone(JST).date()))
        else:
            said.append((rule.name, value))
    return sorted((name, str(value)) for name, value in said if value not in (None, ""))


def parse_alert_filter(given: Parameters) -> dict[str, Any]:
    """Parse the filter of a list of alerts; their kinds are no kinds of change."""
    found = read_filters({name: given.getlist(name) for name in ("since", "until", PERIOD)})
    return {
        "sources": _parse_values(given, "source"),
        "kinds": _parse_values(given, "kind"),
        **{name: found.get(name) for name in ("since", "until")},
    }


def parse_decision_filter(given: Parameters, of: str) -> tuple[tuple[str, ...], LinkStatus | None]:
    """Parse whose decisions are asked for, and which; those still to be made are ``suggested``."""
    chosen = parse_choice(given, "status", get_args(LinkStatus))
    status: LinkStatus | None = chosen  # type: ignore[assignment]
    return _parse_values(given, of), status
