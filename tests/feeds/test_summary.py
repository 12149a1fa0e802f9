"""One line that says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feeds.wording.summary import MAX_SUMMARY_CHARS, say_change, summarise
from storage.records import Change, ChangeKind, FactChange, Hunk, Replaced, Segment


def edit(old: str, new: str, *reasons: str, label: str = "", op: str = "change") -> Hunk:
    values = tuple(Replaced("date" if reason == "deadline" else reason, old, new) for reason in reasons)
    return Hunk(op, old, new, (Segment(old, new, values),), reasons, label)  # type: ignore[arg-type]


def test_counts_come_first_with_what_they_grew_by() -> None:
    hunks = [
        edit("準備中", "通知済", "text"),
        edit("133,655人", "162,828人", "count", op="cell", label="対象者数"),
    ]
    assert summarise(hunks, ()) == "対象者数: 133,655人 → 162,828人 (+29,173)、文言の変更「準備中 → 通知済」"


def test_large_steps_are_rounded_as_japanese_counts() -> None:
    assert summarise([edit("約900万件", "約928万件", "count")], ()) == "約900万件 → 約928万件 (+28万)"
    assert summarise([edit("9,000万人", "2億人", "count")], ()) == "9,000万人 → 2億人 (+1億1000万)"


def test_a_new_notice_is_summed_up_by_its_facts() -> None:
    facts = (
        FactChange("action", None, "recommendation"),
        FactChange("count", None, "約928万件"),
        FactChange("cause", None, "insider misuse"),
        FactChange("provision", None, "APPI 148(1)"),
    )
    assert summarise((), facts) == "件数 約928万件、根拠条文 個人情報保護法第148条第1項、措置 勧告"


RETITLED = Hunk("change", "事案について", "事案について（第2報）", reasons=("title",), place="title")
REDATED = Hunk("change", "2024-01-05", "2024-01-10", reasons=("date",), place="date")
MOVED = Hunk("change", "https://a.example/1", "https://a.example/2", reasons=("address",), place="address")


@pytest.mark.parametrize(
    ("hunk", "ja", "en"),
    [
        (RETITLED, "表題の変更「事案について（第2報）」", "Title changed: “事案について（第2報）”"),
        (
            REDATED,
            "日付の変更 2024年1月5日 → 2024年1月10日",
            "Date changed: 5 January 2024 → 10 January 2024",
        ),
        (MOVED, "掲載先の変更 https://a.example/2", "Moved to https://a.example/2"),
        (replace(REDATED, old=""), "日付の変更 – → 2024年1月10日", "Date changed: – → 10 January 2024"),
    ],
)
def test_rows_of_a_listing(hunk: Hunk, ja: str, en: str) -> None:
    assert summarise([hunk], ()) == ja
    assert summarise([hunk], (), "en") == en


def test_it_stays_one_line() -> None:
    hunks = [Hunk("insert", "", f"追加の文{n}\n" * 9, reasons=("added",)) for n in range(30)]
    line = summarise(hunks, ())
    assert "\n" not in line
    assert len(line) <= MAX_SUMMARY_CHARS["ja"]
    assert line.endswith("ほか27件")


def test_a_new_count_says_more_than_a_date_that_moved() -> None:
    dated = edit("2023年10月18日", "2024年3月30日", "date")
    said = summarise([dated], (FactChange("count", None, "3,923人"),))
    assert said == "対象者数 3,923人、2023年10月18日 → 2024年3月30日"


@pytest.mark.parametrize(
    ("hunk", "ja", "en"),
    [
        (
            edit("約900万件", "約928万件", "count"),
            "約900万件 → 約928万件 (+28万)",
            "about 9,000,000 records (約900万件) → about 9,280,000 records (約928万件) (+280,000)",
        ),
        (
            edit("2024年3月29日", "2024年4月30日", "deadline"),
            "期限: 2024年3月29日 → 2024年4月30日",
            "deadline: 29 March 2024 (2024年3月29日) → 30 April 2024 (2024年4月30日)",
        ),
        (edit("3月末", "4月末", "deadline"), "期限: 3月末 → 4月末", "deadline: 3月末 → 4月末"),
        (
            edit("準備中", "通知済", "text"),
            "文言の変更「準備中 → 通知済」",
            "Wording changed: “準備中 → 通知済”",
        ),
        (Hunk("insert", "", "追加の文", reasons=("added",)), "追加「追加の文」", "Added: “追加の文”"),
        (
            Hunk("link", "/a.pdf", "/b.pdf", reasons=("attachment", "link"), label="別紙"),
            "添付ファイルの差し替え「別紙」",
            "Attachment replaced: “別紙”",
        ),
        (
            Hunk("delete", "a.pdf", "", reasons=("attachment",), label="a.pdf", place="file-gone"),
            "添付ファイルa.pdfがなくなりました",
            "Attachment a.pdf is gone",
        ),
        (Hunk("change", "1", "2", reasons=("date",), place="stamp"), "更新日の変更", "Update date changed"),
        (Hunk("form", "１", "1", reasons=("form-only",)), "表記のみの変更", "Notation only"),
    ],
)
def test_every_difference_is_said_in_either_language(hunk: Hunk, ja: str, en: str) -> None:
    assert summarise([hunk], ()) == ja
    assert summarise([hunk], (), "en") == en


def change(kind: ChangeKind = "updated", **given: object) -> Change:
    return replace(
        Change(1, "city", "https://a.example/", "事案について", datetime(2024, 1, 5, tzinfo=UTC), kind, True),
        **given,  # type: ignore[arg-type]
    )


def test_a_page_that_is_gone_or_back_is_told_from_a_text_that_says_so() -> None:
    assert say_change(change("withdrawn", from_version=4), "en") == "The page is gone"
    assert say_change(change("restored", to_version=4), "en") == "Published again"
    said = change("withdrawn", from_version=4, to_version=5, hunks=(edit("掲載中", "掲載終了", "text"),))
    assert say_change(said, "en") == "Wording changed: “掲載中 → 掲載終了”"


def test_japanese_is_said_as_it_was_when_it_was_judged() -> None:
    stored = change(summary="題名の変更「事案について（第2報）」", hunks=(RETITLED,))
    assert say_change(stored, "ja") == stored.summary
    assert say_change(stored, "en") == "Title changed: “事案について（第2報）”"


def test_what_is_stored_without_its_values_is_said_as_it_was() -> None:
    former = Hunk("change", "約900万件", "約928万件", (Segment("約900万件", "約928万件"),), ("count",))
    stored = change(summary="約900万件 → 約928万件 (+28万)", hunks=(former,))
    assert say_change(stored, "en") == stored.summary
    assert say_change(replace(stored, hunks=()), "en") == stored.summary


def test_what_was_taken_out_is_not_said_in_english_either() -> None:
    assert say_change(change(summary="［削除済み］"), "en") == "[removed]"
    assert say_change(change("withdrawn", summary="［削除済み］"), "en") == "[removed]"
