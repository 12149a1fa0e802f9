"""What a page can make long costs in proportion to its length."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feeds.wording.text_html import text_html
from monitor.facts import compare_facts
from spiders.transport.onward import points_to
from storage.records import Block, Fact, Recipe, Version
from tests.growth import LINEAR, exponent
from tests.storage.builders import NOW

PLAIN = Version(1, 1, NOW, "", "", (), (), "", Recipe("", 1, 1, 1, 1))


def table(rows: int) -> tuple[Version, list[Fact]]:
    """A text of ``rows`` rows of a table, each with a count, as it is shown on a notice's page."""
    blocks, facts, offset = [], [], 0
    for number in range(rows):
        name, count = f"市{number}", f"{number}人"
        text = f"{name} | {count}"
        blocks.append(Block("row", text, cells=(name, count)))
        start = offset + len(name) + 3
        facts.append(Fact("count", number, count, start, start + len(count), unit="人"))
        offset += len(text) + 1
    text = "\n".join(block.text for block in blocks)
    return replace(PLAIN, text=text, blocks=tuple(blocks)), facts


def counts(number: int) -> tuple[list[Fact], list[Fact]]:
    """Two readings of a text between which every one of its counts changed."""
    old, new = (
        [Fact("count", value * 10 + digit, f"{value * 10 + digit}人", value, value + 1, unit="人")
         for value in range(number)]
        for digit in (3, 7)
    )  # fmt: skip
    return old, new


def test_a_long_table_is_shown_in_linear_time():
    assert exponent(table, lambda made: text_html(*made), 500, 8_000) <= LINEAR


def test_every_count_of_a_long_table_is_marked():
    shown = text_html(*table(50))
    assert shown.count("<mark>") == 50
    assert "<td>市49</td><td><mark>49人</mark></td>" in shown


def test_changed_counts_are_told_in_linear_time():
    assert exponent(counts, lambda made: compare_facts(*made), 250, 4_000) <= LINEAR


def test_every_changed_count_is_told_as_one_change():
    told = compare_facts(*counts(300))
    assert [(change.old, change.new) for change in told] == [
        (f"{value * 10 + 3}人", f"{value * 10 + 7}人") for value in range(300)
    ]


@pytest.mark.parametrize(
    "piece", ["<", "<script>", "<script>location", "<meta ", "<!--", "<script>a</script>"]
)
def test_where_a_page_points_is_found_in_linear_time(piece: str):
    def page(size: int) -> bytes:
        return ("<html>location" + piece * (size // len(piece))).encode()

    grown = exponent(page, lambda body: points_to(body, "https://a.example/"), 15_000, 59_000, enough=1.4)
    assert grown <= 1.4  # milliseconds, of which reading the charset is most; it was 2.0
