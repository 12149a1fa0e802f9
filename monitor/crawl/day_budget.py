"""How many requests a day each host bears: what may be asked for today, and what is put off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage.query import HostPace


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit that is due: its host, its requests, and since when it waits; 0 for one that cannot wait."""

    host: str
    requests: int
    since: float


class DayBudget:
    """Counts the requests of visits that are handed out beside those on record."""

    def __init__(self, budget: float, paces: Mapping[str, HostPace]) -> None:
        self.budget = budget
        self._paces = paces
        self._given: Counter[str] = Counter()
        self.stretch = max((pace.stretch(budget) for pace in paces.values()), default=1.0)
        """How many times longer than it should a page waits where the budget is shortest."""

    def bears(self, requests: Mapping[str, int], today: date) -> bool:
        """Tell whether hosts bear so many requests today; if they all do, these are handed out."""
        if any(number > self.left(host, today) for host, number in requests.items()):
            return False
        self._given.update(requests)
        return True

    def choose(self, wanted: Sequence[DueVisit], today: date) -> set[int]:
        """Return the places of the visits that the day's budgets allow; what has been due longest goes first.

        Start pages are visited whatever the budget: their declarations promise it. A page with many files
        may be the last of a day, so that it is not put off for ever.
        """
        chosen = set()
        for place in sorted(range(len(wanted)), key=lambda place: wanted[place].since):
            one = wanted[place]
            if one.since == 0 or self.left(one.host, today) > 0:
                self._given[one.host] += one.requests
                chosen.add(place)
        return chosen

    def left(self, host: str, today: date) -> int:
        """Return how many requests a host bears today beside those that are handed out."""
        return self._paces.get(host, HostPace()).left(self.budget, today) - self._given[host]
