"""What a person does with the pages, with and without JavaScript, on a desk and on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.feeds.browser.conftest import Open
from tests.feeds.browser.walks import walk


# without scripts the wide way is walked behind nginx
@pytest.mark.parametrize(
    ("scripts", "width"),
    [(True, 1200), (True, 360), (False, 360)],
    ids=["scripts-wide", "scripts-narrow", "no scripts-narrow"],
)
def test_the_walk(served: str, opened: Open, scripts: bool, width: int) -> None:
    walk(served, opened, scripts=scripts, width=width)


@pytest.mark.parametrize("late", ["htmx.min.js", "kohyo.js"])
def test_what_is_entered_before_the_scripts_are_there_is_asked_for(
    served: str, opened: Open, late: str
) -> None:
    page = opened(width=1200)
    expect = pytest.importorskip("playwright.sync_api").expect
    held: list[Any] = []
    page.route(f"**/static/{late}", lambda route: held.append(route))

    def let_go() -> None:
        while not held:
            page.wait_for_timeout(20)
        held.pop().continue_()

    page.goto(f"{served}/search", wait_until="commit")
    page.get_by_label("語句").fill("漏え")
    expect(page.locator("#found")).to_have_count(1)
    let_go()
    expect(page.locator("mark").first).to_contain_text("漏え")

    page.goto(served, wait_until="commit")
    page.locator("summary").get_by_text("絞り込み").click()
    page.get_by_label("措置").select_option("recommendation")
    let_go()
    expect(page).to_have_url(f"{served}/index.html?action=recommendation")

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.goto(f"{served}/index.html?action=recommendation", wait_until="commit")
    let_go()
    page.wait_for_load_state("networkidle")
    assert not {"xhr", "fetch"} & set(asked), "an address that says what is chosen is enough"


def test_what_is_asked_twice_is_one_page_to_go_back_from(served: str, opened: Open) -> None:
    page = opened(width=1200)
    expect = pytest.importorskip("playwright.sync_api").expect
    page.goto(f"{served}/search")
    page.get_by_label("語句").fill("漏え")
    expect(page.locator("mark").first).to_contain_text("漏え")
    with page.expect_response("**/search?*"):
        page.get_by_label("語句").blur()
    page.wait_for_load_state("networkidle")
    page.go_back()
    expect(page).to_have_url(f"{served}/search")


def test_conditions_follow_what_is_chosen(served: str, opened: Open) -> None:
    page = opened(width=1200)
    expect = pytest.importorskip("playwright.sync_api").expect
    page.goto(f"{served}/index.html?source=affected-mie,ppc-press&lang=en")
    conditions = page.locator("#conditions li")
    expect(conditions).to_have_count(1)
    page.get_by_label("Source").select_option("affected-mie")
    expect(page).to_have_url(re.compile(r"\?lang=en&source=affected-mie$"))
    expect(conditions).to_have_count(0)
    expect(page.get_by_role("link", name="日本語")).to_have_attribute(
        "href", re.compile("source=affected-mie")
    )
    page.locator("select[name=kind]").select_option("updated")
    expect(page).to_have_url(re.compile(r"\?lang=en&source=affected-mie&kind=updated$"))


def test_the_keyboard_leads_through(served: str, opened: Open) -> None:
    page = opened(width=1200)
    page.goto(served)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "本文へ移動"
    box = focused.bounding_box()
    assert box is not None
    assert box["x"] >= 0, "the skip link is seen when it has the focus"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, parseFloat(outlineWidth)])"
            "(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none", page.locator(":focus").evaluate("element => element.outerHTML")
        assert style[1] >= 2


def test_paper_names_an_address_once_and_long_changes_go_on_overleaf(served: str, opened: Open) -> None:
    page = opened()
    page.emulate_media(media="print")
    page.goto(f"{served}/notices/1.html")
    after = "link => getComputedStyle(link, '::after').content"
    assert page.locator("main a.bare").first.evaluate(after) == "none"
    assert page.locator(".change").first.evaluate("one => getComputedStyle(one).breakInside") == "auto"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_twelve_bodies_of_an_incident_end_within_four_screens_of_a_phone_and_are_sorted(
    served: str, opened: Open, scripts: bool
) -> None:
    page = opened(width=390, java_script_enabled=scripts)
    page.goto(f"{served}/incidents/ntt-procx-2023.html")
    table = page.locator("table.roster").first
    assert table.locator("tbody tr").count() == 12
    box = table.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 4 * 844
    page.get_by_role("link", name="公表日").first.click()
    page.wait_for_url("**sort=day**")
    days = [cell.partition("日")[0] for cell in table.locator("td:nth-of-type(1)").all_inner_texts()]
    assert days == sorted(days)
    assert table.locator("[aria-sort=ascending]").inner_text() == "公表日"
