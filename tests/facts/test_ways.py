"""Days and their years, what is due, and what heads a cell: one row for each way that a rule can go."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.facts import extract
from monitor.facts.column_counts import find_count_cells, find_table_rows
from monitor.facts.sheet import Sheet

PUBLISHED = date(2024, 5, 20)  # a Monday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和6年6月30日までに報告するよう求めた。", ["deadline 2024-06-30"]),
        ("6月30日までの間、閉鎖します。", ["date 2023-06-30 period-end year-assumed"]),
        ("6月30日までに報告した。", ["date 2023-06-30 other year-assumed"]),
        ("6月30日までに報告を終えた。", ["date 2023-06-30 other year-assumed"]),
        ("6月30日までに完了する。", ["deadline 2024-06-30 year-assumed"]),
        ("6月30日までに実施予定です。", ["deadline 2024-06-30 year-assumed"]),
        ("6月30日までご連絡ください。", ["deadline 2024-06-30 year-assumed"]),
        ("6月30日必着", ["deadline 2024-06-30 year-assumed"]),
        ("提出期限：6月30日", ["deadline 2024-06-30 year-assumed"]),
        ("期限は6月30日です。", ["deadline 2024-06-30 year-assumed"]),
        ("6月30日中に", ["deadline 2024-06-30 year-assumed"]),
        ("6月中に再開する予定です。", ["deadline 2024-06-30 year-assumed within-month"]),
        ("2024年6月中に再開する予定です。", ["deadline 2024-06-30 within-month"]),
        (
            "4月1日から6月30日までに申請した方",
            ["date 2024-04-01 period-start year-assumed", "date 2024-06-30 period-end year-assumed"],
        ),
        ("4月30日までに報告するよう求めた。", ["deadline 2025-04-30 year-assumed"]),
        ("4月30日を提出期限とする。", ["deadline 2025-04-30 year-assumed"]),
        ("6月30日までに、状況が判明しましたので、報告します。", ["date 2023-06-30 discovered year-assumed"]),
        ("6月30日までに報告を求められました。", ["deadline 2024-06-30 year-assumed"]),
        ("6月30日までの調査で判明した。", ["date 2023-06-30 other year-assumed"]),
        ("6月30日迄に返送ください。", ["deadline 2024-06-30 year-assumed"]),
        ("6月30日までに", ["deadline 2024-06-30 year-assumed"]),
        ("6月30日まで。", ["date 2023-06-30 other year-assumed"]),
        ("2026年6月30日までに是正を命じました。", ["deadline 2026-06-30"]),
    ],
)
def test_what_is_due_and_what_was_done_by_a_day(text: str, expected: list[str]) -> None:
    days = [fact for fact in extract(text, published=PUBLISHED) if fact.field in ("date", "deadline")]
    said = [(fact.field, str(fact.value), fact.role, *fact.qualifiers) for fact in days]
    assert [" ".join(filter(None, words)) for words in said] == expected


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        (
            "10月17日に流出した。",
            ["10月17日  2023-10-17  year-assumed"],
            ["10月17日  --10-17  year-assumed year-unknown"],
        ),
        (
            "5月31日に再開します。",
            ["5月31日  2024-05-31  year-assumed"],
            ["5月31日  --05-31  year-assumed year-unknown"],
        ),
        (
            "12月20日から1月5日まで",
            ["12月20日  2023-12-20  year-assumed", "1月5日  2024-01-05  year-assumed"],
            ["12月20日  --12-20  year-assumed year-unknown", "1月5日  --01-05  year-assumed year-unknown"],
        ),
        (
            "2023年12月20日に発覚し、1月17日に公表した。",
            ["2023年12月20日  2023-12-20", "1月17日  2024-01-17  year-assumed"],
            ["2023年12月20日  2023-12-20", "1月17日  2024-01-17  year-assumed"],
        ),
        (
            "2023年12月20日に発覚した。1月17日に公表した。",
            ["2023年12月20日  2023-12-20", "1月17日  2024-01-17  year-assumed"],
            ["2023年12月20日  2023-12-20", "1月17日  2024-01-17  year-assumed"],
        ),
        (
            "2024年3月31日に送った。3日に発覚した。",
            ["2024年3月31日  2024-03-31", "3日  2024-04-03  year-assumed"],
            ["2024年3月31日  2024-03-31", "3日  2024-03-03  year-assumed"],
        ),
        (
            "2024年4月30日に送った。3日に発覚した。",
            ["2024年4月30日  2024-04-30", "3日  2024-05-03  year-assumed"],
            ["2024年4月30日  2024-04-30", "3日  2024-04-03  year-assumed"],
        ),
        ("市は19日、流出したと発表した。", ["19日  2024-05-19  year-assumed"], []),
        ("今月(5月)11日に", ["今月(5月)11日  2024-05-11"], []),
        ("先月11日に発覚した。", ["先月11日  2024-04-11"], []),
        ("来月3日に再開します。", ["来月3日  2024-06-03"], []),
        ("今月中に", ["今月  2024-05-31  within-month"], []),
        ("同月12日に", [], []),
        (
            "2024年3月4日に送信し、同月12日に発覚した。",
            ["2024年3月4日  2024-03-04", "同月12日  2024-03-12"],
            ["2024年3月4日  2024-03-04", "同月12日  2024-03-12"],
        ),
        (
            "2024年3月4日に送信し、同年4月12日に発覚した。",
            ["2024年3月4日  2024-03-04", "同年4月12日  2024-04-12"],
            ["2024年3月4日  2024-03-04", "同年4月12日  2024-04-12"],
        ),
        (
            "2024年3月4日に送信し、翌5日に発覚した。",
            ["2024年3月4日  2024-03-04", "5日  2024-03-05  year-assumed"],
            ["2024年3月4日  2024-03-04", "5日  2024-03-05  year-assumed"],
        ),
        (
            "2024年3月4日に送信し、翌月5日に発覚した。",
            ["2024年3月4日  2024-03-04", "翌月5日  2024-04-05"],
            ["2024年3月4日  2024-03-04", "翌月5日  2024-04-05"],
        ),
        ("平成31年4月30日", ["平成31年4月30日  2019-04-30"], ["平成31年4月30日  2019-04-30"]),
        (
            "平成31年5月1日",
            ["平成31年5月1日  2019-05-01  era-ended"],
            ["平成31年5月1日  2019-05-01  era-ended"],
        ),
        ("令和元年5月1日", ["令和元年5月1日  2019-05-01"], ["令和元年5月1日  2019-05-01"]),
        ("昭和64年1月7日", ["昭和64年1月7日  1989-01-07"], ["昭和64年1月7日  1989-01-07"]),
        ("令和6年2月29日", ["令和6年2月29日  2024-02-29"], ["令和6年2月29日  2024-02-29"]),
        ("令和5年2月29日", ["令和5年2月29日  None  impossible"], ["令和5年2月29日  None  impossible"]),
        ("2024年2月末", ["2024年2月末  2024-02-29  month-end"], ["2024年2月末  2024-02-29  month-end"]),
        ("2月29日に", ["2月29日  2024-02-29  year-assumed"], ["2月29日  --02-29  year-assumed year-unknown"]),
        (
            "19年3月12日に",
            ["19年3月12日  2019-03-12  year-assumed"],
            ["19年3月12日  2019-03-12  year-assumed"],
        ),
        (
            "6年3月12日に",
            ["3月12日  2024-03-12  year-assumed"],
            ["3月12日  --03-12  year-assumed year-unknown"],
        ),
        ("'23年10月に", ["'23年10月  2023-10  year-assumed"], ["'23年10月  2023-10  year-assumed"]),
        (
            "23年10月に",
            ["23年10月  --10  year-assumed year-unknown"],
            ["23年10月  --10  year-assumed year-unknown"],
        ),
        (
            "2024年5月20日(火)",
            ["2024年5月20日  2024-05-20  weekday-mismatch"],
            ["2024年5月20日  2024-05-20  weekday-mismatch"],
        ),
        (
            "5月20日(月)",
            ["5月20日  2024-05-20  year-assumed"],
            ["5月20日  --05-20  year-assumed year-unknown"],
        ),
        (
            "5月20日(火)",
            ["5月20日  2024-05-20  year-assumed weekday-mismatch"],
            ["5月20日  --05-20  year-assumed year-unknown"],
        ),
        (
            "5月20日(水)",
            ["5月20日  2024-05-20  year-assumed weekday-mismatch"],
            ["5月20日  --05-20  year-assumed year-unknown"],
        ),
        ("5/13 公表", ["5/13  2024-05-13  year-assumed"], ["5/13  --05-13  year-assumed year-unknown"]),
        ("5/13点", [], []),
        ("2024/5/13", ["2024/5/13  2024-05-13"], ["2024/5/13  2024-05-13"]),
        ("2024.5.13", ["2024.5.13  2024-05-13"], ["2024.5.13  2024-05-13"]),
        ("昨日、公表した。", ["昨日  2024-05-19"], []),
        ("本日、公表した。", ["本日  2024-05-20"], []),
        ("昨年10月17日", ["昨年10月17日  2023-10-17"], ["昨年10月17日  --10-17  year-unknown"]),
        ("一昨年10月17日", ["一昨年10月17日  2022-10-17"], ["一昨年10月17日  --10-17  year-unknown"]),
        ("来年1月5日から開始します。", ["来年1月5日  2025-01-05"], ["来年1月5日  --01-05  year-unknown"]),
        ("3~5日", [], []),
        ("16日~23日に", ["16日  2024-05-16  year-assumed", "23日  2024-05-23  year-assumed"], []),
        ("令和6年4月", ["令和6年4月  2024-04"], ["令和6年4月  2024-04"]),
        ("3月期決算", [], []),
        ("4月号", [], []),
        ("2023年10月分", ["2023年10月  2023-10"], ["2023年10月  2023-10"]),
        ("1月上旬", ["1月  2024-01  year-assumed early"], ["1月  --01  year-assumed early year-unknown"]),
        ("2024年1月中旬に", ["2024年1月  2024-01  mid"], ["2024年1月  2024-01  mid"]),
        ("13月5日", [], []),
        (
            "4月31日",
            ["4月31日  None  year-assumed impossible"],
            ["4月31日  --04-31  year-assumed year-unknown"],
        ),
        (
            "2024年5月20日(令和6年5月)",
            ["2024年5月20日  2024-05-20", "令和6年5月  2024-05"],
            ["2024年5月20日  2024-05-20", "令和6年5月  2024-05"],
        ),
        (
            "2024年(令和5年)5月1日",
            ["2024年(令和5年)5月1日  2024-05-01  year-mismatch"],
            ["2024年(令和5年)5月1日  2024-05-01  year-mismatch"],
        ),
    ],
)
def test_a_day_with_and_without_a_day_of_publication(text: str, known: list[str], unknown: list[str]) -> None:
    for published, expected in ((PUBLISHED, known), (None, unknown)):
        days = [fact for fact in extract(text, published=published) if fact.field in ("date", "deadline")]
        said = [(fact.raw, str(fact.value), " ".join(fact.qualifiers)) for fact in days]
        assert ["  ".join(filter(None, words)) for words in said] == expected


@pytest.mark.parametrize(
    ("text", "rows", "cells"),
    [
        (
            "区分 | 件数 | 備考\n甲 | 12 | あ\n乙 | 34 | い",
            [("甲", "区分 / 件数 / 備考", {1: "件"}), ("乙", "区分 / 件数 / 備考", {1: "件"})],
            ["12 件", "34 件"],
        ),  # plain
        (
            "市 | 件数 |  | 備考\n | 流出 | 閲覧 | \n甲 | 1 | 2 | x",
            [("甲", "市 / 件数 流出 / 件数 閲覧 / 備考", {1: "件", 2: "件"})],
            ["1 件", "2 件"],
        ),  # two heads
        (
            "区分 | 件数 | 備考\n甲 | 確認中 | あ\n乙 | 3 | い",
            [("甲", "区分 / 件数 / 備考", {1: "件"}), ("乙", "区分 / 件数 / 備考", {1: "件"})],
            ["確認中 件", "3 件"],
        ),  # head without digit in body
        (
            "区分 | 内容 | 備考\n甲 | 1 | あ\n乙 | なし | い",
            [("甲", "区分 / 内容 / 備考", {}), ("乙", "区分 / 内容 / 備考", {})],
            [],
        ),  # text row in body
        ("甲 | 12 | あ\n乙 | 34 | い", [("甲", " /  / ", {}), ("乙", " /  / ", {})], []),  # no head
        (
            "区分 | 規模(件) | 備考\n甲 | 約1万 | あ",
            [("甲", "区分 / 規模(件) / 備考", {1: "件"})],
            ["約1万 件"],
        ),  # unit in brackets
        (
            "区分 | 件数\n甲 | 1\n区分 | 件数 | 備考\n乙 | 2 | い",
            [("甲", "区分 / 件数", {1: "件"}), ("乙", "区分 / 件数 / 備考", {1: "件"})],
            ["1 件", "2 件"],
        ),  # other width
        (
            "区分 | 件数 | 備考\n甲 | 1 | あ\n文です。\n乙 | 2 | い",
            [("甲", "区分 / 件数 / 備考", {1: "件"}), ("乙", " /  / ", {})],
            ["1 件"],
        ),  # text between
        (
            "区分 | 件数 | 備考\n甲 | 1 | あ\n | 2 | い",
            [("甲", "区分 / 件数 / 備考", {1: "件"}), ("甲", "区分 / 件数 / 備考", {1: "件"})],
            ["1 件", "2 件"],
        ),  # rowhead below
        (
            "区分 | 対象者数 | 備考\n甲 | 非公表 | あ",
            [("甲", "区分 / 対象者数 / 備考", {1: "人"})],
            ["非公表 人"],
        ),  # 者数
        (
            "区分 | 件数 | 件数\n | 件数 | 流出\n甲 | 1 | 2",
            [
                ("", "区分 / 件数 / 件数", {1: "件", 2: "件"}),
                ("甲", "区分 / 件数 / 件数", {1: "件", 2: "件"}),
            ],
            ["1 件", "2 件"],
        ),  # repeat head
        (
            "区分 | 件数 | 備考\n種別 | 人数 | 注\n甲 | 1 | 2",
            [("種別", "区分 / 件数 / 備考", {1: "件"}), ("甲", "区分 / 件数 / 備考", {1: "件"})],
            ["1 件"],
        ),  # two head rows full
    ],
)
def test_a_row_of_a_table_has_its_heads_and_units(
    text: str, rows: list[tuple[str, str, dict[int, str]]], cells: list[str]
) -> None:
    found = find_table_rows(text)
    heads = [
        (row.head, " / ".join(" ".join(column) for column in row.columns), dict(row.units)) for row in found
    ]
    assert heads == rows
    assert [text[cell.start : cell.end] + f" {cell.unit}" for cell in find_count_cells(found)] == cells
    assert [text[row.start : row.start + len(row.line)] for row in found] == [row.line for row in found]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("www.a.jp/3件", "##########件"),
        ("http://a.jp/3件", "#############件"),
        ("a@b.jp 3件", "###### 3件"),
        ("〇 2024年", "○ 2024年"),
        ("〇3件", "○3件"),
        ("〇件", "〇件"),
        ("1,234件,56人", "1,234件、56人"),
        ("ます.次", "ます。次"),
        ("3.5", "3.5"),
        ("１２３", "123"),
        ("9" * 40, "#" * 40),
        ("9" * 39, "9" * 39),
    ],
)
def test_a_text_is_folded_and_keeps_its_places(raw: str, text: str) -> None:
    sheet = Sheet.of(raw)
    assert sheet.text.replace("\ufffc", "#") == text
    assert (sheet.raw, len(sheet.text)) == (raw, len(raw))


COLUMN = """例示労働局は、例示労働基準監督署の職員が作った申告の台帳につ
いて、次のとおり紛失の事実を確認したので、その概要をここに公
表します。令和6年10月13日、開示の請求を受けて職員が台帳に綴ら
れた書類を確認したところ、提出された書類の一部が無いことが判
明しました。関係する方に謝罪しました。
"""
LIST = """例示労働局の台帳の紛失について、再発防止のお知らせ
若葉市の封筒の誤送付について
見本町の名簿の誤配布について、町長のおわびのことば
青葉村のはがきの発送
"""


def test_lines_of_a_column_are_one_sentence_and_those_of_a_list_are_not() -> None:
    printed, listed = Sheet.of(COLUMN), Sheet.of(LIST)
    first, last = printed.sentence(COLUMN.index("開示"))
    assert COLUMN[first:last].startswith("令和6年")
    assert COLUMN[first:last].endswith("明しました。")
    assert listed.sentence(LIST.index("若葉市")) == (LIST.index("若葉市"), LIST.index("見本町"))
    days = [fact.role for fact in extract(COLUMN, published=date(2024, 11, 1)) if fact.field == "date"]
    assert days == ["discovered"]
