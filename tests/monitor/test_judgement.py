"""One capture judged without an archive: what the case holds is all that is asked."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.comparing.sameness.keys import digest, make_block_key
from monitor.track.judge.boilerplate import select_recurring_keys
from monitor.track.judge.decide import Answer, History, sort_answer
from monitor.track.judge.judgement import Judgement, PageCase, judge
from monitor.track.judge.recipe import make_recipe
from storage.records import Capture, Page, PageRules, Recipe, Snapshot, Source, Version

NOW = datetime(2024, 5, 1, tzinfo=UTC)
URL = "https://www.example.jp/news/1.html"
SOURCE = Source("example", "Example", "affected", page=PageRules(include=("main",)))
OPEN = Source("open", "Open", "affected")


def body(*sentences: str, links: str = "") -> bytes:
    said = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return f"<html><head><title>お詫び</title></head><body>{links}<main><h1>お詫び</h1>{said}</main></body></html>".encode()


FIRST = body("お客様の個人情報が漏えいしました。", "対象は1,200件です。", "原因を調査しています。")
SECOND = body("お客様の個人情報が漏えいしました。", "対象は1,350件です。", "原因を調査しています。")


def captured(content: bytes, status: int = 200) -> Capture:
    return Capture("example", URL, "page", NOW, status=status, final_url=URL, body=content)


def case(content: bytes, source: Source = SOURCE, **more) -> PageCase:  # type: ignore[no-untyped-def]
    capture = captured(content)
    return PageCase(source, Page(1, source.id, URL, "page"), capture, sort_answer(capture, None, "b"), **more)


def version_of(judged: Judgement, made: Recipe) -> Version:
    assert judged.reading is not None
    assert judged.decision is not None
    reading, decision = judged.reading, judged.decision
    return Version(
        1, 1, NOW, reading.title, reading.text, reading.blocks, (), decision.key, decision.shape, made, id=7
    )


def test_a_first_reading_is_a_version_with_its_facts() -> None:
    judged = judge(case(FIRST))
    assert (judged.outcome, judged.keep, judged.last) == ("version", True, None)
    assert [fact.value for fact in judged.facts if fact.field == "count"] == [1200]


def test_case_and_judgement_can_travel_to_another_process() -> None:
    last = version_of(judge(case(FIRST)), make_recipe(SOURCE))
    asked = case(SECOND, last=last, history=History((last,), frozenset()))
    assert pickle.loads(pickle.dumps(asked)) == asked
    judged = judge(asked)
    assert judge(pickle.loads(pickle.dumps(asked))) == judged
    assert pickle.loads(pickle.dumps(judged)) == judged
    assert judged.decision is not None
    assert "count" in judged.decision.reasons


@pytest.mark.parametrize("outcome", ["missing", "blocked", "soft-404", "error", "not-modified"])
def test_what_needs_no_reading_is_not_read(outcome: str) -> None:
    asked = replace(case(FIRST), answer=Answer(outcome, "why"))  # type: ignore[arg-type]
    judged = judge(asked)
    assert (judged.outcome, judged.detail, judged.reading, judged.keep) == (outcome, "why", None, True)


def test_the_same_bytes_are_not_kept_again() -> None:
    judged = judge(replace(case(FIRST), answer=Answer("same-bytes", readable=True)))
    assert (judged.outcome, judged.keep, judged.reading) == ("same-bytes", False, None)


def test_after_an_upgrade_the_old_bytes_are_read_before_anything_is_compared() -> None:
    old = replace(
        version_of(judge(case(FIRST)), Recipe("", 0, 0, 0, 0)), text="otherwise", blocks=(), key="?"
    )
    evidence = Snapshot(1, NOW, 200, URL, (), "", len(FIRST), body=FIRST, id=1)
    judged = judge(case(FIRST, last=old, evidence=evidence, history=History((old,), frozenset())))
    assert judged.outcome == "same-text"
    assert judged.renewed is not None
    assert (judged.renewed.version.recipe, judged.renewed.version.id) == (make_recipe(SOURCE), old.id)
    assert "1,200" in judged.renewed.version.text


def test_where_the_old_bytes_say_nothing_the_new_text_stands_for_itself() -> None:
    old = replace(version_of(judge(case(FIRST)), Recipe("", 0, 0, 0, 0)))
    evidence = Snapshot(1, NOW, 200, URL, (), "", 0, body=b"", id=1)
    judged = judge(case(SECOND, last=old, evidence=evidence, history=History((old,), frozenset())))
    assert (judged.outcome, judged.last, judged.renewed) == ("version", None, None)
    assert [kind for kind, _ in judged.alerts] == ["recipe"]


def test_a_redacted_version_is_not_read_again() -> None:
    old = replace(version_of(judge(case(FIRST)), Recipe("", 0, 0, 0, 0)), redacted=True)
    evidence = Snapshot(1, NOW, 200, URL, (), "", len(FIRST), body=FIRST, id=1)
    asked = case(FIRST, last=old, evidence=evidence, history=History((old,), frozenset()))
    judged = judge(replace(asked, answer=Answer("same-bytes", readable=True)))
    assert (judged.outcome, judged.renewed, judged.reading) == ("same-bytes", None, None)


@pytest.mark.parametrize(
    ("here", "elsewhere", "recurs"),
    [
        (frozenset({"menu"}), {"menu": 2}, True),  # this page is the third
        (frozenset(), {"menu": 2}, False),
        (frozenset(), {"menu": 3}, True),  # the old text may hold it yet
        (frozenset({"menu"}), {"menu": 1}, False),
        (None, {"menu": 9}, False),  # the main text is declared
    ],
)
def test_a_block_recurs_from_three_pages_on(
    here: frozenset[str] | None, elsewhere: dict[str, int], recurs: bool
) -> None:
    assert ("menu" in select_recurring_keys(here, elsewhere)) is recurs


def test_what_recurs_over_a_host_is_not_what_a_page_says() -> None:
    menu = '<p><a href="/a">市政情報のご案内</a></p>'
    known = digest(make_block_key("市政情報のご案内"))
    with_menu = body("個人情報が漏えいしました。", "対象は1,200件です。", menu)
    plain, seen = judge(case(with_menu, OPEN)), judge(case(with_menu, OPEN, elsewhere={known: 2}))
    assert plain.furniture == seen.furniture == frozenset({known})
    assert plain.decision is not None
    assert seen.decision is not None
    assert plain.decision.key != seen.decision.key
    assert (
        seen.decision.key
        == judge(case(body("個人情報が漏えいしました。", "対象は1,200件です。"), OPEN)).decision.key
    )  # type: ignore[union-attr]
