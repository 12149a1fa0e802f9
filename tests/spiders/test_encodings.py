"""Bodies unpacked whole or not at all, live and by themselves."""

from __future__ import annotations

import contextlib
import gzip
import sys
import time
import zlib
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.base import SourceSpider
from spiders.transport.encodings import Incomplete, TooLarge, list_encodings, unpack
from storage.records import PageRules, Source
from tests.crawling import Crawl
from tests.spiders.fake import FakeAgenda
from tests.spiders.site import Site

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMIT = 1 << 20
PAGE = "".join(f"<p>{n}番目の段落、対象は{n * 37}件です。</p>" for n in range(4_000)).encode()


def raw(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, tuple[str, Any]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
}
every = pytest.mark.parametrize("packed", PACKERS)


@every
def test_a_whole_body_comes_back(packed: str) -> None:
    encoding, pack = PACKERS[packed]
    for body in (PAGE, b"", b"a", b"\0" * LIMIT):
        assert unpack(pack(body), encoding, LIMIT) == body


@every
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_part_is_told_for_a_part(packed: str, share: float) -> None:
    encoding, pack = PACKERS[packed]
    whole = pack(PAGE)
    with pytest.raises((Incomplete, ValueError)) as caught:
        unpack(whole[: int(len(whole) * share)], encoding, LIMIT)
    if isinstance(caught.value, Incomplete):
        assert PAGE.startswith(caught.value.body)


@every
def test_a_bomb_ends_at_the_limit(packed: str) -> None:
    encoding, pack = PACKERS[packed]
    with pytest.raises(TooLarge):
        unpack(pack(b"\0" * (64 * LIMIT)), encoding, LIMIT)


@every
@given(body=st.binary(max_size=300), at=st.integers(0, 300))
def test_any_bytes_are_read_or_refused(packed: str, body: bytes, at: int) -> None:
    encoding, pack = PACKERS[packed]
    whole = pack(body)
    for broken in (body, whole[:at], whole[:at] + b"\xff" + whole[at + 1 :]):
        with contextlib.suppress(Incomplete, ValueError):
            unpack(broken, encoding, LIMIT)


def test_members_of_gzip_and_bytes_behind_them() -> None:
    assert unpack(gzip.compress(b"a") + gzip.compress(b"b"), "gzip", LIMIT) == b"ab"
    assert unpack(gzip.compress(b"a") + b"\0\0", "gzip", LIMIT) == b"a"
    assert list_encodings(["gzip, br", " identity", "ZSTD"]) == ["zstd", "br", "gzip"]


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_no_number_of_members_takes_long(encoding: str) -> None:
    member = PACKERS[encoding][1](b"")
    assert unpack(member * 9_000, encoding, LIMIT) == b""
    begun = time.process_time()
    with pytest.raises(TooLarge, match="more than 10000 members"):
        unpack(member * 400_000, encoding, LIMIT)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_page_that_broke_off_is_asked_for_again_and_not_read(
    site: Site, crawl: Crawl, encoding: str
) -> None:
    whole = PACKERS[encoding][1](PAGE)
    site.put("/robots.txt", "")
    site.put("/", whole[: len(whole) // 2], headers=(("Content-Encoding", encoding),))
    source = Source("s", "s", "affected", (site.url("/"),), page=PageRules(attachments=True), private=True)
    (capture,) = crawl(SourceSpider, AGENDA=FakeAgenda([source]).as_setting()).captures
    assert capture.error.startswith("the answer broke off: ")
    assert len(site.requests("/")) == 3
    assert PAGE.startswith(capture.body)


def test_a_cookie_lives_for_one_visit(site: Site, crawl: Crawl) -> None:
    site.put("/robots.txt", "")
    for path in ("/a", "/b"):
        cookie = ("Set-Cookie", "seen=1; Path=/; Domain=.0.0.1")
        site.put(path, "", status=302, headers=(("Location", path), cookie))
        site.then(path, "<title>x</title><a href='/f.pdf'>x</a>")
    site.put("/f.pdf", b"%PDF-")
    starts = (site.url("/a"), site.url("/b"))
    source = Source("s", "s", "affected", starts, page=PageRules(attachments=True), private=True)
    captures = crawl(SourceSpider, AGENDA=FakeAgenda([source]).as_setting()).captures
    assert [capture.status for capture in captures] == [200, 200]
    for path in ("/a", "/b"):
        assert [one.headers.get("Cookie") for one in site.requests(path)] == [None, "seen=1"]
    assert {one.headers.get("Cookie") for one in site.requests("/f.pdf")} == {"seen=1"}
    assert "Cookie" not in site.requests("/robots.txt")[0].headers


def test_a_mistake_of_ours_over_an_answer_leaves_a_capture(
    site: Site, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Any:
        raise ValueError("no such link")

    monkeypatch.setattr("spiders.listings.listing.find_attachments", broken)
    site.put("/robots.txt", "")
    site.put("/", "<title>x</title><a href='/f.pdf'>x</a>")
    source = Source("s", "s", "affected", (site.url("/"),), page=PageRules(attachments=True), private=True)
    (capture,) = crawl(SourceSpider, AGENDA=FakeAgenda([source]).as_setting()).captures
    assert "kohyo failed on this page: ValueError: no such link" in capture.fault
    assert capture.body
