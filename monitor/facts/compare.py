"""What moved between two readings of a notice."""
from __future__ import annotations
from collections.abc import Sequence
from storage.records import Fact, FactChange
def compare_facts(old: Sequence[Fact], new: Sequence[Fact]) -> tuple[FactChange, ...]:
    return ()
