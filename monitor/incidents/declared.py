"""Incidents declared in TOML, and every mistake in them at once.

The file's stem is the slug: it stands in addresses and feeds, and never changes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from spiders.declarations import DeclarationError, Problem
from storage.records import Incident, RosterEntry

BUNDLED = Path(__file__).parent / "data"


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


class _DeclaredBody(_Strict):
    name: str = Field(min_length=1)
    kind: str = Field(min_length=1)
    source: str = ""
    disclosed: str = ""
    count: str = ""
    later: str = ""


class _Declaration(_Strict):
    name: str = Field(min_length=1)
    summary: str = ""
    respondents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    hotlines: tuple[str, ...] = ()
    window: _Window | None = None
    seeds: tuple[str, ...] = ()
    roster: tuple[_DeclaredBody, ...] = ()

    def incident(self, slug: str) -> Incident:
        return Incident(
            slug=slug,
            name=self.name,
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
    incidents: dict[str, Incident] = {}
    problems: list[Problem] = []
    for path in [*([BUNDLED] if bundled else []), *paths]:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            try:
                incidents[file.stem] = parse(file.stem, file.read_text(encoding="utf-8"))
            except OSError as error:
                problems.append(Problem(file, "", f"cannot be read: {error.strerror}"))
            except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                problems.append(Problem(file, "", f"broken TOML: {error}"))
            except ValidationError as error:
                problems += [
                    Problem(file, ".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()
                ]
    if problems:
        raise DeclarationError(problems)
    return list(incidents.values())


def parse(slug: str, text: str) -> Incident:
    """Return the incident that a declaration's text describes. Raises TOML's and pydantic's errors."""
    return _Declaration.model_validate(tomllib.loads(text)).incident(slug)
