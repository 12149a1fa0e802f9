"""From nothing to a watched list, by the form: an address, a look at its rows, watch, and back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn

from feeds.web.app import make_app
from monitor.crawl.drafting.apart import find_apart
from monitor.track.decisions import Decider
from storage.archive import open_archive
from tests.feeds.browser.conftest import TOKEN, Open
from tests.feeds.browser.test_axe import found
from tests.radar.site_kinds import HOST, KINDS
from tests.spiders.site import Site


@pytest.fixture
def city() -> Iterator[Site]:
    """A city's site whose front page leads to its press list, which announces a feed."""
    with Site() as site:
        for path, (content_type, body) in KINDS["a front page whose list announces a feed"].pages.items():
            body = body if isinstance(body, bytes) else body.encode()
            site.put(path, body.replace(HOST.encode(), site.url("").encode()), content_type=content_type)
        yield site


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[str]:
    """The address of a server that may watch sites of its own network."""
    db = f"sqlite:///{tmp_path / 'kohyo.db'}"
    archive = open_archive(db)
    decider = Decider(
        archive, list, lambda: datetime.now(UTC), lambda url: find_apart(url, db, private=True), private=True
    )
    app = make_app(archive, operator=decider, token=TOKEN)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    archive.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_citys_list_is_watched_by_the_form_and_taken_back(
    desk: str, city: Site, opened: Open, scripts: bool
) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    page = opened(width=360 if scripts else 1200, java_script_enabled=scripts)
    page.goto(f"{desk}/operate")
    page.get_by_label("トークン").fill(TOKEN)
    page.get_by_role("button", name="ログイン").click()
    page.get_by_label("アドレス").fill(city.url("/"))
    page.get_by_role("button", name="探す").click(timeout=60_000)
    expect(page.locator("tbody tr")).to_have_count(6, timeout=60_000)
    expect(page.locator("tbody")).to_contain_text("個人情報が入ったUSBメモリの紛失について")
    if scripts:
        assert found(page) == []
    page.get_by_label("公表元の名前").first.fill("見本市 報道発表")
    page.get_by_role("button", name="確認を始める").first.click()
    expect(page.locator("h1")).to_have_text("記録しました")
    if scripts:
        assert found(page) == []
    page.get_by_role("button", name="確認をやめる: 見本市 報道発表").click()
    expect(page.locator("main")).to_contain_text("確認を取りやめました")
