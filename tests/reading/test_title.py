"""A page's own title."""

from __future__ import annotations

import pytest

from monitor.reading import read

OWN = "委託先における個人情報の漏えいについて（第2報）"


def title(whole: str, h1: str = "", head: str = "") -> str:
    heading = f"<h1>{h1}</h1>" if h1 else ""
    body = "<p>業務を委託した事業者から報告を受けました。</p>"
    html = f"<html><head><title>{whole}</title>{head}</head><body><main>{heading}{body}</main></body></html>"
    return read(html.encode()).title


@pytest.mark.parametrize(
    "suffix",
    [
        "｜例市",
        " | 例市公式ウェブサイト",
        " - 例市",
        "／例県",
        " : 例社",
        " – 例社",
        " - 例社 - お知らせ",
        "|個人情報委員会（見本）",
    ],
)
@pytest.mark.parametrize("h1", ["", OWN, OWN + "（令和6年1月24日）"])
def test_the_sites_name_goes(suffix: str, h1: str) -> None:
    assert title(OWN + suffix, h1) == (h1 or OWN)


@pytest.mark.parametrize(
    ("whole", "h1", "expected"),
    [
        (f"例市：{OWN}", OWN, OWN),
        (f"例市 | くらし | {OWN}", OWN, OWN),
        ("例市", OWN, OWN),  # every page has one title
        (OWN, "お知らせ", OWN),  # every page has one heading
        ("漏えい - 再発防止 - について", "", "漏えい"),
        ("Q&A：A-1プラン", "", "Q&A：A-1プラン"),
        ("", OWN, OWN),
        ("", "", "業務を委託した事業者から報告を受けました。"),
    ],
)
def test_headings_agree_or_not(whole: str, h1: str, expected: str) -> None:
    assert title(whole, h1) == expected


def test_the_sites_name_in_front() -> None:
    head = '<meta property="og:site_name" content="例示クラウド">'
    assert title(f"例示クラウド | {OWN}", "", head) == OWN


def entries(heading: str, dates: bool, links: bool) -> str:
    names = ["役員名簿の更新", "会費の納入について", "講習会の申込受付", "事務局の休業日"]
    body = ""
    for day, name in enumerate(names, 3):
        text = f'<a href="/{day}.html">{name}</a>' if links else name
        date = f"<p>2025年4月{day}日</p>" if dates else ""
        body += f"<article>{date}<{heading}>{text}</{heading}><p>詳しくは本文のとおりです。</p></article>"
    return body


@pytest.mark.parametrize("heading", ["h1", "h2"])
@pytest.mark.parametrize(("dates", "links"), [(True, False), (False, True), (True, True)])
def test_the_heading_of_an_entry_is_not_the_pages(heading: str, dates: bool, links: bool) -> None:
    body = entries(heading, dates, links)
    html = f"<html><head><title>会員へのお知らせ｜例連盟</title></head><body><main><p>新着</p>{body}</main></body></html>"
    assert read(html.encode()).title == "会員へのお知らせ"
    whole = html.replace("<p>新着</p>", "<h1>お知らせの一覧</h1>")
    assert read(whole.encode()).title == "会員へのお知らせ"


@pytest.mark.parametrize(
    ("chars", "expected"), [(40, "例連盟"), (41, "役員名簿の更新")], ids=["a line", "a sentence"]
)
def test_a_day_in_a_sentence_below_a_heading_makes_it_no_entry(chars: int, expected: str) -> None:
    names = ["役員名簿の更新", "会費の納入について", "講習会の申込受付", "事務局の休業日"]
    body = "".join(
        f"<h2>{name}</h2><p>{f'2025年4月{day}日':―<{chars}}</p>" for day, name in enumerate(names, 3)
    )
    html = f"<html><head><title>例連盟</title></head><body><main>{body}</main></body></html>"
    assert read(html.encode()).title == expected


def test_headings_of_sections_make_no_list() -> None:
    body = f"<h2>{OWN}</h2><h2>1 経緯</h2><p>10月13日に判明しました。</p><h2>2 件数</h2><p>320人です。</p>"
    assert read(f"<html><head><title>例市</title></head><body>{body}</body></html>".encode()).title == OWN


def test_a_deeper_heading_that_the_title_repeats() -> None:
    html = f"<html><head><title>{OWN}:例社の記録</title></head><body><h3>{OWN}</h3><p>本文です。</p></body></html>"
    assert read(html.encode()).title == OWN
