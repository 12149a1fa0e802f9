"""What a date leaves out follows from its neighbours, from the day of publication, and from its weekday."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.facts import extract

MAY = date(2024, 5, 20)


def dated(text: str, published: date | None) -> list[str]:
    """The value of each date with what is said of it."""
    found = extract(text, published=published)
    return [
        " ".join((str(fact.value), *(one for one in fact.qualifiers if one != "year-assumed")))
        for fact in found
        if fact.field in ("date", "deadline")
    ]


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        # the nearest such day before publication
        ("5月20日に判明した。", MAY, ["2024-05-20"]),
        ("5月21日に判明した。", MAY, ["2023-05-21"]),
        ("12月31日に判明した。", MAY, ["2023-12-31"]),
        ("1月1日に判明した。", MAY, ["2024-01-01"]),
        ("5月に判明した。", MAY, ["2024-05"]),
        ("6月に判明した。", MAY, ["2023-06"]),
        # a demand looks ahead
        ("5月20日までに報告するよう求めた。", MAY, ["2024-05-20"]),
        ("5月19日までに報告するよう求めた。", MAY, ["2025-05-19"]),
        ("6月1日までに報告するよう求めた。", MAY, ["2024-06-01"]),
        # the year of the date before it in its sentence
        ("令和5年4月1日に採用し、6月30日に退職した。", MAY, ["2023-04-01", "2023-06-30"]),
        ("令和5年12月20日に届き、1月5日に気付いた。", MAY, ["2023-12-20", "2024-01-05"]),
        ("令和4年12月20日に届いた。1月5日に気付いた。", MAY, ["2022-12-20", "2023-01-05"]),
        # what something is says nothing of the year in which it happened
        ("平成30年3月卒業生の名簿を4月3日に紛失した。", MAY, ["2018-03", "2024-04-03"]),
        ("昨年11月に購入した端末から、4月3日に見つかった。", MAY, ["2023-11", "2024-04-03"]),
        ("令和4年4月1日に契約し、6月30日に終えた。", MAY, ["2022-04-01", "2022-06-30"]),
        ("令和5年12月20日から1月5日まで", MAY, ["2023-12-20", "2024-01-05"]),
        ("令和5年12月20日から12月25日まで", MAY, ["2023-12-20", "2023-12-25"]),
        ("令和6年4月20日から1月5日まで", MAY, ["2024-04-20", "2024-01-05"]),  # not after publication
        # without a day of publication the text's first full date stands for it
        ("5月21日に判明した。令和6年5月20日に公表した。", None, ["2023-05-21", "2024-05-20"]),
        ("5月20日に判明した。令和6年5月20日に公表した。", None, ["2024-05-20", "2024-05-20"]),
        ("令和5年11月20日に判明した。\n2月1日に公表した。", None, ["2023-11-20", "2024-02-01"]),
        ("令和5年9月20日に判明した。\n2月1日に公表した。", None, ["2023-09-20", "2023-02-01"]),
        ("令和5年11月20日に判明した。\n4月1日に公表した。", None, ["2023-11-20", "2023-04-01"]),
        ("5月20日に判明した。", None, ["--05-20 year-unknown"]),
        # leap days stand in leap years
        ("2月29日に判明した。", date(2025, 3, 1), ["2024-02-29"]),
        ("2月29日に判明した。", MAY, ["2024-02-29"]),
        ("令和5年2月29日に判明した。", MAY, ["None impossible"]),
        # words for days and years
        ("本日公表した。", MAY, ["2024-05-20"]),
        ("昨日公表した。", MAY, ["2024-05-19"]),
        ("昨日公表した。", None, []),
        ("昨年5月1日に判明した。", MAY, ["2023-05-01"]),
        ("本年5月1日に判明した。", MAY, ["2024-05-01"]),
        ("令和4年3月1日に開始し、同年5月1日に終えた。", MAY, ["2022-03-01", "2022-05-01"]),
        ("令和4年3月1日に開始し、翌年5月1日に終えた。", MAY, ["2022-03-01", "2023-05-01"]),
        ("令和4年12月1日に開始し、同月5日に終えた。", MAY, ["2022-12-01", "2022-12-05"]),
        ("令和4年12月1日に開始し、翌月5日に終えた。", MAY, ["2022-12-01", "2023-01-05"]),
        ("今月5日に判明した。", MAY, ["2024-05-05"]),
        ("先月5日に判明した。", date(2024, 1, 9), ["2023-12-05"]),
        ("同月5日に判明した。", MAY, []),
        # short years
        ("平成30年3月1日から31年3月31日まで", MAY, ["2018-03-01", "2019-03-31"]),
        ("平成30年3月1日から同31年3月31日まで", MAY, ["2018-03-01", "2019-03-31"]),
        ("2018年3月1日から19年3月31日まで", MAY, ["2018-03-01", "2019-03-31"]),
        ("24年5月1日に判明した。", MAY, ["2024-05-01"]),
        ("25年5月1日に開始する。", MAY, ["2025-05-01"]),
        # bare days
        ("令和6年3月1日に開始し、15日に終えた。", MAY, ["2024-03-01", "2024-03-15"]),
        ("県は19日、漏えいがあったと発表した。", MAY, ["2024-05-19"]),
        ("県は21日に判明したと説明する。", MAY, ["2024-04-21"]),
        ("県は20日に判明したと説明する。", MAY, ["2024-05-20"]),
        ("3～5日で終える。", MAY, []),
        ("県は32日に判明した。", MAY, []),
        # weekdays decide, or are wrong
        ("5月21日（日）に判明した。", MAY, ["2023-05-21"]),
        ("5月19日（金）に判明した。", MAY, ["2023-05-19"]),
        ("5月19日（日）に判明した。", MAY, ["2024-05-19"]),
        ("5月19日（水）に判明した。", MAY, ["2024-05-19 weekday-mismatch"]),
        ("令和6年5月19日（月）に判明した。", MAY, ["2024-05-19 weekday-mismatch"]),
        # eras and pairs
        ("令和元年5月1日", MAY, ["2019-05-01"]),
        ("令和元年4月30日", MAY, ["2019-04-30 era-not-begun"]),
        ("平成31年4月30日", MAY, ["2019-04-30"]),
        ("平成31年5月1日", MAY, ["2019-05-01 era-ended"]),
        ("2024年（令和6年）1月24日", MAY, ["2024-01-24"]),
        ("2024年（令和5年）1月24日", MAY, ["2024-01-24 year-mismatch"]),
        ("令和6年（2024年）1月24日", MAY, ["2024-01-24"]),
        ("令和6年（2023年）1月24日", MAY, ["2024-01-24 year-mismatch"]),
        # parts of months
        ("令和6年2月末", MAY, ["2024-02-29 month-end"]),
        ("2024年3月期の決算", MAY, []),
        ("2024年3月分の請求", MAY, ["2024-03"]),
        ("3月分の請求", MAY, []),
        ("3月期の決算", MAY, []),
    ],
)
def test_what_a_date_leaves_out(text: str, published: date | None, expected: list[str]) -> None:
    assert dated(text, published) == expected


def counted(text: str) -> list[str]:
    return [
        " ".join((str(fact.value), fact.raw, fact.unit, fact.role, *fact.qualifiers))
        for fact in extract(text, published=MAY)
        if fact.field == "count"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("対象は約1,200人です。", ["1200 約1,200人 人 affected approx"]),
        ("対象は1,200人程度です。", ["1200 1,200人程度 人 affected approx"]),
        ("対象は最大1,200人です。", ["1200 最大1,200人 人 affected max"]),
        ("対象は少なくとも1,200人です。", ["1200 少なくとも1,200人 人 affected min"]),
        ("対象は1,200人以上です。", ["1200 1,200人以上 人 affected min"]),
        ("対象は1,200人未満です。", ["1200 1,200人未満 人 affected under"]),
        ("対象は1,200人を超える。", ["1200 1,200人を超え 人 affected over"]),
        ("対象は延べ1,200人です。", ["1200 延べ1,200人 人 affected gross"]),
        (
            "対象は1,200人（うち市民300人）です。",
            ["1200 1,200人 人 affected", "300 300人 人 affected subset"],
        ),
        ("対象は1,200人と推計される。", ["1200 1,200人 人 affected"]),
        ("対象は推計1,200人です。", ["1200 推計1,200人 人 affected estimate"]),
        ("1,200人の情報が漏えいした可能性がある。", ["1200 1,200人 人 affected possible"]),
        ("対象は2～3人です。", ["2 2 人 affected", "3 3人 人 affected"]),
        ("対象は12,00人です。", ["1200 12,00人 人 affected odd-grouping"]),
        ("件数：150", ["150 150 件 affected"]),
        ("対象は数十人です。", ["None 数十人 人 affected vague"]),
        ("件数は確認中です。", ["None 件数は確認中 件 affected under-investigation"]),
        ("10月17日時点で1,200人です。", ["1200 1,200人 人 affected as-of:2023-10-17"]),
        ("職員3人が関与した。", ["3 3人 人 staff"]),
        ("3人に通知しました。", ["3 3人 人 notified"]),
        ("相談は3件です。", ["3 3件 件 consultations"]),
        ("同様の事案が3件ありました。", ["3 3件 件 incidents"]),
        ("書類3件を紛失した。", ["3 3件 件 things"]),
        ("1件もありません。", []),
        ("2人1組で確認する。", []),
        ("次の3点に取り組む。", []),
        ("2人目の職員。", []),
        ("第3社", []),
        ("〇〇件", []),
        ("この一件について", []),
        ("一件書類を紛失した。", []),
        ("3 学校の対応", []),
        ("利用者数：150", ["150 150 人 affected"]),
        ("者数：150", ["150 150 人 affected"]),
        ("人数（合計）：1万2千", ["12000 1万2千 人 affected"]),
        ("件数は精査中です。", ["None 件数は精査中 件 affected under-investigation"]),
        ("件数は集計中です。", ["None 件数は集計中 件 affected under-investigation"]),
        ("件数は特定中です。", ["None 件数は特定中 件 affected under-investigation"]),
        ("件数は調査中です。", ["None 件数は調査中 件 affected under-investigation"]),
        ("件数は非公表", ["None 件数は非公表 件 affected undisclosed"]),
        ("件数は未公表", ["None 件数は未公表 件 affected undisclosed"]),
        ("件数は公表していません。", ["None 件数は公表して 件 affected undisclosed"]),
        ("件数は明らかにしていません。", ["None 件数は明らかにして 件 affected undisclosed"]),
        ("件数は明らかになっていません。", ["None 件数は明らかになっていません 件 affected unknown"]),
        ("件数は不明です。", ["None 件数は不明 件 affected unknown"]),
        ("対象者の数は分かっていません。", ["None 対象者の数は分かってい 人 affected unknown"]),
        ("最大約529万に", ["5290000 最大約529万  affected approx max"]),
        ("約529万円に", []),
        ("529万に", []),
        ("概ね1,200人です。", ["1200 概ね1,200人 人 affected approx"]),
        ("1,200人近くです。", ["1200 1,200人近く 人 affected approx under"]),
        ("1,200人を下回る。", ["1200 1,200人を下回 人 affected under"]),
        ("1,200人余りです。", ["1200 1,200人余り 人 affected approx over"]),
        ("1,200人弱です。", ["1200 1,200人弱 人 affected approx under"]),
        ("1,200人強です。", ["1200 1,200人強 人 affected approx over"]),
        ("それぞれ3人です。", ["3 それぞれ3人 人 affected each"]),
        ("内訳は市民300人です。", ["300 300人 人 affected subset"]),
        ("12部を紛失した。", ["12 12部 部 things"]),
        ("12通を誤送した。", ["12 12通 通 mails"]),
        ("誤って3通を送付しました。", ["3 3通 通 mails"]),
        ("3社に通知しました。", ["3 3社 社 notified"]),
        ("3アドレスに送信した。", ["3 3アドレス アドレス mails"]),
        ("3台を紛失した。", ["3 3台 台 things"]),
        ("3人中2位", []),
        ("3人ずつ", []),
        ("3人で確認する", []),
        ("3名体制", []),
        ("0.2人", []),
        ("1.5万人", ["15000 1.5万人 人 affected"]),
        ("一人ひとり", []),
        ("一人が", ["1 一人 人 affected"]),
        ("二人が", ["2 二人 人 affected"]),
        ("社会人1人", ["1 1人 人 affected"]),
        ("最低3人", ["3 最低3人 人 affected min"]),
        ("上限3人", ["3 上限3人 人 affected max"]),
        ("名簿3件を紛失した。", ["3 3件 件 things"]),
        ("3件の事案", ["3 3件 件 incidents"]),
        ("漏えい等報告は3件です。", ["3 3件 件 reports"]),
        ("苦情3件", ["3 3件 件 consultations"]),
        ("通知済み3人", ["3 3人 人 notified"]),
        ("職員等3人の患者の情報", ["3 3人 人 affected"]),
        ("従業員3人分の情報", ["3 3人分 人分 staff"]),
        ("3人分の職員の情報", ["3 3人分 人分 staff"]),
        ("それぞれ2～3件", ["2 2 件 affected each", "3 3件 件 affected each"]),
        ("69の団体", ["69 69の団体 団体 organisations"]),
        ("69の自治体", ["69 69の自治体 自治体 organisations"]),
        ("3団体", ["3 3団体 団体 organisations"]),
        ("3千件", ["3000 3千件 件 affected"]),
        ("3千5百件", ["3500 3千5百件 件 affected"]),
        ("12,345,67件", ["1234567 12,345,67件 件 affected odd-grouping"]),
    ],
)
def test_a_count_has_its_wording_unit_role_and_qualifiers(text: str, expected: list[str]) -> None:
    assert counted(text) == expected
