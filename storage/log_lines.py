"""The one format of logs: a line of JSON an event, with the same keys whoever writes it."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

EVENTS: Mapping[str, str] = {
    "run.began": "a run of a command begins",
    "run.ended": "it is over",
    "request.answered": "a server answered a request",
    "page.done": "a page was visited, and what came is kept",
    "page.failed": "a mistake of ours; what came is kept without judgement",
    "page.lost": "what came could not be kept; the page is visited again",
    "page.not_followed": "a page pointed on to where nothing could be had",
    "page.no_second_look": "a page that differed was to be looked at again, and could not be",
    "page.not_drawn": "something that a drawn page asked for could not be had",
    "host.put_off": "pages of a host are left to the next run",
    "lease.lost": "another run took over a lease of this one",
    "lease.not_renewed": "leases could not be renewed just now; it is tried again",
    "import.passed_over": "records of imported files that are about no page of the source",
    "http.answered": "the server answered somebody",
    "jobs.enqueued": "visits were enqueued",
    "worker.began": "a worker begins to take jobs",
    "worker.ended": "it takes no more, and has ended what it had begun",
    "worker.stopping": "it was told to end: it waits for the pages in flight",
    "queue.lost": "the queue does not answer; it is asked again",
    "job.began": "a job begins: a process of its own",
    "job.ended": "its process has ended",
    "job.recovered": "a job whose worker had died waits again, or was given up",
    "host.set_aside": "visits of a host ended their processes too often; it is left alone for a while",
    "process.said": "the process of a job says something that is no event",
    "log": "a library says something",
}
"""Name of each event, and what happened. `docs/reference/logs.md` lists them with their keys."""

MAX_VALUE_CHARS = 4_000
"""Of one value; a traceback may be as long, and no address that is meant."""

# json escapes the first 32 characters itself; these would steer a terminal, break a line or turn its words
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def log_event(
    logger: logging.Logger,
    event: str,
    level: int = logging.INFO,
    *,
    error: BaseException | None = None,
    **values: object,
) -> None:
    """Log an event of ours with its keys; those that are None or empty are left out."""
    assert event in EVENTS, f"{event} has no line in EVENTS"
    given = {key: value for key, value in values.items() if value is not None and value != ""}
    readable = " ".join([event, *(f"{key}=%({key})s" for key in given)])
    logger.log(level, readable, {"event": event, **given}, exc_info=error)


def write_line(time: datetime, level: str, event: str, values: Mapping[str, object]) -> str:
    """Write one line, whatever the values hold: nothing in them ends it or steers who reads it."""
    line = {"time": time.astimezone(UTC).isoformat(timespec="milliseconds"), "level": level, "event": event}
    return dump_line({**line, **{key: _value(value) for key, value in values.items()}})


def dump_line(values: Mapping[str, object]) -> str:
    """Write values as a line of JSON, in which what would steer who reads it stands as an escape."""
    said = json.dumps(values, ensure_ascii=False)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", said)


def _value(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, 3) if abs(value) < 1e15 else str(value)  # JSON knows neither nan nor infinity
    text = str(value)
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"


class LineFormatter(logging.Formatter):
    """Writes records of ours with their keys, and those of libraries as the event ``log``."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as one line."""
        values: dict[str, Any] = {}
        given = record.args
        if isinstance(given, Mapping) and given.get("event") in EVENTS:
            values |= given
        else:
            values |= {"event": "log", "logger": record.name, "text": record.getMessage()}
        if record.exc_info and record.exc_info[0]:
            values["error"] = self.formatException(record.exc_info)[-MAX_VALUE_CHARS:]
        event = values.pop("event")
        return write_line(
            datetime.fromtimestamp(record.created, UTC), record.levelname.lower(), event, values
        )


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at that moment."""

    @property
    def stream(self) -> TextIO:
        """Standard error."""
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        pass


_handler = _StderrHandler()
_handler.setFormatter(LineFormatter())

_CHATTY = (
    "filelock",
    "procrastinate",
    "scrapy.addons",
    "scrapy.core.engine",
    "scrapy.crawler",
    "scrapy.extensions.logstats",
    "scrapy.middleware",
    "scrapy.statscollectors",
    "scrapy.utils.log",
)
"""What these say below a warning is about themselves: their settings, versions and counters."""


def _is_told(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or not record.name.startswith(_CHATTY)


_handler.addFilter(_is_told)


def show_log(level: int) -> None:
    """Write what is logged from a level on to standard error, in this format, whoever logs it."""
    _handler.setLevel(level)
    logging.root.addHandler(_handler)
    logging.root.setLevel(level)
