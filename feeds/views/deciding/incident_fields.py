"""The fields of the form in which an incident is written, and the keys that are read from them again.

Lists stand a line each; a row of the roster is a line, its parts apart by ``|``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from feeds.wording.sanitise import plain
from storage.records import Incident, RosterEntry

SEPARATOR, INSTEAD = "|", "\N{FULLWIDTH VERTICAL LINE}"
PARTS = ("name", "kind", "source", "disclosed", "count", "later")
"""Parts of a row of the roster, in their order."""


@dataclass(frozen=True, slots=True)
class IncidentFields:
    """What the fields of the form hold."""

    name: str = ""
    summary: str = ""
    respondents: str = ""
    aliases: str = ""
    hotlines: str = ""
    first: str = ""
    last: str = ""
    seeds: str = ""
    roster: str = ""


LISTS = ("respondents", "aliases", "hotlines", "seeds")


def write_fields(incident: Incident) -> IncidentFields:
    """Write an incident into the fields of the form."""
    first, last = incident.window or (None, None)
    return IncidentFields(
        name=incident.name,
        summary=incident.summary,
        **{key: "\n".join(getattr(incident, key)) for key in LISTS},
        first=first.isoformat() if first else "",
        last=last.isoformat() if last else "",
        roster="\n".join(map(_line, incident.roster)),
    )


def keep_fields(given: Mapping[str, str]) -> IncidentFields:
    """Return the fields as they were sent, to be shown again."""
    return IncidentFields(**{key: plain(given.get(key, "")) for key in asdict(IncidentFields())})


def read_fields(fields: IncidentFields) -> dict[str, Any]:
    """Read the fields as keys of an incident, as a declaration has them."""
    window = {"from": fields.first, **({"until": fields.last} if fields.last.strip() else {})}
    return {
        "name": " ".join(fields.name.split()),
        "summary": fields.summary.replace("\r\n", "\n"),
        **{key: _lines(getattr(fields, key)) for key in LISTS},
        "window": window if fields.first.strip() or fields.last.strip() else None,
        "roster": [_body(line) for line in _lines(fields.roster)],
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _line(body: RosterEntry) -> str:
    said = [" ".join(getattr(body, part).replace(SEPARATOR, INSTEAD).split()) for part in PARTS]
    return f" {SEPARATOR} ".join(said).rstrip(f" {SEPARATOR}")


def _body(line: str) -> dict[str, str]:
    said = [part.strip() for part in line.split(SEPARATOR, len(PARTS) - 1)]
    return {part: text for part, text in zip(PARTS, said, strict=False) if text}
