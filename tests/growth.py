"""How the time of a function grows with the size of what it is given: CPU time, whatever else the machine does."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LINEAR = 1.3
"""The most that linear work comes to beside others that keep both cores and caches busy; alone it is about 1."""


def exponent(
    prepare: Callable[[int], T], work: Callable[[T], object], small: int, large: int, *, times: int = 5
) -> float:
    """The slope of seconds over size, both as logarithms: 1 is linear, 2 quadratic.

    Both sizes are measured in turn, so that what else the machine does meets both, and the least of each counts.
    """
    sizes = [prepare(small), prepare(large)]
    spent: list[list[float]] = [[], []]
    gc.collect()
    gc.disable()  # it would walk what all the tests before have left, the longer the more is allocated
    try:
        for _ in range(times):
            for made, seconds in zip(sizes, spent, strict=True):
                began = time.process_time()
                work(made)
                seconds.append(time.process_time() - began)
    finally:
        gc.enable()
    little, much = (max(min(seconds), 1e-4) for seconds in spent)
    return math.log(much / little) / math.log(large / small)
