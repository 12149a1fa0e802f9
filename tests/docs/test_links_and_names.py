"""What the documents point to is there: files, names in the code, headings, recipes."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.docs.markdown import DOCS, PACKAGES, ROOT, named, same, sections

OURS = (*PACKAGES, "tests", "bench")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LIVING = [page for page in DOCUMENTS if page.parent.name != "decisions" and page.name != "CHANGELOG.md"]
"""What is kept true. A decision and a changelog tell of their day."""

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(
    rf"({'|'.join(OURS)}|docs|\.ci|\.github)/([\w.*-]+/)*([\w*-]+(\.(py|md|toml|yml|j2|jsonl|tsv|css))?)?"
)
"""A file of ours; ``feeds/all.atom`` is an address."""


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings, as forges make them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in sections(page)}


@pytest.mark.parametrize("page", DOCUMENTS, ids=ids)
def test_every_link_within_the_documents_leads_somewhere(page: Path):
    for target in _LINK.findall(page.read_text("utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{target}: no such file"
        assert not anchor or anchor in anchors(file), f"{target}: no such heading"


def resolved(name: str) -> object:
    """What a dotted name stands for. Raises ImportError or AttributeError."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError as error:
            if length == 1 or not name.startswith(error.name or ""):
                raise
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise ImportError(name)


@pytest.mark.parametrize("page", LIVING, ids=ids)
def test_every_file_that_is_named_exists(page: Path):
    paths = [
        code
        for code in _CODE.findall(page.read_text("utf-8"))
        if _FILE.fullmatch(code) and not re.search("[A-Z]{2}", code)
    ]
    missing = [path for path in paths if not list(ROOT.glob(path.rstrip("/")))]
    assert not missing


@pytest.mark.parametrize("page", LIVING, ids=ids)
def test_every_name_in_the_code_exists(page: Path):
    names = [
        code
        for code in _CODE.findall(page.read_text("utf-8"))
        if re.fullmatch(rf"({'|'.join(OURS)})(\.\w+)+", code) and not code.endswith((".py", ".md", ".toml"))
    ]
    for name in names:
        resolved(name)


DECISIONS = sorted((DOCS / "decisions").glob("*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_a_number_a_day_and_four_parts(page: Path):
    text = page.read_text("utf-8")
    number = int(page.stem[:4])
    assert re.match(rf"# {number}\. \S.*\n\n\d{{4}}-\d\d-\d\d.*\n\n\*\*Context\.\*\* ", text)
    parts = re.findall(r"^\*\*(\w+)\.\*\* ", text, re.MULTILINE)
    assert parts == ["Context", "Options", "Decision", "Outcome"]


def test_decisions_are_numbered_without_a_gap():
    assert [int(page.stem[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def recipes() -> list[str]:
    """The names in the justfile."""
    text = (ROOT / "justfile").read_text("utf-8")
    return re.findall(r"^([a-z][a-z-]*)(?: [*a-z]+)*:(?!=)", text, re.MULTILINE)


def test_every_recipe_is_documented_and_nothing_else():
    written = [
        name.split()[1] for name in named(ROOT / "CONTRIBUTING.md", "Set up") if name.startswith("just ")
    ]
    same(sorted(set(written)), [name for name in recipes() if name != "default"])


@pytest.mark.parametrize("file", [".ci/run", ".github/workflows/check.yml"])
def test_ci_calls_recipes_that_exist(file: str):
    text = (ROOT / file).read_text("utf-8")
    called = {
        recipe
        for arguments in re.findall(r"\.venv/bin/just ([^\n#]+)", text)
        for recipe in arguments.split(" -")[0].split()
    }
    assert {"lint", "types", "layers"} <= called <= set(recipes())


def test_every_number_of_a_rule_set_is_documented_and_nothing_else():
    """Whoever changes a rule must find the number to raise."""
    numbers = [
        ".".join([*path.relative_to(ROOT).with_suffix("").parts, name]).replace(".__init__", "")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"^([A-Z_]+_VERSION) = \d", path.read_text("utf-8"), re.MULTILINE)
    ]
    same(named(ROOT / "CONTRIBUTING.md", "When to raise which version"), numbers)
