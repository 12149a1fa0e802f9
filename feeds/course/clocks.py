"""How long it took: from discovery to the first notice, to the reports, to telling the persons.

Only from dates and steps that a text states; where one is missing there is no clock. The limits are those of
the Commission's rules: about 3 to 5 days for the first report; 30 days for the full one, 60 where the purpose
was wrongful, which no date tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from storage.records import Fact

LIMITS_DAYS = {
    "first notice": "",
    "first report": "3-5",
    "full report": "30 (60)",
    "persons told": "",
}

_LIMITS = {"first report": (5, 5), "full report": (30, 60)}
"""Days within which a report is due, and within which it is where the longer limit applies."""

DUE_DAYS = (
    ("first report", 3, 5),
    ("full report", 30, 30),
    ("full report, wrongful purpose", 60, 60),
)
"""Days after discovery, from the first to the last, at which a report is due by the Commission's rules."""

Standing = Literal["within", "depends", "over"]

_FULL = re.compile(r"確報|最終報告")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NOT_DONE = frozenset({"denied", "planned"})


@dataclass(frozen=True, slots=True)
class DatedStep:
    """A step with its day and the wording it was read from."""

    name: str
    day: date
    raw: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Days from discovery to a step; ``limit`` as the Commission's rules say it, in days."""

    name: str
    start: DatedStep
    end: DatedStep
    days: int
    limit: str

    @property
    def standing(self) -> Standing | None:
        """How the days stand to the limit; None where there is none."""
        if self.name not in _LIMITS:
            return None
        short, long = _LIMITS[self.name]
        return "within" if self.days <= short else "depends" if self.days <= long else "over"


def run_clocks(facts: Iterable[Fact], published: date | None) -> list[Clock]:
    """Count the days between the steps that a notice states; ``published`` is its own day."""
    steps: dict[str, DatedStep] = {}
    for step in dated_steps(facts):
        known = steps.get(step.name)
        if known is None or step.day < known.day:
            steps[step.name] = step
    start = steps.pop("discovered", None)
    if start is None:
        return []
    if published:
        steps["first notice"] = DatedStep("first notice", published, "")
    return [
        Clock(name, start, steps[name], (steps[name].day - start.day).days, limit)
        for name, limit in LIMITS_DAYS.items()
        if name in steps and steps[name].day >= start.day
    ]


def dated_steps(facts: Iterable[Fact]) -> Iterator[DatedStep]:
    """List the dated steps among facts, in their order."""
    for fact in facts:
        if fact.field == "date" and fact.role == "discovered" and _DAY.fullmatch(str(fact.value)):
            yield DatedStep("discovered", date.fromisoformat(str(fact.value)), fact.raw)
        elif fact.field == "step" and _NOT_DONE.isdisjoint(fact.qualifiers):
            name, day = _step(fact), _day(fact)
            if name and day:
                yield DatedStep(name, day, " ".join(fact.raw.split()).lstrip("、, "))


def unstated_reports(clocks: Iterable[Clock]) -> list[str]:
    """List the reports with a limit of which a notice that tells of reports or notifications says no day."""
    stated = {clock.name for clock in clocks}
    return [name for name in _LIMITS if name not in stated] if stated - {"first notice"} else []


def _step(fact: Fact) -> str:
    if fact.value == "reported-to-ppc":
        return "full report" if _FULL.search(fact.raw) else "first report"
    return "persons told" if fact.value == "persons-notified" else ""


def _day(fact: Fact) -> date | None:
    said = next((one for one in fact.qualifiers if one.startswith("date:")), "").removeprefix("date:")
    return date.fromisoformat(said) if _DAY.fullmatch(said) else None
