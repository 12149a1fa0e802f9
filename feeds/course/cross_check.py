"""Who was named by a regulator and has published nothing that was found, and the reverse.

These are statements about what was found: they say nothing of what exists beyond the watched sources,
so they are shown with the coverage of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.records import Fact
from storage.text.fold import fold


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Names as written; each of a side, once."""

    named_and_published: tuple[str, ...]
    named_only: tuple[str, ...]  # by a regulator; no notice of their own was found
    published_only: tuple[str, ...]  # no notice of a regulator that names them was found


def check_disclosures(regulator: Iterable[Fact], publishers: Sequence[str]) -> CrossCheck:
    """Hold whom a regulator named against who published.

    ``regulator``: the facts of a regulator's notices; ``publishers``: the names of who published notices.
    """
    named: dict[str, str] = {}
    for fact in regulator:
        if fact.field == "action":
            for said in fact.qualifiers:
                if said.startswith("respondent:"):
                    name = said.removeprefix("respondent:")
                    named.setdefault(fold(name), name)
    ours = {fold(name): name for name in publishers}
    return CrossCheck(
        tuple(name for key, name in named.items() if _has(ours, key)),
        tuple(name for key, name in named.items() if not _has(ours, key)),
        tuple(name for key, name in ours.items() if not _has(named, key)),
    )


def _has(names: dict[str, str], wanted: str) -> bool:
    """Tell whether a name is among others, in full or as the part that a heading adds to (X お知らせ)."""
    return any(wanted == name or wanted in name or name in wanted for name in names)
