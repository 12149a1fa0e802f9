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
import importlib
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest
from coverage import CoverageData
from libcst import parse_module
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("monitor", "spiders", "feeds", "storage")
SPARED = ("monitor/cli", "monitor/demo")
SUITE = ("facts", "comparing", "reading", "monitor", "incidents", "spiders", "storage", "cli", "feeds")
SLOW = ("tests/feeds/browser", "tests/feeds/clients", "tests/feeds/test_notify_killed.py")
ELSEWHERE = ("tests/cli", "tests/demo")
"""Tests of what runs in a process of its own, where no line is counted."""

FIRST, MOST = 12, 300  # tests
SECONDS = 240

LOADED = (
    *("hypothesis", "scrapy.crawler", "scrapy.spiders", "scrapy.http", "sqlalchemy", "alembic.command"),
    *("lxml.html", "bs4", "click", "pydantic", "feedgen.feed", "jinja2", "nh3", "warcio", "pypdfium2"),
    *("rapidfuzz", "starlette.applications", "vcr", "filelock"),
)
"""What takes long to import and is not ours."""


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
        command += [f"--ignore={slow}" for slow in SLOW]
        subprocess.run([sys.executable, *command], cwd=ROOT, env={**os.environ, "COVERAGE_FILE": str(data)})
    read = CoverageData(str(data))
    read.read()
    return read


@cache
def _ran(data: CoverageData, file: str) -> dict[int, list[str]]:
    return data.contexts_by_lineno(next(one for one in data.measured_files() if one.endswith(file)))


def near(data: CoverageData, mutant: Mutant) -> list[str]:
    """The tests that ran the line of a mutant, those of its own room first."""
    ran = _ran(data, mutant.file)
    at = max((line for line, tests in ran.items() if line <= mutant.line and any(tests)), default=0)
    named = {test.rpartition("|")[0] or test for test in ran.get(at, ()) if test}
    room = mutant.file.split("/")[1].removesuffix(".py")
    stem = Path(mutant.file).stem
    quick = [test for test in named if "postgresql" not in test]  # a server takes longer than most tests
    return sorted(
        quick, key=lambda test: (stem not in test, f"tests/{room}" not in test, "propert" in test, test)
    )


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
    """Run tests in a fork of this process, which has loaded everything but the packages themselves."""
    child = os.fork()
    if not child:
        options = ["-x", "-q", "-p", "no:cacheprovider", "--no-header"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what is loaded already
        _run(copy, [*options, *tests])
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) in (0, 5)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _run(copy: Path, arguments: list[str]) -> NoReturn:
    status: int = 1
    try:
        os.setpgrp()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        os.chdir(copy)
        os.environ |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        sys.dont_write_bytecode = True
        sys.path[:0] = [str(copy)]
        status = pytest.main(arguments)
    finally:
        os._exit(status)


def _settle(folder: str) -> None:
    """Give a process of the pool a copy of the checkout to put its mutants into."""
    global _copy
    _copy = Path(folder) / str(os.getpid())
    for name in (*PACKAGES, "tests", "docs", "bench"):
        shutil.copytree(ROOT / name, _copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, _copy / name)


_copy = ROOT
_sound: set[str] = set()  # files whose tests pass without a mutant


def _judge(given: tuple[Mutant, list[str]]) -> tuple[Mutant, bool]:
    mutant, tests = given
    survived = survives(mutant, tests, _copy)
    if not survived and mutant.file not in _sound:
        if not _pass(_copy, tests[:FIRST] or list(ELSEWHERE)):
            print(f"{mutant.file}: its tests fail without any mistake", flush=True)
            return mutant, True
        _sound.add(mutant.file)
    return mutant, survived


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
    for name in LOADED:
        importlib.import_module(name)
    survivors = 0
    fork = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as folder, fork.Pool(given.jobs, _settle, (folder,)) as pool:
        for mutant, survived in pool.imap_unordered(_judge, [(one, near(data, one)) for one in sample]):
            survivors += survived
            print(f"{'SURVIVED' if survived else 'killed'} {mutant if survived else mutant.file}", flush=True)
    killed = len(sample) - survivors
    print(f"killed {killed} of {len(sample)}: {100 * killed / max(1, len(sample)):.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
