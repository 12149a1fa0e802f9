"""Facts of a notice: who, how many, under which article, until when, each with its place.

    text -> Sheet (folded, as long as the text) -> rules, one module a field -> facts in order

``extract`` reads the facts of one text, ``compare_facts`` tells what moved between two readings.
"""

from __future__ import annotations

from datetime import date

from monitor.facts.actions import find_actions
from monitor.facts.changes import compare_facts, turns_outcome
from monitor.facts.column_counts import add_heads
from monitor.facts.counts import find_counts
from monitor.facts.dates.civil_dates import find_dates
from monitor.facts.organisations.mentions import find_organisations
from monitor.facts.organisations.roles import find_roles
from monitor.facts.phones import find_corporate_numbers, find_phones
from monitor.facts.provisions import find_provisions
from monitor.facts.sheet import Sheet
from monitor.facts.statements.causes import find_causes
from monitor.facts.statements.items import find_items
from monitor.facts.statements.outcomes import find_outcomes
from monitor.facts.steps.parts import add_parts
from monitor.facts.steps.reports import find_reports
from monitor.facts.steps.taken import find_steps
from storage.records import Fact

RULES_VERSION = 41
"""Raised with every change of a rule or a list: stored texts are then read again, in silence."""

__all__ = ["RULES_VERSION", "compare_facts", "extract", "turns_outcome"]


def extract(text: str, *, published: date | None = None, title: str = "") -> list[Fact]:
    """Return every fact of ``text`` in order of its place.

    ``published`` resolves what the text leaves out; ``title`` is read as context only: no fact lies in it.
    """
    sheet = Sheet.of(text, published)
    days = find_dates(sheet)
    bodies = find_organisations(sheet)
    laws = find_provisions(sheet)
    context = sorted(
        [*bodies, *laws, *(fact for fact in days if fact.field == "deadline")], key=lambda f: f.start
    )
    found = [
        *days,
        *bodies,
        *laws,
        *find_counts(sheet, days),
        *find_actions(sheet, context),
        *find_roles(sheet, bodies),
        *find_causes(sheet),
        *find_items(sheet),
        *find_outcomes(sheet),
        *add_parts(sheet, find_steps(sheet, days)),
        *find_reports(sheet),
        *find_phones(sheet),
        *find_corporate_numbers(sheet),
    ]
    return sorted(add_heads(sheet.table, found), key=lambda fact: (fact.start, fact.end, fact.field))
