"""The walk of a person through the pages of ``kohyo serve``, wherever they are served."""

from __future__ import annotations

import re

import feedparser
import pytest

from tests.feeds.browser.conftest import Open

INCIDENT = "NTTビジネスソリューションズ"


def walk(served: str, opened: Open, *, scripts: bool, width: int) -> None:
    """Go from the home page to an incident, its counts, a comparison, a filter with its feed, and a search."""
    page = opened(width=width, java_script_enabled=scripts, ignore_https_errors=True)
    expect = pytest.importorskip("playwright.sync_api").expect

    # the seed incident, found from the home page
    page.goto(served)
    page.locator("nav").get_by_role("link", name="事案").click()
    page.locator("#incidents").get_by_role("link", name=INCIDENT).first.click()
    expect(page.locator("h1")).to_contain_text(INCIDENT)

    # how 約900万 became 928万, as two publishers stated it, each with its evidence
    counts = page.get_by_role("region", name="記載された数の推移")
    expect(counts).to_contain_text("約900万")
    expect(counts).to_contain_text("928万")
    counts.get_by_role("row").filter(has_text="928万").first.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("928万")
    expect(page.get_by_role("link", name="原本").first).to_be_visible()

    # two versions of Mie's page, compared
    page.goto(served)
    page.get_by_role("link", name="収集状況").first.click()
    page.get_by_role("link", name=re.compile("三重県")).click()
    page.get_by_role("link", name=re.compile("委託業務で使用した情報の流出")).first.click()
    page.get_by_role("link", name="前の版と比較").click()
    expect(page.locator("ins").first).to_be_visible()
    expect(page.locator("del").first).to_be_visible()
    expect(page.locator("table.pair thead")).to_contain_text("第2版")
    expect(page.locator("table.pair tr.replace")).to_have_count(1)
    page.locator("table.pair summary").first.click()
    expect(page.locator("table.pair")).to_contain_text("PCB廃棄物")
    page.get_by_label("表示").select_option("inline")
    page.get_by_role("button", name="比較").click()
    expect(page.locator(".whole del").first).to_be_visible()
    expect(page.locator("table.versions tbody tr").nth(1)).to_contain_text("2023年10月18日")

    # the recommendations of the regulator, as a list and as a feed
    page.goto(served)
    page.locator("summary").get_by_text("絞り込み").click()
    page.get_by_label("公表元の種別").select_option("regulator")
    page.get_by_label("措置").select_option("recommendation")
    if not scripts:  # with them the list follows by itself
        page.get_by_role("button", name="絞り込む").click()
    expect(page).to_have_url(f"{served}/index.html?publisher=regulator&action=recommendation")
    expect(page.get_by_role("status")).to_contain_text("件の変更")
    headlines = page.locator("main li:has(.kind) .headline").all_inner_texts()
    assert any("株式会社NTTマーケティングアクトProCX及び" in one for one in headlines)
    assert not any("実地調査" in one for one in headlines)
    address = page.locator(".address").inner_text()
    assert address.startswith(f"{served}/feeds/search.atom?")
    told = feedparser.parse(page.request.get(address).body())
    assert not told.bozo
    assert len(told.entries) == len(headlines)
    copy = page.get_by_role("button", name="アドレスをコピー")
    if scripts:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        copy.click()
        expect(page.get_by_role("status")).to_have_text("コピーしました")
        assert page.evaluate("navigator.clipboard.readText()") == address
        page.go_back()
        expect(page).not_to_have_url(re.compile("action"))
    else:
        expect(copy).to_be_hidden()

    # full text
    for words in ("漏え", "勧告"):
        page.get_by_role("link", name="検索").click()
        page.get_by_label("語句").fill(words)
        if not scripts:
            page.get_by_role("button", name="検索").click()
        expect(page.locator("mark").first).to_contain_text(words)
        newest = page.locator("#found .headline").all_inner_texts()
        page.get_by_label("並び順").select_option("relevance")
        if not scripts:
            page.get_by_role("button", name="検索").click()
        page.wait_for_url("**/search?*order=relevance*")
        expect(page.locator("mark").first).to_contain_text(words)
        assert sorted(page.locator("#found .headline").all_inner_texts()) == sorted(newest)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no page scrolls sideways"
