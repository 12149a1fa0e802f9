"""One capture inside its transaction: who asks, when, and what it has led to so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.track.judge.case import Judgement, PageCase, ReadAhead
from monitor.track.timing.plan import STIRRED_WAIT, Rhythms, is_start, learn_week, observe, plan_visit
from monitor.track.timing.week import Week
from storage.archive import Writer
from storage.records import (
    SUCCESS,
    Alert,
    Capture,
    Change,
    Notice,
    Outcome,
    Page,
    Role,
    Snapshot,
    Source,
)
from storage.text.urls import hostname

if TYPE_CHECKING:
    from monitor.track.judge.intents import NoticeIntent

Ready = Mapping[tuple[Role, str], tuple[PageCase, Judgement]]
"""Cases that were judged before the transaction began, by role and place."""


@dataclass(slots=True)
class TrackResult:
    """What one capture led to."""

    source: str
    url: str
    outcome: Outcome = "error"
    changes: list[Change] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TrackContext:
    """The open transaction of one capture. ``run`` is None only outside of a run.

    ``first_visits`` is what is known of sources in this run: the answer does not change while it goes on, and
    the question takes longer with each page.
    """

    writer: Writer
    source: Source
    now: datetime
    run: int | None
    result: TrackResult
    first_visits: dict[str, bool]
    rhythms: Rhythms
    ready: Ready = field(default_factory=dict)
    ahead: ReadAhead | None = None
    """What the page says, where it was read ahead."""
    touched: set[int] = field(default_factory=set)
    """Pages of whose notices something was written that links to incidents may hang on."""

    def is_first_visit(self) -> bool:
        """Tell whether nothing of the source was ever read before this run."""
        if self.source.id not in self.first_visits:
            self.first_visits[self.source.id] = self.writer.is_first_visit(self.source.id, self.run)
        return self.first_visits[self.source.id]

    def plan(self, before: Page, page: Page, outcome: Outcome, capture: Capture) -> Page:
        """Learn from a look what it tells of a page's rhythm, and plan the next; ``before`` is as it was."""
        source, writer, now, rhythms = self.source, self.writer, self.now, self.rhythms
        week, host = self._week(), hostname(page.url)
        if host not in rhythms.hosts:
            rhythms.hosts[host] = writer.host_pace(host)
        page = observe(page, before, source, outcome, week)
        turned = replace(page, last_changed=now) if outcome == "version" else page
        plan = plan_visit(turned, source, outcome, capture, now, week, rhythms.stretch(host))
        rhythms.hosts[host] = writer.count_request(
            host,
            now,
            1 if capture.again is None else 2,
            plan.pace - before.pace,
            promised=page.role == "listing" or is_start(page, source),
        )
        learned = learn_week(week, before, outcome, now)
        if learned is not week:
            writer.put_week(source.id, learned.hours, learned.days)
            rhythms.weeks[source.id] = learned
        page = replace(page, due_at=plan.due_at, planned=plan.reason, pace=plan.pace)
        return replace(page, awaited_at=plan.due_at) if outcome in SUCCESS else page

    def _week(self) -> Week:
        """Return when in the week changes of the source come."""
        weeks, source = self.rhythms.weeks, self.source.id
        if source not in weeks:
            weeks[source] = Week(*(self.writer.week(source) or ()))
        return weeks[source]

    def carry_out(self, intent: NoticeIntent) -> Notice:
        """Write what was decided of a notice, and the change that subscribers will hear of."""
        writer, notice = self.writer, intent.notice
        if intent.met:
            notice = writer.add_notice(notice)
        else:
            writer.put_notice(notice)
        self.touched.add(notice.page)
        if intent.kind is not None:
            change = self.change_of(replace(intent, notice=notice))
            self.result.changes.append(writer.add_change(change))
        return notice

    def link(self) -> None:
        """Link what was touched to incidents, at the end of the transaction.

        What was told of one of their notices may be followed by more on the pages of the others: soon, where
        a regulator has acted.
        """
        if not self.touched:
            return
        from monitor.incidents.incident_links import link_pages  # most pages are as they were

        link_pages(self.writer, self.touched)
        if told := {change.notice for change in self.result.changes}:
            wait = timedelta() if self.source.kind == "regulator" else STIRRED_WAIT
            self.writer.stir(told, self.touched, self.now, self.now + wait)

    def change_of(self, intent: NoticeIntent) -> Change:
        """Return what is told of a notice, as it is stored."""
        assert intent.kind is not None
        notice = intent.notice
        return Change(
            notice=notice.id,
            source=self.source.id,
            url=notice.url,
            title=notice.title,
            detected_at=self.now,
            kind=intent.kind,
            material=intent.material,
            reasons=intent.reasons,
            summary=_summary(intent),
            from_version=intent.from_version,
            to_version=intent.to_version,
            hunks=intent.hunks,
            facts=intent.facts,
            run=self.run,
        )

    def alert(self, kind: str, url: str, detail: str, snapshot: Snapshot | None = None) -> None:
        """Write an alert for the operator, with the bytes it speaks of as evidence."""
        evidence = snapshot.id if snapshot is not None else None
        alert = Alert(kind, self.source.id, url, detail, self.now, self.run, evidence)
        self.result.alerts.append(self.writer.raise_alert(alert))


def _summary(intent: NoticeIntent) -> str:
    """Say in Japanese what is told, as stored summaries do."""
    from feeds.wording.summary import summarise

    if intent.happened == "listed":
        return intent.notice.title
    if intent.happened in ("page-gone", "page-back"):
        return summarise((), (), event=intent.happened)
    return summarise(intent.hunks, intent.facts)
