"""What the rules for facts are worth: own labelled texts, probes, and pages that nobody labelled.

On the labelled texts of tests/facts a fact is right when field and value are those of a label and the places
overlap; of a label's several readings one counts. ``date`` counts deadlines too, since a deadline is a
date read right. The probes beside the checkout are judged by their own ``score.py``. Of real pages, what
was found is listed for a person to read: it says nothing of what was missed.

    python -m bench.facts [--errors] [--probes] [--pages N] [dev|test ...]

Without ``--probes`` or ``--pages`` all three are printed, each with its heading.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitor.facts import extract
from monitor.reading import read
from storage.records import Fact
from storage.text.wording import wording

LABELS = Path(__file__).parent.parent / "tests" / "facts"
FIELDS = ("count", "date", "deadline", "provision", "action", "organisation", "phone")
SPLITS = ("dev", "test")
SHARED = Path(os.environ.get("KOHYO_SHARED", Path(__file__).resolve().parents[2] / "shared"))
PROBES = SHARED / "data" / "facts" / "probes.jsonl"
_PAGES = ("municipal_pages", "ppc_pages", "history_listing")


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


@dataclass(frozen=True)
class Probed:
    """Probes that are right, of each kind; per field how many wanted facts were found, or spoilt a probe."""

    kinds: dict[str, tuple[int, int]]
    fields: dict[str, Score]
    errors: list[str]


def probed(file: Path = PROBES) -> Probed:
    """Judge the probes of a file by the ``score.py`` that stands beside it."""
    judge = _judge_of(file.parent / "score.py")
    kinds: Counter[tuple[str, bool]] = Counter()
    tally: Counter[tuple[str, str]] = Counter()
    errors = []
    for line in file.read_text(encoding="utf-8").splitlines():
        probe = json.loads(line)
        day = date.fromisoformat(probe["published"]) if probe["published"] else None
        missed, wrong = judge.judge(probe, [_plain(fact) for fact in extract(probe["text"], published=day)])
        kinds[probe["kind"], not missed and not wrong] += 1
        for label in probe["want"]:
            tally[label["field"], "wanted"] += 1
            tally[label["field"], "missed"] += label in missed
        for fact in wrong:
            tally[fact["field"], "wrong"] += 1
        errors += [f"{probe['id']} - {judge.short(label)}" for label in missed]
        errors += [f"{probe['id']} + {judge.short(fact)}" for fact in wrong]
    fields = {}
    for field in sorted({field for field, _ in tally}):
        wanted, wrong = tally[field, "wanted"], tally[field, "wrong"]
        found = wanted - tally[field, "missed"]
        fields[field] = Score(found, wanted, found, found + wrong)
    every = sorted({kind for kind, _ in kinds})
    return Probed(
        {kind: (kinds[kind, True], kinds[kind, True] + kinds[kind, False]) for kind in every}, fields, errors
    )


def _judge_of(script: Path) -> Any:
    spec = importlib.util.spec_from_file_location("probe_score", script)
    assert spec is not None, script
    assert spec.loader is not None, script
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _plain(fact: Fact) -> dict[str, Any]:
    """Give a fact as the probes' judge takes it."""
    names = ("field", "value", "raw", "unit", "role")
    return {**{name: getattr(fact, name) for name in names}, "qualifiers": list(fact.qualifiers)}


def sampled(count: int, data: Path = SHARED / "data") -> Iterator[tuple[Path, list[Fact]]]:
    """Extract the facts of real pages, evenly drawn: always the same, so that two runs can be compared."""
    files = [file for folder in _PAGES for file in sorted((data / folder).rglob("*.html"))]
    for file in files[:: max(1, len(files) // max(1, count))][:count]:
        reading = read(file.read_bytes())
        claim = reading.updated or reading.published
        yield file, extract(reading.text, published=claim and claim.value, title=reading.title)


def print_labelled(split: str, *, errors: bool) -> None:
    """Print precision and recall on a split, per field and per kind of text."""
    records, noted = labelled(split), list[str]()
    print(f"{split}: {len(records)} texts\n{'field':18}{'precision':>20}{'recall':>20}")
    _print_scores(score(records, noted))
    kinds = sorted({record["kind"] for record in records})
    print(f"\n{'kind of text':18}{'precision':>20}{'recall':>20}")
    for kind in kinds:
        parts = score(record for record in records if record["kind"] == kind).values()
        sums = Score(*(sum(getattr(one, name) for one in parts) for name in _SCORED))
        _print_scores({kind: sums})
    if errors:
        print(*noted, sep="\n")


_SCORED = ("found", "labels", "right", "facts")


def _print_scores(scores: Mapping[str, Score]) -> None:
    for name, s in scores.items():
        precision = f"{s.precision:.3f} ({s.right}/{s.facts})"
        recall = f"{s.recall:.3f} ({s.found}/{s.labels})"
        print(f"{name:18}{precision:>20}{recall:>20}")


def print_probed(*, errors: bool) -> None:
    """Print how many probes are right per kind, and precision and recall per field."""
    found = probed()
    right, every = (sum(parts) for parts in zip(*found.kinds.values(), strict=True))
    print(f"\nprobes: {right} of {every} right")
    for kind, (good, of) in found.kinds.items():
        print(f"  {kind:24}{good:4} / {of}")
    print(f"{'field':18}{'precision':>20}{'recall':>20}")
    _print_scores(found.fields)
    if errors:
        print(*found.errors, sep="\n")


def print_sampled(count: int) -> None:
    """Print the facts of real pages."""
    print("\nreal pages, not labelled: what was found, for a person to read")
    for file, facts in sampled(count):
        print(f"\n{file.relative_to(SHARED)}: {len(facts)} facts, not labelled")
        for fact in facts:
            extra = " ".join(filter(None, (fact.role, *fact.qualifiers)))
            print(f"  {fact.field:13} {wording(fact)[:40]} {extra}  「{' '.join(fact.raw.split())[:60]}」")


def main() -> None:
    """Print what was asked for, or all of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("split", nargs="*", help="dev, test or both")
    parser.add_argument("--errors", action="store_true", help="list what was missed (-) and invented (+)")
    parser.add_argument("--probes", action="store_true", help="the probes only")
    parser.add_argument("--pages", type=int, metavar="N", help="so many real pages only")
    options = parser.parse_args()
    everything = not (options.split or options.probes or options.pages)
    for split in options.split or (SPLITS if everything else ()):
        print_labelled(split, errors=options.errors)
    if options.probes or (everything and PROBES.exists()):
        print_probed(errors=options.errors)
    if options.pages or (everything and (SHARED / "data").is_dir()):
        print_sampled(options.pages or 12)


if __name__ == "__main__":
    sys.exit(main())
