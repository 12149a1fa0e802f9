"""What moves by itself is masked; what only looks like it is not."""

from __future__ import annotations

import pytest

from monitor.comparing.sameness.keys import make_block_key, make_text_key
from monitor.comparing.sameness.noise import link_target
from storage.records import Block


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("現在時刻：10:15:22", "現在時刻：10:16:40"),
        ("表示日時：2026年11月23日 10時15分02秒", "表示日時：2026年11月24日 09時00分10秒"),
        ("本日は2026年11月23日（月）です", "本日は2026年11月24日（火）です"),
        ("最終更新日時 2026/11/23 10:15:22", "最終更新日時 2026/11/23 10:20:00"),
        ("Generated at 2026-11-23T10:15:22+09:00", "Generated at 2026-11-23T10:15:23+09:00"),
        ("アクセス数：15,204", "アクセス数：15,317"),
        ("アクセスカウンター 0012345", "アクセスカウンター 0012399"),
        ("あなたは15,204人目の訪問者です", "あなたは15,205人目の訪問者です"),
        ("本日のアクセス：12 昨日：340 累計：99,120", "本日のアクセス：13 昨日：340 累計：99,121"),
        ("訪問者数：1,204人", "訪問者数：1,205人"),
        ("123 views", "124 views"),
        ("いいね！ 12", "いいね！ 13"),
        ("3時間前に更新", "5時間前に更新"),
        ("2 hours ago", "3 hours ago"),
        ("2/4", "3/4"),
        ("掲載から5日が経過しました", "掲載から6日が経過しました"),
        ("このお知らせは公開から3週間たっています。", "このお知らせは公開から4週間たっています。"),
        ("公表後12日", "公表後13日"),
        ("公表開始から12日目", "公表開始から13日目"),
        ("最終改訂から30時間が経過", "最終改訂から54時間が経過"),
        ("Last edited 2d ago by webmaster", "Last edited 3d ago by webmaster"),
        ("本ページを閲覧した方：310名", "本ページを閲覧した方：311名"),
        ("31人の方が『役に立った』と回答しました", "32人の方が『役に立った』と回答しました"),
        ("今日：20 昨日：31 合計：10,444", "今日：21 昨日：30 合計：10,475"),
        ("アクセスランキング：第12位", "アクセスランキング：第9位"),
        ("Page rendered in 0.31 seconds.", "Page rendered in 0.27 seconds."),
        ("掲載8日目", "掲載9日目"),
        ("最終更新: 4 days ago", "最終更新: 5 days ago"),
        ("Last edited 2h ago", "Last edited 3h ago"),
        ("昨日更新", "一昨日更新"),
        ("4日前に改訂", "5日前に改訂"),
        ("掲載終了まであと9日です", "掲載終了まであと8日です"),
        ("Number of views: 310", "Number of views: 311"),
        ("Viewed 310 times", "Viewed 311 times"),
        ("310 people have read this page", "311 people have read this page"),
        ("1.2k likes", "1.3k likes"),
        ("この記事は3,310回閲覧されました", "この記事は3,311回閲覧されました"),
        ("3,310回表示", "3,311回表示"),
        ("現在12人が閲覧中", "現在9人が閲覧中"),
        ("参考になった：31人", "参考になった：32人"),
        ("お気に入り登録数 7", "お気に入り登録数 8"),
        ("はてブ 31 users", "はてブ 32 users"),
        ("♡ 12", "♡ 13"),
        ("2026.9.4｜閲覧 31回｜3日前", "2026.9.4｜閲覧 32回｜4日前"),
        ("総務課 / 31 views / 3日前", "総務課 / 32 views / 4日前"),
        ("スライド 2 / 4", "スライド 3 / 4"),
        ("報告書（PDF：412KB）", "報告書（PDF：415KB）"),
        ("報告書 [PDFファイル／1.2MB]", "報告書 [PDFファイル／1.3MB]"),
        ("一覧表（Excel 24キロバイト）", "一覧表（Excel 25キロバイト）"),
        ("様式（35.2KB）", "様式（35.9KB）"),
        (
            "Copyright (C) 2023 サンプル All Rights Reserved.",
            "Copyright (C) 2024 サンプル All Rights Reserved.",
        ),
        ("© 2008-2023 サンプル株式会社", "© 2008-2024 サンプル株式会社"),
        ("リクエストID: 7f3a9c01d2", "リクエストID: 0b44e9a7c1"),
        ("https://a.example/x?v=12", "https://a.example/x?v=13"),
        ("対象は５９件です", "対象は59件です"),
        ("東京都　千代田区", "東京都 千代田区"),
        ("午前9時〜午後5時", "午前9時～午後5時"),
        ("⾼齢者の⽅", "高齢者の方"),
    ],
)
def test_noise_is_equal(one: str, other: str) -> None:
    assert make_block_key(one) == make_block_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("不正アクセス数：1,204件", "不正アクセス数：1,205件"),
        ("ファイルの閲覧数は1,204件です。", "ファイルの閲覧数は1,205件です。"),
        ("発覚から12日が経過しました", "発覚から13日が経過しました"),
        ("1,204人が閲覧しました", "1,205人が閲覧しました"),
        ("ダウンロードされた件数は1,204件", "ダウンロードされた件数は1,205件"),
        ("フォローした方：31人の氏名", "フォローした方：32人の氏名"),
        ("氏名・住所 31件", "氏名・住所 32件"),
        ("3日前までに届出", "4日前までに届出"),
        ("閲覧数 | 12件 | 氏名を含む文書", "閲覧数 | 13件 | 氏名を含む文書"),
        ("台帳 | 閲覧 12回", "台帳 | 閲覧 13回"),
        ("合計：1,204件", "合計：1,205件"),
        ("検知日時：2023年10月17日 10時15分", "検知日時：2023年10月17日 10時16分"),
        ("令和6年1月17日現在、162,828人", "令和6年1月18日現在、162,828人"),
        ("10/17", "10/18"),
        ("31人が不正と回答しました", "32人が不正と回答しました"),
        ("本日20件、昨日31件の申出", "本日21件、昨日31件の申出"),
        ("2023年10月17日", "2023年10月18日"),
        ("更新日：2023年10月17日", "更新日：2023年10月18日"),
        ("約1.2GBのデータが持ち出されました。", "約1.3GBのデータが持ち出されました。"),
        ("漏えいは3日前に判明しました。", "漏えいは4日前に判明しました。"),
        ("電話 03-1234-5678", "電話 03-1234-5679"),
        ("①50件", "150件"),
        ("髙橋", "高橋"),
        ("2/3の世帯が対象", "1/3の世帯が対象"),
    ],
)
def test_content_is_not_noise(one: str, other: str) -> None:
    assert make_block_key(one) != make_block_key(other)


