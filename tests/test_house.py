"""The house stays one that others can find their way in.

Folders are small, names occur once, lines fit, and what people read is said from one table of words.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from feeds.wording.tables import EVERY_TABLE
from storage.text.patterns import Beginning, Needing
from tests.storage.reading_patterns import find_without, list_begins, list_declared

ROOT = Path(__file__).parents[1]
PACKAGES = ("spiders", "monitor", "storage", "feeds")
MAX_ENTRIES = 14  # Python files and folders in one folder
MAX_REPEATED_NAMES = 3
MAX_LINE_CHARS = 110

FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_bytes())


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
        for node in _tree(file).body:
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
        for node in ast.walk(_tree(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                is_property = any("property" in ast.unparse(one) for one in node.decorator_list)
                summary = ast.get_docstring(node) or ""
                if not is_property and NO_VERB.match(summary):
                    wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}: {summary[:40]}")
    assert wrong == []


JAPANESE = re.compile("[\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff]+")

READS_JAPANESE = {
    "feeds/wording/": "the table of words, and what says values by it",
    "storage/text/": "what every room knows of Japanese text",
    "storage/migrations/versions/0010_counts_moved.py": "reads counts as they were read when it was new",
    "storage/topics/notices.py": "reads the labels that earlier releases stored",
    "storage/topics/versions.py": "the mark that is stored in place of a text that was taken out",
    "spiders/listings/": "reads lists as publishers write them",
    "spiders/transport/charset.py": "tells character sets apart by what is Japanese in them",
    "monitor/reading/": "reads pages",
    "monitor/comparing/": "tells what publishers changed from what moves by itself",
    "monitor/facts/": "reads what notices state",
    "monitor/incidents/evidence_keys.py": "reads names as publishers write them",
    "monitor/radar/title_rule.py": "reads titles",
    "storage/db/kept/short.py": "packs what keys of notices mostly say",
    "monitor/crawl/drafting/": "finds the list of a site that is to be declared",
    "monitor/track/judge/": "recognises what publishers say of a notice",
    "monitor/demo/": "what the publishers of the demo publish",
    "feeds/course/clocks.py": "reads how a notice words a report",
    "feeds/formats/deadlines_ics.py": "reads how a notice words what is due",
}
"""Where Japanese may stand in the code, and why. Nothing of it is shown to people but by ``feeds/wording``."""


def _literals(tree: ast.AST) -> Iterator[ast.Constant]:
    """Walk the strings of a module but for docstrings."""
    said = {
        id(node.value)
        for body in (getattr(node, "body", ()) for node in ast.walk(tree))
        if isinstance(body, list)
        for node in body
        if isinstance(node, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node


def test_japanese_that_people_read_stands_in_the_one_table_of_words():
    found = [
        f"{name}:{node.lineno}: {node.value}"
        for file in FILES
        if not (name := file.relative_to(ROOT).as_posix()).startswith(tuple(READS_JAPANESE))
        for node in _literals(_tree(file))
        if JAPANESE.search(node.value)
    ]
    assert found == [], "these belong into feeds/wording/tables"


@pytest.mark.parametrize("place", READS_JAPANESE)
def test_what_may_read_japanese_does(place: str):
    files = [ROOT / place] if place.endswith(".py") else list((ROOT / place).rglob("*.py"))
    assert any(JAPANESE.search(node.value) for file in files for node in _literals(_tree(file)))


_UNIT = "(?:人|名|件|社|世帯)"
STATED_AT_THE_GROUND = {
    "units": re.compile(rf"(?:[|(]|^){_UNIT}(?:\\|{_UNIT}){{2,}}(?:[|)]|$)"),
    "telephones": re.compile(r"[0０]\]?\[0-9(?:０-９)?\]\{+1,4"),
    "japanese": re.compile("〇零?一二三四五六七八九十百千万億兆"),
}


def test_units_and_telephone_numbers_are_stated_once_at_the_ground():
    found = [
        f"{name}:{node.lineno}: see storage/text/{what}.py"
        for file in FILES
        if not (name := file.relative_to(ROOT).as_posix()).startswith("storage/text/")
        for node in _literals(_tree(file))
        for what, stated in STATED_AT_THE_GROUND.items()
        if stated.search(node.value)
    ]
    assert found == []


def _says(branch: ast.expr) -> bool:
    return isinstance(branch, ast.JoinedStr) or (
        isinstance(branch, ast.Constant)
        and isinstance(branch.value, str)
        and any(map(str.isalpha, branch.value))
    )


def test_no_room_but_the_wording_chooses_words_by_the_language():
    found = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for file in FILES
        if not (name := file.relative_to(ROOT).as_posix()).startswith("feeds/wording/")
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.IfExp) and re.search(r"\blang\b|'(?:ja|en)'", ast.unparse(node.test))
        if _says(node.body) and _says(node.orelse)
    ]
    assert found == [], "these belong into feeds/wording/tables"


# Of templates see docs/decisions/0019: what one page alone says stands in it, in both languages side by side.

TEMPLATES = sorted((ROOT / "feeds" / "templates").glob("*.j2"))
_SAID_BY_TEMPLATE = re.compile(r"""\bt\((?P<quote>["'])(?P<ja>(?:(?!(?P=quote))[^\\]|\\.)*)(?P=quote)""")
_REMARK = re.compile(r"\{#.*?#\}", re.DOTALL)


def _said_in(template: Path) -> set[str]:
    text = _REMARK.sub("", template.read_text("utf-8"))
    return {said["ja"] for said in _SAID_BY_TEMPLATE.finditer(text) if JAPANESE.search(said["ja"])}


def test_what_two_templates_say_stands_in_the_table_of_words():
    where: dict[str, list[str]] = defaultdict(list)
    for template in TEMPLATES:
        for said in _said_in(template):
            where[said].append(template.name)
    assert where
    assert _repeated(where) == {}


def test_no_template_words_what_the_table_of_words_has():
    terms = {
        term[0] if isinstance(term, tuple) else term
        for table in EVERY_TABLE.values()
        for term in table.values()
        if not isinstance(term, dict)
    }
    again = {template.name: _said_in(template) & terms for template in TEMPLATES}
    assert {name: said for name, said in again.items() if said} == {}


def test_a_template_says_nothing_in_japanese_alone():
    """But for the name of the program and that of the language."""
    alone = {
        template.name: found
        for template in TEMPLATES
        if (found := set(JAPANESE.findall(_spoken_alone(template))) - {"公表", "日本語"})
    }
    assert alone == {}


def _spoken_alone(template: Path) -> str:
    text = _SAID_BY_TEMPLATE.sub("", _REMARK.sub("", template.read_text("utf-8")))
    return re.sub(r"""such as 漏洩 for 漏えい""", "", text)  # what an English sentence quotes


MAX_BRANCHES = 20
RULES_IN_ORDER = {
    "date_roles.py:_role",
    "step_stance.py:judge_step",
    "stance.py:_verb",
}  # each says why; at most four


def _branches(function: ast.AST) -> int:
    """Count what can go one way or the other: every condition of an ``and``, ``or`` or comprehension too."""
    count = 0
    for node in ast.walk(function):
        if isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            count += 1 + len(node.ifs)
        elif isinstance(
            node, ast.If | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler | ast.IfExp | ast.match_case
        ):
            count += 1
    return count


def test_no_function_has_more_branches_than_one_can_follow():
    many = {
        f"{file.name}:{node.name}": _branches(node)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _branches(node) > MAX_BRANCHES
    }
    assert len(RULES_IN_ORDER) <= 4
    assert many.keys() == RULES_IN_ORDER, many


def _called(pattern: Beginning | Needing) -> str:
    return " ".join(pattern.pattern.split())[:40]


@pytest.mark.parametrize("pattern", list_declared(Beginning), ids=_called)
def test_every_match_of_a_pattern_begins_with_what_it_says(pattern: Beginning):
    begins = list_begins(pattern.pattern, pattern.flags)
    left_out = {begin for begin in begins if begin not in pattern.words and begin[0] not in pattern.words}
    assert " ".join(sorted(left_out)) == "", "to be added to begins"


@pytest.mark.parametrize("pattern", list_declared(Needing), ids=_called)
def test_every_match_of_a_pattern_holds_what_it_says(pattern: Needing):
    assert find_without(pattern.pattern, pattern.flags, pattern.needs) is None, "holds no word of needs"
