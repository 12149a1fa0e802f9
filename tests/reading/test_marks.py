"""Marks beside the line, words struck out, and characters that nobody sees."""

from __future__ import annotations

import pytest

from monitor.facts import extract
from monitor.reading import read


def page(*paragraphs: str) -> bytes:
    said = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><body><main><h1>お客様情報の流出について</h1>{said}</main></body></html>".encode()


def line(html: str) -> str:
    return read(page("経緯をご説明いたします。", html)).blocks[-1].text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("流出したのは8,120<sup>2</sup>名です", "流出したのは8,120名（2）です"),
        ("流出したのは<b>8,120</b><sup>※3</sup>名です", "流出したのは8,120名（※3）です"),
        ("<b>8,120<sup>＊</sup></b>名", "8,120名（＊）"),
        ("8,120<sup><a href='#chu1'>1</a></sup>件", "8,120件（1）"),
        ("約1.2<sup>(注1)</sup>万人", "約1.2万人(注1)"),
        ("8,120<span style='font-size:60%; vertical-align: super'>1,2</span>人分の", "8,120人分（1,2）の"),
        ("8,120<sup>1</sup>件個人データ", "8,120件（1）個人データ"),
        ("会員<sup>1</sup>8,120人", "会員（1）8,120人"),
        ("令和8<sup>※1</sup>年10月2日", "令和8年10月2日（※1）"),
        ("8,120¹人と6,700⁽²⁾件", "8,120人（1）と6,700件（2）"),
        ("8,120※1人", "8,120人（※1）"),
        ("8,120<small>注2</small>人", "8,120人（注2）"),
        ("8,120②件", "8,120件（②）"),
        ("8,120<sup>1</sup><sup>,2</sup>人です", "8,120人（1,2）です"),
        ("8,120<span class='sup'>3</span>件", "8,120件（3）"),
        ("8,120（※1）人", "8,120人（※1）"),
        ("8,120(注)件", "8,120(注)件"),
        ("8,120</p><p><sup>1</sup>人事部", "（1）人事部"),
        ("CO<sub>2</sub>濃度、12m<sup>2</sup>、1<sup>st</sup>", "CO2濃度、12m2、1st"),
    ],
)
def test_a_raised_mark_stands_behind_the_figure_it_hangs_on(html: str, text: str) -> None:
    assert line(html) == text


def test_a_mark_in_a_cell_is_no_digit_of_its_figure() -> None:
    table = (
        "<table><tr><th>区分</th><th>件数</th></tr><tr><td>氏名</td><td>4,310<sup>2</sup></td></tr></table>"
    )
    assert read(page("内訳です。", table)).blocks[-1].cells == ("氏名", "4,310（2）")


def test_counts_beside_marks_are_read_and_the_marks_are_not() -> None:
    found = extract(read(page("流出は8,120<sup>1</sup>人、口座は640<sup>※2</sup>件でした。")).text)
    assert [fact.value for fact in found if fact.field == "count"] == [8120, 640]


@pytest.mark.parametrize(
    "unseen", ["\u200b", "&shy;", "\u2060", "\u200c", "&zwj;", "\ufeff", "&lrm;", "\u034f", "\ufe00"]
)
def test_characters_without_width_part_no_word_and_no_number(unseen: str) -> None:
    assert line(f"漏え{unseen}い件数は8{unseen},120件") == "漏えい件数は8,120件"


@pytest.mark.parametrize(
    "html",
    [
        "件数は<s>8,120件</s><strong>9,455件</strong>です",
        "件数は<del>8,120件</del><ins>9,455件</ins>です",
        "件数は<span style='color:red; text-decoration: line-through'>8,120件</span>9,455件です",
        "件数は<span class='red line-through'>8,120件</span>9,455件です",
        "件数は<strike>8,<b>120</b>件</strike>9,455件です",
    ],
)
def test_what_is_struck_out_is_said_no_more(html: str) -> None:
    assert line(html) == "件数は9,455件です"


def test_an_element_that_strikes_out_the_whole_page_was_never_closed() -> None:
    reading = read(page("<s>経緯をご説明いたします。", "件数は8,120件です。" * 20))
    assert "8,120件" in reading.text
