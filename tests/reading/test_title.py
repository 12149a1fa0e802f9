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
