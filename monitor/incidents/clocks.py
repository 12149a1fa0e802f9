"""How long it took: from discovery to the first notice, to the reports, to telling the persons.

Only from dates that the text states; where one is missing there is no clock. The limits are those of
the Commission's rules (about 3 to 5 days; 30 days, 60 where the purpose was wrongful) and are printed
beside the days, not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.facts.sheet import Sheet
from storage.records import Fact

LIMITS = {
    "first notice": "",
    "first report": "3-5",
    "full report": "30 (60)",
    "persons told": "",
}


@dataclass(frozen=True, slots=True)
class Event:
    """A dated step, with the wording it was read from."""

    name: str
    day: date
    raw: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Days from discovery to a step."""

    name: str
    start: Event
    end: Event
    days: int
    limit: str


_DISCOVERED = re.compile(
    r"発覚|判明|覚知|認識|検知|発見|気付|気づ|連絡(?:を受け|があ)|報告(?:を受け|があ)|申し出"
)
_COMMISSION = re.compile(r"個人情報保護委員会|個情委|(?<![A-Za-z])PPC")
_REPORTED = re.compile(r"報告")
_FULL = re.compile(r"確報|最終報告")
_TOLD = re.compile(
    r"(?:本人|対象(?:者|の(?:方|お客))|お客(?:さま|様)|該当(?:者|する方)|被害者|皆(?:様|さま))[^。]{0,20}(?:通知|連絡|郵送|送付|お知らせ|説明|謝罪)"
)


def events(text: str, facts: Sequence[Fact]) -> Iterator[Event]:
    """The dated steps that a text states, in its order."""
    sheet = Sheet.of(text)
    days = [
        f for f in facts if f.field == "date" and f.value and re.fullmatch(r"\d{4}-\d\d-\d\d", str(f.value))
    ]
    for at, fact in enumerate(days):
        end = sheet.sentence(fact.start)[1]
        following = next((f.start for f in days[at + 1 :] if f.start < end), end)
        clause = sheet.text[fact.end : following]
        name = _step(clause)
        if name:
            raw = " ".join(text[fact.start : following].split())
            yield Event(name, date.fromisoformat(str(fact.value)), raw[:120])


def _step(clause: str) -> str:
    """What a clause says happened on its date."""
    if _COMMISSION.search(clause) and _REPORTED.search(clause):
        return "full report" if _FULL.search(clause) else "first report"
    if _TOLD.search(clause):
        return "persons told"
    return "discovered" if _DISCOVERED.search(clause) else ""


def clocks(text: str, facts: Sequence[Fact], published: date | None) -> list[Clock]:
    """The clocks that the stated dates give; ``published`` is the day of the first notice."""
    steps: dict[str, Event] = {}
    for event in events(text, facts):
        known = steps.get(event.name)
        if known is None or event.day < known.day:
            steps[event.name] = event
    start = steps.pop("discovered", None)
    if start is None:
        return []
    if published:
        steps["first notice"] = Event("first notice", published, "")
    return [
        Clock(name, start, steps[name], (steps[name].day - start.day).days, limit)
        for name, limit in LIMITS.items()
        if name in steps and steps[name].day >= start.day
    ]
