"""No log line holds a page's bytes."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from spiders.ppc import PpcSpider
from storage.records import Capture, Source
from tests.crawling import Crawl
from tests.spiders.fake import FakeAgenda
from tests.spiders.site import Site


class Broken:
    def process_item(self, item: Any) -> Any:
        raise ValueError("the disk is full")


def test_captures_are_named_not_printed(site: Site, crawl: Crawl, caplog: pytest.LogCaptureFixture) -> None:
    site.put("/", "秘密" * 1000)
    source = Source("test", "試験", "regulator", (site.url(),), private=True, delay=0.0)
    with caplog.at_level(logging.DEBUG):
        for pipelines in ({}, {Broken: 1}):
            crawl(
                PpcSpider,
                AGENDA=FakeAgenda([source]).as_setting(),
                ITEM_PIPELINES=pipelines,
                LOG_LEVEL="DEBUG",
            )
    lines = [record.getMessage() for record in caplog.records]
    assert len([line for line in lines if f"page {site.url()} of test: 200, 6000 bytes" in line]) == 2
    assert not [line for line in lines if Capture.__name__ + "(" in line]
