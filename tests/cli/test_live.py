"""Commands that fetch: read URL, sources check --live, sources new, against a site on loopback."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.crawl.live_check import judge
from monitor.demo.epochs import EPOCHS
from monitor.demo.server import World
from monitor.demo.sites import SITES
from monitor.demo.story import declare
from storage.records import Capture, ListingRules, Row, Source
from tests import commands
from tests.databases import database_at
from tests.monitor.story import LEAK, LIST, SINGLE, SORRY, URL, html
from tests.radar.site_kinds import HOST, KINDS
from tests.spiders.site import Site


def kohyo(tmp_path: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return commands.kohyo("--db", database_at(tmp_path / "kohyo.db"), "--no-bundled", *args)


def test_live_check_says_what_reads(tmp_path: Path):
    with World(SITES, EPOCHS[0].moment) as world:
        declare(tmp_path / "sources", world, EPOCHS[0].moment)
        done = kohyo(
            tmp_path,
            "--sources",
            str(tmp_path / "sources"),
            "sources",
            "check",
            "--live",
            "procx",
            "affected-fukuoka",
        )
    assert "procx: http" in done.stdout, done.stderr
    *lines, last = done.stdout.splitlines()
    assert all("reads well" in line for line in lines), done.stdout
    assert last == "2 of 2 addresses read well"
    assert done.returncode == 0


def test_read_fetches_and_refuses_private_addresses(tmp_path: Path):
    done = kohyo(tmp_path, "read", "http://127.0.0.1:9/")
    assert done.returncode == 1
    assert "private" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_list_is_found_shown_and_drafted_so_that_it_can_be_used(tmp_path: Path):
    kind = KINDS["a front page whose list announces a feed"]
    with Site() as site:
        for path, (content_type, body) in kind.pages.items():
            body = body if isinstance(body, bytes) else body.encode()
            site.put(path, body.replace(HOST.encode(), site.url("").encode()), content_type=content_type)
        done = kohyo(tmp_path, "sources", "new", "--private", site.url("/"))
        assert done.returncode == 0, done.stderr
        assert "tried  " + site.url("/houdou/") in done.stderr
        assert "2026-11-20  yes   個人情報が入ったUSBメモリの紛失について" in done.stderr
        (tmp_path / "source.toml").write_text(done.stdout, encoding="utf-8")
        assert "private = true" in done.stdout
        checked = kohyo(tmp_path, "--sources", str(tmp_path / "source.toml"), "sources", "check", "--live")
        assert "reads well" in checked.stdout, checked.stdout + checked.stderr


def test_a_search_goes_to_no_private_address_unless_it_is_told_so(tmp_path: Path):
    with Site() as site:
        done = kohyo(tmp_path, "sources", "new", site.url("/"))
        assert done.returncode == 1
        assert "private address" in done.stderr
        assert done.stderr.count("tried") == 1, "no other address of a host that cannot be asked does better"
        assert site.asked == []


NOW = datetime(2024, 1, 24, tzinfo=UTC)
PAGE = Capture(
    "city", URL, "page", NOW, 200, body=html(LEAK, SORRY), headers=(("Content-Type", "text/html"),)
)
ROWS = tuple(Row(f"{LIST}{n}.html", f"お知らせ{n}") for n in range(3))
LISTING = Capture("city", LIST, "listing", NOW, 200, rows=ROWS)


@pytest.mark.parametrize(
    ("captures", "words"),
    [
        ([], "nothing"),
        ([Capture("city", URL, "page", NOW, None, error="no such host")], "no such host"),
        ([PAGE, Capture("city", URL, "page", NOW, 200, body=html(SORRY))], "differs"),
        (
            [
                Capture(
                    "city",
                    URL,
                    "page",
                    NOW,
                    200,
                    body=b"<!doctype html><html><body><main></main></body></html>",
                )
            ]
            * 2,
            "empty",
        ),
    ],
)
def test_what_is_wrong_with_a_page_is_said(captures: list[Capture], words: str):
    assert words in (judge(SINGLE, captures) or "")


def test_a_listing_must_give_its_rows_twice():
    source = Source("city", "例示市", "affected", (LIST,), listing=ListingRules("li", expect=(3, 5)))
    assert judge(source, [LISTING, LISTING]) is None
    few = Source("city", "例示市", "affected", (LIST,), listing=ListingRules("li", expect=(9, None)))
    assert "3 rows" in (judge(few, [LISTING, LISTING]) or "")
