"""What a site adds to a row is no part of its title, and its days are days in Japan."""

from __future__ import annotations

from datetime import date

import pytest

from spiders.listings.listing import read_rows
from spiders.listings.row_titles import strip_marks
from storage.records import ListingRules

TITLE = "お客様情報の流出に関する続報"


def title(inside: str) -> str:
    body = f"<ul><li><time>2026年9月4日</time> <a href='/n/1.html'>{inside}</a></li></ul>"
    (row,) = read_rows(body.encode(), "https://a.example/", ListingRules("li", date="time"))
    return row.title


@pytest.mark.parametrize(
    "inside",
    [
        f"{TITLE} <span class='icon'>NEW</span>",
        f"<em>新着</em>{TITLE}",
        f"{TITLE}<span>更新</span>",
        f"<img src='n.gif' alt='NEW'>{TITLE}",
        f"{TITLE} NEW!",
        f"【更新】{TITLE}",
        f"{TITLE}［新着］",
        f"ＮＥＷ　{TITLE}".replace("　", " "),
        f"{TITLE}（PDF：120KB）",
        f"{TITLE} [PDFファイル／1.2MB]",
        f"{TITLE} PDF 98KB",
        f"{TITLE}（Excel形式　24キロバイト）",
        f"{TITLE}(412KB)",
        f"<b>New</b> {TITLE} <small>（PDF形式：1,204KB）</small>",
        f"{TITLE[:4]}&#8203;{TITLE[4:]}",
        f"◆NEW◆ {TITLE}",
        f"{TITLE}［9月8日追加］",
        f"{TITLE}（PDFファイル：3ページ、412KB）",
        f"{TITLE}<i>閲覧 31回</i>",
        f"<small>3日前</small>{TITLE}",
    ],
)
def test_marks_and_sizes_are_no_part_of_a_title(inside: str) -> None:
    assert title(inside) == TITLE


@pytest.mark.parametrize(
    "said",
    [
        "会員サイトの更新",
        "更新プログラムの不具合について",
        "新着情報の誤掲載について",
        "NEWS RELEASE",
        "Newマークの表示について",
        "BACKUP",
        "回復力UP",
        "【重要】不正アクセスについて",
        "NEW",
        "約120KBのデータの流出について",
        "様式の公開（PDF）",
        "9月8日更新の名簿の流出",
        "3日前に届いた封書の紛失",
    ],
)
def test_words_of_a_title_stay(said: str) -> None:
    assert strip_marks(said) == said


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-03T15:30:00Z", date(2026, 9, 4)),
        ("2026-09-03T23:59:59+00:00", date(2026, 9, 4)),
        ("2026-09-04T00:30:00+09:00", date(2026, 9, 4)),
        ("2026-09-04T08:00:00-0500", date(2026, 9, 4)),
        ("2026-09-03 15:30:00 UTC", date(2026, 9, 4)),
        ("20260903T153000Z", date(2026, 9, 4)),
        ("2026-09-04T23:30:00", date(2026, 9, 4)),
        ("2026年9月4日", date(2026, 9, 4)),
    ],
)
def test_a_time_with_a_zone_is_a_day_in_japan(text: str, day: date) -> None:
    body = f"<ul><li><time datetime='{text}'></time> <a href='/n/1.html'>{TITLE}</a></li></ul>"
    (row,) = read_rows(body.encode(), "https://a.example/", ListingRules("li", date="time"))
    assert row.published == day
