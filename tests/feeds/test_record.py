"""What a text says of a field, put so that nobody reads the opposite."""

from __future__ import annotations

from feeds.wording.text_html import FactsShown, facts_shown
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
