"""Every notation of dates, numbers, provisions and telephone numbers that notices were seen to use."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.facts import extract
from storage.records import Fact

PUBLISHED = date(2024, 1, 26)


def read(text: str, *fields: str, published: date | None = PUBLISHED) -> list[Fact]:
    return [fact for fact in extract(text, published=published) if fact.field in fields]


def values(text: str, *fields: str, published: date | None = PUBLISHED) -> list[object]:
    return [fact.value for fact in read(text, *fields, published=published)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和6年1月24日", ["2024-01-24"]),
        ("令和６年１月２４日", ["2024-01-24"]),
        ("令和07年08月29日", ["2025-08-29"]),
        ("令和元年11月8日", ["2019-11-08"]),
        ("平成二十八年三月七日", ["2016-03-07"]),
        ("二〇二四年一月二十四日", ["2024-01-24"]),
        ("Ｒ６．３．２９", ["2024-03-29"]),
        ("R6.3.29", ["2024-03-29"]),
        ("H28/2/26", ["2016-02-26"]),
        ("㋿6年1月24日", ["2024-01-24"]),
        ("2024.02.29", ["2024-02-29"]),
        ("2024/2/9", ["2024-02-09"]),
        ("令和6年2月 29 日", ["2024-02-29"]),
        ("令和6年1月24日（水曜日）午後3時", ["2024-01-24"]),
        ("令和6（2024）年1月24日", ["2024-01-24"]),
        ("2024年（令和6年）1月24日", ["2024-01-24"]),
        ("令和6年(2024年)4月9日から同年6月", ["2024-04-09", "2024-06"]),
        ("平成28年3月から同31年3月まで", ["2016-03", "2019-03"]),
        ("2016年3月1日から19年3月12日", ["2016-03-01", "2019-03-12"]),
        ("16年9月28日", ["2016-09-28"]),
        ("2023年10月17日から同月31日まで", ["2023-10-17", "2023-10-31"]),
        ("10月16日、17日及び18日", ["2023-10-16", "2023-10-17", "2023-10-18"]),
        ("10月16、17日", ["2023-10-16", "2023-10-17"]),
        ("12月20日から1月5日", ["2023-12-20", "2024-01-05"]),
        ("5月26日", ["2023-05-26"]),
        ("昨年11月2日公表", ["2023-11-02"]),
        ("本年３月31日", ["2024-03-31"]),
        ("本日公表", ["2024-01-26"]),
        ("1/24(水) 15:58", ["2024-01-24"]),
        ("2025年8月", ["2025-08"]),
        ("令和6年2月末", ["2024-02-29"]),
        ("令和2年8月上旬", ["2020-08"]),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert values(text, "date", "deadline") == expected


@pytest.mark.parametrize(
    "text",
    [
        "令和5年度から",
        "2024年3月期の決算",
        "平成 15 年法律第 57号",
        "電話0120-220-614",
        "法第148条第1項",
        "バージョン2024.11.1",
        "https://www.example.jp/2023/10/17/",
        "30日以内に報告する。3～5日",
        "1日に3件",
        "- 12 -",
        "192.168.2024.1",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert values(text, "date", "deadline") == []


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("2月39日", None, "impossible"),
        ("令和6年2月30日", None, "impossible"),
        ("平成31年5月1日", "2019-05-01", "era-ended"),
        ("令和元年4月1日", "2019-04-01", "era-not-begun"),
        ("令和5年（2022年）4月1日", "2023-04-01", "year-mismatch"),
        ("令和6年1月24日（木）", "2024-01-24", "weekday-mismatch"),
        ("5月26日", "2023-05-26", "year-assumed"),
    ],
)
def test_doubtful_dates_are_kept_and_flagged(text: str, value: str | None, qualifier: str) -> None:
    (fact,) = read(text, "date")
    assert fact.value == value
    assert qualifier in fact.qualifiers
    assert fact.raw == text[fact.start : fact.end]


def test_without_any_year_none_is_guessed() -> None:
    (fact,) = read("5月26日に発覚", "date", published=None)
    assert (fact.value, fact.qualifiers) == ("--05-26", ("year-assumed", "year-unknown"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2月末までに報告するよう求めた", ["2024-02-29"]),
        ("2月中に報告するよう求めた", ["2024-02-29"]),
        ("3月29日まで、措置の状況を報告", ["2024-03-29"]),
        ("報告期限は2月29日。", ["2024-02-29"]),
        ("2月29日必着", ["2024-02-29"]),
        ("令和6年3月29日（金）17時までに提出", ["2024-03-29"]),
        ("2013年7月から2023年1月まで持ち出されていた", []),
        ("10月17日までに判明した件数", []),
        ("令和5年12月28日までに報告を受けた", []),
    ],
)
def test_deadlines(text: str, expected: list[str]) -> None:
    assert values(text, "deadline") == expected


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("約928万人分", 9_280_000, "人分"),
        ("約９２８万人分", 9_280_000, "人分"),
        ("9,280,000件", 9_280_000, "件"),
        ("１，８４２名", 1842, "名"),
        ("二十八名", 28, "名"),
        ("百二十三件", 123, "件"),
        ("五七名", 57, "名"),
        ("一万二千三百四十五件", 12_345, "件"),
        ("約1億2,000万件", 120_000_000, "件"),
        ("約7.2万件", 72_000, "件"),
        ("6万5993件", 65_993, "件"),
        ("25万4,241人", 254_241, "人"),
        ("120万8,112件", 1_208_112, "件"),
        ("約1万2千件", 12_000, "件"),
        ("③50件", 50, "件"),
        ("〇件", 0, "件"),
        ("8,000余件", 8000, "件"),
        ("69の団体", 69, "団体"),
        ("最大約529万に", 5_290_000, ""),
        ("件数：150", 150, "件"),
        ("対象人数 | 1,842", 1842, "人"),
        ("数百件", None, "件"),
        ("十数名", None, "名"),
        ("件数非公表", None, "件"),
        ("件数については現在確認中", None, "件"),
        ("対象者数は不明", None, "人"),
        ("65アドレス", 65, "アドレス"),
        ("6,493契約", 6493, "契約"),
        ("7,691事業所", 7691, "事業所"),
    ],
)
def test_counts(text: str, value: int | None, unit: str) -> None:
    (fact,) = read(text, "count")
    assert (fact.value, fact.unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "第148条第1項",
        "一般社団法人",
        "（一社）例示協会",
        "一人ひとり",
        "3件目",
        "1件当たり500円",
        "今回の一件",
        "統一社会",
        "3社員",
        "〇〇件",
        "100億円",
        "全員名簿",
    ],
)
def test_what_is_no_count(text: str) -> None:
    assert values(text, "count") == []


@pytest.mark.parametrize(
    ("text", "qualifiers"),
    [
        ("最大延べ約18万件", {"approx", "max", "gross"}),
        ("900万件超", {"over"}),
        ("1,000人以上", {"min"}),
        ("50名未満", {"under"}),
        ("13万3000人あまり", {"approx", "over"}),
        ("それぞれ約3千件", {"approx", "each"}),
        ("約18万件のおそれ", {"approx", "possible"}),
        ("10月17日時点で約3万件", {"approx", "as-of:2023-10-17"}),
        ("うち外部への流出3,794人", {"subset"}),
        ("推計30万人", {"estimate"}),
    ],
)
def test_qualifiers_of_counts(text: str, qualifiers: set[str]) -> None:
    (fact,) = read(text, "count")
    assert set(fact.qualifiers) == qualifiers


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("対象は3,923人です", "affected"),
        ("対象者3,721人に通知しました", "notified"),
        ("69団体", "organisations"),
        ("職員3人", "staff"),
        ("問い合わせ323件", "consultations"),
        ("65アドレス", "mails"),
        ("パソコン2台", "things"),
    ],
)
def test_what_is_counted(text: str, role: str) -> None:
    assert [fact.role for fact in read(text, "count")] == [role]


def provision(article: str, paragraph: str | None = None, law: str = "APPI") -> dict[str, str | None]:
    return {"law": law, "article": article, "paragraph": paragraph}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("法第148条第1項", [provision("148", "1")]),
        ("個人情報保護法148条1項", [provision("148", "1")]),
        ("第百四十八条第一項", [provision("148", "1")]),
        ("法第23条及び第25条", [provision("23"), provision("25")]),
        ("法第148条第1項及び第2項", [provision("148", "1"), provision("148", "2")]),
        ("法第148条第1項、同条第3項", [provision("148", "1"), provision("148", "3")]),
        ("法第22条の2第1項", [provision("22の2", "1")]),
        (
            "行政手続における特定の個人を識別するための番号の利用等に関する法律（以下「法」という。）第12条、法第29条",
            [provision("12", None, "My Number Act"), provision("29", None, "My Number Act")],
        ),
        ("番号法第33条。法第147条", [provision("33", None, "My Number Act"), provision("147")]),
        ("個人情報の保護に関する法律施行規則第7条第3号", [provision("7", None, "APPI Rules")]),
        ("146条、147条と148条", [provision("146"), provision("147"), provision("148")]),
        ("契約書第5条、利用規約第3条、北4条西5丁目、3条件", []),
    ],
)
def test_provisions(text: str, expected: list[dict[str, str | None]]) -> None:
    assert values(text, "provision") == expected


@pytest.mark.parametrize(
    ("text", "published", "now"),
    [
        ("法第42条第1項", date(2017, 11, 1), "148"),
        ("法第20条", date(2021, 6, 1), "23"),
        ("法第145条第1項", date(2022, 9, 1), "148"),
        ("法第148条第1項", date(2024, 1, 24), None),
        ("法第20条", date(2024, 1, 24), None),
    ],
)
def test_articles_are_numbered_as_at_the_date_of_the_text(
    text: str, published: date, now: str | None
) -> None:
    (fact,) = read(text, "provision", published=published)
    assert fact.qualifiers == ((f"now:{now}",) if now else ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0120-220-614", ["0120-220-614"]),
        ("０１２０－２２０－６１４", ["0120-220-614"]),
        ("（058）214-2966", ["058-214-2966"]),
        ("電話：０３（６４５７）９６８０", ["03-6457-9680"]),
        ("電話0312345678", ["0312345678"]),
        ("058-214-2966/0120-142-966", ["058-214-2966", "0120-142-966"]),
        ("〒100-0013 2024-01-24 1234-5678-9012-3456", []),
    ],
)
def test_phones(text: str, expected: list[str]) -> None:
    assert values(text, "phone") == expected


@pytest.mark.parametrize(
    ("text", "value", "raw", "role"),
    [
        ("電話：+81-3-1234-5678", "+81-3-1234-5678", "+81-3-1234-5678", "phone"),
        ("電話：+81 3 1234 5678", "+81-3-1234-5678", "+81 3 1234 5678", "phone"),
        ("電話：０１２０（１１１）２２２", "0120-111-222", "０１２０（１１１）２２２", "phone"),
        ("FAX：03-1234-5678", "03-1234-5678", "03-1234-5678", "fax"),
        ("ファクシミリ 03-1234-5678", "03-1234-5678", "03-1234-5678", "fax"),
        ("FAXは別にあります。電話03-1234-5678", "03-1234-5678", "03-1234-5678", "phone"),
        ("電話：03-1234-5678（内線123）", "03-1234-5678", "03-1234-5678", "phone"),
        ("携帯090-1234-5678", "090-1234-5678", "090-1234-5678", "phone"),
    ],
)
def test_a_number_is_called_by_telephone_or_by_fax(text: str, value: str, raw: str, role: str) -> None:
    (fact,) = read(text, "phone")
    assert (fact.value, fact.raw, fact.role) == (value, raw, role)


def test_a_corporate_number_with_a_wrong_check_digit_is_flagged() -> None:
    good, bad = read("法人番号7000012050002、法人番号7000012050003", "corporate-number")
    assert (good.qualifiers, bad.qualifiers) == ((), ("bad-check-digit",))


@given(
    st.text(
        alphabet="令和平成元年月日0123456789０１,.、。／/-(（)）第条項件人名社株式会社市県約最大万億千百十一二数まで期限「」以下法 \n㈱①",
        max_size=80,
    )
)
def test_any_text_is_read_and_every_place_is_right(text: str) -> None:
    for fact in extract(text, published=PUBLISHED):
        assert fact.raw == text[fact.start : fact.end]
        assert fact.raw


def test_a_column_of_counts_gives_its_cells_their_unit() -> None:
    text = "自治体 | 件数（件） | 対象者数\n例示市 | 1,500 | 1,204人\n見本町 | 約2万 | 確認中\n更新 | 12"
    found = [(fact.value, fact.unit, fact.raw) for fact in read(text, "count")]
    assert found == [
        (1500, "件", "1,500"),
        (1204, "人", "1,204人"),
        (20_000, "件", "約2万"),
        (None, "人", "確認中"),
    ]


@pytest.mark.parametrize(
    "word", ["1", "一", "1,", "最大", "約", "株式会社", "株式会社A", "千葉市", "第1条", "(", "「"]
)
def test_a_page_of_one_word_is_read_like_any_other(word: str) -> None:
    """What backtracks without a bound would not come back from this."""
    extract(word * (20_000 // len(word)))


@pytest.mark.parametrize("text", ["合計5\n億件", "約4\n万人分の情報", "5\u3000億2,000\n万件"])
def test_a_number_broken_over_a_line_is_no_reason_to_stop(text: str) -> None:
    extract(text, published=PUBLISHED)


@pytest.mark.parametrize(
    ("text", "value"), [("回線IDが漏えい", "user id"), ("客番号が漏えい", "contract number")]
)
def test_an_item_begins_with_any_of_its_words(text: str, value: str) -> None:
    assert values(text, "data-item") == [value]
