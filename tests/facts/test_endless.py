"""Text without end or sense: it costs as much as it is long, and nothing is invented from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.facts import extract
from tests.growth import LINEAR, exponent

MEGABYTE = 1_000_000
DENIAL = "漏えいがないことを確認していないことはないとは確認されておらず、"
COLUMN = "職員が令和6年3月5日に名簿を株式会社みほんの倉庫で紛失し漏えいした事案の概要\n"
ENGLISH = (
    "We regret to inform you that the personal information of 12,345 customers may have been accessed on March 5, "
    "2024. The names and addresses of 67 employees were not included. Please call us on weekdays. "
)


def table(rows: int) -> str:
    return "市町村 | 件数 | 備考\n" + "".join(f"第{i}市 | {i}件 | 済\n" for i in range(rows))


def named(number: int) -> str:
    """Return one of a million names of three characters."""
    return "".join(chr(0x4F00 + number // 100**place % 100 * 3) for place in range(3))


TEXTS: dict[str, Callable[[int], str]] = {
    "digits": lambda n: "7" * n,
    "digits in groups": lambda n: "1,234," * (n // 6),
    "kanji numerals": lambda n: "一二三四五六七八九十百千万億" * (n // 14),
    "opening brackets": lambda n: "（「『" * (n // 3),
    "brackets in brackets": lambda n: "（" * (n // 2) + "）" * (n // 2),
    "pairs of brackets": lambda n: "「」" * (n // 2),
    "denials in denials": lambda n: DENIAL * (n // len(DENIAL)),
    "denials, each a sentence": lambda n: (DENIAL[:-2] + "りません。") * (n // 36),
    "deeds joined": lambda n: "情報が流出した形跡や、または悪用されたりした記録、" * (n // 25),
    "criteria": lambda n: "次のいずれかに該当する場合は公表します。\n- 漏えいした場合\n" * (n // 31),
    "one word": lambda n: "漏洩" * (n // 2),
    "possibilities": lambda n: "漏えいの可能性" * (n // 7),
    "deeds not meant": lambda n: "情報が漏えい。" + "本来は氏名を誤って配ってしまい、" * (n // 16),
    "mishaps told by no name": lambda n: (
        "情報が流出。" + "隣の方の書類を、" * (n // 8) + "。" + "別の方に、" * (n // 5)
    ),
    "English": lambda n: ENGLISH * (n // len(ENGLISH)),
    "dates": lambda n: "令和5年10月17日" * (n // 10),
    "company forms": lambda n: "株式会社" * (n // 4),
    "offices": lambda n: "個人情報保護委員会に" * (n // 10),
    "lines of a column": lambda n: COLUMN * (n // len(COLUMN)),
    "table": lambda n: table(n // 12),
    "one row": lambda n: "件数 | " * (n // 5) + "\n" + "1 | " * (n // 4),
}

NAMES: dict[str, Callable[[int], str]] = {
    "companies": lambda n: "".join(f"{named(i)}重工業株式会社は漏えいした。" for i in range(n // 17)),
    "schools": lambda n: "".join(f"市立{named(i)}中は漏えいした。" for i in range(n // 13)),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_cpu_time_grows_with_the_text(text: Callable[[int], str]) -> None:
    assert exponent(text, extract, 2_000, 16_000) <= LINEAR


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_cpu_time_grows_with_the_text_however_many_it_names(text: Callable[[int], str]) -> None:
    assert exponent(text, extract, 10_000, 80_000) <= LINEAR


@pytest.mark.parametrize(
    "name", ["digits", "digits in groups", "kanji numerals", "opening brackets", "brackets in brackets"]
)
def test_a_megabyte_of_nothing_says_nothing(name: str) -> None:
    assert extract(TEXTS[name](MEGABYTE)) == []


def test_a_megabyte_of_denials_states_no_leak() -> None:
    found = extract(TEXTS["denials, each a sentence"](MEGABYTE))
    assert {(fact.field, fact.value) for fact in found} <= {
        ("outcome", "not confirmed"),
        ("outcome", "possible"),
    }
    found = extract(TEXTS["denials in denials"](MEGABYTE // 5))
    assert not [fact for fact in found if fact.value in ("leaked", "taken out", "misused")]


def test_a_notice_in_english_is_not_read_as_japanese() -> None:
    assert [fact for fact in extract(ENGLISH * 5) if fact.field not in ("phone", "date")] == []


def test_every_count_of_a_long_table_is_found_once_and_nothing_else() -> None:
    found = [fact for fact in extract(table(10_000)) if fact.field == "count"]
    assert [fact.value for fact in found] == list(range(10_000))
    assert {fact.unit for fact in found} == {"件"}
    assert found[7].qualifiers == ("row:第7市", "column:件数")
