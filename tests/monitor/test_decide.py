"""What an answer, a text and a day mean, decided from values alone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.comparing.sameness.flicker import digest_block
from monitor.comparing.sameness.keys import make_block_key, make_text_key
from monitor.track.judge.case import Answer, History, TextDecision, has_end, sort_answer
from monitor.track.judge.decide import (
    Unsure,
    decide_text,
    is_news,
    is_withdrawn,
    list_past_blocks,
    says_withdrawn,
)
from monitor.track.page import RECENT_VERSIONS
from storage.records import Block, Capture, Hunk, Link, Page, PageDate, Reading, Recipe, Version

NOW = datetime(2024, 5, 31, tzinfo=UTC)
URL = "https://www.example.jp/news/1.html"
HOME = "https://www.example.jp/"
PAGE = Page(1, "example", URL, "page")
TITLE = "個人情報の漏えいについて"


# --- answers ---------------------------------------------------------------------------------------


def answered(status: int | None = 200, **more: str) -> Answer:
    return sort_answer(Capture("s", URL, "page", NOW, status, **more), "stored", "came")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, Answer("error", "no answer")),
        (199, Answer("error", "HTTP 199")),
        (200, Answer(None, readable=True)),
        (202, Answer("error", "HTTP 202: accepted, and nothing answered yet")),
        (206, Answer("error", "HTTP 206: a part of the page that nobody asked for")),
        (299, Answer(None, readable=True)),
        (300, Answer("error", "HTTP 300")),
        (304, Answer("not-modified")),
        (404, Answer("missing", "HTTP 404")),
        (410, Answer("missing", "HTTP 410")),
        (400, Answer("error", "HTTP 400")),
        *((status, Answer("blocked", f"HTTP {status}")) for status in (401, 403, 429, 451, 503)),
        (500, Answer("error", "HTTP 500")),
    ],
)
def test_an_answer_is_sorted_by_its_status(status: int | None, expected: Answer) -> None:
    assert answered(status) == expected


@pytest.mark.parametrize(
    ("status", "outcome"), [(None, "error"), (403, "blocked"), (500, "error"), (200, "error")]
)
def test_an_answer_says_what_went_wrong_where_that_is_known(status: int | None, outcome: str) -> None:
    assert answered(status, error="cut off") == Answer(outcome, "cut off")  # type: ignore[arg-type]


def test_bytes_that_are_stored_need_no_reading() -> None:
    assert sort_answer(Capture("s", URL, "page", NOW, 200), "a", "a") == Answer("same-bytes", readable=True)


@pytest.mark.parametrize(
    ("asked", "got", "home"),
    [
        (URL, HOME, True),
        (URL, HOME + "index.html", True),
        (URL, "https://www.example.jp", True),
        (URL, "https://other.example/index.php", True),
        (URL, HOME + "?from=1.html", False),
        (URL, HOME + "news/", False),
        (URL, HOME + "index/2.html", False),
        (URL, "", False),
        (HOME, HOME + "index.html", False),
        (HOME + "index.html", "http://www.example.jp/index.html", False),
        (HOME + "index.html", HOME, True),
    ],
)
def test_a_deeper_address_that_leads_to_the_front_page_is_gone(asked: str, got: str, home: bool) -> None:
    said = sort_answer(Capture("s", asked, "page", NOW, 200, got), None, "b")
    expected = (
        Answer("soft-404", f"redirected to the front page {got}") if home else Answer(None, readable=True)
    )
    assert said == expected


@pytest.mark.parametrize(
    ("body", "ends"),
    [
        (b"<html><p>a</p></html>", True),
        (b"<HTML><p>a</p></BODY >", True),
        (b"<html><p>a</p>", False),
        (b"<!DOCTYPE html><p>a", False),
        (b"plain text", True),
        (b" " * 3000 + b"<html><p>a", True),  # whatever it is, it does not begin as a page
        (b" " * 2000 + b"<html><p>a", False),
    ],
)
def test_a_page_that_begins_as_one_has_to_end_as_one(body: bytes, ends: bool) -> None:
    assert has_end(body) is ends


# --- texts -----------------------------------------------------------------------------------------


def blocks(*lines: str) -> tuple[Block, ...]:
    return tuple(Block("text", line) for line in lines)


def reading(*lines: str, title: str = TITLE, **more) -> Reading:  # type: ignore[no-untyped-def]
    return Reading("content", title=title, blocks=blocks(*lines), **more)


def version(*lines: str, number: int = 1, title: str = TITLE, **more) -> Version:  # type: ignore[no-untyped-def]
    said = blocks(*lines)
    made = Version(1, 1, NOW, title, "\n".join(lines), said, (), make_text_key(said), RECIPE)
    return replace(made, number=number, id=number, **more)


RECIPE = Recipe("", 0, 0, 0, 0)
OLD = "対象は1,200件です。"
NEW = "対象は1,350件です。"
LINES = tuple(f"第{n}の説明として、経緯と対応を述べる文章がここに続きます。" for n in range(1, 9))


def decide(
    last: Version | None, now: Reading, *earlier: Version, page: Page = PAGE, again: Reading | None = None
) -> TextDecision:
    recent = (*earlier, last) if last is not None else ()
    keys = frozenset(one.key for one in earlier)
    return decide_text(page, last, History(recent, keys), now, again)


def test_a_first_text_is_a_version_that_matters() -> None:
    now = reading(OLD)
    assert decide(None, now) == TextDecision("version", make_text_key(now.blocks), material=True)


def test_what_differs_between_two_fetches_is_noise_from_the_first_look_on() -> None:
    now, again = reading(OLD, "本日の担当は甲です。"), reading(OLD, "本日の担当は乙です。")
    decision = decide(None, now, again=again)
    assert decision.volatile != ()
    assert decision.key == make_text_key(blocks(OLD))
    blocked = replace(again, verdict="blocked")
    assert decide(None, now, again=blocked).volatile == ()


def test_known_noise_stays_known() -> None:
    page = replace(PAGE, volatile=("b", "a"))
    now = reading(OLD)
    assert decide(None, now, page=page).volatile == ("a", "b")
    assert decide(version(OLD), now, page=page) == TextDecision(
        "same-text", make_text_key(now.blocks), volatile=("a", "b")
    )
    assert decide(version(OLD), reading(NEW), page=page).volatile == ("a", "b")


def test_the_same_text_in_another_notation_or_cut_is_no_change() -> None:
    key = make_text_key(blocks(OLD))
    assert decide(version(OLD), reading(OLD)) == TextDecision("same-text", key)
    assert decide(version("対象は１，２００件です。"), reading(OLD)) == TextDecision("same-text", key)


def test_a_number_that_changed_is_told_whole() -> None:
    now = reading(OLD.replace("1,200", "1,350"), *LINES)
    decision = decide(version(OLD, *LINES), now)
    assert replace(decision, hunks=()) == TextDecision(
        "version",
        make_text_key(now.blocks),
        reasons=("count",),
        material=True,
    )
    assert [(hunk.op, hunk.old, hunk.new) for hunk in decision.hunks] == [("change", OLD, NEW)]


@pytest.mark.parametrize("same", [True, False])
def test_of_a_redacted_text_only_the_key_is_compared(same: bool) -> None:
    last = replace(version(OLD), redacted=True, blocks=(), text="")
    now = reading(OLD if same else NEW)
    key = make_text_key(now.blocks)
    version_told = TextDecision("version", key, reasons=("text",), material=True)
    assert decide(last, now) == (TextDecision("same-text", key) if same else version_told)


def test_a_title_alone_is_a_change_that_says_both_titles() -> None:
    now = reading(OLD, title="個人情報の流出について")
    decision = decide(version(OLD), now)
    hunk = Hunk("change", TITLE, "個人情報の流出について", reasons=("title",), place="title")
    assert decision == TextDecision(
        "version",
        make_text_key(now.blocks),
        hunks=(hunk,),
        reasons=("title",),
        material=True,
    )
    assert decide(version(OLD), reading(OLD, title=TITLE + " ")).outcome == "same-text"
    both = decide(version(OLD, *LINES), reading(NEW, *LINES, title="個人情報の流出について"))
    assert both.reasons == ("count", "title")
    assert both.hunks[0] == hunk
    assert len(both.hunks) == 2


def test_another_notation_of_a_value_is_a_change_of_form_that_does_not_matter() -> None:
    decision = decide(
        version("令和6年5月1日に判明した。", *LINES), reading("2024年5月1日に判明した。", *LINES)
    )
    assert (decision.outcome, decision.reasons, decision.material) == ("version", ("form-only",), False)
    assert [hunk.op for hunk in decision.hunks] == ["form"]
    titled = decide(
        version("令和6年5月1日に判明した。", *LINES),
        reading("2024年5月1日に判明した。", *LINES, title="訂正"),
    )
    assert "title" in titled.reasons
    assert titled.material


def test_a_return_to_an_earlier_text_is_a_change_and_says_so() -> None:
    first, second = version(OLD, *LINES), version(NEW, *LINES, number=2)
    assert decide(second, reading(OLD, *LINES), first).reasons == ("count", "reverted")
    by_text = decide_text(
        PAGE, second, History((first, second), frozenset()), reading(OLD, *LINES)
    )  # its key was made by other rules
    assert by_text.reasons == ("count", "reverted")
    other = reading("対象は1,500件です。", *LINES)
    assert decide(second, other, first).reasons == ("count",)


@pytest.mark.parametrize(
    ("claimed", "before", "silent"),
    [
        ({"updated": date(2024, 5, 1)}, {"updated": date(2024, 5, 1)}, True),
        ({"updated": date(2024, 5, 2)}, {"updated": date(2024, 5, 1)}, False),
        ({"published": date(2024, 5, 1)}, {"published": date(2024, 5, 1)}, True),
        (
            {"updated": date(2024, 5, 2), "published": date(2024, 5, 1)},
            {"published": date(2024, 5, 1)},
            False,
        ),
        (
            {"published": date(2024, 5, 1)},
            {"updated": date(2024, 5, 2), "published": date(2024, 5, 1)},
            False,
        ),
        ({"updated": date(2024, 5, 2)}, {"updated": date(2024, 5, 2), "published": date(2024, 5, 1)}, True),
        ({}, {"published": date(2024, 5, 1)}, False),
        ({}, {}, False),
    ],
)
def test_a_change_under_the_same_claimed_day_is_silent(
    claimed: dict[str, date], before: dict[str, date], silent: bool
) -> None:
    now = reading(NEW, *LINES, **{name: PageDate(day, "label", 0.9) for name, day in claimed.items()})
    decision = decide(version(OLD, *LINES, **before), now)
    assert decision.reasons == (("count", "silent") if silent else ("count",))


def test_what_a_postscript_says_or_does_not_matter_is_not_silent() -> None:
    day = date(2024, 5, 1)
    at = {"updated": PageDate(day, "label", 0.9)}
    added = decide(
        version(OLD, *LINES, updated=day), reading(OLD, *LINES, "【追記】件数は増えません。", **at)
    )
    assert added.material
    assert "postscript" in added.reasons
    assert "silent" not in added.reasons
    form = decide(
        version("令和6年5月1日に判明した。", updated=day), reading("2024年5月1日に判明した。", **at)
    )
    assert form.reasons == ("form-only",)


# --- too much at once ------------------------------------------------------------------------------


def replaced(kept: int, count: int = 10, *, words: str = "その{}は全く別の話題を扱う行です。") -> Reading:
    lines = [f"個人情報の漏えいに関する第{n}の説明です。" for n in range(kept)]
    return reading(*lines, *(words.format(chr(0x3042 + n) * 9) for n in range(count - kept)))


def before(count: int = 10) -> Version:
    return version(*(f"個人情報の漏えいに関する第{n}の説明です。" for n in range(count)))


def test_a_text_that_keeps_too_little_of_the_last_waits_for_a_second_look() -> None:
    now = replaced(2)
    decision = decide(before(), now)
    key = make_text_key(now.blocks)
    assert decision.outcome == "held"
    assert decision == TextDecision("held", key, detail=decision.detail)
    share = int(decision.detail.partition(" ")[0])
    assert 60 < share <= 100
    assert decision.detail == f"{share} % of the text changed at once; it waits for a second look"
    again = decide(before(), now, page=replace(PAGE, held=key))
    assert (again.outcome, again.material) == ("version", True)
    assert decide(before(), now, page=replace(PAGE, held="another")).outcome == "held"


def test_a_short_text_or_one_that_keeps_a_fair_share_does_not_wait() -> None:
    assert decide(before(7), replaced(1, 7)).outcome == "version"
    assert decide(before(8), replaced(1, 8)).outcome == "held"
    assert decide(before(), replaced(6)).outcome == "version"


def test_something_else_under_another_title_is_held_and_named() -> None:
    now = replace(replaced(0), title="ご案内" + "！" * 200)
    decision = decide(before(), now)
    assert decision == TextDecision(
        "held",
        make_text_key(now.blocks),
        detail=f"nothing of the notice is left; in its place stands “{now.title[:120]}”",
    )
    confirmed = decide(before(), now, page=replace(PAGE, held=make_text_key(now.blocks)))
    assert confirmed.outcome == "held"  # however often it is seen
    file = replace(PAGE, role="attachment", held=make_text_key(now.blocks))
    assert decide(before(), now, page=file).outcome == "version"


def test_a_notice_that_says_it_was_taken_down_is_withdrawn() -> None:
    gone = reading("このお知らせは掲載を終了しました。")
    taken = decide(version(OLD, *LINES[:3]), gone)
    assert (taken.outcome, taken.withdrawn) == ("version", True)
    assert not decide(version(OLD), reading(NEW)).withdrawn
    added = decide(version(OLD, *LINES), reading(OLD, *LINES, "前の記事は掲載を終了しました。"))
    assert not added.withdrawn


# --- noise that was learned ------------------------------------------------------------------------


def test_a_text_that_flips_to_and_fro_is_noise_from_the_fourth_version_on() -> None:
    calm, other = (OLD, *LINES, "ただいま受付中です。"), (OLD, *LINES, "本日の受付は終わりました。")
    states = [version(*(calm if n % 2 else other), number=n) for n in range(1, 7)]
    *earlier, last = states
    decision = decide(last, reading(*calm), *earlier)
    assert decision.outcome == "same-text"
    assert decision.volatile == tuple(sorted(decision.volatile)) != ()
    once = decide(states[1], reading(*calm), states[0])
    assert (once.outcome, once.volatile) == ("version", ())


def test_a_change_beside_noise_that_was_just_learned_is_told_without_it() -> None:
    calm, other = (OLD, *LINES, "ただいま受付中です。"), (OLD, *LINES, "本日の受付は終わりました。")
    *earlier, last = [version(*(calm if n % 2 else other), number=n) for n in range(1, 7)]
    decision = decide(last, reading(NEW, *calm[1:]), *earlier)
    assert [(hunk.old, hunk.new) for hunk in decision.hunks] == [(OLD, NEW)]
    assert decision.key == make_text_key(blocks(NEW, *LINES))


def test_a_link_to_another_file_is_a_change() -> None:
    def linked(url: str) -> Block:
        return Block("text", "別紙をご覧ください。", links=(Link("別紙", url),))

    last = replace(version(*LINES), blocks=(*blocks(*LINES), linked("https://a.example/1.pdf")))
    now = replace(reading(), blocks=(*blocks(*LINES), linked("https://a.example/2.pdf")))
    decision = decide(last, now)
    assert (decision.outcome, decision.reasons) == ("version", ("attachment", "link"))


# --- days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "taken_down"),
    [
        ("掲載を終了しました。", True),
        ("公表を取り下げます。", True),
        ("公開を取下げました。", True),
        ("公開を取りやめました。", True),
        ("このページは削除しました。", True),
        ("お知らせを撤回します。", True),
        ("原因を調査しています。", False),
        ("掲載を終了しました。" + "あ" * 389, True),
        ("掲載を終了しました。" + "あ" * 390, False),
    ],
)
def test_a_short_text_may_say_that_it_was_taken_down(text: str, taken_down: bool) -> None:
    assert says_withdrawn(text) is taken_down


@pytest.mark.parametrize(
    ("missing", "gone", "withdrawn"),
    [
        (None, False, False),
        (timedelta(minutes=59), False, False),
        (timedelta(hours=1), False, True),
        (timedelta(hours=1), True, False),
    ],
)
def test_a_page_is_withdrawn_an_hour_after_it_was_missed(
    missing: timedelta | None, gone: bool, withdrawn: bool
) -> None:
    page = replace(PAGE, missing_since=None if missing is None else NOW - missing, gone=gone)
    assert is_withdrawn(page, NOW) is withdrawn


@pytest.mark.parametrize(
    ("published", "baseline", "news"),
    [
        (None, False, True),
        (date(2000, 1, 1), False, True),
        (None, True, False),
        (date(2024, 5, 1), True, True),
        (date(2024, 4, 30), True, False),
    ],
)
def test_what_was_there_before_anyone_looked_is_news_for_thirty_days(
    published: date | None, baseline: bool, news: bool
) -> None:
    assert is_news(published, baseline=baseline, now=NOW) is news


def test_what_was_noise_stays_noise_beside_what_is_learned() -> None:
    calm, other = (OLD, *LINES, "ただいま受付中です。"), (OLD, *LINES, "本日の受付は終わりました。")
    *earlier, last = [version(*(calm if n % 2 else other), number=n) for n in range(1, 7)]
    learned = decide(last, reading(*calm), *earlier).volatile
    known = decide(last, reading(*calm), *earlier, page=replace(PAGE, volatile=("a",)))
    assert known.volatile == tuple(sorted(("a", *learned)))


STATES = st.lists(
    st.sampled_from(
        [
            "受付を終了しました。", "本日の当番は甲です。", "本日の当番は乙です。", "本日の当番は丙です。",
            "対象は31人です。", "対象は32人です。", "閲覧 1 回", "閲覧 2 回", "閲覧 3 回", "調査を続けています。",
        ]
    ),
    unique=True,
    max_size=5,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(STATES, min_size=4, max_size=14))
def test_what_went_away_tells_as_much_as_the_whole_history(states: list[list[str]]) -> None:
    page, stored, past = PAGE, [], None
    for number, state in enumerate(states, 1):
        now = reading(OLD, *LINES, *state)
        last = stored[-1] if stored else None
        keys = frozenset(one.key for one in stored[:-1])
        whole = History(tuple(stored[-RECENT_VERSIONS:]), keys)
        decision = decide_text(page, last, whole, now)
        history = whole
        if past is not None:
            assert last is not None
            history = History((last,), keys, past)
            with suppress(Unsure):
                assert decide_text(page, last, history, now) == decision
        page = replace(
            page, volatile=decision.volatile, held=decision.key if decision.outcome == "held" else None
        )
        if decision.outcome == "version":
            past = list_past_blocks(history, now) if last is not None else None
            stored.append(replace(version(OLD, *LINES, *state, number=number), key=decision.key))


def test_what_is_new_needs_no_history() -> None:
    last = version(OLD, *LINES, "追記その九。", number=9)
    history = History((last,), frozenset(), frozenset((digest_block(make_block_key("追記その一。")),)))
    assert decide_text(PAGE, last, history, reading(OLD, *LINES, "追記その十。")).outcome == "version"
    for back in ([OLD, *LINES], [OLD, *LINES, "追記その一。"]):
        with pytest.raises(Unsure):
            decide_text(PAGE, last, history, reading(*back))
