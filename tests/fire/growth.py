"""How the time of a function grows with the size of what it is given: CPU time, whatever else the machine does."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def exponent(prepare: Callable[[int], T], work: Callable[[T], object], sizes: Sequence[int]) -> float:
    """The slope of seconds over size, both as logarithms, from the smallest to the largest of ``sizes``:
    1 is linear, 2 quadratic. Each size is measured at its best of three."""
    times = [_best(prepare(size), work) for size in (sizes[0], sizes[-1])]
    return math.log(times[1] / times[0]) / math.log(sizes[-1] / sizes[0])


def _best(given: T, work: Callable[[T], object]) -> float:
    spent = []
    for _ in range(3):
        gc.collect()
        gc.disable()
        try:
            began = time.process_time()
            work(given)
            spent.append(time.process_time() - began)
        finally:
            gc.enable()
    return max(min(spent), 1e-4)
