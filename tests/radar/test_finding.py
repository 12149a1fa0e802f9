"""What a search makes of an address: one draft that reads the rows, or the reason why there is none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.crawl.drafting.finding import MAX_ADDRESSES, Findings, Search
from spiders.declarations import load
from spiders.listings.listing import read_rows
from storage.records import Capture
from tests.radar.site_kinds import HOST, KINDS, Kind

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def search(kind: Kind) -> Findings:
    guide = Search(HOST + kind.asked, (), private=False, say=lambda tried: None)
    while (url := guide.next()) is not None:
        guide.met(answer(kind, url))
    return guide.findings()


def answer(kind: Kind, url: str) -> Capture:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if path not in kind.pages:
        return Capture("discovery", url, "page", NOW, 404)
    content_type, body = kind.pages[path]
    body = body if isinstance(body, bytes) else body.encode()
    return Capture("discovery", url, "page", NOW, 200, headers=(("Content-Type", content_type),), body=body)


@pytest.mark.parametrize("name", KINDS)
def test_a_search_drafts_what_reads_the_rows_or_says_why_not(name: str, tmp_path: Path) -> None:
    kind = KINDS[name]
    found = search(kind)
    if kind.what is None:
        assert not [draft for draft in found.drafts if draft.what != "page"]
        assert kind.because in " ".join([*found.remarks, *(tried.outcome for tried in found.tried)])
        return
    best = found.drafts[0]
    assert (best.what, best.source.start, len(best.rows)) == (kind.what, (HOST + kind.start,), kind.rows)
    path = tmp_path / f"{best.source.id}.toml"
    path.write_text(best.declaration, encoding="utf-8")
    (declared,) = load([path], bundled=False)
    if declared.listing is not None:
        capture = answer(kind, declared.start[0])
        read = read_rows(
            capture.body, capture.url, declared.listing, content_type=capture.header("Content-Type")
        )
        assert read == best.rows
        assert "without dates" in name or all(row.published for row in read)


def test_a_search_is_polite() -> None:
    kind = Kind({"/": KINDS["a front page that announces its feed"].pages["/"]}, None)
    found = search(kind)
    asked = [tried.url for tried in found.tried]
    assert len(asked) == len(set(asked)) <= MAX_ADDRESSES
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(HOST).netloc}


def test_a_search_that_has_found_the_feed_asks_no_further() -> None:
    found = search(KINDS["a front page that announces its feed"])
    assert [tried.url for tried in found.tried] == [f"{HOST}/", f"{HOST}/kisha.xml"]


def test_a_list_of_several_pages_is_drafted_with_the_link_to_the_next() -> None:
    found = search(KINDS["a list of several pages"])
    assert found.drafts[0].source.listing
    assert found.drafts[0].source.listing.more == "div.pager > a"
