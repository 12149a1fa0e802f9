"""Operators at their desk: what waits is decided once, and only by those who hold the token."""

from __future__ import annotations

import pytest

from tests.feeds.browser.conftest import TOKEN, Open
from tests.feeds.browser.test_axe import found


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_two_operators_decide_over_the_same(operated: str, opened: Open, scripts: bool) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    desks = []
    for width in (1200, 360):
        page = opened(width=width, java_script_enabled=scripts)
        page.goto(f"{operated}/sources/smbiz-15032430.html")
        assert page.get_by_role("button", name="採用").count() == 0
        page.get_by_role("link", name="判断する").click()
        page.get_by_label("トークン").fill("not the token at all")
        page.get_by_role("button", name="ログイン").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("トークン").fill(TOKEN)
        page.get_by_role("button", name="ログイン").click()
        expect(page.get_by_role("heading", level=2).first).to_contain_text("採用を待つアドレス")
        desks.append(page)
    one, other = desks
    for page in desks:
        page.goto(f"{operated}/sources/smbiz-15032430.html")
    if scripts:
        for path in ("/operate", "/operate/jobs", "/notices/29.html", "/sources/smbiz-15032430.html"):
            other.goto(operated + path)
            assert found(other) == []
    one.get_by_role("button", name="採用").click()
    expect(one.locator("h1")).to_have_text("記録しました")
    other.get_by_role("button", name="却下").click()
    expect(other.locator("h1")).to_have_text("変更していません")

    one.goto(f"{operated}/operate")
    one.get_by_role("button", name="関連付ける: 個人情報保護委員会 報道発表資料 · 株式会社").first.click()
    expect(one.locator("h1")).to_have_text("記録しました")
    if scripts:
        assert found(one) == []
    notice = one.locator("dl a").first.evaluate("link => link.href")
    one.goto(f"{operated}/incidents/ntt-procx-2023.html")
    expect(one.locator("main")).to_contain_text("確認済み")

    for page in desks:
        page.goto(notice)
    one.get_by_role("button", name="関連付けない: 個人情報保護委員会").click()
    expect(one.locator("h1")).to_have_text("記録しました")
    other.get_by_role("button", name="関連付けない: 個人情報保護委員会").click()
    expect(other.locator("h1")).to_have_text("変更していません")
    other.get_by_role("button", name="関連付ける: 個人情報保護委員会").click()
    expect(other.locator("dl")).to_contain_text("確認済み")

    one.goto(f"{operated}/operate")
    one.get_by_role("button", name="ログアウト").click()
    expect(one.get_by_label("トークン")).to_be_visible()
