"""Precision and recall of the facts, per field, on the labelled texts of tests/facts.

A fact is right when field and value are those of a label and the places overlap; of a label's several
readings one counts. ``date`` counts deadlines too, since a deadline is a date read right.

    python -m bench.facts [--errors] [dev|test]
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitor.facts import extract

LABELS = Path(__file__).parent.parent / "tests" / "facts"
FIELDS = ("count", "date", "deadline", "provision", "action", "organisation", "phone")
SPLITS = ("dev", "test")


@dataclass(frozen=True)
class Score:
    """How many of the labels were found, and how many of the facts found are labelled."""

    found: int
    labels: int
    right: int
    facts: int

    @property
    def recall(self) -> float:
        return self.found / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.facts if self.facts else 1.0


def labelled(split: str) -> list[dict[str, Any]]:
    """The records of a split: id, kind, published, text, facts with field, value, start, end."""
    lines = (LABELS / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def score(records: Iterable[dict[str, Any]], errors: list[str] | None = None) -> dict[str, Score]:
    """Per field, over all records; what is missed or invented is noted in ``errors``."""
    tally: Counter[tuple[str, str]] = Counter()
    for record in records:
        published = date.fromisoformat(record["published"]) if record["published"] else None
        read = [
            {"field": fact.field, "value": fact.value, "start": fact.start, "end": fact.end}
            for fact in extract(record["text"], published=published)
        ]
        for field in FIELDS:
            wanted, got = list(_of(field, record["facts"])), list(_of(field, read))
            missed = [label for label in wanted if not any(_same(label, fact) for fact in got)]
            invented = [fact for fact in got if not any(_same(label, fact) for label in wanted)]
            tally[field, "labels"] += len(wanted)
            tally[field, "missed"] += len(missed)
            tally[field, "facts"] += len(got)
            tally[field, "invented"] += len(invented)
            if errors is not None:
                for sign, rest in (("-", missed), ("+", invented)):
                    for fact in rest:
                        raw = record["text"][max(0, fact["start"] - 8) : fact["end"] + 8].replace("\n", "⏎")
                        errors.append(f"{record['id']} {field} {sign} {fact['value']!r} …{raw}…")
    return {
        field: Score(
            tally[field, "labels"] - tally[field, "missed"],
            tally[field, "labels"],
            tally[field, "facts"] - tally[field, "invented"],
            tally[field, "facts"],
        )
        for field in FIELDS
    }


def _of(field: str, facts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    wanted = ("date", "deadline") if field == "date" else (field,)
    return (fact for fact in facts if fact["field"] in wanted)


def _same(label: dict[str, Any], fact: dict[str, Any]) -> bool:
    overlap = label["start"] < fact["end"] and fact["start"] < label["end"]
    return overlap and _value(label["value"]) == _value(fact["value"])


def _value(value: object) -> object:
    return unicodedata.normalize("NFKC", value) if isinstance(value, str) else value


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("split", nargs="*", default=SPLITS, help="dev, test or both")
    parser.add_argument("--errors", action="store_true", help="list what was missed (-) and invented (+)")
    options = parser.parse_args()
    for split in options.split:
        records, errors = labelled(split), []
        print(f"{split}: {len(records)} texts\n{'field':14}{'precision':>18}{'recall':>18}")
        for field, s in score(records, errors).items():
            precision, recall = (
                f"{s.precision:.3f} ({s.right}/{s.facts})",
                f"{s.recall:.3f} ({s.found}/{s.labels})",
            )
            print(f"{field:14}{precision:>18}{recall:>18}")
        if options.errors:
            print(*errors, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
