"""What a reviewer must see, and what must stay silent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from feeds.wording.diff_text import to_text
from feeds.wording.summary import summarise
from monitor.comparing.diff import compare
from monitor.comparing.sameness.keys import make_text_key
from monitor.comparing.version_pair import compare_versions
from storage.records import Block, Hunk, Link, Version
from tests.storage.builders import NOW, RECIPE

NOTICE = (
    "2023年10月17日",
    "平素は当サービスをご利用いただき、ありがとうございます。",
    "業務を委託した会社の元派遣社員が、お客さま情報を不正に持ち出し、第三者に流出させていたことが判明しました。",
    "流出した可能性のある情報は、59の委託元に係る約900万件です。",
    "当社は、個人情報の保護に関する法律第26条第1項に基づき、個人情報保護委員会へ報告しました。",
    "ご不明な点は、令和5年12月28日までに下記窓口へお問い合わせください。",
    "電話　0120-000-614（受付時間　午前9時～午後8時）",
    "お客さまに多大なご迷惑をおかけし、深くお詫び申し上げます。",
)


def text(*lines: str) -> list[Block]:
    return [Block("text", line) for line in lines]


def edited(at: int, line: str) -> list[Block]:
    lines = list(NOTICE)
    lines[at] = line
    return text(*lines)


def table(head: Sequence[str], *rows: Sequence[str]) -> list[Block]:
    return [Block("row", " | ".join(row), tuple(row), tuple(head)) for row in (head, *rows)]


def hunks_of(old: Sequence[Block], new: Sequence[Block]) -> tuple[Hunk, ...]:
    return compare(old, new).hunks


def replaced(hunk: Hunk) -> list[tuple[str, str]]:
    return [(s.old, s.new) for s in hunk.segments if not s.equal]


def test_the_same_text_has_no_difference() -> None:
    assert compare(text(*NOTICE), text(*NOTICE)).hunks == ()


def test_a_count_is_one_token() -> None:
    found = compare(text(*NOTICE), edited(3, "流出した可能性のある情報は、69の委託元に係る約928万件です。"))
    assert [replaced(hunk) for hunk in found.hunks] == [[("59", "69"), ("約900万件", "約928万件")]]
    assert found.reasons == ("count",)
    assert found.material
    assert "約900万件 → 約928万件 (+28万)" in summarise(found.hunks, ())


def test_a_deadline_is_told_from_a_date() -> None:
    moved = edited(5, "ご不明な点は、令和6年3月29日までに下記窓口へお問い合わせください。")
    assert compare(text(*NOTICE), moved).reasons == ("deadline",)
    assert compare(text(*NOTICE), edited(0, "2023年10月18日")).reasons == ("date",)


def test_phone_and_provision_are_atomic() -> None:
    phone = hunks_of(text(*NOTICE), edited(6, "電話　0120-000-641（受付時間　午前9時～午後8時）"))
    assert replaced(phone[0]) == [("0120-000-614", "0120-000-641")]
    assert phone[0].reasons == ("phone",)
    law = hunks_of(text(*NOTICE), edited(4, NOTICE[4].replace("第1項", "第2項")))
    assert "provision" in law[0].reasons


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "第三者に流出させていたことが判明しました。",
            "第三者に流出させていた事実は確認されませんでした。",
        ),
        ("個人情報の漏えいが確認されました。", "個人情報の漏えいは確認されていません。"),
        ("現時点で情報の流出は確認されておりません。", "情報の流出が確認されました。"),
        (
            "個人情報が漏えいした可能性があります。",
            "調査の結果、個人情報の漏えいはなかったことを確認しました。",
        ),
    ],
)
def test_a_reversed_outcome_is_said(old: str, new: str) -> None:
    assert "outcome" in compare(text("お知らせです。", old), text("お知らせです。", new)).reasons


def test_a_reversed_outcome_is_seen_across_the_text() -> None:
    old = text("流出を確認しました。", *NOTICE[3:6])
    new = text(
        *NOTICE[3:6],
        "その後の外部専門機関による詳しい調査の結果、情報が外部へ漏えいした事実は認められませんでした。",
    )
    assert "outcome" in compare(old, new).reasons


def test_softer_wording_is_a_hint() -> None:
    found = compare(text(*NOTICE), edited(7, "お客さまにご心配をおかけし、お詫び申し上げます。"))
    assert "wording-softened?" in found.reasons


def test_postscript() -> None:
    line = "【2023年11月10日追記】二次被害は確認されておりません。"
    found = compare(text(*NOTICE), text(NOTICE[0], line, *NOTICE[1:]))
    assert [(hunk.op, hunk.new) for hunk in found.hunks] == [("insert", line)]
    assert set(found.reasons) == {"postscript", "added"}
    assert summarise(found.hunks, ()).startswith("追記「【2023年11月10日追記】")


def test_a_moved_paragraph_is_order_only() -> None:
    found = compare(text(*NOTICE), text(*NOTICE[:2], NOTICE[7], *NOTICE[2:7]))
    assert [hunk.op for hunk in found.hunks] == ["move"]
    assert found.reasons == ("order",)


def test_a_moved_and_edited_paragraph() -> None:
    new = text(*NOTICE[:3], NOTICE[4], NOTICE[3].replace("約900万件", "約928万件"), *NOTICE[5:])
    found = compare(text(*NOTICE), new)
    assert ("約900万件", "約928万件") in replaced(found.hunks[0])


HEAD = ("委託元", "業務名", "件数")
ROWS = (
    ("あおば市", "健診の案内", "52,314件"),
    ("みなと通販", "注文の受付", "1,204,556件"),
    ("北海県", "納税の案内", "約14万人分"),
)


def test_a_cell_says_its_row_and_column() -> None:
    new = table(HEAD, ROWS[0], ("みなと通販", "注文の受付", "1,204,557件"), ROWS[2])
    found = compare(table(HEAD, *ROWS), new)
    (hunk,) = found.hunks
    assert (hunk.op, hunk.label) == ("cell", "みなと通販 / 件数")
    assert hunk.reasons == ("count",)


def test_a_row_that_came_and_a_row_twice() -> None:
    row = ("ひのき町", "督促の案内", "3,401件")
    (came,) = hunks_of(table(HEAD, *ROWS), table(HEAD, ROWS[0], row, *ROWS[1:]))
    assert (came.op, came.new) == ("insert", "ひのき町 | 督促の案内 | 3,401件")
    twice = hunks_of(table(HEAD, *ROWS), table(HEAD, ROWS[0], ROWS[0], *ROWS[1:]))
    assert [hunk.op for hunk in twice] == ["insert"]
    assert make_text_key(table(HEAD, *ROWS)) != make_text_key(table(HEAD, ROWS[0], *ROWS))


@pytest.mark.parametrize("marked", [True, False])
def test_a_new_column_is_said_as_such(marked: bool) -> None:
    old = table(HEAD, *ROWS)
    new = table((*HEAD, "備考"), *((*row, "通知済") for row in ROWS))
    if not marked:
        old, new = ([Block("row", b.text, b.cells) for b in side] for side in (old, new))
    (hunk,) = hunks_of(old, new)
    assert (hunk.op, hunk.label, hunk.reasons) == ("column", "備考", ("column",))
    assert "みなと通販: 通知済" in hunk.new
    (lost,) = hunks_of(new, old)
    assert (lost.op, lost.label, lost.new) == ("column", "備考", "")


def test_a_new_column_does_not_hide_a_changed_cell() -> None:
    rows = [(*row, "通知済") for row in ROWS]
    rows[0] = ("あおば市", "健診の案内", "52,315件", "通知済")
    found = compare(table(HEAD, *ROWS), table((*HEAD, "備考"), *rows))
    assert {hunk.op for hunk in found.hunks} == {"column", "cell"}
    assert set(found.reasons) == {"column", "count"}


def linked(url: str, anchor: str = "報道発表資料") -> list[Block]:
    return [Block("text", f"{anchor}をご覧ください。", links=(Link(anchor, url),))]


def test_a_document_swapped_behind_its_anchor() -> None:
    old, new = linked("https://a.example/f/1.pdf"), linked("https://a.example/f/1_teisei.pdf")
    found = compare(old, new)
    assert make_text_key(old) != make_text_key(new)
    assert [hunk.op for hunk in found.hunks] == ["link"]
    assert found.reasons == ("attachment", "link")
    assert found.hunks[0].label == "報道発表資料"


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/f/1.pdf?v=20231010",
        "http://www.a.example/f/1.pdf",
        "https://a.example/f/1.pdf;jsessionid=0A1B2C3D4E",
        "https://a.example/f/1.pdf?PHPSESSID=8c6f0f7e1c2b&utm_source=top",
        "https://a.example/f/1.pdf?_=1697500800123#page=2",
    ],
)
def test_the_moving_parts_of_an_address_are_no_change(url: str) -> None:
    old, new = linked("https://a.example/f/1.pdf"), linked(url)
    assert make_text_key(old) == make_text_key(new)
    assert not compare(old, new).hunks


def test_only_the_update_date_is_not_material() -> None:
    old = text(*NOTICE, "更新日：2023年10月17日")
    found = compare(old, text(*NOTICE, "更新日：2023年10月20日"))
    assert found.reasons == ("date",)
    assert not found.material


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("令和5年10月17日に公表しました。", "2023年10月17日に公表しました。"),
        ("令和5年10月17日に公表しました。", "2023/10/17に公表しました。"),
        ("対象は二十八名です。", "対象は28名です。"),
        ("対象は120万件です。", "対象は1,200,000件です。"),
        ("氏名、住所", "氏名，住所"),
        ("受付は午後1時30分まで", "受付は13:30まで"),
    ],
)
def test_notation_is_form_only(old: str, new: str) -> None:
    found = compare(text(old), text(new))
    assert not found.material
    assert found.reasons in (("form-only",), ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("一、二件を確認しました。", "十二件を確認しました。"),
        ("対象は28名です。", "対象は29名です。"),
        ("約900万件です。", "900万件です。"),
        ("3、4件", "34件"),
        ("1.5万件", "15万件"),
        ("令和5年10月17日", "令和6年10月17日"),
    ],
)
def test_another_value_is_no_notation(old: str, new: str) -> None:
    assert compare(text(old), text(new)).material


def test_a_new_template_around_the_same_text_is_no_change() -> None:
    old = text(*NOTICE)
    new = [
        Block("heading", NOTICE[0] + NOTICE[1], level=2),
        Block("item", NOTICE[2]),
        Block("row", "".join(NOTICE[3:5]), cells=NOTICE[3:5]),
        Block("text", NOTICE[5][:20]),
        Block("text", NOTICE[5][20:] + NOTICE[6]),
        Block("text", NOTICE[7]),
    ]
    assert make_text_key(old) == make_text_key(new)
    assert not compare(old, new).hunks


def test_a_new_template_does_not_hide_an_edit() -> None:
    new = [Block("item", NOTICE[0] + NOTICE[1]), *edited(3, NOTICE[3].replace("900", "928"))[2:]]
    found = compare(text(*NOTICE), new)
    assert found.reasons == ("count",)
    assert len(found.hunks) == 1


def test_kept_falls_with_a_rewrite() -> None:
    other = text(*(f"まったく別の文章が{n}番目に置かれています。" for n in range(8)))
    assert compare(text(*NOTICE), other).kept < 0.3
    assert compare(text(*NOTICE), edited(3, NOTICE[3].replace("900", "928"))).kept > 0.95


def test_to_text_reads_at_a_glance() -> None:
    found = compare(text(*NOTICE), edited(3, NOTICE[3].replace("900", "928")))
    assert (
        to_text(found.hunks, "ja")
        == "~ <件数・人数> 流出した可能性のある情報は、59の委託元に係る[-約900万件-]{+約928万件+}です。"
    )
    assert to_text((), "ja") == "変更なし"


@pytest.mark.parametrize(
    "sentence", ["情報の一部が持ち出されました。", "お一人一人にご連絡します。", "手続きを一通り見直します。"]
)
def test_a_part_is_no_count(sentence: str) -> None:
    assert "count" not in compare(text("お詫びします。"), text("お詫びします。", sentence)).reasons


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("前年の1.5倍です。", "前年の15倍です。", False),
        ("前年の1.5倍です。", "前年の１．５倍です。", True),
        ("対象は1,234人です。", "対象は1234人です。", True),
        ("対象は1,234人です。", "対象は千二百三十四人です。", True),
        ("対象は1.2万人です。", "対象は12000人です。", True),
        ("番号は012です。", "番号は12です。", False),
        ("令和6年1月24日です。", "2024年1月24日です。", True),
        ("令和6年1月24日です。", "2024年1月25日です。", False),
        ("午後3時に公表します。", "15時に公表します。", True),
        ("午後3時30分に公表します。", "15時半に公表します。", True),
        ("午前3時に公表します。", "15時に公表します。", False),
        ("午後12時に公表します。", "12時に公表します。", True),
    ],
)
def test_values_are_the_same_in_any_notation_and_others_are_not(one: str, other: str, same: bool) -> None:
    hunks = compare([Block("text", one)], [Block("text", other)]).hunks
    assert all(hunk.op == "form" for hunk in hunks) is same


def test_two_versions_are_compared_by_title_text_and_side_by_side() -> None:
    def made(title: str, *lines: str) -> Version:
        blocks = tuple(Block("text", line) for line in lines)
        return Version(1, 1, NOW, title, "\n".join(lines), blocks, (), "", RECIPE)

    old, new = (
        made("漏えい", "対象は10人です。", "お詫びします。"),
        made("漏えい（続報）", "対象は20人です。", "お詫びします。"),
    )
    titled, text = compare_versions(old, new).hunks
    assert (titled.place, titled.old, titled.new) == ("title", "漏えい", "漏えい（続報）")
    assert text.reasons == ("count",)
    assert len(compare_versions(old, new).passages) == 2
