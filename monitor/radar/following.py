"""Whether a listing's row is followed up: as its declaration says, or as its title answers."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.radar.title_rule import Relevance, judge_title
from storage.records import Fact, Row, Source

_TELLING_FIELDS = frozenset({"outcome", "cause"})


def answer_row(source: Source, row: Row) -> Relevance:
    """Answer a row of a listing of ``source``; ``yes`` for every row of one whose topic is any.

    Words of the declaration go first: ``ignore`` answers no, ``match`` yes.
    """
    rules = source.listing
    if rules is None or rules.topic == "any":
        return Relevance("yes", ())
    if ignored := tuple(word for word in rules.ignore if word in row.title):
        return Relevance("no", ignored)
    if matched := tuple(word for word in rules.match if word in row.title):
        return Relevance("yes", matched)
    return judge_title(row.title, source.kind)


def facts_decide(title: str, facts: Iterable[Fact], kind: str) -> bool:
    """Say whether a page that was opened to see is about an incident.

    It is if its own title says so, or if it says what happened to data, and to how many or which.
    """
    if judge_title(title, kind).answer == "yes":
        return True
    fields = {fact.field for fact in facts if not {"denied", "not included"} & set(fact.qualifiers)}
    return bool(fields & _TELLING_FIELDS) and bool(fields & {"count", "data-item"})
