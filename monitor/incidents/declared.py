"""What an incident holds, as TOML: declared in files, written by a person, and every mistake at once.

A file's stem is the slug: it stands in addresses and feeds, and never changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from feeds.wording.sanitise import REORDERING
from monitor.incidents import BUNDLED
from monitor.incidents.evidence_keys import name_key
from spiders.declarations import read_table, read_text
from spiders.declaring.declaration_keys import say_key, say_mistake
from spiders.mistakes import DeclarationError, Problem
from storage.records import INCIDENT_KEYS, Incident, RosterEntry

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_STEERING = re.compile(f"[\x7f-\x9f{REORDERING}]")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Window(_Strict):
    first: date = Field(alias="from")
    last: date | None = Field(default=None, alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> _Window:
        if self.last and self.last < self.first:
            raise ValueError("until lies before from")
        return self


def _of_one_body(name: str) -> str:
    if not name_key(name):
        raise ValueError(f"{name!r} is no body's name but that of many: write it in full")
    return name


Text = Annotated[str, Field(min_length=1)]
BodyName = Annotated[Text, AfterValidator(_of_one_body)]


class _DeclaredBody(_Strict):
    name: Text
    kind: Text
    source: str = ""
    disclosed: str = ""
    count: str = ""
    later: str = ""


class _Declaration(_Strict):
    name: Text
    name_en: str = ""
    summary: str = ""
    respondents: tuple[BodyName, ...] = ()
    aliases: tuple[BodyName, ...] = ()
    hotlines: tuple[Text, ...] = ()
    window: _Window | None = None
    seeds: tuple[Text, ...] = ()
    roster: tuple[_DeclaredBody, ...] = ()

    def incident(self, slug: str) -> Incident:
        return Incident(
            slug=slug,
            name=self.name,
            name_en=self.name_en,
            summary=self.summary.strip(),
            respondents=self.respondents,
            aliases=self.aliases,
            hotlines=self.hotlines,
            window=(self.window.first, self.window.last) if self.window else None,
            seeds=self.seeds,
            roster=tuple(RosterEntry(**member.model_dump()) for member in self.roster),
        )


def load(paths: Iterable[Path] = (), *, bundled: bool = True) -> list[Incident]:
    """Return the incidents of these files and folders, bundled ones first, or ``DeclarationError``."""
    incidents, problems = _read(paths, bundled)
    if problems:
        raise DeclarationError(problems)
    return incidents


def check(paths: Iterable[Path] = (), *, bundled: bool = True) -> list[Problem]:
    """Find every mistake in these files and folders; none if they can be used."""
    return _read(paths, bundled)[1]


def read_keys(file: Path, text: str) -> dict[str, Any]:
    """Parse what a person wrote of an incident as TOML, any of its keys. Raises DeclarationError."""
    problems: list[Problem] = []
    table = read_table(file, text, problems)
    if table is None:
        raise DeclarationError(problems)
    return table


def make_incident(slug: str, table: Mapping[str, Any], file: Path | None = None) -> Incident:
    """Make an incident of its keys. Raises DeclarationError, with every mistake in them."""
    try:
        return _Declaration.model_validate(table).incident(slug)
    except ValidationError as error:
        path = file or Path(slug)
        raise DeclarationError(
            Problem(path, say_key(one["loc"]), say_mistake(one, _Declaration)) for one in error.errors()
        ) from None


def write_over(known: Incident, table: Mapping[str, Any], file: Path | None = None) -> Incident:
    """Put the keys that ``table`` holds in the place of an incident's own. Raises DeclarationError."""
    written = make_incident(known.slug, {**_table(known), **table}, file)
    return replace(known, **{key: getattr(written, key) for key in INCIDENT_KEYS})


def to_toml(incident: Incident) -> str:
    """Write an incident as a declaration of it, with every key."""
    table = _table(incident)
    window = table.pop("window", None)
    bodies = table.pop("roster")
    lines = [f"{key} = {_value(value)}" for key, value in table.items()]
    if window:
        days = ", ".join(f"{key} = {day.isoformat()}" for key, day in window.items())
        lines.append(f"window = {{ {days} }}")
    if not bodies:
        lines.append("roster = []")
    for body in bodies:
        lines += ["", "[[roster]]", *(f"{key} = {_value(value)}" for key, value in body.items())]
    return "\n".join(lines) + "\n"


def _table(incident: Incident) -> dict[str, Any]:
    """Return the keys of an incident as a declaration has them; a window that is not known is left out."""
    table: dict[str, Any] = {
        "name": incident.name,
        "name_en": incident.name_en,
        "summary": incident.summary,
        **{key: list(getattr(incident, key)) for key in ("respondents", "aliases", "hotlines", "seeds")},
    }
    if incident.window:
        first, last = incident.window
        table["window"] = {"from": first, **({"until": last} if last else {})}
    kept = ("source", "disclosed", "count", "later")
    table["roster"] = [
        {"name": body.name, "kind": body.kind, **{key: said for key in kept if (said := getattr(body, key))}}
        for body in incident.roster
    ]
    return table


def _value(value: Any) -> str:
    """Write a text or a list of texts; JSON's strings are TOML's but for one character.

    What would steer the terminal that it is printed on stands there by its number.
    """
    said = json.dumps(value, ensure_ascii=False)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", said)


def _read(paths: Iterable[Path], bundled: bool) -> tuple[list[Incident], list[Problem]]:
    incidents: dict[str, Incident] = {}
    problems: list[Problem] = []
    declared: dict[str, Path] = {}
    for path in [*([BUNDLED] if bundled else []), *paths]:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            text = read_text(file, problems)
            table = None if text is None else read_table(file, text, problems)
            known = declared.get(file.stem)
            if known is not None and known.parent != BUNDLED and known.resolve() != file.resolve():
                problems.append(Problem(file, "", f"{file.stem!r} is declared in {known} already"))
            declared[file.stem] = file
            if table is None:
                continue
            try:
                incidents[file.stem] = make_incident(file.stem, table, file)
            except DeclarationError as error:
                problems += error.problems
    return list(incidents.values()), problems
