"""Looking twice: what flickers is left out, and never hides an edit."""

from __future__ import annotations

from monitor.comparing.diff import compare
from monitor.comparing.sameness.flicker import learn_counters, learn_flicker, learn_from_history, strip_noise
from monitor.comparing.sameness.keys import make_text_key
from storage.records import Block, Link

BODY = (
    "個人情報の漏えいについて",
    "対象は1,204件です。",
    "お問い合わせは電話03-1234-5678へ。",
    "以上です。",
)


def page(*extra: str, at: int = 3, body: tuple[str, ...] = BODY) -> list[Block]:
    return [Block("text", line) for line in (*body[:at], *extra, *body[at:])]


def silent(old: list[Block], new: list[Block], volatile: frozenset[str]) -> bool:
    calmed = strip_noise(old, volatile), strip_noise(new, volatile)
    return make_text_key(calmed[0]) == make_text_key(calmed[1]) and not compare(*calmed).hunks


def test_nothing_differs_nothing_is_learned() -> None:
    assert learn_flicker(page(), page()) == frozenset()


def test_words_with_other_digits() -> None:
    learned = learn_flicker(page("ただいま23名が見ています"), page("ただいま8名が見ています"))
    assert silent(page("ただいま5名が見ています"), page("ただいま111名が見ています"), learned)


def test_a_frame_around_what_moves() -> None:
    learned = learn_flicker(page("今日のひとこと：早寝早起き"), page("今日のひとこと：整理整頓"))
    assert silent(page("今日のひとこと：一期一会"), page("今日のひとこと：温故知新"), learned)


def test_a_banner_between_two_blocks_that_stay() -> None:
    learned = learn_flicker(page("夏の温泉プラン"), page("ネット保険のご案内"))
    assert silent(page("電気とガスをまとめて"), page("お取り寄せの味"), learned)
    assert silent(page("電気とガスをまとめて"), page(), learned)


def test_a_banner_below_the_last_block() -> None:
    learned = learn_flicker(page("夏の温泉プラン", at=4), page("ネット保険のご案内", at=4))
    assert silent(page("電気とガスをまとめて", at=4), page(), learned)


def test_the_banner_s_place_does_not_hide_an_edit() -> None:
    learned = learn_flicker(page("夏の温泉プラン"), page("ネット保険のご案内"))
    told = page("ネット保険のご案内", "【追記】対象は1,300件となりました。")
    assert not silent(page("夏の温泉プラン"), told, learned)
    edited = page("夏の温泉プラン", body=(BODY[0], "対象は1,300件です。", *BODY[2:]))
    assert not silent(page("夏の温泉プラン"), edited, learned)


def test_a_banner_s_place_survives_another_notation_beside_it() -> None:
    old_body = (BODY[0], BODY[1], "公表日は令和5年10月17日です。", BODY[3])
    new_body = (BODY[0], BODY[1], "公表日は2023年10月17日です。", BODY[3])
    learned = learn_flicker(page("夏の温泉プラン", body=old_body), page("ネット保険のご案内", body=old_body))
    found = compare(
        strip_noise(page("一", body=old_body), learned),
        strip_noise(page("お取り寄せの味", body=new_body), learned),
    )
    assert not found.material


def test_a_link_with_a_token_that_no_rule_knows() -> None:
    def linked(token: str) -> list[Block]:
        return [
            *page(),
            Block("text", "申込フォーム", links=(Link("申込フォーム", f"https://a.example/f?q={token}"),)),
        ]

    learned = learn_flicker(linked("a1"), linked("b2"))
    assert silent(linked("c3"), linked("d4"), learned)


def test_two_different_pages_teach_nothing() -> None:
    other = [Block("text", f"アクセスが集中しています{n}") for n in range(4)]
    assert learn_flicker(page(), other) == frozenset()


def test_there_and_back_once_is_an_edit() -> None:
    a, b = page("注記A"), page("注記B")
    assert not learn_from_history([a, b, a])
    assert not learn_from_history([b, a], b)
    assert not learn_from_history([page(), a, page(), a], page())  # came twice, returned once


def test_to_and_fro_again_and_again_is_noise() -> None:
    a, b = page("注記A"), page("注記B")
    learned = learn_from_history([a, b, a, b, a], b)
    assert silent(a, b, learned)
    assert not silent(a, page("注記C"), learned)


def test_what_a_host_repeats_is_left_out_by_its_key() -> None:
    from monitor.comparing.sameness.keys import make_block_key

    assert silent(page("サイトのご利用案内"), page(), frozenset({make_block_key("サイトのご利用案内")}))


def test_lone_links_that_take_turns_are_not_material() -> None:
    def banner(text: str, target: str) -> list[Block]:
        return [*page(), Block("text", text, links=(Link(text, f"https://ad.example/{target}"),))]

    found = compare(banner("夏の温泉プラン", "1"), banner("ネット保険のご案内", "2"))
    assert [hunk.op for hunk in found.hunks] == ["link"]
    assert not found.material
    assert compare(banner("相談窓口のご案内", "1"), banner("ネット保険のご案内", "2")).material
    assert compare(banner("報告書", "1.pdf"), banner("概要", "2.pdf")).material
    assert compare(page(), banner("夏の温泉プラン", "1")).material


def test_a_place_where_many_take_turns_is_learned() -> None:
    states = [page(banner) for banner in ("ア", "イ", "ウ") * 3]
    learned = learn_from_history(states, page("エ"))
    assert silent(page("オ"), page("カ"), learned)
    assert not silent(page("オ"), page("追記：1,300件に訂正します。"), learned)


def side_list(*texts: str) -> list[Block]:
    links = [Link(text, f"https://a.example/{text}") for text in texts]
    return [Block("item", link.text, links=(link,)) for link in links]


def test_a_list_of_links_beside_a_text_scrolls() -> None:
    text = page("ここに、事案の経過をくわしく記します。", "関係機関へ報告しました。")
    old = side_list("図書館の休館", "夏の節電", "広報の発行", "防災訓練")
    new = side_list("断水のお知らせ(39)", "図書館の休館", "夏の節電", "広報の発行")
    assert not compare([*text, *old], [*text, *new]).material


def test_a_list_of_links_that_is_the_page_is_content() -> None:
    old = side_list("図書館の休館", "夏の節電", "広報の発行", "防災訓練")
    new = side_list("断水のお知らせ(39)", "図書館の休館", "夏の節電", "広報の発行")
    assert compare(old, new).material


def test_what_a_side_list_gains_or_tells_is_material() -> None:
    text = page("ここに、事案の経過をくわしく記します。", "関係機関へ報告しました。")
    old = side_list("図書館の休館", "夏の節電", "広報の発行", "防災訓練")
    told = side_list("個人情報の漏えい", "図書館の休館", "夏の節電", "広報の発行")
    assert compare([*text, *old], [*text, *told]).material
    assert compare([*text, *old], [*text, *side_list("断水"), *old]).material


def test_a_line_with_another_number_in_every_state_is_a_counter() -> None:
    states = [page(f"灯台の光 {n}") for n in (31, 32, 37)]
    learned = learn_counters(states)
    assert silent(states[1], states[2], learned)
    assert not silent(states[1], page("灯台の光 37", body=(*BODY, "追記：調査中です。")), learned)
    assert learn_counters(states[:2]) == frozenset()  # twice is no habit


def test_what_counts_cases_or_stands_still_is_no_counter() -> None:
    told = [page(f"発送済みの通知は{n}通です。", f"受付 {m}") for n, m in ((31, 5), (32, 6), (37, 6))]
    assert learn_counters(told) == frozenset()
