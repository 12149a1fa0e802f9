"""How many cores there are to work with: what reads, renders and verifies is spread over them."""

from __future__ import annotations

import os


def count_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
