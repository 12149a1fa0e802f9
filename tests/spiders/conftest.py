"""Real crawls against a site on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crawling import cassette, crawl, crawl_loop, recording
from tests.spiders.site import Site

__all__ = ["cassette", "crawl", "crawl_loop", "recording"]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running
