"""Patterns that are compiled when they are first wanted, and tried only where they may match."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.text.compiled import KEPT
from storage.text.patterns import Beginning, Needing, pattern_of
from tests.storage.reading_patterns import MADE_UP, find_without, list_begins, list_declared

LABELLED = Path(__file__).parent.parent / "facts" / "dev.jsonl"


def test_a_pattern_is_compiled_by_its_first_use(monkeypatch: pytest.MonkeyPatch):
    compiled: list[str] = []
    honest = KEPT.compile
    monkeypatch.setattr(KEPT, "compile", lambda *args: compiled.append(args[0]) or honest(*args))
    pattern = pattern_of("(?P<n>[0-9])年", re.VERBOSE)
    assert compiled == []
    assert [match["n"] for match in pattern.finditer("1年2年")] == ["1", "2"]
    assert pattern.sub("x", "1年") == "x"
    assert pattern.search("1年", 1) is None
    assert compiled == ["(?P<n>[0-9])年"]


def test_a_pattern_whose_word_is_not_there_is_not_compiled(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(KEPT, "compile", pytest.fail)
    pattern = pattern_of("盗(?:難|まれ)", needs="盗難 盗まれ")
    assert pattern.search("盗掘、難儀") is None
    assert list(pattern.finditer("盗掘、盗難", 0, 4)) == []
    assert pattern.sub("", "盗掘") == "盗掘"


def test_a_pattern_is_as_wrong_as_one_that_is_compiled_at_once():
    with pytest.raises(re.error):
        pattern_of("(").search("")
    with pytest.raises(AttributeError):
        pattern_of("a").seek  # noqa: B018


def test_a_pattern_with_words_finds_what_it_finds_without():
    texts = [json.loads(line)["text"] for line in LABELLED.read_text("utf-8").splitlines()]
    for pattern in (*list_declared(Beginning), *list_declared(Needing)):
        plain = re.compile(pattern.pattern, pattern.flags)
        for text in texts:
            for span in ((), (20,), (9, 90)):
                expected = [match.span() for match in plain.finditer(text, *span)]
                assert [match.span() for match in pattern.finditer(text, *span)] == expected, pattern.pattern


PARTS = st.sampled_from(("ab", "b", "[ab]c", "a?b", "(?:ab|ca)+", "(?<=a)b", "c(?=a)", ".", "(?!c)a{2,3}"))
SOURCES = st.lists(st.lists(PARTS, min_size=1, max_size=3).map("".join), min_size=1, max_size=3).map("|".join)


@settings(max_examples=300)
@given(SOURCES, st.text("abcd", max_size=12), st.integers(0, 4), st.integers(0, 14))
def test_what_is_told_of_a_pattern_hides_no_match(source: str, text: str, first: int, last: int):
    source = f"(?:{source}){MADE_UP}"
    plain = [match.span() for match in re.compile(source).finditer(text, first, last)]
    for words in ("ab", "a b", "ca bc", "b", "aa"):
        if find_without(source, 0, words.split()) is None:
            assert [m.span() for m in pattern_of(source, needs=words).finditer(text, first, last)] == plain
    try:
        begins = " ".join(list_begins(source))
    except AssertionError:
        return
    if "…" not in begins:
        pattern = pattern_of(source, begins=begins)
        assert [match.span() for match in pattern.finditer(text, first, last)] == plain
        found = pattern.search(text, first, last)
        assert (found and found.span()) == (plain[0] if plain else None)


def test_a_text_of_beginnings_alone_takes_time_as_its_length_does():
    def seconds(length: int) -> float:
        pattern, text = pattern_of("氏名が[^。]{0,40}ない", begins="氏名"), "氏名" * length
        began = time.process_time()
        assert pattern.search(text) is None
        return time.process_time() - began

    seconds(1_000)
    assert seconds(80_000) < 16 * max(seconds(10_000), 0.001)


def test_who_loads_what_reads_texts_compiles_nothing_and_who_reads_one_a_part():
    said = subprocess.run(
        [sys.executable, "-c", COUNT], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    loaded, read = map(int, said.split())
    assert loaded == 0, "a pattern is declared by pattern_of"
    assert read < MOST_COMPILED


MOST_COMPILED = 285
"""Of 700 patterns, by reading a page of 60 KB and its facts; 10 % more than were measured."""

COUNT = """
import re, sys
import storage.archive, spiders.listings.attached, spiders.transport.onward, lxml.etree, bench.crawl
compile_now, mine = re.compile, []
def count(*args):
    frame = sys._getframe(1)
    while frame.f_globals["__name__"] == "storage.text.patterns":
        frame = frame.f_back
    name = frame.f_globals["__name__"]
    mine.extend([name] if name.startswith(("monitor.facts", "monitor.reading", "monitor.comparing")) else [])
    return compile_now(*args)
re.compile = count
import monitor.track.judge.judgement, monitor.reading.body, monitor.reading.files.pdf, monitor.facts.extraction
loaded = len(mine)
monitor.facts.extraction.find_all(monitor.reading.read(bench.crawl.page(50, 1)).text, None)
print(loaded, len(mine))
"""
