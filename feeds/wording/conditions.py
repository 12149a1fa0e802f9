"""What notices and changes are filtered by: one table, for addresses, feeds, API, commands and targets.

A filter has one name everywhere: ``changed_over`` in an address and as a key is ``--changed-over`` as an
option.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, get_args

from feeds.wording.sanitise import plain
from feeds.wording.tables.fact_words import ACTIONS, FACT_OUTCOMES, STEPS
from feeds.wording.tables.request_words import REFUSALS
from feeds.wording.words import phrase
from storage.query import Margin, Query
from storage.records import REASONS, ChangeKind, Period, SourceKind
from storage.text.body_names import name_key
from storage.text.fold import fold
from storage.text.japanese import JST, era_name, era_year, fold_width
from storage.text.periods import fiscal_year, month, year

MAX_QUERY_CHARS = 200
"""Characters of a search. What is longer is a mistake or an attack."""

MAX_COUNT = 10**15
MAX_VALUES, MAX_VALUE_CHARS = 50, 2_000


class BadParameter(ValueError):
    """A parameter that cannot be understood: one of ``REFUSALS``, in English, and in ``ja`` in Japanese."""

    def __init__(self, name: str, *words: object) -> None:
        super().__init__(phrase(REFUSALS, name, "en", *words))
        self.ja = phrase(REFUSALS, name, "ja", *words)


# --- what a value may be ---------------------------------------------------------------------


def unsearchable(name: str) -> BadParameter:
    """Make the error for words without any character that can be searched for."""
    return BadParameter("unsearchable", name)


def unknown_choice(name: str, known: Iterable[str]) -> BadParameter:
    """Make the error for a value that is none of those known."""
    return BadParameter("choices", name, ", ".join(known))


def parse_text(name: str, value: str) -> str | None:
    """Parse words on one line; None where there are none. Raise BadParameter."""
    if len(value) > MAX_QUERY_CHARS:
        raise BadParameter("too-long", name, MAX_QUERY_CHARS)
    text = " ".join(plain(value).split())
    if value.strip() and not text:
        raise unsearchable(name)
    return text or None


def parse_searchable(name: str, value: str) -> str | None:
    """Parse words of which something can be searched for. Raise BadParameter."""
    text = parse_text(name, value)
    if text and not fold(text):
        raise unsearchable(name)
    return text


def _parse_body(name: str, value: str) -> tuple[str, ...]:
    """Parse the name of a body into its key, so that one body has one address."""
    text = parse_text(name, value)
    if text and not name_key(text):
        raise unsearchable(name)
    return (name_key(text),) if text else ()


def parse_number(name: str, value: str, largest: int) -> int:
    """Parse a whole number from 0 to ``largest``. Raise BadParameter."""
    # the length first: turning a million digits into a number takes its time
    if len(value) > len(str(largest)) or not re.fullmatch("[0-9]+", value) or int(value) > largest:
        raise BadParameter("no-number", name, largest)
    return int(value)


def _parse_count(name: str, value: str) -> int:
    return parse_number(name, value, MAX_COUNT)


def _parse_margin(name: str, value: str) -> Margin:
    """Parse so many, or so many percent: 1000, 10%."""
    found = re.fullmatch("([0-9]{1,15})(%?)", value)
    if not found:
        raise BadParameter("no-margin", name)
    return Margin(int(found[1]), bool(found[2]))


def _parse_choice(known: Collection[str], name: str, value: str) -> str:
    if value not in known:
        raise unknown_choice(name, known)
    return value


def _parse_day(name: str, value: str) -> datetime:
    """Parse a day in Japan into its first moment, in UTC."""
    try:
        return _first_moment(date.fromisoformat(value))
    except (ValueError, OverflowError):  # the first day of all began in Japan before there was a UTC
        raise BadParameter("no-day", name) from None


def _first_moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=JST).astimezone(UTC)


_PERIOD = re.compile(
    r"""
    (?: (?P<fy>FY) \s? (?P<fiscal>[0-9]{4})  # fy2024
      | (?P<western>[0-9]{4})
        (?: -(?P<month>[0-9]{1,2}) | 年?(?P<of_year>度)? | 年(?P<kanji_month>[0-9]{1,2})月 )
      | (?P<era>令和|平成|[RH]) \s? (?P<ey>元|[0-9]{1,2}) (?:年(?P<of_era>度)?|(?P<bare>度)|FY)  # R6年度
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def parse_period(name: str, value: str) -> Period:
    """Parse a fiscal year, a calendar year or a month: fy2024, R6年度, 2024, 2024-03. Raise BadParameter."""
    found = _PERIOD.fullmatch(fold_width(value.strip())[:20])
    try:
        if found is None:
            raise ValueError(value)
        if found["fiscal"]:
            return fiscal_year(int(found["fiscal"]))
        if found["era"]:
            era = era_name(found["era"])
            number = era_year(era, 1 if found["ey"] == "元" else int(found["ey"]))
            return fiscal_year(number) if found["of_era"] or found["bare"] else year(number)
        number = int(found["western"])
        of_year = found["month"] or found["kanji_month"]
        if of_year:
            return month(number, int(of_year))
        return fiscal_year(number) if found["of_year"] else year(number)
    except (ValueError, KeyError, OverflowError):
        raise BadParameter("no-period", name) from None


_WEIGHTS = {"true": True, "false": False, "any": None}


def _parse_material(name: str, value: str) -> bool | None:
    if value not in _WEIGHTS:
        raise unknown_choice(name, _WEIGHTS)
    return _WEIGHTS[value]


# --- the table -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FilterRule:
    """One filter: its name, what of a query it sets, what it says, and how a value is parsed."""

    name: str
    attribute: str  # of Query
    about: str
    parse: Callable[[str, str], Any]
    choices: tuple[str, ...] = ()
    several: bool = False
    also: tuple[str, ...] = ()  # other names by which it is known in addresses and keys

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the filter, its own first."""
        return (self.name, *self.also)

    def read(self, values: Sequence[str]) -> Any:
        """Read the values given: of several kinds all, with commas in between, else the last.

        Raise BadParameter.
        """
        if not self.several:
            return self.parse(self.name, values[-1])
        given = [part.strip() for one in values[:MAX_VALUES] for part in one[:MAX_VALUE_CHARS].split(",")]
        parts = [plain(part) for part in given if part]
        if not all(parts):
            raise unknown_choice(self.name, self.choices) if self.choices else unsearchable(self.name)
        return tuple(sorted({self.parse(self.name, part) for part in parts}))


def _one_of(name: str, attribute: str, about: str, choices: Iterable[str]) -> FilterRule:
    known = tuple(choices)
    return FilterRule(name, attribute, about, partial(_parse_choice, known), known)


def _any_of(name: str, attribute: str, about: str, choices: Iterable[str]) -> FilterRule:
    known = tuple(choices)
    return FilterRule(name, attribute, about, partial(_parse_choice, known), known, several=True)


def _as_it_is(_: str, value: str) -> str:
    return value


RULES = (
    FilterRule(
        "q",
        "text",
        "phrases, apart by white space or in quotes, that a title or a text holds",
        parse_searchable,
        also=("text",),
    ),
    FilterRule("source", "sources", "id of a source", _as_it_is, several=True),
    _any_of("publisher", "source_kinds", "kind of publisher", get_args(SourceKind)),
    FilterRule("incident", "incident", "slug of an incident", parse_text),
    _any_of("kind", "kinds", "kind of change", get_args(ChangeKind)),
    _any_of("reason", "reasons", "what a change is about", REASONS),
    FilterRule("material", "material", "true, false or any: whether it matters", _parse_material),
    FilterRule(
        "stated_over",
        "stated_over",
        "a count of at least so many is stated",
        _parse_count,
        also=("min_count",),
    ),
    FilterRule(
        "changed_over",
        "changed_over",
        "a count changed, came or went that was, or is, at least so many",
        _parse_count,
    ),
    FilterRule(
        "changed_by",
        "changed_by",
        "a count was replaced by one so much larger or smaller: 1000, 10%",
        _parse_margin,
    ),
    _one_of("outcome", "outcome", "what the text says of a leak or misuse", FACT_OUTCOMES),
    _one_of("action", "action", "measure of an authority that is stated", ACTIONS),
    FilterRule("provision", "provision", "number of an article that is stated", parse_searchable),
    FilterRule(
        "organisation",
        "organisation",
        "part of the name of an organisation that is stated",
        parse_searchable,
    ),
    FilterRule("body", "bodies", "name of a body, in any spelling, of which a notice speaks", _parse_body),
    _one_of("step", "step", "step that the text says was taken", STEPS),
    FilterRule("since", "since", "from this day in Japan on", _parse_day),
    FilterRule("until", "until", "before this day in Japan", _parse_day),
)
PERIOD = "period"
PERIOD_ABOUT = "in place of since and until: fy2024, R6年度, 2024 or 2024-03"
BY_NAME: Mapping[str, FilterRule] = {name: rule for rule in RULES for name in rule.names}
FORMER_NAMES = {"stated_over": "min_count"}
"""Names that filters had when identifiers of feeds were first made of them."""

NAMES = (*(rule.name for rule in RULES), PERIOD)


def read_filters(given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read filters by their names into fields of a Query; what is empty does not restrict.

    Raise BadParameter, also where a period and a day are given.
    """
    found: dict[str, Any] = {}
    for rule in RULES:
        values = [value for name in rule.names for value in given.get(name, ()) if value]
        if values:
            found[rule.attribute] = rule.read(values)
    if values := [value for value in given.get(PERIOD, ()) if value]:
        if found.keys() & {"since", "until"}:
            raise BadParameter("period-and-day")
        found |= read_period(PERIOD, values[-1])
    return found


def read_period(name: str, value: str) -> dict[str, datetime]:
    """Read a period as the moments between which it lies. Raise BadParameter."""
    period = parse_period(name, value)
    return {"since": _first_moment(period.first), "until": _first_moment(period.last + timedelta(days=1))}


def known_parameters(names: Iterable[str]) -> list[str]:
    """List the names that an address of the API may have: of filters all of theirs, and the language."""
    spelt = [BY_NAME[name].names if name in BY_NAME else (name,) for name in names]
    return [*(one for several in spelt for one in several), "lang"]


def refuse_unknown(given: Iterable[str], known: Collection[str]) -> None:
    """Refuse names that are not known, with what may be meant. Raise BadParameter."""
    for name in given:
        if name not in known:
            meant = suggest_name(name, known)
            shown = plain(name)[:60]
            if meant:
                raise BadParameter("unknown-parameter-meant", shown, meant)
            raise BadParameter("unknown-parameter", shown, ", ".join(known) or "–")


def suggest_name(name: str, known: Collection[str]) -> str:
    """Suggest the name that may be meant: one alike, or one that the name holds."""
    written = name.strip().lower().replace("-", "_")[:60]
    near = difflib.get_close_matches(written, list(known), n=1)
    held = [one for one in known if len(one) > 1 and one in written.split("_")]
    return next(iter([*held, *near]), "")


def find_contradictions(query: Query) -> list[str]:
    """List why no change can ever pass a filter, in the names of filters."""
    found = []
    still = {"new", "withdrawn", "moved"}
    moved = [name for name in ("changed_over", "changed_by") if getattr(query, name) is not None]
    if moved and query.kinds and still >= {*query.kinds}:
        found.append(f"kind = {', '.join(query.kinds)} with {', '.join(moved)}: these move no count")
    if query.since and query.until and query.since >= query.until:
        found.append(f"since = {_day(query.since)} with until = {_day(query.until)}: no day lies between")
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(JST).date()
