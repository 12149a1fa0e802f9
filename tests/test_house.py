"""The house stays one that others can find their way in: small folders, names that occur once, lines that fit."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("spiders", "monitor", "storage", "feeds")
MAX_ENTRIES = 14  # Python files and folders in one folder
MAX_REPEATED_NAMES = 3
MAX_LINE_CHARS = 110

FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


def _repeated(names: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: places for name, places in names.items() if len(places) > 1}


def test_no_folder_holds_more_than_a_reader_can_take_in_at_a_glance():
    entries: dict[Path, set[Path]] = defaultdict(set)
    for file in FILES:
        entries[file.parent].add(file)
        if file.parent.parent != ROOT:
            entries[file.parent.parent].add(file.parent)
    full = {str(folder.relative_to(ROOT)): len(held) for folder, held in entries.items()}
    assert {folder: held for folder, held in full.items() if held > MAX_ENTRIES} == {}


def test_few_files_bear_the_name_of_another():
    names: dict[str, list[str]] = defaultdict(list)
    for file in FILES:
        if not file.name.startswith("__"):
            names[file.name].append(str(file.relative_to(ROOT)))
    assert len(_repeated(names)) <= MAX_REPEATED_NAMES, _repeated(names)


def test_no_two_public_classes_bear_one_name():
    classes: dict[str, list[str]] = defaultdict(list)
    for file in FILES:
        for node in ast.parse(file.read_bytes()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes[node.name].append(str(file.relative_to(ROOT)))
    assert _repeated(classes) == {}


def test_no_line_is_longer_than_the_limit():
    """Patterns included: ruff passes over a long line that holds no blank."""
    long = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in FILES
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if len(line) > MAX_LINE_CHARS
    ]
    assert long == []


NO_VERB = re.compile(
    "(?:A|An|The|These|This|Those|Their|All|Any|Each|Every|Everything|How|What|When|Where|Whether|Which|Who|Why"
    "|After|As|At|Before|By|For|From|If|In|Of|On|One|Through|To|With)(?![a-z])|`"
)


def test_docstrings_of_functions_begin_with_the_verb():
    """The linter knows verbs in a wrong form, and not what is no verb at all."""
    wrong = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                is_property = any("property" in ast.unparse(one) for one in node.decorator_list)
                summary = ast.get_docstring(node) or ""
                if not is_property and NO_VERB.match(summary):
                    wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}: {summary[:40]}")
    assert wrong == []
