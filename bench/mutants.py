"""Whether the tests would notice: mistakes put into what judges, and the tests nearest to each run on it.

    python bench/mutants.py [--sample 300] [--seed 1] [--jobs 2] [--under monitor/facts] [--only FILE:N,...]

What judges is `monitor` without its command line and its demo. The mistakes are those of mutmut's
operators within functions. mutmut itself runs every mutant, and finds its tests by whole functions, which
takes days here; so its operators are used alone, and a sample is drawn by a seed. The tests are collected
once; each mutant is a fork of that process in which one function has other code, and is met by the tests
that ran its line, near and quick ones first, until one fails. Which test ran which line a run with coverage
says, which is made first where there is none. What only shows when a module is imported (a default, a
field of a class, what a constant is made by) is met by a new process on a changed copy instead, and so is
what a process of its own runs (files are opened in one): a fork's mistake does not reach that.

What no test of these rooms runs counts as survived. Prints the share killed and every survivor. Needs the
dev extra.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import importlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from xml.etree import ElementTree

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
SUITE = ("comparing", "facts", "incidents", "monitor", "radar", "reading", "cli", "feeds/test_deciding.py")
PASSED_OVER = ("tests/reading/test_growth.py", "tests/reading/test_real_pages.py")
"""Tests of time, and of captures that only developers have."""

ELSEWHERE = {
    "monitor/reading/files/contained.py": ("tests/reading/test_pdf.py", "tests/reading/test_office.py"),
    "monitor/reading/files/opener.py": ("tests/reading/test_pdf.py", "tests/reading/test_office.py"),
    "monitor/reading/files/office_lines.py": ("tests/reading/test_office.py",),
}
"""What runs in a process of its own, where lines are not counted and a fork has no mistake, and its tests."""
ROOMS = {"track": "monitor", "crawl": "monitor"}
"""Tests of these folders stand in another one."""

BUDGET = 30.0  # seconds of tests a mutant, as they took with coverage
FIRST_ROWS = 20
MOST_TESTS = 40  # in a process of their own
MOST_SECONDS = 240
MOST_BYTES = 6 << 30
CHEAP = ("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "-q", "--no-header")


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


def _suite() -> list[str]:
    return [*(f"--ignore={name}" for name in PASSED_OVER), *(f"tests/{room}" for room in SUITE)]


def judging(under: str) -> list[str]:
    found = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "monitor").rglob("*.py"))]
    return [file for file in found if not file.startswith(SPARED) and file.startswith(under)]


@dataclass(frozen=True, slots=True)
class Measured:
    """Which test ran which line, and how long each took."""

    data: CoverageData
    seconds: dict[str, float]

    @classmethod
    def of(cls, path: Path) -> Measured:
        times = path.with_name(f"{path.name}.xml")
        if not path.exists():
            command = ["-m", "pytest", "-q", "-n2", "--cov=monitor", "--cov-context=test", "--cov-report="]
            command += [f"--junitxml={times}", *_suite()]
            environment = {**os.environ, "COVERAGE_FILE": str(path)}
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment)
        read = CoverageData(str(path))
        read.read()
        seconds = {
            f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}": float(
                case.get("time", 0)
            )
            for case in ElementTree.parse(times).iter("testcase")
            if case.find("failure") is None and case.find("error") is None
        }
        return cls(read, seconds)

    def near(self, mutant: Mutant) -> tuple[list[str], bool]:
        """The tests that ran the line of a mutant, near and quick ones first; and whether imports ran it."""
        ran = _ran(self.data, mutant.file)
        lines = [line for line, tests in ran.items() if any(tests)]
        before = [line for line in lines if line <= mutant.line]
        at = max(before) if before else min(lines, default=0)
        named = {test.rpartition("|")[0] or test for test in ran.get(at, ()) if test}
        quick = [test for test in named if test in self.seconds]  # what failed without a mistake says nothing
        room, stem = mutant.file.split("/")[1].removesuffix(".py"), Path(mutant.file).stem
        near = f"tests/{ROOMS.get(room, room)}/"

        def order(test: str) -> tuple[bool, float, str]:
            time = self.seconds[test]
            return (time > 1.0, time * (1 if stem in test else 3 if near in test else 10), test)

        rows: Counter[str] = Counter()  # of one table, each further one waits for other tests
        turns = []
        for test in sorted(quick, key=order):
            rows[name := test.partition("[")[0]] += 1
            turns.append((rows[name] > FIRST_ROWS, test))
        chosen: list[str] = []
        spent = 0.0
        for _, test in sorted(turns, key=lambda turn: turn[0]):
            if (spent := spent + self.seconds[test]) > BUDGET and chosen:
                break
            chosen.append(test)
        return chosen, "" in ran.get(mutant.line, ())


@cache
def _ran(data: CoverageData, file: str) -> dict[int, list[str]]:
    names = [one for one in data.measured_files() if one.endswith(f"/{file}")]
    return data.contexts_by_lineno(names[0]) if names else {}


class Bench:
    """A plugin that meets mutants with the collected tests instead of running those."""

    def __init__(self, sample: list[Mutant], measured: Measured, jobs: int) -> None:
        self._sample, self._seconds, self._jobs = sample, measured.seconds, jobs
        self._near = [
            measured.near(mutant) for mutant in sample
        ]  # here: a fork erases what coverage has stored
        self.survived = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._session = session
        self._items = {item.nodeid: item for item in session.items}
        gc.collect()
        gc.freeze()
        reading, writing = os.pipe()
        for job in range(self._jobs):
            if not os.fork():
                try:
                    os.close(reading)
                    for place in range(job, len(self._sample), self._jobs):
                        os.write(
                            writing,
                            f"{place} {self._meet(self._sample[place], *self._near[place])}\n".encode(),
                        )
                finally:
                    os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            for line in pipe:
                number, _, fate = line.strip().partition(" ")
                mutant = self._sample[int(number)]
                self.survived += fate != "killed"
                print(f"{fate} {mutant.file if fate == 'killed' else mutant}", file=OUT, flush=True)
        return True

    def _meet(self, mutant: Mutant, tests: list[str], imported: bool) -> str:
        known = [test for test in tests if test in self._items]
        codes = _changed(mutant)
        if known and codes is not None and (fate := self._fork(known, mutant, codes)) != "SURVIVED":
            return "killed" if self._is_sound(fate) else f"BROKEN {fate}"
        anew = [*ELSEWHERE.get(mutant.file, ())]
        if codes is None or imported:
            anew += known[:MOST_TESTS]
        if not anew or (failed := _failing(mutant, anew)) is None:
            return "SURVIVED"
        if failed in _SOUND or not failed:
            return "killed"
        if _failing(None, [failed]) is not None:
            return f"BROKEN {failed}"
        _SOUND.add(failed)
        return "killed"

    def _is_sound(self, test: str) -> bool:
        """Whether the test that failed passes without any mistake."""
        if test in _SOUND or not test:
            return True
        if self._fork([test], None, {}) == "SURVIVED":
            _SOUND.add(test)
            return True
        return False

    def _fork(self, tests: list[str], mutant: Mutant | None, codes: dict[str, CodeType]) -> str:
        """Run tests in a fork: ``SURVIVED``, or the test that failed, empty where the process was lost."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            status = 70
            try:
                os.close(reading)
                status = self._run(tests, mutant, codes, writing)
            finally:
                os._exit(status)
        os.close(writing)
        spent = sum(self._seconds.get(test, 1.0) for test in tests)
        end = time.monotonic() + min(MOST_SECONDS, 20 + 3 * spent)
        said: str = ""
        code: int | None = None
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                break
            time.sleep(0.02)
        else:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
        with os.fdopen(reading) as pipe:
            os.set_blocking(reading, False)
            said = pipe.read() or ""
        return "SURVIVED" if code == 0 else said.strip()

    def _run(self, tests: list[str], mutant: Mutant | None, codes: dict[str, CodeType], writing: int) -> int:
        os.setpgrp()
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        if mutant:
            _put(mutant, codes)
        chosen = [self._items[test] for test in tests]
        self._session.items = chosen
        for item, following in zip(chosen, [*chosen[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._session.testsfailed:
                os.write(writing, item.nodeid.encode())
                return 1
        return 0


_SOUND: set[str] = set()
OUT = os.fdopen(os.dup(1), "w")


def _changed(mutant: Mutant) -> dict[str, CodeType] | None:
    """The functions of a module that a mistake changes, by name and line; none where more is changed."""
    before = compile((ROOT / mutant.file).read_text("utf-8"), mutant.file, "exec", dont_inherit=True)
    after = compile(mutant.source, mutant.file, "exec", dont_inherit=True)
    found: dict[str, CodeType] = {}
    return found if _compare(before, after, found) else None


def _compare(before: CodeType, after: CodeType, found: dict[str, CodeType]) -> bool:
    """Whether module and classes do the same but for the functions that are ``found``."""
    inner = [[one for one in code.co_consts if isinstance(one, CodeType)] for code in (before, after)]
    outer = [
        (
            code.co_code,
            code.co_names,
            [one if not isinstance(one, CodeType) else one.co_name for one in code.co_consts],
        )
        for code in (before, after)
    ]
    if repr(outer[0]) != repr(outer[1]):
        return False
    for old, new in zip(*inner, strict=True):
        if old == new:
            continue
        if old.co_flags & 0x2:  # CO_NEWLOCALS: a function, no class
            if old.co_freevars != new.co_freevars:
                return False
            found[f"{old.co_qualname}:{old.co_firstlineno}"] = new
        elif not _compare(old, new, found):
            return False
    return True


def _put(mutant: Mutant, codes: dict[str, CodeType]) -> None:
    gc.unfreeze()
    at = str(ROOT / mutant.file)
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename == at:
            code = codes.get(f"{one.__code__.co_qualname}:{one.__code__.co_firstlineno}")
            if code is not None:
                one.__code__ = code.replace(co_filename=at)


def _failing(mutant: Mutant | None, tests: list[str]) -> str | None:
    """The test that fails in a new process, on a changed copy of the checkout; none if none does.

    Empty where no test can be named: what is imported is broken, or no end is in sight.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in (*PACKAGES, "tests", "docs", "bench"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "CHANGELOG.md"):
            shutil.copy(ROOT / name, copy / name)
        if mutant:
            (copy / mutant.file).write_text(mutant.source, "utf-8")
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *CHEAP, "-x", *tests],
                cwd=copy,
                env=environment,
                capture_output=True,
                text=True,
                timeout=MOST_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return ""
        if done.returncode in (0, 5):
            return None
        said = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
        return said[0].removeprefix("FAILED ").partition(" - ")[0] if said else ""


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sample", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--under", default="monitor", help="what of `monitor` the sample is drawn from")
    asked.add_argument("--only", default="", help="mutants by FILE:NUMBER, as survivors are printed")
    asked.add_argument("--coverage", type=Path, default=ROOT / ".coverage.mutants")
    given = asked.parse_args()
    os.chdir(ROOT)
    if given.only:
        chosen = [(file, int(number)) for file, number in (one.split(":") for one in given.only.split(","))]
        population = len(chosen)
    else:
        every = [(one.file, one.number) for file in judging(given.under) for one in mutants(file)]
        population = len(every)
        chosen = random.Random(given.seed).sample(every, min(given.sample, population))
    measured = Measured.of(given.coverage)
    sample = [
        one
        for file in sorted({file for file, _ in chosen})
        for one in mutants(file, {number for name, number in chosen if name == file})
    ]
    random.Random(given.seed).shuffle(sample)
    print(f"{len(sample)} of {population} mutants, seed {given.seed}", file=OUT, flush=True)
    for name in ("monitor", "spiders", "feeds", "storage"):
        importlib.import_module(name)
    sys.path.insert(0, str(ROOT))
    from tests.databases import serve_postgres

    bench = Bench(sample, measured, given.jobs)
    with serve_postgres() as url:  # once for all mutants: a fork that is killed would leave its own behind
        os.environ["TEST_DATABASE_URL"] = url
        pytest.main([*CHEAP, "--capture=no", *_suite()], plugins=[bench])
    killed = len(sample) - bench.survived
    print(f"killed {killed} of {len(sample)}: {100 * killed / max(1, len(sample)):.1f} %", file=OUT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
