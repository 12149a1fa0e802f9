"""How the time of a function grows with the size of what it is given: CPU time, whatever else the machine does."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LINEAR = 1.15
MOST_ROUNDS = 30


def exponent(
    prepare: Callable[[int], T],
    work: Callable[[T], object],
    small: int,
    large: int,
    *,
    enough: float = LINEAR,
) -> float:
    """The slope of seconds over size, both as logarithms: 1 is linear, 2 quadratic.

    Both sizes are measured in turn, so that what else the machine does meets both, and the least of each counts.
    The small one is done as often as it takes to last as long as the large one: on a busy machine a moment of peace
    that is enough for one of them alone would look like growth. Measured again until the slope is no more than
    ``enough``, since what is busy only adds.
    """
    sizes = [prepare(small), prepare(large)]
    often = [1, 1]
    least = [math.inf, math.inf]
    slope = math.inf
    gc.collect()
    gc.disable()  # it would walk what all the tests before have left, the longer the more is allocated
    try:
        for rounds in range(MOST_ROUNDS):
            for place, made in enumerate(sizes):
                began = time.process_time()
                for _ in range(often[place]):
                    work(made)
                seconds = max(time.process_time() - began, 1e-4) / often[place]
                least[place] = min(least[place], seconds)
            slope = math.log(least[1] / least[0]) / math.log(large / small)
            if rounds >= 2 and slope <= enough:
                break
            often[0] = max(1, round(least[1] / least[0]))
    finally:
        gc.enable()
    return slope