def test_a_clock_that_comes_or_goes_is_no_change() -> None:
    text = [Block("text", "お知らせです。")]
    assert make_text_key(text) == make_text_key([*text, Block("text", "現在時刻 10:15:22")])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/f.pdf", "http://www.a.example:80/f.pdf?utm_source=x"),
        ("https://a.example/list?page=2&sid=1f", "https://a.example/list?page=2&sid=2e"),
        ("https://a.example/(S(abc123))/f.aspx", "https://a.example/(S(zzz999))/f.aspx"),
        ("https://a.example/n/index.html", "https://a.example/n/"),
        ("https://a.example/f.pdf?x=1700000000", "https://a.example/f.pdf?x=1700000999"),
    ],
)
def test_one_target(one: str, other: str) -> None:
    assert link_target(one) == link_target(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/f.pdf", "https://a.example/g.pdf"),
        ("https://a.example/list?page=2", "https://a.example/list?page=3"),
        ("https://a.example/?a=1&b=2", "https://a.example/?b=2&a=1"),
        ("https://a.example/%83%5c", "https://a.example/%83%5d"),
        ("https://a.example/#!/1", "https://a.example/#!/2"),
    ],
)
def test_another_target(one: str, other: str) -> None:
    assert link_target(one) != link_target(other)


def test_addresses_that_are_none_are_survived() -> None:
    assert link_target("tel:0312345678") == ""
    assert link_target("javascript:void(0)") == ""
    assert link_target("http://[::1") == "http://[::1"
