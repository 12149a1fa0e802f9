from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.text.fold import fold, fold_with_map


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("①50件", "(1)50件"),
        ("９：００〜１７：００", "9:00~17:00"),
        ("午前９時～午後８時", "午前9時~午後8時"),
        ("東京都　千代田区\u00a0霞\u200bが関", "東京都千代田区霞が関"),
        ("㋿6年", "令和6年"),
        ("㈱例示", "(株)例示"),
        ("⾼⻘⻑⽉", "高青長月"),
        ("髙﨑", "髙﨑"),
        ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
        ("か\u3099", "が"),
        ("ProCX", "procx"),
        ("03−1234‐5678", "03-1234-5678"),
        ("サーバー", "サーバー"),
        ("葛\U000e0100城", "葛城"),
        ("\0\ud800", "\ufffd\ufffd"),
        ("", ""),
    ],
)
def test_what_reads_alike_folds_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text() | st.text("がかﾊﾟ゛ﾞ①㈱ー～ \n\u3099\u0301\u1161\u11a8가ᄀ⾼A", max_size=30))
def test_every_folded_character_is_traced_to_its_place(text: str) -> None:
    folded, offsets = fold_with_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    starts = sorted(set(offsets))
    pieces = [fold(text[a:b]) for a, b in zip([0, *starts], starts, strict=False)]
    assert "".join(pieces) == folded


def test_folding_twice_changes_nothing() -> None:
    text = "①令和５年１０月１７日（火）、約９００万件の個人情報が流出　ＮＴＴ㈱ ⾼⻘"
    assert fold(fold(text)) == fold(text)
