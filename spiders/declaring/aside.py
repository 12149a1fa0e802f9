"""A function that is called in a process of its own, so that what it loads is gone when it is done."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar, cast

Given = ParamSpec("Given")
Result = TypeVar("Result")


def call_aside(function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Return what a function does, which has to survive pickle, from a copy of this process.

    It is called here where no copy can be made safely, or where that one fails: then this one fails likewise.
    """
    if sys.platform != "linux" or len(sys._current_frames()) > 1:
        return function(*args, **kwargs)  # a lock that another thread holds would be held for ever
    ours, theirs = os.pipe()
    if (copy := os.fork()) == 0:
        try:
            with os.fdopen(theirs, "wb") as answer:
                pickle.dump(function(*args, **kwargs), answer)
        finally:
            os._exit(0)  # nothing that is open belongs to the copy
    os.close(theirs)
    with os.fdopen(ours, "rb") as answer:
        said = answer.read()
    os.waitpid(copy, 0)
    with suppress(EOFError, pickle.UnpicklingError):
        return cast(Result, pickle.loads(said))  # noqa: S301 - our own
    return function(*args, **kwargs)
