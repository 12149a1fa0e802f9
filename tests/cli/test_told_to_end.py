"""A crawl that is told to end by SIGTERM finishes the page in flight, and leaves the others to the next run."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from storage.archive import open_archive
from tests.commands import kohyo, start
from tests.databases import database_at
from tests.monitor.story import LEAK, SORRY, html
from tests.spiders.site import Site

PAGE_AND_FILE = html(LEAK, SORRY, '<a href="/a.pdf">別紙 [PDF]</a>')


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_crawl_told_to_end_finishes_its_page_with_what_belongs_to_it_and_puts_the_others_off(
    tmp_path: Path,
):
    with Site() as site:
        site.put("/robots.txt", "User-agent: *\nDisallow:\n", content_type="text/plain")
        pages = [f"/{number}.html" for number in range(6)]
        for path in pages:
            site.put(path, PAGE_AND_FILE, delay=0.5)
        site.put("/a.pdf", b"%PDF-1.4 nothing", content_type="application/pdf")
        starts = ", ".join(f'"{site.url(path)}"' for path in pages)
        declaration = f'id = "city"\nname = "例示市"\nkind = "affected"\nprivate = true\ndelay = 0.1\nstart = [{starts}]\n[page]\nattachments = true\n'
        (tmp_path / "city.toml").write_text(declaration)
        url = database_at(tmp_path / "kohyo.db")
        given = ("--db", url, "--no-bundled", "--sources", str(tmp_path / "city.toml"))
        running = start(*given, "crawl", env={"KOHYO_CONFIRM_AFTER": "0"})
        wait_until(lambda: any(path in pages for path in site.paths()))
        running.terminate()
        ended = running.end()
        assert ended.returncode == 0, ended.stderr
        assert "the run was told to end" in ended.stderr
        visited = [path for path in site.paths() if path in pages]
        assert len(visited) < len(pages)
        with open_archive(url) as archive, archive.read() as reader:
            seen = reader.pages("city")
            done = {page.url for page in seen if page.role == "page" and page.version is not None}
            assert done == {site.url(path) for path in visited}
            assert [page.url for page in seen if page.role == "attachment"] == [site.url("/a.pdf")] * len(
                visited
            )
            (run,) = reader.runs()
            assert (run.status, run.stats["put off"]) == ("done", len(pages) - len(visited))
        assert kohyo(*given, "crawl", env={"KOHYO_CONFIRM_AFTER": "0"}).returncode == 0
        assert {path for path in site.paths() if path in pages} == set(pages)
