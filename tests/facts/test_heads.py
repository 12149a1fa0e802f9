"""Facts of a table's cells know the heads of their row and column."""

from __future__ import annotations

import pytest

from monitor.facts import extract
from monitor.reading import read

SPANNED = (
    "<table><tr><th rowspan=2>市町村</th><th rowspan=2>業務</th><th colspan=2>件数</th><th rowspan=2>備考</th></tr>"
    "<tr><th>流出</th><th>閲覧</th></tr>"
    "<tr><td rowspan=2>甲市</td><td>国保</td><td>3,923</td><td>3,794</td><td></td></tr>"
    "<tr><td>年金</td><td>12</td><td>調査中</td><td>5</td></tr>"
    "<tr><td>乙市</td><td>税</td><td>約40人</td><td>2</td><td></td></tr></table>"
)


def counts(table: str) -> list[tuple[object, str, tuple[str, ...]]]:
    reading = read(f"<main><h1>漏えいについて</h1><p>内訳は次のとおりです。</p>{table}</main>".encode())
    facts = [fact for fact in extract(reading.text) if fact.field == "count"]
    return [(fact.value, fact.unit, tuple(q for q in fact.qualifiers if ":" in q)) for fact in facts]


def test_a_count_is_told_with_the_heads_that_reach_over_its_cell() -> None:
    assert counts(SPANNED) == [
        (3923, "件", ("row:甲市", "column:件数 流出")),
        (3794, "件", ("row:甲市", "column:件数 閲覧")),
        (12, "件", ("row:甲市", "column:件数 流出")),
        (None, "件", ("row:甲市", "column:件数 閲覧")),
        (40, "人", ("row:乙市", "column:件数 流出")),
        (2, "件", ("row:乙市", "column:件数 閲覧")),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><th>対象者数</th><td>1,595人</td></tr><tr><th>電話</th><td>窓口</td></tr></table>",
        "<dl><dt>対象者数</dt><dd>1,595人</dd></dl>",
        "<dl><dt>事業者</dt><dd>見本商事</dd><dt>対象者数</dt><dd>1,595人</dd></dl>",
    ],
)
def test_a_term_heads_its_description(table: str) -> None:
    assert counts(table) == [(1595, "人", ("row:対象者数",))]


def test_a_date_knows_its_row_and_a_line_of_text_has_no_heads() -> None:
    facts = extract("発生日 | 2024年3月5日\n2024年3月6日に10人分を公表しました。")
    assert [fact.qualifiers for fact in facts if fact.field in ("date", "count")] == [("row:発生日",), (), ()]


def test_a_row_without_digits_below_the_heads_is_no_head() -> None:
    table = (
        "<table><tr><th>市</th><th>件数</th></tr><tr><td>甲市</td><td>調査中</td></tr>"
        "<tr><td>乙市</td><td>－</td></tr><tr><td>丙市</td><td>7</td></tr></table>"
    )
    assert [(value, heads) for value, _, heads in counts(table)] == [
        (None, ("row:甲市", "column:件数")),
        (7, ("row:丙市", "column:件数")),
    ]
