"""Patterns that are compiled when they are first wanted."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from storage.text.patterns import pattern_of


def test_a_pattern_is_compiled_by_its_first_use(monkeypatch: pytest.MonkeyPatch):
    compiled: list[str] = []
    honest = re.compile
    monkeypatch.setattr(re, "compile", lambda *args: compiled.append(args[0]) or honest(*args))
    pattern = pattern_of("(?P<n>[0-9])年", re.VERBOSE)
    assert compiled == []
    assert [match["n"] for match in pattern.finditer("1年2年")] == ["1", "2"]
    assert pattern.sub("x", "1年") == "x"
    assert pattern.search("1年", 1) is None
    assert compiled == ["(?P<n>[0-9])年"]


def test_a_pattern_is_as_wrong_as_one_that_is_compiled_at_once():
    with pytest.raises(re.error):
        pattern_of("(").search("")
    with pytest.raises(AttributeError):
        pattern_of("a").seek  # noqa: B018


def test_who_loads_what_reads_texts_compiles_hardly_anything():
    said = subprocess.run(
        [sys.executable, "-c", COUNT], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert int(said) <= MOST_COMPILED


MOST_COMPILED = 0
"""Patterns of texts that loading may compile; a new one is declared by ``pattern_of``."""

COUNT = """
import re, sys
import storage.archive, spiders.listings.attached, spiders.transport.onward, lxml.etree
compile_now, mine = re.compile, []
def count(*args):
    name = sys._getframe(1).f_globals["__name__"]
    mine.extend([name] if name.startswith(("monitor.facts", "monitor.reading", "monitor.comparing")) else [])
    return compile_now(*args)
re.compile = count
import monitor.track.judge.judgement, monitor.reading.body, monitor.reading.files.pdf, monitor.facts.extraction
print(len(mine))
print(*mine, file=sys.stderr)
"""
