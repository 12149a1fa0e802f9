"""Patterns that are kept as they were compiled, from one process to the next."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.text import compiled
from storage.text.compiled import Kept
from storage.text.patterns import Late
from tests.storage.reading_patterns import list_declared

FLAGS = st.sampled_from((0, re.VERBOSE, re.IGNORECASE, re.DOTALL | re.MULTILINE, re.ASCII))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "deeper" / "kept.patterns"


def fill(path: Path, *sources: str) -> None:
    first = Kept(path)
    for source in sources:
        first.compile(source, re.VERBOSE)
    first.save()


def test_what_is_kept_is_what_re_makes(kept: Path, monkeypatch: pytest.MonkeyPatch):
    declared = [(one.pattern, one.flags) for one in list_declared(Late)]
    assert len(declared) > 100
    first = Kept(kept)
    assert [first.compile(*one) for one in declared] == [re.compile(*one) for one in declared]
    first.save()
    monkeypatch.setattr(compiled, "_make", pytest.fail)
    again = Kept(kept)
    for source, flags in declared:
        pattern, expected = again.compile(source, flags), re.compile(source, flags)
        assert pattern == expected
        assert (pattern.groups, pattern.groupindex) == (expected.groups, expected.groupindex)


@given(st.text("ab()|*+?^$\\.い漏 ", max_size=12), FLAGS)
def test_any_pattern_is_what_re_makes_of_it(source: str, flags: int):
    try:
        expected = re.compile(source, flags)
    except re.error:
        with pytest.raises(re.error):
            Kept(None).compile(source, flags)
    else:
        assert Kept(None).compile(source, flags) == expected


def test_processes_add_to_what_others_keep(kept: Path, monkeypatch: pytest.MonkeyPatch):
    fill(kept, "a", "(?P<n>b)")
    fill(kept, "c")
    monkeypatch.setattr(compiled, "_make", pytest.fail)
    both = Kept(kept)
    assert both.compile("(?P<n>b)", re.VERBOSE).fullmatch("b")["n"] == "b"  # type: ignore[index]
    assert both.compile("c", re.VERBOSE).fullmatch("c")


def test_those_of_former_versions_go_when_there_are_many(kept: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiled, "_MOST", 2)
    fill(kept, "a", "b")
    full = kept.stat().st_size
    fill(kept, "c")
    assert kept.stat().st_size < full


@pytest.mark.parametrize("alter", [lambda _: b"", lambda data: data[:-9], lambda data: b"{" + data])
def test_a_file_that_is_spoilt_is_as_good_as_none(kept: Path, alter: object):
    fill(kept, "a(b)")
    kept.write_bytes(alter(kept.read_bytes()))  # type: ignore[operator]
    assert Kept(kept).compile("a(b)", re.VERBOSE) == re.compile("a(b)", re.VERBOSE)


def test_numbers_that_are_no_pattern_are_not_run(kept: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiled, "_make", lambda *_: (32, b"\xff\0\0\0" * 4, 0, {}, (None,)))
    fill(kept, "a+b")
    assert Kept(kept).compile("a+b", re.VERBOSE).fullmatch("aab")


def test_what_another_python_made_is_not_read(kept: Path, monkeypatch: pytest.MonkeyPatch):
    fill(kept, "a")
    monkeypatch.setattr(compiled, "_FORM", "another")
    assert Kept(kept)._read() == {}


def test_nothing_is_written_where_python_writes_no_bytecode(kept: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    fill(kept, "a")
    assert not kept.exists()


def test_a_place_that_cannot_be_written_costs_nothing_but_time(kept: Path):
    kept.parent.write_bytes(b"")
    fill(kept, "a")
    assert Kept(kept).compile("a", 0).fullmatch("a")
