"""What a visit leaves behind for the next: what it taught, what it asks of the host, what it stirs elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.config import requests_a_day
from storage.archive import Archive
from storage.query import HostPace
from storage.records import Incident, IncidentLink, Page
from tests.monitor.story import DAY, HOUR, LEAK, LISTED, MORE, SINGLE, SORRY, URL, Story, html, row

HOST = "www.city.example.lg.jp"
JUNE = date(2023, 10, 17)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


def page(story: Story, url: str = URL) -> Page:
    with story.archive.read() as reader:
        return next(one for one in reader.pages_at(url) if one.role == "page")


def pace(story: Story) -> HostPace:
    with story.archive.read() as reader:
        return reader.host_pace(HOST)


def test_looks_teach_the_rate_of_a_page_and_the_week_of_its_source(story: Story) -> None:
    story.page(html(LEAK, SORRY))
    new = page(story)
    story.page(html(LEAK, SORRY), DAY)
    calm = page(story)
    story.page(html(MORE, SORRY), HOUR)
    changed = page(story)
    rates = [one.learned.shape / one.learned.exposure for one in (new, calm, changed) if one.learned]
    assert rates[1] < rates[0]
    assert rates[2] > rates[1]
    assert changed.pace > calm.pace
    with story.archive.read() as reader:
        hours, days = reader.week("city") or ((), ())
    assert (sum(hours), sum(days)) == pytest.approx((1, 1), abs=0.01)
    assert days[2] == pytest.approx(1, abs=0.01), "a Wednesday in Japan"


def test_a_failure_teaches_nothing_and_keeps_what_was_promised(story: Story) -> None:
    story.page(html(LEAK, SORRY))
    read = page(story)
    story.page(status=500)
    failed = page(story)
    assert (failed.learned, failed.awaited_at, failed.pace) == (read.learned, read.awaited_at, read.pace)
    assert failed.planned == "failing"


def test_requests_of_a_day_are_counted_and_what_pages_ask_for_is_summed(story: Story) -> None:
    story.page(html(LEAK, SORRY))
    first = page(story)
    assert pace(story) == HostPace(first.pace, 0.0, JUNE, 1), "a page that a declaration names"
    story.page(html(MORE, SORRY), again=html(MORE, SORRY))
    counted = pace(story)
    assert counted.requests == 3, "a second look is a request"
    assert counted.promised == pytest.approx(page(story).pace)
    story.page(html(MORE, SORRY), DAY)
    assert (pace(story).day, pace(story).requests) == (JUNE + DAY, 1)
    other = story.capture(html(LEAK), url=f"{URL}2")
    story.visit(HOUR, other)
    assert pace(story).wished == pytest.approx(page(story, other.url).pace)


def test_pages_wait_longer_where_their_host_bears_less(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    other = f"{URL}2"
    waits = []
    for budget in ("1000000", "1"):
        monkeypatch.setenv("KOHYO_HOST_DAY_REQUESTS", budget)
        story.visit(HOUR, story.capture(html(LEAK), url=other))
        found = page(story, other)
        assert found.due_at
        waits.append(found.due_at - story.now)
    assert waits[1] > 4 * waits[0]


@pytest.mark.parametrize("value", ["-1", "0", "viele", "nan", "inf"])
def test_a_budget_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KOHYO_HOST_DAY_REQUESTS", value)
    with pytest.raises(ValueError, match="KOHYO_HOST_DAY_REQUESTS"):
        requests_a_day()


@pytest.mark.parametrize(("kind", "within"), [("regulator", timedelta()), ("affected", timedelta(days=1))])
def test_what_is_told_in_an_incident_stirs_its_other_pages(
    archive: Archive, kind: str, within: timedelta
) -> None:
    story = Story(archive, replace(SINGLE, kind=kind))  # type: ignore[arg-type]
    story.page(html(LEAK, SORRY))
    resting = f"{URL}9"
    with archive.write() as writer:
        (told,) = writer.notices()
        incident = writer.put_incident(Incident("leak", "漏えい"))
        for url, status in ((resting, "confirmed"), (f"{URL}8", "suggested")):
            other = writer.add_page("city", url, "page", due_at=story.now + 6 * DAY)
            notice = replace(told, id=0, page=other.id, url=url)
            notice = writer.add_notice(notice)
            writer.set_link(IncidentLink(incident.id, notice.id, status, ("by hand",)))  # type: ignore[arg-type]
        writer.set_link(IncidentLink(incident.id, told.id, "confirmed", ("by hand",)))
    story.page(html(MORE, SORRY), DAY)
    assert len(story.changes) > 1
    stirred, suggested = page(story, resting), page(story, f"{URL}8")
    assert (stirred.stirred_at, stirred.due_at, stirred.planned) == (story.now, story.now + within, "stirred")
    assert suggested.stirred_at is None
    assert page(story).stirred_at is None, "what was told there, was told there"


def test_a_row_that_says_a_page_has_changed_makes_it_due(archive: Archive) -> None:
    story = Story(archive, LISTED)
    first, second = row(1, "個人情報の漏えいについて", JUNE), row(2, "断水のお知らせ", JUNE)
    story.listing(first, second)
    story.visit(HOUR, story.capture(html(LEAK), url=first.url, row=first))
    assert page(story, first.url).planned == "learned"
    story.listing(replace(first, published=JUNE + DAY), second, after=DAY)
    assert (page(story, first.url).due_at, page(story, first.url).planned) == (story.now, "listed")


def test_a_feed_or_sitemap_that_says_a_page_was_changed_makes_it_due(archive: Archive) -> None:
    story = Story(archive, LISTED)
    rows = [row(n, f"個人情報の漏えいについて（{n}）", JUNE) for n in range(12)]
    story.listing(*rows)
    for one in rows:
        story.visit(MINUTE, story.capture(html(LEAK), MINUTE, url=one.url, row=one))
    looked, days = story.now, [page(story, one.url).due_at for one in rows]

    def listed(*touched: datetime | None) -> list[int]:
        given = [*touched, *[None] * len(rows)]
        said = [replace(one, touched=at) for one, at in zip(rows, given, strict=False)]
        assert story.listing(*said, after=10 * MINUTE).outcome == "same-text"
        return [n for n, one in enumerate(rows) if page(story, one.url).planned == "listed"]

    assert listed(looked - 20 * HOUR, looked + 90 * DAY) == [], "an older change, a clock that is ahead"
    assert listed(*[looked + 15 * MINUTE] * 7) == [], "of most of its rows: it says so of whatever it shows"
    assert listed(None, None, looked + 22 * MINUTE) == [2]
    assert page(story, rows[2].url).due_at == story.now
    assert [page(story, one.url).due_at for one in rows[3:]] == days[3:]
    again = story.capture(html(LEAK), MINUTE, url=rows[2].url, row=rows[2])
    story.visit(MINUTE, again)
    older = looked - 20 * HOUR
    assert listed(None, None, looked + 22 * MINUTE, older) == [], "it was looked at since"


def test_why_says_when_and_by_what(story: Story, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    story.page(html(LEAK, SORRY))
    monkeypatch.setenv("KOHYO_NOW", story.now.isoformat())

    def asked(*more: str, lang: str = "en") -> str:
        result = CliRunner().invoke(main, ["why", "--db", story.archive.url, "--lang", lang, *more])
        assert result.exit_code == 0, result.output
        return result.output

    found = page(story)
    english = asked(URL)
    assert f"({found.source}, {found.id})" in english
    assert "why: by how often it changes" in english
    assert "changes to be expected in a day, by its history and age: 0.2" in english
    assert "bounds: 1 hour to 1 day" in english
    assert f"budget of {HOST}: 10000 requests a day, 1 made today" in english
    assert asked(str(found.id)) == english
    assert "理由: 更新の頻度から見込んだため" in asked(URL, lang="ja")
    told = json.loads(asked(URL, "--json"))
    assert (told["page"], told["planned"], told["most_hours"], told["stretch"]) == (
        found.id,
        "learned",
        24,
        1,
    )
    assert datetime.fromisoformat(told["due_at"]) == found.due_at.replace(microsecond=0)  # type: ignore[union-attr]
    refused = CliRunner().invoke(main, ["why", "--db", story.archive.url, "https://nobody.example/"])
    assert refused.exit_code == 2
