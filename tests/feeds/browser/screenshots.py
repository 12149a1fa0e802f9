"""Pictures of the main pages, as the README shows them, over the incident of the sample sites.

python -m tests.feeds.browser.screenshots [DIR]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from storage.archive import open_archive
from tests.feeds.browser.conftest import QUIET, serving
from tests.feeds.browser.story import live_through

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parents[3] / "docs/screenshots"
WHEN = "2024-10-02T13:00:00+09:00"
"""The story's end, so that nobody is late with a visit."""

PAGES = {  # name: address, width, height, color scheme
    "home": ("/?publisher=regulator&action=recommendation", 1100, 900, "light"),
    "incident": ("/incidents/ntt-procx-2023.html", 1100, 1000, "light"),
    "notice": ("/notices/21.html", 1100, 1000, "light"),
    "comparison": ("/notices/21.html", 1100, 980, "light"),
    "coverage": ("/coverage.html", 1100, 900, "light"),
    "search": ("/search?q=漏え&order=relevance", 1100, 900, "light"),
    "phone": ("/incidents/ntt-procx-2023.html?lang=en", 390, 800, "dark"),
}


def take(browser: Browser, address: str, folder: Path) -> list[Path]:
    """One PNG a page; ``address`` is that of a server."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    for name, (path, width, height, scheme) in PAGES.items():
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.goto(address + path)
        if name == "comparison":
            page.locator('.strip a[href*="diff"]').first.click()
        page.screenshot(path=folder / f"{name}.png")
        page.close()
        taken.append(folder / f"{name}.png")
    return taken


def main() -> None:
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        database = Path(place, "kohyo.db")
        with open_archive(f"sqlite:///{database}") as archive:
            live_through(archive, Path(place, "sources"))
        with serving(database, KOHYO_NOW=WHEN) as address:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
            for path in take(browser, address, folder):
                print(path)
            browser.close()


if __name__ == "__main__":
    main()
