"""What a browser loads for a page, and that the README's pictures can be made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.feeds.browser.conftest import Open
from tests.feeds.browser.screenshots import PAGES as PICTURES
from tests.feeds.browser.screenshots import take
from tests.feeds.browser.test_axe import PAGES

BYTES, REQUESTS = 100_000, 5  # the page, its style and icon, two scripts

LOADED = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map(entry => [entry.name, entry.encodedBodySize])"""


def test_no_page_loads_more_than_its_budget(served: str, opened: Open) -> None:
    beyond, pages = [], {}
    for name, path in PAGES.items():
        pages[name] = opened()  # a new window has nothing in its cache
        pages[name].goto(served + path)
    for name, page in pages.items():
        page.wait_for_load_state("networkidle")
        loaded = page.evaluate(LOADED)
        if sum(size for _, size in loaded) > BYTES or len(loaded) > REQUESTS:
            beyond.append((name, loaded))
    assert beyond == []


def test_the_pictures_of_the_readme_are_made(chromium: Any, served: str, tmp_path: Path) -> None:
    taken = take(chromium, served, tmp_path)
    assert [path.stem for path in taken] == list(PICTURES)
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in taken)
