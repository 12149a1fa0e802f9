"""A noun names one type, and every record has its noun."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from storage import records
from tests.docs.markdown import DOCS, PACKAGES, ROOT, rows, same

NOUNS = {row.cells[0]: row.cells[-1].strip("`") for row in rows(DOCS / "glossary.md")}
TYPES = [name for name in NOUNS.values() if name != "—"]

_DEFINED = re.compile(r"^(?:class (\w+)|([A-Z]\w+)(?:: \w+)? = )", re.MULTILINE)


def definitions() -> Counter[str]:
    """How often a class or alias of each name is defined in the four packages."""
    return Counter(
        one or other
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for one, other in _DEFINED.findall(file.read_text("utf-8"))
    )


DEFINITIONS = definitions()


@pytest.mark.parametrize("noun", [noun for noun, name in NOUNS.items() if name != "—"])
def test_a_noun_that_is_a_type_has_one_definition(noun: str):
    name = NOUNS[noun].rpartition(".")[2]
    assert DEFINITIONS[name] == 1 or name.isupper()  # a constant


def test_no_noun_is_explained_twice():
    nouns = [row.cells[0] for row in rows(DOCS / "glossary.md")]
    assert sorted(set(nouns)) == sorted(nouns)


def test_every_record_is_explained_and_nothing_else():
    of_records = [name.rpartition(".")[2] for name in TYPES if name.startswith("storage.records.")]
    types = [name for name in _names() if name[0].isupper()]
    same(of_records, types)


def _names() -> list[str]:
    text = (ROOT / "storage" / "records.py").read_text("utf-8")
    found = [one or other for one, other in _DEFINED.findall(text)]
    return [name for name in found if name in vars(records) and name not in ("SUCCESS", "BELONGING")]
