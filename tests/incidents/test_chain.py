"""Follow-ups: stages in titles, and predecessors named by date and title."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from monitor.incidents import chains, claims, follow, stage
from monitor.incidents.chain import Stage, base_title, predecessor
from storage.records import Notice

NOW = datetime(2024, 3, 1, tzinfo=UTC)


def notice(id: int, title: str, published: date, source: str = "example") -> Notice:
    return Notice(source, id, f"https://example.jp/{id}", title, published, NOW, NOW, id=id)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("不正アクセスについて", Stage()),
        ("不正アクセスについて（速報）", Stage("first")),
        ("不正アクセスについて(第一報)", Stage("first", 1)),
        ("不正アクセスについて（第２報）", Stage("numbered", 2)),
        ("不正アクセスについて（第十二報）", Stage("numbered", 12)),
        ("【続報】不正アクセスについて", Stage("further")),
        ("不正アクセスについて（確報）", Stage("full")),
        ("不正アクセスについて（第5報・最終報告）", Stage("final", 5)),
        ("（訂正）不正アクセスについて", Stage("correction")),
        ("不正アクセスについて（その2）", Stage("numbered", 2)),
    ],
)
def test_stages(title: str, expected: Stage) -> None:
    assert stage(title) == expected


def test_notices_of_a_chain_share_their_title_without_the_stage() -> None:
    titles = (
        "不正アクセスについて（第一報）",
        "不正アクセスについて（第２報）",
        "【続報】不正アクセスについて",
    )
    assert len({base_title(title) for title in titles}) == 1


def test_a_follow_up_names_its_predecessor() -> None:
    text = "当社は、2023年12月7日に「不正アクセスに関するお知らせ」（以下、既報）を公表いたしました。"
    (claim,) = claims(text)
    assert (claim.published, claim.title) == (date(2023, 12, 7), "不正アクセスに関するお知らせ")
    first = notice(1, "不正アクセスに関するお知らせ", date(2023, 12, 7))
    other = notice(2, "採用に関するお知らせ", date(2023, 12, 7))
    assert predecessor(claim, [other, first]) == first


@pytest.mark.parametrize(
    "text",
    [
        "令和5年12月7日付け「個人情報の漏えいについて」にてお知らせした件",
        "２０２３年１２月７日に当社ホームページにおいて「個人情報の漏えいについて」を掲載しました",
        "2023年12月7日の「個人情報の漏えいについて」で公表した件数",
    ],
)
def test_claims_in_other_words(text: str) -> None:
    assert [(claim.published, claim.title) for claim in claims(text)] == [
        (date(2023, 12, 7), "個人情報の漏えいについて")
    ]


def test_two_that_fit_are_none() -> None:
    (claim,) = claims("2023年12月7日に「お知らせ」を公表しましたが") or [None]
    assert claim is not None
    twins = [
        notice(1, "お知らせ（東京）", date(2023, 12, 7)),
        notice(2, "お知らせ（大阪）", date(2023, 12, 7)),
    ]
    assert predecessor(claim, twins) is None


def test_chains_in_order() -> None:
    first = notice(1, "不正アクセスに関するお知らせ", date(2023, 12, 7))
    second = notice(2, "調査結果のご報告", date(2024, 2, 9))
    third = notice(3, "不正アクセスに関するお知らせ（最終報）", date(2024, 3, 1))
    other = notice(4, "夏季休業のお知らせ", date(2024, 1, 1))
    followed = follow(
        [(first, ""), (second, "2023年12月7日に「不正アクセスに関するお知らせ」を公表しました"), (third, "")]
    )
    assert followed == {2: 1}
    assert [[n.id for n in chain] for chain in chains([third, other, second, first], followed)] == [
        [1, 2, 3],
        [4],
    ]


def test_equal_titles_without_a_stage_are_no_chain() -> None:
    closed = [notice(i, "休業のお知らせ", date(2024, i, 1)) for i in (1, 2)]
    assert [len(chain) for chain in chains(closed)] == [1, 1]
