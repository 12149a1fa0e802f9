"""Why a page is looked at when it is: ``kohyo why``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from feeds.wording.tables.source_words import PLANS
from feeds.wording.words import say_span, say_time, word
from monitor import config
from monitor.cli.common import desk, fail, plain, print_json, reading, say
from monitor.track.timing.plan import PRICE, STIRRED_PRICE, Estimate, estimate, is_start
from storage.archive import Reader
from storage.query import HostPace
from storage.records import Page, Source
from storage.text.japanese import JST
from storage.text.urls import hostname


@dataclass(frozen=True, slots=True)
class _Explained:
    page: Page
    source: Source
    found: Estimate
    host: HostPace
    budget: float
    now: datetime

    @property
    def requests_today(self) -> int:
        return self.host.requests if self.host.day == self.now.astimezone(JST).date() else 0


@click.command()
@reading
@click.argument("page")
def why(page: str) -> None:
    """Say when PAGE, an address or its number, is looked at next, and why: each reason with its numbers."""
    with desk().archive.read() as reader:
        found = _find(reader, page)
        if not found:
            fail(say("no page {}: it is watched under no such address or number", plain(page)))
        now, budget = config.clock()(), config.requests_a_day()
        for one in found:
            source = reader.source(one.source)
            if source is None:
                continue
            explained = _Explained(
                one, source, estimate(one, source, now), reader.host_pace(hostname(one.url)), budget, now
            )
            if desk().as_json:
                print_json(_shape(explained))
            else:
                click.echo("\n".join(_lines(explained)))


def _find(reader: Reader, named: str) -> list[Page]:
    """Find the pages at an address, of every source that watches it, or the one of a number."""
    if named.isdecimal():
        page = reader.page_by_id(int(named))
        return [page] if page is not None else []
    return reader.pages_at(named)


def _lines(one: _Explained) -> list[str]:
    page, found, lang = one.page, one.found, desk().lang

    def span(hours: float) -> str:
        return say_span(round(hours * 3600), lang)

    lines = [f"{plain(page.url)}  ({page.source}, {page.id})"]
    if page.due_at is None:
        lines.append(say("next visit: with the next run"))
    else:
        lines.append(say("next visit: {}", say_time(page.due_at, lang)))
    if page.planned is not None:
        lines.append(say("why: {}", word(PLANS, page.planned, lang)))
    if page.last_checked is not None:
        lines.append(say("last visit: {}", say_time(page.last_checked, lang)))
    if page.role == "attachment":
        return lines
    lines.append(say("changes seen: {}", page.changes_seen))
    if page.role == "page":
        lines += [
            say("since it came, changed or its incident stirred: {}", span(found.quiet_days * 24)),
            say("changes to be expected in a day, by its history and age: {}", f"{found.daily:.4f}"),
            say("right for that, if all hours were alike: a visit every {}", span(found.wait)),
            say("bounds: {} to {}", span(found.least), span(found.most)),
        ]
    else:
        lines.append(say("its source is visited every {}", span(one.source.every / 3600)))
    if found.stirred:
        lines.append(say("something goes on in its incident: visited twice as often"))
    lines.append(
        say(
            "budget of {}: {} requests a day, {} made today; its pages ask for {}",
            hostname(page.url),
            f"{one.budget:g}",
            one.requests_today,
            f"{one.host.promised + one.host.wished:.0f}",
        )
    )
    stretch = one.host.stretch(one.budget)
    if stretch > 1 and not is_start(page, one.source):
        lines.append(say("so that its pages wait {} times longer", f"{stretch:.1f}"))
    return lines


def _shape(one: _Explained) -> dict[str, Any]:
    page, found = one.page, one.found
    return {
        "page": page.id,
        "url": page.url,
        "source": page.source,
        "role": page.role,
        "due_at": _moment(page.due_at),
        "planned": page.planned,
        "last_checked": _moment(page.last_checked),
        "changes_seen": page.changes_seen,
        "quiet_days": round(found.quiet_days, 3),
        "daily_changes": round(found.daily, 6),
        "stirred": found.stirred,
        "price_hours": STIRRED_PRICE if found.stirred else PRICE,
        "wait_hours": round(found.wait, 3),
        "least_hours": round(found.least, 3),
        "most_hours": round(found.most, 3),
        "host": hostname(page.url),
        "budget": one.budget,
        "requests_today": one.requests_today,
        "asked_for": round(one.host.promised + one.host.wished, 3),
        "stretch": round(one.host.stretch(one.budget), 3),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
