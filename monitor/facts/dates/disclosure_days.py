"""How many days passed from discovery to publication: a derived fact that names its two sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from storage.records import Fact, PageDate
from storage.text.patterns import pattern_of

_DAY = pattern_of(r"\d{4}-\d\d-\d\d")
_MOST_DAYS = 3650  # more is a date that was misread


def find_days_to_publication(facts: Iterable[Fact], claim: PageDate | None) -> Fact | None:
    """Derive the days from the discovery that a text states to its publication; None where one is unknown.

    ``claim`` is the day of publication that the page claims; without one the first day counts that the text
    calls so. The fact stands where the discovery does. Its qualifiers are ``discovered:``, ``published:`` and
    ``source:``, which says where the day of publication stands: as of ``PageDate``, or text.
    """
    told: dict[str, list[Fact]] = {"discovered": [], "published": []}
    for fact in facts:
        if fact.field == "date" and fact.role in told and _DAY.fullmatch(str(fact.value)):
            told[fact.role].append(fact)
    if not told["discovered"]:
        return None
    found = min(told["discovered"], key=lambda fact: str(fact.value))
    if claim is not None:
        published, source = claim.value, claim.source
    elif told["published"]:
        published, source = min(date.fromisoformat(str(fact.value)) for fact in told["published"]), "text"
    else:
        return None
    days = (published - date.fromisoformat(str(found.value))).days
    if not 0 <= days <= _MOST_DAYS:
        return None
    said = (f"discovered:{found.value}", f"published:{published.isoformat()}", f"source:{source}")
    return Fact("days-to-publication", days, found.raw, found.start, found.end, "日", said)
