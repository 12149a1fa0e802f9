"""How kohyo fares, for programs that watch over it: `/healthz` for who asks whether, `/metrics` for how much.

Neither holds a secret or a word of a page. Figures are asked of the archive when they are asked for.
"""

from __future__ import annotations

import logging
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feeds.web import responses
from feeds.web.params import parse_number
from feeds.web.running.processes import Shared
from storage.archive import Archive
from storage.errors import StorageError
from storage.log_lines import log_event
from storage.query import WorkerFigures
from storage.topics.health import GRAVITY

logger = logging.getLogger(__name__)

Now = Callable[[], datetime]


def answer_health(request: Request, archive: Archive, now: Now) -> Response:
    """Say whether the database answers and when a crawl came to its end last; 503 where that is not well.

    With ``max_age`` it is not well either if that is longer ago than so many seconds.
    """
    most = parse_number(request.query_params, "max_age")
    try:
        with archive.read() as reader:
            ended = reader.last_end("crawl")
    except StorageError:
        return _say(request, {"status": "no-database", "database": False, "last_run": None, "age": None})
    age = round((now() - ended).total_seconds()) if ended else None
    late = most is not None and (age is None or age > most)
    last = ended.isoformat() if ended else None
    return _say(request, {"status": "late" if late else "ok", "database": True, "last_run": last, "age": age})


def _say(request: Request, health: dict[str, object]) -> Response:
    answer = responses.respond_json(request, health, 200 if health["status"] == "ok" else 503)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@dataclass(frozen=True, slots=True)
class _Archived(Collector):
    """Figures that the archive holds."""

    archive: Archive
    now: Now

    def collect(self) -> Iterator[Metric]:
        """Ask the archive for its figures."""
        now = self.now()
        with self.archive.read() as reader:
            runs, ended, done = (
                reader.count_runs(),
                reader.last_end("crawl"),
                reader.last_end("crawl", "done"),
            )
            due, waiting, lost = reader.count_due(now), *reader.count_deliveries()
            coverage, troubles = reader.coverage(now), reader.troubles(now)
            jobs, workers, resting = reader.count_jobs(), reader.workers(), reader.resting_hosts()
        yield _counted("kohyo_runs", "Runs by command and how they ended.", ("command", "status"), runs)
        yield _gauge("kohyo_last_run_timestamp_seconds", "When a crawl came to its end last.", ended)
        yield _gauge("kohyo_last_success_timestamp_seconds", "When one did without a failure.", done)
        yield GaugeMetricFamily("kohyo_pages_due", "Pages whose time has come.", due)
        states = Tally(min(row.state, key=GRAVITY.index, default="in-order") for row in coverage)
        by_state = GaugeMetricFamily(
            "kohyo_sources", "Sources by the gravest of their states.", None, ("state",)
        )
        for state in (*GRAVITY, "in-order"):
            by_state.add_metric((state,), states[state])
        yield by_state
        kinds = Tally(alert.kind for alert in troubles)
        by_kind = GaugeMetricFamily("kohyo_open_alerts", "What is wrong now, by kind.", None, ("kind",))
        for kind, number in sorted(kinds.items()):
            by_kind.add_metric((kind,), number)
        yield by_kind
        yield GaugeMetricFamily("kohyo_notifications_waiting", "Notifications that wait to be sent.", waiting)
        yield GaugeMetricFamily("kohyo_notifications_lost", "Notifications that were given up.", lost)
        if jobs:  # there is a queue
            yield from _of_workers(jobs, workers, len(resting))


def _of_workers(jobs: Mapping[str, int], workers: Iterable[WorkerFigures], resting: int) -> Iterator[Metric]:
    by_state = GaugeMetricFamily("kohyo_jobs", "Jobs of the queue by state.", None, ("state",))
    for state, number in jobs.items():
        by_state.add_metric((state,), number)
    ended = CounterMetricFamily(
        "kohyo_worker_jobs", "Jobs that a worker has ended, by outcome.", None, ("worker", "outcome")
    )
    seconds = CounterMetricFamily("kohyo_worker_seconds", "Seconds its jobs took.", None, ("worker",))
    pages = CounterMetricFamily("kohyo_worker_pages", "Pages its jobs visited.", None, ("worker",))
    running = GaugeMetricFamily("kohyo_worker_jobs_running", "Jobs at work now.", None, ("worker",))
    seen = GaugeMetricFamily(
        "kohyo_worker_seen_timestamp_seconds", "When a worker gave its last sign of life.", None, ("worker",)
    )
    for one in workers:
        for outcome, number in one.ended.items():
            ended.add_metric((one.name, outcome), number)
        seconds.add_metric((one.name,), one.seconds)
        pages.add_metric((one.name,), one.pages)
        running.add_metric((one.name,), one.running)
        seen.add_metric((one.name,), one.seen_at.timestamp())
    yield from (by_state, ended, seconds, pages, running, seen)
    yield GaugeMetricFamily("kohyo_hosts_set_aside", "Hosts whose visits ended their processes.", resting)


@dataclass(frozen=True, slots=True)
class _Answered(Collector):
    """What the server answered, all processes together."""

    shared: Shared

    def collect(self) -> Iterator[Metric]:
        """Add up what each has counted."""
        counted: dict[tuple[str, ...], int] = {
            (status,): count for status, count in self.shared.answers().items()
        }
        yield _counted("kohyo_requests", "Requests answered, by class of status.", ("status",), counted)


def _counted(name: str, about: str, labels: tuple[str, ...], found: dict[tuple[str, ...], int]) -> Metric:
    metric = CounterMetricFamily(name, about, None, labels)
    for values, number in sorted(found.items()):
        metric.add_metric(values, number)
    return metric


def _gauge(name: str, about: str, moment: datetime | None) -> Metric:
    metric = GaugeMetricFamily(name, about)
    if moment is not None:  # of what never happened nothing is said
        metric.add_metric((), moment.timestamp())
    return metric


class RunningFigures:
    """The figures of one server: those of its archive, and the requests that its processes have answered."""

    def __init__(self, archive: Archive, now: Now, shared: Shared) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Archived(archive, now))
        self._registry.register(_Answered(shared))
        self._shared = shared

    def answer(self, request: Request) -> Response:
        """Answer with all figures in the text format of Prometheus."""
        body = generate_latest(self._registry)
        headers = {"Cache-Control": "no-store"}
        return responses.respond(request, body, CONTENT_TYPE_LATEST, headers=headers)

    def counting(self, app: ASGIApp) -> ASGIApp:
        """Wrap an application so that what it answers is counted, and logged."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            began = monotonic()

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._shared.count_answer(message["status"])
                    if logger.isEnabledFor(logging.INFO):
                        _tell_answer(scope, message["status"], monotonic() - began)
                await send(message)

            await app(scope, receive, sending if scope["type"] == "http" else send)

        return counted


def _tell_answer(scope: Scope, status: int, seconds: float) -> None:
    """Log an answer. What was asked for, after the question mark, is left out: it tells of who asks."""
    method, path = scope["method"], scope["path"]
    log_event(logger, "http.answered", method=method, path=path, status=status, seconds=seconds)
