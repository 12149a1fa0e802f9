"""Whether a text that changed wholesale is still the notice, or something else in its place."""

from __future__ import annotations

import re

from monitor.comparing.lcs import measure_percent
from monitor.comparing.sameness.keys import make_block_key
from monitor.facts import extract
from storage.records import Block, Fact, FactField, Reading, Version

FAIR_SHARE = 0.4
"""Of the old text: what keeps so much is the notice, whatever it is called now."""

SIMILAR_PERCENT = 60  # of 100
MIN_ENTRIES, MIN_ENTRIES_SHARE = 4, 0.5
"""So many links that hold so much of the text make a page of links."""

_TELLING: frozenset[FactField] = frozenset(("count", "deadline", "provision", "phone", "corporate-number"))
"""Facts that are those of a notice: any page may say a date or name its publisher."""

_OF_INCIDENT = re.compile("について|に関する|お?詫び|漏えい|漏洩|流出|紛失|不正|ご?報告|障害|発生")


def is_something_else(last: Version, reading: Reading, kept: float) -> bool:
    """Tell whether a reading keeps neither the last version's title, nor a fact, nor enough of its text.

    A page that said nothing of an incident before may come to be a notice.
    """
    if kept >= FAIR_SHARE or _alike(last.title, reading.title):
        return False
    before = _facts(last.text)
    if not before and not _OF_INCIDENT.search(last.title) and _OF_INCIDENT.search(reading.title):
        return False
    return _is_listing(reading) or not before & _facts(reading.text)


def _alike(old: str, new: str) -> bool:
    """Tell whether one title could be the other's later wording."""
    a, b = make_block_key(old), make_block_key(new)
    short, long = sorted((a, b), key=len)
    return bool(short) and (short in long or measure_percent(a, b) >= SIMILAR_PERCENT)


def _facts(text: str) -> set[tuple[FactField, str]]:
    return {(fact.field, _value(fact)) for fact in extract(text) if fact.field in _TELLING}


def _value(fact: Fact) -> str:
    return str(fact.raw if fact.value is None else fact.value)


def _is_listing(reading: Reading) -> bool:
    entries = [block for block in reading.blocks if _is_entry(block)]
    whole = sum(len(block.text) for block in reading.blocks)
    return len(entries) >= MIN_ENTRIES and sum(len(b.text) for b in entries) >= MIN_ENTRIES_SHARE * whole


def _is_entry(block: Block) -> bool:
    """Tell whether a line is little more than a link."""
    return sum(len(link.text) for link in block.links) >= 0.5 * len(block.text) > 0
