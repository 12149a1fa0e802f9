"""Denials and statements put together of many parts: no denial is told as a leak, and no leak is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product

import pytest

from monitor.facts import extract

STATED = {"leaked", "misused", "taken out"}
NOUNS = ("個人情報の流出", "データの持ち出し", "情報の悪用", "二次被害", "第三者への提供", "不審な電話")
DEEDS = (
    "情報が外部に流出した",
    "データが持ち出された",
    "カードが不正に利用された",
    "名簿が第三者に渡った",
    "情報を漏らした",
    "不審なメールが送信された",
)
FACTS = ("事実", "形跡", "記録", "こと", "という報告", "との連絡")
NONE = (
    "確認されていません",
    "見つからなかった",
    "ないことを確認しました",
    "認められておらず、監視を続けます",
)
DENIALS = (
    "{noun}や{other}、{noun}は{none}。",
    "{noun}、{other}及び{noun}のいずれも{none}。",
    "{deed}{fact}は{none}。",
    "{deed}り、{then}りした{fact}は{none}。",
    "{deed}{fact}や{then}{fact}は{none}。",
    "{deed}{fact}、{then}{fact}のいずれも{none}。",
    "{deed}、または{then}{fact}は{none}。",
    "「{deed}」との指摘がありますが、そのような事実は{none}。",
    "{noun}を示す{fact}は{none}。",
    "{noun}ではなく、表示の誤りであることを確認しました。",
    "{deed}のではなく、表示の誤りでした。",
    "{deed}とは考えておりません。",
    "次の事実は、いずれも発生していないことを確認しております。\n・{deed}{fact}\n・{noun}",
    "以下については、確認されておりません。\n(1){noun}\n(2){deed}{fact}",
)
LEAKS = (
    "{deed}ことが判明しました。",
    "{deed}ことは事実です。",
    "{deed}ことが分かり、{then}ことも確認されました。",
    "{deed}との指摘を受けて調べ、{then}ことが判明しました。",
    "{deed}が、{noun}は確認されていません。",
    "{deed}ものの、{noun}の有無は調査中です。",
    "{deed}{fact}が確認されました。",
    "{deed}り、{then}りしたことが確認されました。",
)


def sentences(forms: tuple[str, ...]) -> Iterator[str]:
    nouns, deeds, none = cycle(NOUNS), cycle(DEEDS), cycle(NONE)
    for form, noun, deed, fact in product(forms, NOUNS, DEEDS, FACTS):
        other, then = next(nouns), next(deeds)
        yield form.format(noun=noun, deed=deed, fact=fact, other=other, then=then, none=next(none))


@pytest.mark.parametrize("form", DENIALS)
def test_no_denial_is_told_as_a_leak(form: str) -> None:
    told = [text for text in set(sentences((form,))) if states(text)]
    assert told == []


@pytest.mark.parametrize("form", LEAKS)
def test_no_leak_is_passed_over(form: str) -> None:
    passed = [text for text in set(sentences((form,))) if not states(text)]
    assert passed == []


def states(text: str) -> bool:
    return any(fact.field == "outcome" and fact.value in STATED for fact in extract(text))
