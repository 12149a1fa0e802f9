"""Facts of a notice: who, how many, under which article, until when, each with its place.

    text -> Sheet (folded, as long as the text) -> rules, one module a field -> facts in order

``extract`` reads the facts of one text, ``compare_facts`` tells what moved between two readings.
"""

from __future__ import annotations

from datetime import date

from monitor.facts.changes import compare_facts, turns_outcome
from storage.records import Fact

RULES_VERSION = 88
"""Raised with every change of a rule or a list: stored texts are then read again, in silence."""

__all__ = ["RULES_VERSION", "compare_facts", "extract", "turns_outcome"]


def extract(text: str, *, published: date | None = None, title: str = "") -> list[Fact]:
    """Return every fact of ``text`` in order of its place.

    ``published`` resolves what the text leaves out; ``title`` is read as context only: no fact lies in it.
    """
    from monitor.facts.extraction import find_all  # whoever reads no text need not wait for its patterns

    return find_all(text, published)
