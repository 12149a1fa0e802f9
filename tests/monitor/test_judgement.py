"""One capture judged without an archive: what the case holds is all that is asked."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.comparing.sameness.keys import digest, make_block_key, make_text_key
from monitor.reading import read
from monitor.track.judge import judgement
from monitor.track.judge.boilerplate import select_recurring_keys
from monitor.track.judge.case import Answer, History, Judgement, PageCase, sort_answer
from monitor.track.judge.judgement import judge, renew
from monitor.track.judge.recipe import make_recipe
from storage.records import Capture, Page, PageRules, Recipe, Snapshot, Source, Version
from storage.text.urls import place

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
    return Version(1, 1, NOW, reading.title, reading.text, reading.blocks, (), decision.key, made, id=7)


def test_a_first_reading_is_a_version_with_its_facts() -> None:
    judged = judge(case(FIRST))
    assert (judged.outcome, judged.keep, judged.last) == ("version", True, None)
    assert [fact.value for fact in judged.facts if fact.field == "count"] == [1200]


def test_of_a_page_of_endless_facts_the_first_are_kept_and_the_cut_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = judge(case(FIRST))
    monkeypatch.setattr(judgement, "MAX_FACTS", len(whole.facts))
    assert judge(case(FIRST)) == whole
    monkeypatch.setattr(judgement, "MAX_FACTS", 1)
    cut = judge(case(FIRST))
    assert cut.facts == whole.facts[:1]
    assert cut.alerts == (("budget", f"{len(whole.facts)} facts, of which the first 1 are kept"),)
    last = version_of(whole, make_recipe(SOURCE))
    renewed = renew(last, Snapshot(1, NOW, 200, URL, (), "", len(FIRST), body=FIRST), SOURCE, ())
    assert renewed is not None
    assert renewed.facts == whole.facts[:1]


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


# --- a version as today's rules read it ------------------------------------------------------------


def dated(*sentences: str) -> bytes:
    line = "<p>掲載日：2024年4月1日　更新日：2024年5月1日</p><p><a href='a.pdf'>別紙（PDF）</a></p>"
    return body(*sentences).replace(b"</h1>", f"</h1>{line}".encode())


def evidence_of(content: bytes, **more) -> Snapshot:  # type: ignore[no-untyped-def]
    return Snapshot(1, NOW, 200, URL, (), "", len(content), body=content, id=1, **more)


STALE = Version(
    1, 1, NOW, "古い題", "古い文", (), (), "k", "s", Recipe("", 0, 0, 0, 0), id=7, number=3, encoding="?"
)


def test_a_version_is_renewed_whole_and_keeps_its_number() -> None:
    content = dated("対象は1,200件です。")
    reading = read(content, url=URL, rules=SOURCE.page)
    renewed = renew(STALE, evidence_of(content), SOURCE, ())
    assert renewed is not None
    assert renewed.version == replace(
        STALE,
        title="お詫び",
        text=reading.text,
        blocks=reading.blocks,
        attachments=reading.attachments,
        key=make_text_key(reading.blocks),
        recipe=make_recipe(SOURCE),
        published=date(2024, 4, 1),
        updated=date(2024, 5, 1),
        encoding="utf-8",
        replaced=0,
    )
    assert len(renewed.version.attachments) == 1
    assert [fact.value for fact in renewed.facts if fact.field == "count"] == [1200]


def test_what_is_known_as_noise_is_no_part_of_a_renewed_key() -> None:
    content = body("対象は1,200件です。", "本日の担当は甲です。")
    noise = digest(make_block_key("本日の担当は甲です。"))
    renewed = renew(STALE, evidence_of(content), SOURCE, (noise,))
    plain = renew(STALE, evidence_of(body("対象は1,200件です。")), SOURCE, ())
    assert renewed is not None
    assert plain is not None
    assert renewed.version.key == plain.version.key
    assert "甲" in renewed.version.text


@pytest.mark.parametrize(
    ("version", "evidence"),
    [
        (STALE, None),
        (STALE, replace(evidence_of(b""), body=None)),
        (STALE, evidence_of(b"<html><body></body></html>")),
        (replace(STALE, redacted=True), evidence_of(FIRST)),
    ],
)
def test_what_cannot_be_read_again_is_not_renewed(version: Version, evidence: Snapshot | None) -> None:
    assert renew(version, evidence, SOURCE, ()) is None


def test_stored_headers_say_how_stored_bytes_are_read() -> None:
    content = FIRST.decode().encode("cp932")
    headers = (("Content-Type", "text/html; charset=Shift_JIS"),)
    renewed = renew(STALE, replace(evidence_of(content), headers=headers), SOURCE, ())
    assert renewed is not None
    assert renewed.version.encoding == "cp932"
    assert "1,200" in renewed.version.text
    asked = case(content)
    captured_so = replace(asked, capture=replace(asked.capture, headers=headers))
    reading = judge(captured_so).reading
    assert reading is not None
    assert reading.encoding == "cp932"


def test_years_that_are_left_out_are_those_of_the_page_s_last_date() -> None:
    said = dated("昨年3月1日に判明しました。")
    facts = judge(case(said)).facts
    assert "2023-03-01" in [fact.value for fact in facts if fact.field == "date"]
    earlier = said.replace("更新日：2024年5月1日".encode(), b"").replace(b"2024", b"2022")
    assert "2021-03-01" in [fact.value for fact in judge(case(earlier)).facts if fact.field == "date"]


def test_a_status_is_judged_with_the_text() -> None:
    judged = judge(replace(case(FIRST), capture=captured(FIRST, 500), answer=Answer(None, readable=True)))
    assert (judged.outcome, judged.detail, judged.keep) == ("blocked", "HTTP 500: お詫び", True)
    unknown = replace(captured(FIRST), status=None)
    assert (
        judge(replace(case(FIRST), capture=unknown, answer=Answer(None, readable=True))).outcome == "version"
    )


def test_a_page_that_moved_keeps_the_bytes_that_are_the_same() -> None:
    same = replace(case(FIRST), answer=Answer("same-bytes", readable=True), moved_from=URL)
    assert judge(same).keep
    assert not judge(replace(same, capture=captured(b""))).keep
    last = version_of(judge(case(FIRST)), make_recipe(SOURCE))
    assert judge(replace(same, last=last)) == Judgement("same-bytes", keep=True)
    assert judge(replace(same, last=last, moved_from="")) == Judgement("same-bytes")


def test_a_second_fetch_that_differs_teaches_noise() -> None:
    other = body("お客様の個人情報が漏えいしました。", "本日の担当は乙です。", "原因を調査しています。")
    first = body("お客様の個人情報が漏えいしました。", "本日の担当は甲です。", "原因を調査しています。")
    asked = case(first)
    judged = judge(replace(asked, capture=replace(asked.capture, again=other)))
    assert judged.decision is not None
    assert judged.decision.volatile != ()


def test_the_same_file_at_another_address_is_no_change() -> None:
    def linking(at: str) -> bytes:
        return body("対象は1,200件です。", f"<a href='{at}'>別紙</a>をご覧ください。")

    first = judge(case(linking("/a/1.pdf")))
    last = version_of(first, make_recipe(SOURCE))
    asked = case(linking("/b/1.pdf"), last=last, history=History((last,), frozenset()))
    assert judge(asked).outcome == "version"
    old, new = "https://www.example.jp/a/1.pdf", "https://www.example.jp/b/1.pdf"
    known = judge(replace(asked, same_files={place(new): old}))
    assert known.outcome == "same-text"
    assert known.reading is not None
    assert known.reading.attachments[0].url == new
