"""From notices that belong together to a published incident with its roster, click by click."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn

from feeds.web.app import make_app
from monitor.incidents import keeping
from monitor.track.decisions import Decider
from storage.archive import open_archive
from tests.feeds.browser.conftest import TOKEN, Open
from tests.feeds.browser.test_axe import found

MOST_CLICKS = 10
WORDS = {
    "ja": (
        "トークン",
        "ログイン",
        "候補を探す",
        "事案の下書きを作る",
        "保存する",
        "公開ページ",
        "公表状況",
        "この事案を管理する",
        "元に戻す",
    ),
    "en": (
        "Token",
        "Sign in",
        "Look for incidents",
        "Draft an incident",
        "Save",
        "Public page",
        "Who has disclosed",
        "Keep this incident",
        "Undo",
    ),
}


@contextmanager
def desk(database: Path) -> Iterator[str]:
    archive = open_archive(f"sqlite:///{database}")
    decider = Decider(archive, list, lambda: datetime.now(UTC), lambda url: {})
    server = uvicorn.Server(
        uvicorn.Config(make_app(archive, operator=decider, token=TOKEN), port=0, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    archive.close()


# with scripts every page is looked at as well, in both languages; forms are the same in either
@pytest.mark.parametrize(
    ("lang", "scripts", "width"), [("ja", True, 360), ("ja", False, 1200), ("en", True, 1200)]
)
def test_a_suggestion_becomes_a_published_incident_with_its_roster(
    lived: Path, tmp_path: Path, opened: Open, lang: str, scripts: bool, width: int
) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    token, sign_in, look, draft, save, public, roster, keep, undo = WORDS[lang]
    database = Path(shutil.copy(lived, tmp_path))
    with open_archive(f"sqlite:///{database}") as archive, archive.write() as writer:
        hand = keeping.Hand(writer, datetime.now(UTC), "command")
        assert (
            keeping.remove_incident(hand, "ntt-procx-2023").outcome == "done"
        )  # as if nobody had declared it
    with desk(database) as address:
        page = opened(width=width, java_script_enabled=scripts)
        clicks = 0

        def click(role: str, name: str) -> None:
            nonlocal clicks
            clicks += 1
            page.get_by_role(role, name=name).first.click()
            if scripts:
                assert found(page) == [], (page.url, name)
                assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url

        page.goto(f"{address}/operate?lang={lang}")
        page.get_by_label(token).fill(TOKEN)
        click("button", sign_in)
        click("link", look)
        click("button", draft)
        expect(page.get_by_role("textbox").first).to_have_value("procx-2023-10")
        assert "千葉市 | municipality | affected-chiba" in page.locator('[name="roster"]').input_value()
        click("button", save)
        click("link", public)
        assert clicks <= MOST_CLICKS
        shown = page.get_by_role("region", name=roster)
        expect(shown).to_contain_text("千葉市")
        assert shown.locator("tbody tr").count() >= 4

        click("link", keep)
        click("button", undo)
        expect(page.locator("h1")).to_have_text("記録しました" if lang == "ja" else "Recorded")
        page.wait_for_load_state()  # what belongs to it, before the server ends
        gone = page.request.get(f"{address}/incidents/procx-2023-10.html")
        assert gone.status == 410


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_incident_is_edited_split_merged_and_closed(
    lived: Path, tmp_path: Path, opened: Open, scripts: bool
) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    with desk(Path(shutil.copy(lived, tmp_path))) as address:
        page = opened(width=360 if scripts else 1200, java_script_enabled=scripts)

        def looked_at() -> None:
            if scripts:
                assert found(page) == [], page.url
                assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url

        page.goto(f"{address}/operate")
        page.get_by_label("トークン").fill(TOKEN)
        page.get_by_role("button", name="ログイン").click()
        page.goto(f"{address}/incidents/ntt-procx-2023.html")
        page.get_by_role("link", name="この事案を管理する").click()
        looked_at()
        page.get_by_text("内容を編集する").click()
        page.get_by_label("事案の名称").fill("書き直した名称")
        looked_at()
        page.get_by_role("button", name="変更を保存する").click()
        expect(page.locator("main")).to_contain_text("name")
        page.get_by_role("link", name="この事案を管理する").click()
        expect(page.locator("h1")).to_have_text("書き直した名称")
        page.get_by_label("委託業務による個人情報の漏えい事案について").check()
        page.get_by_role("button", name="選んだ公表を新しい事案に分ける").click()
        looked_at()
        page.get_by_role("button", name="保存する").click()
        page.get_by_role("link", name="この事案を管理する").click()
        looked_at()
        page.get_by_role("button", name="統合する").click()
        expect(page.locator("h1")).to_have_text("記録しました")
        page.get_by_role("link", name="公開ページ").click()
        expect(page.locator("h1")).to_have_text("書き直した名称")
        page.get_by_role("link", name="この事案を管理する").click()
        page.get_by_role("button", name="終結とする").click()
        page.get_by_role("link", name="この事案を管理する").click()
        looked_at()
        expect(page.locator("dl")).to_contain_text("終結")
        expect(page.get_by_role("button", name="元に戻す")).to_have_count(1)
