"""What whoever holds the token may decide, and what became of it.

feeds neither judges nor acts: whoever makes the application gives it an ``Operator``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from feeds.wording.tables.decision_words import DECISIONS
from feeds.wording.words import phrase
from storage.records import Incident, IncidentAction, LinkStatus

MIN_TOKEN_CHARS = 16
"""Characters of a token that nobody guesses."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a decision, in both languages.

    ``already`` means that another decision stands, ``refused`` that what was given cannot be used.
    """

    outcome: Literal["done", "already", "unknown", "refused"]
    detail: str
    ja: str


def answer(outcome: Literal["done", "already", "unknown", "refused"], name: str, *words: object) -> Decision:
    """Make a decision's answer of one of ``DECISIONS``."""
    return Decision(outcome, phrase(DECISIONS, name, "en", *words), phrase(DECISIONS, name, "ja", *words))


@dataclass(frozen=True, slots=True)
class SuggestedIncident:
    """Notices that may be of one incident, why, and how sure that is: between 0 and 1."""

    notices: tuple[int, ...]
    evidence: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class IncidentInput:
    """What a person gives with what he does to an incident; only what it needs.

    ``keys`` as a declaration has them; ``notices`` it is about; ``into``: the slug of the other incident, or
    of the new one; ``seen``: the last operation on it when he looked.
    """

    keys: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[int, ...] = ()
    into: str = ""
    seen: int | None = None


class Operator(Protocol):
    """Carries out the decisions of whoever holds the token."""

    def decide_offer(self, offer: int, *, accept: bool) -> Decision:
        """Decide whether an offered address becomes a source."""

    def decide_link(
        self, slug: str, notice: int, *, accept: bool, overrules: LinkStatus | None = None
    ) -> Decision:
        """Decide a link; the first decision stands unless the new one names it as ``overrules``."""
        ...

    def suggest_incidents(self) -> Sequence[SuggestedIncident]:
        """Suggest incidents of notices that belong to none, the surest first."""
        ...

    def draft_incident(self, notices: Sequence[int]) -> Incident:
        """Draft an incident from notices, with a slug that is free; nothing is stored."""
        ...

    def keep_incident(
        self, action: IncidentAction | Literal["undo"], slug: str, given: IncidentInput
    ) -> Decision:
        """Do something to an incident, or undo the last thing that was done to it."""
        ...

    def find_source(self, url: str) -> Mapping[str, Any] | str:
        """Search at an address for what can be watched: findings as JSON, or why there are none."""

    def watch_source(self, declaration: str, name: str, kind: str) -> Decision:
        """Watch a source from the next crawl on; ``declaration`` is TOML."""
        ...

    def drop_source(self, id: str) -> Decision:
        """Watch a source no longer that was accepted here."""
        ...

    def redact(self, notice: int, reason: str) -> Decision:
        """Take out for good what is stored of a notice."""
