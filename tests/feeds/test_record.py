"""What a text says of a field, put so that nobody reads the opposite."""

from __future__ import annotations

from feeds.wording.text_html import FactsShown, facts_shown, parts_shown
from storage.records import Fact

FACTS = [
    Fact("outcome", "not confirmed", "流出", 0, 2, role="leak"),
    Fact("outcome", "not confirmed", "不正利用", 0, 2, role="misuse"),
    Fact("data-item", "bank account", "口座情報", 0, 4, qualifiers=("not included",)),
    Fact("action", "report demand", "報告するよう求め", 0, 4),
    Fact("count", 9_280_000, "約928万件", 0, 6, unit="件"),
    Fact("count", 9_280_000, "約928万件", 9, 15, unit="件"),
]


def test_what_a_text_denies_is_not_told_as_said() -> None:
    said = {stated.name: stated for stated in facts_shown(FACTS, "ja")}
    assert said["件数"] == FactsShown("件数", ["約928万件"])
    assert said["漏えいの有無"].values == ["確認されていない", "悪用は確認されていない"]
    assert said["データ項目"].values == ["口座情報(含まれない)"]
    english = {stated.name: stated.values for stated in facts_shown(FACTS, "en")}
    assert english["outcome"][0] == "not confirmed (確認されていない)"
    assert english["count"] == ["about 9,280,000 records (約928万件)"]


def test_what_holds_now_stands_out_from_what_earlier_versions_said() -> None:
    said = {"29,173人分": 3, "133,655人分": 2, "合計162,828人分": 3, "最大約14万人分": 1}
    facts = [Fact("count", None, raw, 0, 1, unit="人分") for raw in said]
    parts = [
        Fact("count", None, "5人", 0, 1, unit="人", qualifiers=("subset",)),
        Fact("count", None, "7人", 0, 1, unit="人", qualifiers=("row:見本市",)),
    ]
    since = {("count", raw): number for raw, number in said.items()}
    (counts,) = facts_shown([*facts, *parts], "ja", since)
    assert counts.values[0] == "合計162,828人分"
    assert counts.current == {"合計162,828人分"}
    assert counts.earlier == {"133,655人分": 2, "最大約14万人分": 1}
    (alone,) = facts_shown(facts[:2], "ja")
    assert (alone.current, alone.earlier) == (frozenset(), {})
    outcomes = [Fact("outcome", value, "流出", 0, 2, role="leak") for value in ("possible", "not confirmed")]
    (outcome,) = facts_shown(outcomes, "ja", {("outcome", "possible"): 1, ("outcome", "not confirmed"): 2})
    assert outcome.values == ["確認されていない", "可能性あり"]
    assert outcome.current == {"確認されていない"}


def test_dates_are_called_by_what_they_are_of_and_steps_say_when_and_how_many() -> None:
    facts = [
        Fact("date", "2024-01-10", "1月10日", 0, 5, role="discovered"),
        Fact("date", "2024-01-11", "1月11日", 0, 5, role="other"),
        Fact("step", "police-informed", "警察に相談", 0, 5, qualifiers=("date:2024-01-12",)),
        Fact("step", "data-recovered", "回収", 0, 2, qualifiers=("part:3", "of:5")),
        Fact("step", "persons-notified", "本人に通知", 0, 5, qualifiers=("denied",)),
        Fact(
            "days-to-publication", 5, "1月10日", 0, 5, "日", ("discovered:2024-01-10", "published:2024-01-15")
        ),
    ]
    assert {stated.name: stated.values for stated in facts_shown(facts, "ja")} == {
        "発覚日": ["1月10日"],
        "日付": ["1月11日"],
        "対応の経過": ["警察へ相談・届出 (2024年1月12日)", "回収 (5のうち3)", "本人へ通知(していない)"],
        "発覚から公表までの日数": ["5日 (2024年1月10日 → 2024年1月15日)"],
    }
    english = {stated.name: stated.values for stated in facts_shown(facts, "en")}
    assert english["day of discovery"] == ["10 January 2024 (1月10日)"]
    assert english["days from discovery to publication"] == ["5 days (10 January 2024 → 15 January 2024)"]
    assert english["step"][2] == "persons notified (not done) (本人へ通知(していない))"


def test_who_plays_which_part_is_quoted() -> None:
    text = "お詫び\n業務の委託先である見本商事が紛失しました。\n委員会は見本市に勧告しました。"
    facts = [
        Fact("role", "processor", "委託先", 7, 10, qualifiers=("organisation:見本商事",)),
        Fact("role", "processor", "委託先", 7, 10),
        Fact("action", "recommendation", "勧告", 33, 35, qualifiers=("respondent:見本市", "by:委員会")),
    ]
    assert parts_shown(text, facts, "ja") == [
        FactsShown("委託先", ["見本商事「業務の委託先である見本商事が紛失しました」"]),
        FactsShown("措置の対象", ["見本市「委員会は見本市に勧告しました」"]),
        FactsShown("措置を行った機関", ["委員会「委員会は見本市に勧告しました」"]),
    ]
    long = "あ" * 400 + "委託先のX" + "い" * 400
    (shown,) = parts_shown(long, [Fact("role", "host", "X", 404, 405, qualifiers=("organisation:X",))], "en")
    assert shown.values[0].startswith("X「…あ")
    assert len(shown.values[0]) < 200
