"""Facts of a notice: who, how many, under which article, until when, each with its place.

    text -> Sheet (folded, as long as the text) -> rules, one module a field -> facts in order

``extract`` reads the facts of one text, ``compare_facts`` tells what moved between two readings.
"""

from __future__ import annotations

from datetime import date

from monitor.facts.actions import actions
from monitor.facts.changes import compare_facts, turns_outcome
from monitor.facts.column_counts import with_heads
from monitor.facts.counts import counts
from monitor.facts.dates.civil_dates import dates
from monitor.facts.organisations.mentions import organisations
from monitor.facts.organisations.roles import roles
from monitor.facts.phones import corporate_numbers, phones
from monitor.facts.provisions import provisions
from monitor.facts.sheet import Sheet
from monitor.facts.statements.causes import causes
from monitor.facts.statements.items import items
from monitor.facts.statements.outcomes import outcomes
from monitor.facts.steps.reports import reports
from monitor.facts.steps.taken import steps
from storage.records import Fact

RULES_VERSION = 9
"""Raised with every change of a rule or a list: stored texts are then read again, in silence."""

__all__ = ["RULES_VERSION", "compare_facts", "extract", "turns_outcome"]


def extract(text: str, *, published: date | None = None, title: str = "") -> list[Fact]:
    """Return every fact of ``text`` in order of its place.

    ``published`` resolves what the text leaves out; ``title`` is read as context only: no fact lies in it.
    """
    sheet = Sheet.of(text, published)
    days = dates(sheet)
    bodies = organisations(sheet)
    laws = provisions(sheet)
    context = sorted(
        [*bodies, *laws, *(fact for fact in days if fact.field == "deadline")], key=lambda f: f.start
    )
    found = [
        *days,
        *bodies,
        *laws,
        *counts(sheet, days),
        *actions(sheet, context),
        *roles(sheet, bodies),
        *causes(sheet),
        *items(sheet),
        *outcomes(sheet),
        *steps(sheet, days),
        *reports(sheet),
        *phones(sheet),
        *corporate_numbers(sheet),
    ]
    return sorted(with_heads(sheet.table, found), key=lambda fact: (fact.start, fact.end, fact.field))
