"""axe-core finds no violation on any type of page (vendor/ holds it with its licences, for tests only)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.feeds.browser.conftest import Open

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "home": "/",
    "filtered": "/?publisher=regulator&material=any",
    "notice": "/notices/2.html",
    "incident": "/incidents/ntt-procx-2023.html",
    "source": "/sources/smbiz-15032430.html",
    "coverage": "/coverage.html",
    "about": "/about.html",
    "glossary": "/glossary.html",
    "organisations": "/organisations.html",
    "organisation": "/organisations/nttマーケティングアクトprocx.html",
    "watching": "/watching/ours.html",
    "visit": "/?seen=start",
    "search": "/search?q=漏え",
    "rows": "/rows?q=お知らせ",
    "comparison": "/notices/21/diff",
    "missing": "/nope",
    "refused": "/?kind=nope",
}


def found(page: Any) -> list[Any]:
    page.wait_for_load_state()  # with its style: a link without is smaller than a finger
    page.evaluate(AXE)
    report = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in report["violations"]]


# each language, scheme and width once: what one of them breaks, it breaks beside any other
@pytest.mark.parametrize(("lang", "scheme", "width"), [("ja", "light", 1200), ("en", "dark", 360)])
def test_no_page_has_a_violation(served: str, opened: Open, lang: str, scheme: str, width: int) -> None:
    page = opened(width=width, color_scheme=scheme)
    complaints = []
    for name, path in PAGES.items():
        address = served + path
        if name == "comparison":
            page.goto(served + "/notices/21.html")
            address = page.locator('.strip a[href*="diff"]').first.evaluate("link => link.href")
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        if name != "refused":  # there the parameters are what is wrong
            assert page.locator("html").get_attribute("lang") == lang, name
        complaints += [(name, *one) for one in found(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append((name, "it scrolls sideways", []))
    assert complaints == []
