"""Reading: bytes to what a page says, and whether that is the page at all.

``read`` is a pure function of its arguments and never raises: whatever comes, it ends in a verdict.
"""

from __future__ import annotations

from storage.records import PageRules, Reading

BLOCKS_VERSION = 5
"""Raised when the same bytes give other blocks: stored versions are then derived again."""

DATES_VERSION = 2
"""Raised when the same bytes give other dates."""


def read(
    body: bytes,
    *,
    url: str = "",
    content_type: str | None = None,
    rules: PageRules = PageRules(),  # noqa: B008 - frozen
    status: int = 200,
) -> Reading:
    """Read what ``body`` says."""
    from monitor.reading.body import read_bytes  # whoever reads no page need not wait for it

    try:
        return read_bytes(body, url, content_type, rules, status)
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        MemoryError,
        OSError,
    ) as error:
        return Reading("unreadable", f"{type(error).__name__}: {error}"[:200])
