"""One line that says it."""

from __future__ import annotations

from monitor.comparing import summarise
from monitor.comparing.summary import MAX_SUMMARY_CHARS
from storage.records import FactChange, Hunk, Segment


def edit(old: str, new: str, *reasons: str, label: str = "", op: str = "change") -> Hunk:
    return Hunk(op, old, new, (Segment(old, new),), reasons, label)  # type: ignore[arg-type]


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


def test_rows_of_a_listing() -> None:
    retitled = Hunk("change", "事案について", "事案について（第2報）", reasons=("title",), label="title")
    redated = Hunk("change", "2024-01-05", "2024-01-10", reasons=("date",), label="date")
    moved = Hunk(
        "change", "https://a.example/1", "https://a.example/2", reasons=("address",), label="address"
    )
    assert summarise([retitled], ()) == "題名の変更「事案について（第2報）」"
    assert summarise([redated], ()) == "2024-01-05 → 2024-01-10"
    assert summarise([moved], ()) == "掲載先の変更 https://a.example/2"


def test_it_stays_one_line() -> None:
    hunks = [Hunk("insert", "", f"追加の文{n}\n" * 9, reasons=("added",)) for n in range(30)]
    line = summarise(hunks, ())
    assert "\n" not in line
    assert len(line) <= MAX_SUMMARY_CHARS
    assert line.endswith("ほか27件")


def test_a_new_count_says_more_than_a_date_that_moved() -> None:
    dated = edit("2023年10月18日", "2024年3月30日", "date")
    said = summarise([dated], (FactChange("count", None, "3,923人"),))
    assert said == "対象者数 3,923人、2023年10月18日 → 2024年3月30日"
