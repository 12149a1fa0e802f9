"""How well the rule on titles tells incidents from everything else.

    python bench/radar.py TITLES.tsv [--errors]

TITLES.tsv has a heading and the columns title, label (1: about one incident with personal data), kind of
publisher. Printed: precision of ``yes``, recall of ``yes`` or ``look``, the share of rows answered ``look``;
for all rows, for the bodies' own (trade press left out), and by kind.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.radar import Relevance, judge_title


@dataclass(frozen=True, slots=True)
class Judged:
    title: str
    kind: str
    is_incident: bool
    found: Relevance


def judged(path: Path) -> list[Judged]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [
        Judged(title, kind, label == "1", judge_title(title, kind.replace(" ", "-")))
        for title, label, kind, *_ in rows
    ]


def line(name: str, rows: Sequence[Judged]) -> str:
    said = [row for row in rows if row.found.answer == "yes"]
    right = sum(row.is_incident for row in said)
    incidents = [row for row in rows if row.is_incident]
    kept = sum(row.found.answer != "no" for row in incidents)
    look = sum(row.found.answer == "look" for row in rows)
    return (
        f"{name:14} {len(rows):5} rows   precision of yes {_share(right, len(said))}   "
        f"recall of yes or look {_share(kept, len(incidents))}   look {look / len(rows):.1%}"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "    - (0/0)"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("titles", type=Path)
    parser.add_argument(
        "--errors", action="store_true", help="print each row that is not answered as labelled"
    )
    chosen = parser.parse_args()
    rows = judged(chosen.titles)
    print(line("all", rows))
    print(line("bodies' own", [row for row in rows if row.kind not in ("news", "commentary")]))
    for kind in sorted({row.kind for row in rows}):
        print(line(kind, [row for row in rows if row.kind == kind]))
    if chosen.errors:
        for row in rows:
            if row.is_incident == (row.found.answer == "no") or (row.found.answer, row.is_incident) == (
                "yes",
                False,
            ):
                print(f"{row.found.answer:4} {row.kind}: {row.title} {row.found.because}")


if __name__ == "__main__":
    main()
