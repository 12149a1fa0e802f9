"""Read targets of notifications from TOML, and report every mistake at once with its place.

    [[target]]
    name = "desk"                  # stays: what was sent is remembered under it
    url = "env:KOHYO_DESK"         # an address of apprise, or the variable that holds one
    mode = "digest"                # or "immediate": a message for each change
    every = "1d"                   # of a digest; at 08:00 in Japan, that of "7d" on Mondays
    lang = "ja"
    watch = "clients"              # a watch-list, see feeds.notify.watch_lists
    publisher = ["regulator"]      # filters, named as in the addresses of feeds
    min_count = 1000

    [[target]]
    name = "operator"
    url = "env:KOHYO_OPERATOR"
    alerts = true                  # or kinds of alert; then it hears of these, and of no change

A target is sent what comes after it was first seen, never the whole past; ``since = 2024-01-24``
asks for what was seen from that day on.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from feeds.notify.send import Send, open_channel
from feeds.wording.conditions import BY_NAME, MAX_COUNT, BadParameter, find_contradictions, read_period
from storage.query import Query
from storage.records import ALERT_KINDS, REASONS, ChangeKind, SourceKind
from storage.text.body_names import name_key
from storage.text.fold import fold
from storage.text.japanese import JST
from storage.text.table_keys import suggest_key

_FROM_ENVIRONMENT = "env:"
_UNTOLD = ("form-only", "found-later")  # of which nobody is told
_REASONS = [reason for reason in REASONS if reason not in _UNTOLD]
_DAYS = {"d": 1, "w": 7}
F = TypeVar("F", bound=BaseModel)
NOTHING_WATCHED: Mapping[str, Query] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Target:
    """A receiver of notifications and the changes it asks for."""

    name: str
    channel: Send
    query: Query
    lang: str
    digest_days: int | None  # None: each change at once
    since: datetime | None  # what of the past is asked for
    alerts: tuple[str, ...] = ()  # kinds it is told of; empty: it hears of changes


class TargetError(ValueError):
    """Targets that cannot be used; the text lists everything that is wrong with them, and no address."""


def load_targets(
    path: Path, environment: Mapping[str, str] = os.environ, watched: Mapping[str, Query] = NOTHING_WATCHED
) -> list[Target]:
    """Load the targets of a file; ``watched`` are the watch-lists they may name.

    Raise TargetError with all mistakes.
    """
    found = load_file(_File, path, {**environment, _WATCHED: watched})
    return [one.target(watched) for one in found.target]


def load_file(model: type[F], path: Path, context: Mapping[str, Any]) -> F:
    """Load a file of named tables as a model has them. Raise TargetError with all mistakes."""
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise TargetError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TargetError(f"{path}: not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise TargetError(f"{path}: broken TOML: {error}") from None
    (of,) = model.model_fields
    problems = []
    try:
        found = model.model_validate(table, context=context)
    except ValidationError as error:
        problems += [f"{_say_key(one['loc'], model)}: {_say_mistake(one, model)}" for one in error.errors()]
    problems += _find_duplicates(table, of)
    if problems:
        raise TargetError("\n".join(f"{path}: {problem}" for problem in problems))
    return found


# --- what a key may hold ---------------------------------------------------------------------

T = TypeVar("T")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _parse_days(value: Any) -> int:
    found = re.fullmatch(r"([1-9]\d?)([dw])", value) if isinstance(value, str) else None
    if not found:
        raise ValueError('not a number of days or weeks such as "1d" or "7d"')
    return int(found[1]) * _DAYS[found[2]]


def _check_digest(days: int, info: ValidationInfo) -> int:
    if info.data.get("mode") == "immediate":
        raise ValueError('is for mode = "digest"')
    return days


def _parse_material(value: Any) -> bool | None:
    """Parse ``material`` as in the addresses of feeds: true, false or "any"."""
    if value == "any":
        return None
    if not isinstance(value, bool):
        raise ValueError('must be true, false or "any"')
    return value


def _check_searchable(text: str) -> str:
    if not fold(text):
        raise ValueError("holds no character that can be searched for")
    return text


def _check_reason(name: str) -> str:
    if name not in _REASONS:
        raise ValueError(f"must be one of {', '.join(_REASONS)}, not {name!r}")
    return name


def _parse_alerts(value: Any) -> list[str]:
    """Parse ``alerts``: true for all kinds, or kinds."""
    if value is True:
        return list(ALERT_KINDS)
    named = _as_list(value)
    if not isinstance(named, list) or not named:
        raise ValueError("must be true or kinds of alert")
    for kind in named:
        if kind not in ALERT_KINDS:
            raise ValueError(f"must be true or some of {', '.join(ALERT_KINDS)}, not {kind!r}")
    return named


def _open_address(url: str, info: ValidationInfo) -> Send:
    if url.startswith(_FROM_ENVIRONMENT):
        name = url.removeprefix(_FROM_ENVIRONMENT)
        url = (info.context or {}).get(name, "")
        if not url:
            raise ValueError(f"the environment has no {name}")
    return open_channel(url)


Several = Annotated[list[T], BeforeValidator(_as_list)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Searchable = Annotated[Text, AfterValidator(_check_searchable)]


def _check_known(name: str) -> Callable[[str], str]:
    """Make the check that a value is one that a filter knows."""
    known = BY_NAME[name].choices

    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"no {name}: {value!r}; one of {', '.join(known)}")
        return value

    return check


def _parse_margin(value: Any) -> Any:
    """Parse by how much a count changed: 1000, "1000" or "10%"."""
    plain = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    try:
        return BY_NAME["changed_by"].read([plain])
    except BadParameter:
        raise ValueError('must be an amount such as 1000 or "10%"') from None


def _check_period(value: str) -> str:
    try:
        read_period("period", value)
    except BadParameter:
        raise ValueError('must be a period such as "fy2024", "2024" or "2024-03"') from None
    return value


def _check_body(name: str) -> str:
    if not name_key(name):
        raise ValueError(f"{name!r} is no name of a body")
    return name


def _check_watch(name: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get(_WATCHED, {})
    if name not in known:
        listed = f"one of {', '.join(known)}" if known else "KOHYO_WATCH names no file with one"
        raise ValueError(f"no watch-list {name!r}; {listed}")
    return name


_WATCHED = "watched"
BodyName = Annotated[Text, AfterValidator(_check_body)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]


class Table(BaseModel):
    """A table of a file in TOML."""

    # Strict: "yes" is no boolean and "5" no number. A misspelt key is a mistake, not a wish.
    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True)


class Filters(Table):
    """What may restrict the changes that a file asks for, beside what it asks for itself."""

    source: Several[Text] = []
    publisher: Several[SourceKind] = []
    kind: Several[ChangeKind] = []
    reason: Several[Annotated[str, AfterValidator(_check_reason)]] = []
    material: Annotated[bool | None, BeforeValidator(_parse_material)] = True
    stated_over: Count | None = None
    min_count: Count | None = None
    changed_over: Count | None = None
    changed_by: Annotated[Any, BeforeValidator(_parse_margin)] = None
    outcome: Annotated[str, AfterValidator(_check_known("outcome"))] | None = None
    action: Annotated[str, AfterValidator(_check_known("action"))] | None = None
    provision: Searchable | None = None
    step: Annotated[str, AfterValidator(_check_known("step"))] | None = None
    since: date | None = None
    until: date | None = None
    period: Annotated[str, AfterValidator(_check_period)] | None = None

    @model_validator(mode="after")
    def _check_filters(self) -> Self:
        """Refuse two names of one thing, and what no change can ever pass."""
        if self.stated_over is not None and self.min_count is not None:
            raise ValueError("min_count is another name of stated_over: give one of them")
        if self.period and (self.since or self.until):
            raise ValueError("period stands in place of since and until: give one or the other")
        if found := find_contradictions(self.query()):
            raise ValueError(f"can match nothing: {'; '.join(found)}")
        return self

    def query(self) -> Query:
        """Return the filter of these keys."""
        days: dict[str, Any] = {"since": _moment(self.since), "until": _moment(self.until)}
        if self.period:
            days |= read_period("period", self.period)
        return Query(
            sources=tuple(self.source),
            source_kinds=tuple(self.publisher),
            kinds=tuple(self.kind),
            reasons=tuple(self.reason),
            material=self.material,
            stated_over=self.min_count if self.stated_over is None else self.stated_over,
            changed_over=self.changed_over,
            changed_by=self.changed_by,
            outcome=self.outcome,
            action=self.action,
            provision=self.provision,
            step=self.step,
            **days,
        )


def _moment(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=JST) if day else None


_OF_ALERTS = {"name", "url", "mode", "every", "lang", "alerts", "source", "publisher"}
"""Keys that a target of alerts may have."""


class _Target(Filters):
    name: Name
    url: Annotated[Any, BeforeValidator(str), AfterValidator(_open_address)]
    mode: Literal["immediate", "digest"] = "immediate"
    every: Annotated[int, BeforeValidator(_parse_days), AfterValidator(_check_digest)] | None = None
    lang: Literal["ja", "en"] = "ja"
    incident: Text | None = None
    organisation: Searchable | None = None
    body: Several[BodyName] = []
    text: Searchable | None = None
    watch: Annotated[str, AfterValidator(_check_watch)] | None = None
    alerts: Annotated[list[str], BeforeValidator(_parse_alerts)] = []

    @model_validator(mode="after")
    def _check_alerts(self) -> Self:
        """Refuse filters that only a change can pass, where a target hears of alerts."""
        if of_changes := sorted(self.model_fields_set - _OF_ALERTS) if self.alerts else []:
            raise ValueError(
                f"is of alerts and has no {', '.join(of_changes)}; changes have a target of their own"
            )
        return self

    def target(self, watched: Mapping[str, Query]) -> Target:
        query = replace(
            self.query(),
            incident=self.incident,
            organisation=self.organisation,
            bodies=tuple(self.body),
            text=self.text,
            any_of=(watched[self.watch],) if self.watch else (),
        )
        digest_days = (self.every or 1) if self.mode == "digest" else None
        return Target(self.name, self.url, query, self.lang, digest_days, query.since, tuple(self.alerts))


class _File(Table):
    target: Annotated[list[_Target], Field(min_length=1)]


# --- how mistakes are told -------------------------------------------------------------------


def _find_duplicates(table: Mapping[str, Any], of: str) -> Iterator[str]:
    """Find tables that share a name: what was sent is remembered by name, and addresses hold it."""
    listed = table.get(of)
    seen: dict[str, int] = {}
    for number, one in enumerate(listed if isinstance(listed, list) else []):
        name = one.get("name") if isinstance(one, dict) else None
        if isinstance(name, str) and seen.setdefault(name, number) != number:
            yield f"{of}[{number}].name: {name!r} is the name of {of}[{seen[name]}] already"


def _keys_of(model: type[BaseModel]) -> tuple[str, Mapping[str, Any]]:
    """Return the name of the tables of a file, and their keys."""
    ((of, field),) = model.model_fields.items()
    return of, get_args(field.annotation)[0].model_fields


def _say_key(location: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """Write the place of a mistake as ``target[0].kind[2]``."""
    of, keys = _keys_of(model)
    parts = [part for part in location if isinstance(part, int) or part in {of, *keys}]
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")
    return shown or ".".join(map(str, location))


def _say_mistake(error: Any, model: type[BaseModel]) -> str:
    kind, message = error["type"], str(error["msg"])
    if kind == "extra_forbidden":
        name = str(error["loc"][-1])
        meant = suggest_key(model, error["loc"])
        return f"unknown key {name}{f', did you mean {meant}?' if meant else ''}"
    if kind == "missing":
        return "missing"
    if kind == "string_pattern_mismatch":
        return "may hold up to 64 of A-Z, a-z, 0-9, ., _ and - only, a letter or digit first"
    return message.removeprefix("Value error, ").replace("Input should be", "must be")
