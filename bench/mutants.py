"""Whether the tests would notice: mistakes put into what judges, and the tests nearest to each run on it.

    python bench/mutants.py [--sample 300] [--seed 1] [--jobs 2] [--only FILE:NUMBER,...]

What judges is `monitor` without its command line and its demo. The mistakes are those of mutmut's
operators within functions. mutmut itself runs every mutant, and finds its tests by whole functions, which
takes days here; so its operators are used alone, a sample is drawn by a seed, and each mutant is met by the
tests that ran its line, near ones first, as a run with coverage says, which is made first where there is
none. Prints the share killed and every survivor. Needs the dev extra.
"""

from __future__ import annotations

import argparse
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from queue import SimpleQueue

from coverage import CoverageData
from libcst import parse_module
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("monitor", "spiders", "feeds", "storage")
SPARED = ("monitor/cli", "monitor/demo")
SUITE = ("facts", "comparing", "reading", "monitor", "incidents", "spiders", "storage", "cli", "fire")
ELSEWHERE = ("tests/cli", "tests/demo")
"""Tests of what runs in a process of its own, where no line is counted."""

FIRST, MOST = 40, 400  # tests
SECONDS = 240


@dataclass(frozen=True, slots=True)
class Mutant:
    file: str
    number: int
    line: int
    source: str
    difference: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number} (line {self.line})\n{self.difference}"


def mutants(file: str, wanted: set[int] | None = None) -> Iterator[Mutant]:
    """Every mutant of a file, or those of some numbers; the source is left out where it is not wanted."""
    code = (ROOT / file).read_text("utf-8")
    visitor = MutationVisitor(mutation_operators, IgnoredCode(*(set() for _ in fields(IgnoredCode))))
    module = MetadataWrapper(parse_module(code)).visit(visitor)
    inner = [one for one in visitor.mutations if one.contained_by_top_level_function is not None]
    for number, one in enumerate(inner):
        if wanted is None:
            yield Mutant(file, number, 0, "", "")
        elif number in wanted:
            changed = deep_replace(module, one.original_node, one.mutated_node).code  # type: ignore[union-attr]
            before, after = code.splitlines(), changed.splitlines()
            lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
            line = next((n for n, (a, b) in enumerate(zip(before, after, strict=False), 1) if a != b), 1)
            yield Mutant(file, number, line, changed, "\n".join(lines))


def judging() -> list[str]:
    found = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "monitor").rglob("*.py"))]
    return [file for file in found if not file.startswith(SPARED)]


def measured(data: Path) -> CoverageData:
    """Which test ran which line."""
    if not data.exists():
        tests = [f"tests/{folder}" for folder in SUITE if (ROOT / "tests" / folder).is_dir()]
        command = [
            "-m",
            "pytest",
            "-q",
            "-n2",
            "--cov=monitor",
            "--cov-context=test",
            "--cov-report=",
            *tests,
        ]
        subprocess.run([sys.executable, *command], cwd=ROOT, env={**os.environ, "COVERAGE_FILE": str(data)})
    read = CoverageData(str(data))
    read.read()
    return read


def near(data: CoverageData, mutant: Mutant) -> list[str]:
    """The tests that ran the line of a mutant, those of its own room first."""
    ran = data.contexts_by_lineno(next(file for file in data.measured_files() if file.endswith(mutant.file)))
    at = max((line for line, tests in ran.items() if line <= mutant.line and any(tests)), default=0)
    named = {test.rpartition("|")[0] or test for test in ran.get(at, ()) if test}
    room = mutant.file.split("/")[1].removesuffix(".py")
    stem = Path(mutant.file).stem
    return sorted(named, key=lambda test: (stem not in test, f"tests/{room}" not in test, test))


def survives(mutant: Mutant, tests: list[str], copy: Path) -> bool:
    target = copy / mutant.file
    original = target.read_text("utf-8")
    target.write_text(mutant.source, "utf-8")
    try:
        if not tests:
            return _pass(copy, list(ELSEWHERE))
        return _pass(copy, tests[:FIRST]) and (len(tests) <= FIRST or _pass(copy, tests[FIRST:MOST]))
    finally:
        target.write_text(original, "utf-8")


def _pass(copy: Path, tests: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=env, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode in (0, 5)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sample", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--only", default="", help="mutants by FILE:NUMBER, as survivors are printed")
    asked.add_argument("--coverage", type=Path, default=ROOT / ".coverage.mutants")
    given = asked.parse_args()
    if given.only:
        chosen = [(file, int(number)) for file, number in (one.split(":") for one in given.only.split(","))]
        population = len(chosen)
    else:
        every = [(one.file, one.number) for file in judging() for one in mutants(file)]
        population = len(every)
        chosen = random.Random(given.seed).sample(every, min(given.sample, population))
    data = measured(given.coverage)
    sample = [
        one
        for file in sorted({file for file, _ in chosen})
        for one in mutants(file, {number for name, number in chosen if name == file})
    ]
    random.Random(given.seed).shuffle(sample)
    print(f"{len(sample)} of {population} mutants, seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(given.jobs):
            copy = Path(folder) / str(number)
            for name in (*PACKAGES, "tests", "docs", "bench"):
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            for name in ("pyproject.toml", "README.md", "CHANGELOG.md"):
                shutil.copy(ROOT / name, copy / name)
            copies.put(copy)

        def judged(mutant: Mutant) -> bool:
            copy = copies.get()
            try:
                survived = survives(mutant, near(data, mutant), copy)
            finally:
                copies.put(copy)
            print(f"{'SURVIVED' if survived else 'killed'} {mutant if survived else mutant.file}", flush=True)
            return survived

        with ThreadPoolExecutor(given.jobs) as pool:
            survivors = sum(pool.map(judged, sample))
    killed = len(sample) - survivors
    print(f"killed {killed} of {len(sample)}: {100 * killed / max(1, len(sample)):.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
