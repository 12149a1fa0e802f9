"""``kohyo serve`` on loopback over the incident of the sample sites, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.feeds.browser.story import find_lived

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TOKEN = "a token of the tests"
WATCH = """
    [[watch]]
    name = "ours"
    title = "委託先と近隣の県"
    organisation = ["NTTマーケティングアクトProCX", "株式会社みさきデータ"]
    word = "カード番号"
    place = ["三重県", "福岡県"]
    kind = ["new", "updated"]
"""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Open = Callable[..., Any]


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that has lived through the incident. Only ever read, or copied."""
    return find_lived(tmp_path_factory)


@pytest.fixture(scope="session")
def served(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that only reads."""
    watch = tmp_path_factory.mktemp("watch") / "watch.toml"
    watch.write_text(WATCH, "utf-8")
    with serving(lived, KOHYO_WATCH=str(watch)) as address:
        yield address


@pytest.fixture
def operated(lived: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server of one's own that takes decisions from whoever holds the token."""
    with serving(Path(shutil.copy(lived, tmp_path)), KOHYO_TOKEN=TOKEN) as address:
        yield address


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(database: Path, **environment: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "monitor.cli", "serve", "--no-bundled", "--port", str(port)]
    known = {name: value for name, value in os.environ.items() if name != "KOHYO_BASE_URL"}
    known |= {"KOHYO_DB": f"sqlite:///{database}", **environment}
    process = subprocess.Popen(command, env=known, stderr=subprocess.PIPE)
    address = f"http://127.0.0.1:{port}"
    try:
        _answers(f"{address}/static/kohyo.css", process)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _answers(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except OSError:
            time.sleep(0.05)
    process.kill()
    pytest.fail(f"kohyo serve does not answer: {process.communicate()[1].decode()}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Of the module, not of the session: while Playwright's loop runs in this
    thread, no other test could have one."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """Opens a window; at the end nothing may have been said on its console."""
    contexts, said = [], []

    def window(*, width: int = 1200, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: said.append(f"{page.url}: a dialog opened"))
        return page

    yield window
    for context in contexts:
        context.close()
    # a page of an error is asked for now and then, and says what it is
    assert [line for line in said if "responded with a status of 40" not in line] == []
