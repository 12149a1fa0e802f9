"""One recorded crawl of the sample sites for each spider, judged as it was recorded.

``pytest tests/demo/test_recorded.py --record`` records them anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.demo.epochs import EPOCHS
from monitor.demo.server import World
from monitor.demo.sites import SITES, declarations
from monitor.track.tracker import Tracker
from spiders.affected import AffectedSpider
from spiders.base import SourceSpider
from spiders.company import CompanySpider
from spiders.declarations import load
from spiders.ppc import PpcSpider
from storage.archive import open_archive
from storage.records import Capture, Source
from tests.crawling import Crawl
from tests.databases import database_at
from tests.spiders.fake import FakeAgenda

FIRST_PORT = 18530
BASES = {site.name: f"http://127.0.0.1:{FIRST_PORT + place}" for place, site in enumerate(SITES)}
MOMENT = next(epoch.moment for epoch in EPOCHS if epoch.moment.date().isoformat() == "2024-01-24")


@pytest.fixture
def sources(tmp_path: Path) -> list[Source]:
    for name, text in declarations(SITES, BASES, MOMENT).items():
        (tmp_path / name).write_text(text, "utf-8")
    return load([tmp_path], bundled=False)


class StoryAgenda(FakeAgenda):
    def now(self) -> Any:
        return MOMENT


@pytest.mark.parametrize(
    ("spider", "told"),
    [
        (PpcSpider, "勧告"),
        (CompanySpider, "個人情報保護委員会からの勧告等について"),
        (AffectedSpider, "162,828人"),
    ],
    ids=["ppc", "company", "affected"],
)
def test_a_recorded_crawl_is_judged(
    spider: type[SourceSpider],
    told: str,
    sources: list[Source],
    recording: bool,
    cassette: Any,
    crawl: Crawl,
    tmp_path: Path,
) -> None:
    agenda = StoryAgenda([source for source in sources if source.kind in spider.kinds])
    if recording:
        with World(SITES, MOMENT, FIRST_PORT):
            captures: list[Capture] = crawl(spider, AGENDA=agenda.as_setting()).captures
    else:
        captures = crawl(spider, AGENDA=agenda.as_setting()).captures
    assert {capture.source for capture in captures} == {s.id for s in agenda.sources if s.start}
    with open_archive(database_at(tmp_path / "kohyo.db")) as archive:
        with archive.write() as writer:
            for source in sources:
                writer.put_source(source)
            run = writer.start_run("crawl", MOMENT)
        tracker = Tracker(archive, sources, run.id)
        for capture in sorted(captures, key=lambda one: one.role != "listing"):
            tracker.track(capture)
        with archive.read() as reader:
            assert [alert.detail for alert in reader.alerts()] == []
            assert any(told in hit.snippet or told in hit.notice.title for hit in reader.search(told))
