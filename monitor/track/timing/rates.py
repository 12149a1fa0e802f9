"""How often a page changes: what its kind and age let expect, and what was seen of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Nature = Literal["list", "watched", "notice"]
"""What a page is to the planner: a list, a page that a declaration names, a page that a list led to."""

MEMORY_DAYS = 365.0
"""So much exposure is remembered: what changed in other years says little of this one."""

LEAST_SHAPE = 0.1
"""What is forgotten takes no more than this: however long a page has rested, it may not go on to."""

YOUTH_DAYS = 22.0
"""The age of a notice at which a steep fall of its rate has begun: a tenth of it has halved it."""

_AGEING = 7.0


@dataclass(frozen=True, slots=True)
class Rate:
    """What is known of how often a page changes: a gamma distribution over changes per day of youth.

    ``exposure`` is in days, each counted by how much was to be expected of it: see `expose`.
    """

    shape: float
    exposure: float

    @property
    def daily(self) -> float:
        """Changes to be expected in a day of full exposure."""
        return self.shape / self.exposure


PRIORS: dict[Nature, Rate] = {
    "list": Rate(0.1, 0.25),
    "watched": Rate(0.1, 0.5),
    "notice": Rate(0.035, 0.6),
}
"""What is expected of a page of which nothing was seen yet: little, as most never change, and not for sure.
So small a shape says that one that did change may well be one that changes often."""


def learn(rate: Rate, exposure: float, *, changed: bool) -> Rate:
    """Learn from one look, of which it is only known whether anything changed since the look before.

    Several changes between two looks are seen as one (Cho and Garcia-Molina 2003), so that a look that
    found one says less the longer ago the look before it was. The distribution behind it is no gamma any
    more: it is replaced by the one of the same mean and variance.
    """
    if exposure <= 0.0:
        return rate
    a, b = rate.shape, rate.exposure
    if not changed:
        return _remembered(a, b + exposure)
    shrink = -math.log1p(exposure / b)
    some, once, twice = (-math.expm1((a + k) * shrink) for k in (0.0, 1.0, 2.0))
    mean = a / b * once / some
    square = a * (a + 1.0) / (b * b) * twice / some
    narrow = mean / max(square - mean**2, 1e-300)
    return _remembered(mean * narrow, narrow)


def _remembered(shape: float, exposure: float) -> Rate:
    scale = min(1.0, MEMORY_DAYS / exposure)
    return Rate(max(min(LEAST_SHAPE, shape), shape * scale), exposure * scale)


def age(nature: Nature, days: float) -> float:
    """Return how much of its first days' rate a page has so many days after it came or changed last."""
    return math.pow(1.0 + max(0.0, days) / YOUTH_DAYS, -_AGEING) if nature == "notice" else 1.0


def expose(nature: Nature, begin: float, end: float) -> float:
    """Count the days between two ages of a page, each by what was to be expected of it."""
    begin, end = max(0.0, begin), max(0.0, end)
    if nature != "notice":
        return max(0.0, end - begin)
    power = _AGEING - 1.0
    passed = math.pow(1.0 + begin / YOUTH_DAYS, -power) - math.pow(1.0 + end / YOUTH_DAYS, -power)
    return max(0.0, passed) * YOUTH_DAYS / power
