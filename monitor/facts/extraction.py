"""Every rule in turn, and what they find in order. Its patterns take longer to load than most commands."""

from __future__ import annotations

from datetime import date

from monitor.facts.actions import find_actions
from monitor.facts.column_counts import add_heads
from monitor.facts.counts import find_counts
from monitor.facts.dates.civil_dates import find_dates
from monitor.facts.organisations.mentions import find_organisations
from monitor.facts.organisations.roles import find_roles
from monitor.facts.phones import find_corporate_numbers, find_phones
from monitor.facts.provisions import find_provisions
from monitor.facts.sheet import Sheet
from monitor.facts.statements.causes import find_causes
from monitor.facts.statements.genre import tells_nothing
from monitor.facts.statements.headings import is_criterion
from monitor.facts.statements.items import find_items, tells_of_affair
from monitor.facts.statements.outcomes import find_outcomes
from monitor.facts.steps.parts import add_parts
from monitor.facts.steps.reports import find_reports
from monitor.facts.steps.taken import find_steps
from storage.records import Fact

_OF_AFFAIR = ("cause", "count", "data-item", "outcome", "step")


def find_all(text: str, published: date | None) -> list[Fact]:
    """Find every fact of ``text``, in order of its place."""
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
        *_find_affair(sheet),
        *add_parts(sheet, find_steps(sheet, days)),
        *find_reports(sheet),
        *find_phones(sheet),
        *find_corporate_numbers(sheet),
    ]
    found = [fact for fact in found if fact.field not in _OF_AFFAIR or not is_criterion(sheet, fact.start)]
    return sorted(add_heads(sheet.table, found), key=lambda fact: (fact.start, fact.end, fact.field))


def _find_affair(sheet: Sheet) -> list[Fact]:
    """Find what went wrong, with which data, and what came of it; nothing where a text tells of no affair."""
    if tells_nothing(sheet.text):
        return []
    found = [*find_causes(sheet), *find_outcomes(sheet)]
    return [*found, *find_items(sheet)] if found or tells_of_affair(sheet.text) else found
