"""Compose what one target is told of alerts at once: a line for each source, those of a host together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from feeds.addresses import Site, source_page
from feeds.formats.entries import Names
from feeds.notify.message import wrap_html
from feeds.notify.send import Message
from feeds.wording import sanitise
from feeds.wording.sanitise import cut, one_line
from feeds.wording.tables.count_words import AMOUNTS
from feeds.wording.tables.source_words import ALERT_NEWS, ALERTS
from feeds.wording.words import join_words, phrase, say_count, say_detail, say_time, word
from storage.json_shapes import alert_json
from storage.query import AlertTurn
from storage.records import Alert
from storage.topics.health import host_of_alert

MAX_LINES = 100
"""Sources that have a line of their own in one message; the others are counted."""

MAX_DETAIL_CHARS = 120
TURNS: tuple[AlertTurn, ...] = ("raised", "recovered")


@dataclass(frozen=True, slots=True)
class AlertNews:
    """An alert, and what there is to tell of it; ``row`` is that of the outbox."""

    turn: AlertTurn
    alert: Alert
    row: int


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    source: str


def compose_alerts(target: str, news: Sequence[AlertNews], names: Names, site: Site) -> Message:
    """Compose the message of these alerts. What began and ended before it was told is told as ended."""
    ended = {one.alert.id for one in news if one.turn == "recovered"}
    by_turn = {
        turn: [
            one.alert
            for one in news
            if one.turn == turn and (turn == "recovered" or one.alert.id not in ended)
        ]
        for turn in TURNS
    }
    parts = [(turn, list(_write_lines(turn, alerts, names))) for turn, alerts in by_turn.items() if alerts]
    title = join_words((_make_title(turn, lines, site.lang) for turn, lines in parts), site.lang)
    single = len(parts) == 1
    text = "\n\n".join(_write_text(turn, lines, site.lang, single=single) for turn, lines in parts)
    html = "".join(_write_html(turn, lines, site) for turn, lines in parts)
    told = [{"turn": one.turn, **alert_json(one.alert)} for one in news]
    return Message(
        _identify(target, news), title, text + "\n", wrap_html(title, html, site.lang), (), tuple(told)
    )


def _identify(target: str, news: Iterable[AlertNews]) -> str:
    """Make an id that is the same for the same news to the same target, whenever it is sent.

    An alert may be raised and over many times: the rows of the outbox tell these apart.
    """
    rows = [f"alert {one.row}" for one in news]
    return hashlib.blake2b("\n".join([target, *rows]).encode(), digest_size=16).hexdigest()


def _make_title(turn: AlertTurn, lines: Sequence[_Line], lang: str) -> str:
    if len(lines) == 1:
        return phrase(ALERT_NEWS, f"one-{turn}", lang, lines[0].text)
    return phrase(ALERT_NEWS, turn, lang, len(lines), say_count(len(lines), "source"))


def _write_lines(turn: AlertTurn, alerts: Iterable[Alert], names: Names) -> Iterator[_Line]:
    """Write a line for each source, in order of hosts."""

    def place(alert: Alert) -> tuple[str, str]:
        return host_of_alert(alert), alert.source

    for (host, source), group in groupby(sorted(alerts, key=place), place):
        of_source = list(group)
        said = join_words(_say_kinds(of_source, names.lang), names.lang)
        if turn == "recovered":
            began = min(alert.raised_at for alert in of_source)
            more = phrase(ALERT_NEWS, "since", names.lang, say_time(began, names.lang))
        else:
            more = cut(one_line(say_detail(of_source[0].detail, names.lang)), MAX_DETAIL_CHARS)
        yield _Line(f"{host} {names.source(source)}: {said}{f' ({more})' if more else ''}", source)


def _say_kinds(alerts: Iterable[Alert], lang: str) -> Iterator[str]:
    def kind(alert: Alert) -> str:
        return alert.kind

    for name, group in groupby(sorted(alerts, key=kind), kind):
        said, pages = word(ALERTS, name, lang), len({alert.url for alert in group})
        yield phrase(ALERT_NEWS, "pages", lang, said, pages, say_count(pages, "page"))


def _write_text(turn: AlertTurn, lines: Sequence[_Line], lang: str, *, single: bool) -> str:
    head = (
        [] if single else [f"■ {phrase(ALERT_NEWS, turn, lang, len(lines), say_count(len(lines), 'source'))}"]
    )
    return "\n".join([*head, *(line.text for line in lines[:MAX_LINES]), *_say_left(lines, lang)])


def _write_html(turn: AlertTurn, lines: Sequence[_Line], site: Site) -> str:
    head = phrase(ALERT_NEWS, turn, site.lang, len(lines), say_count(len(lines), "source"))
    items = [sanitise.link(site.url(source_page(line.source)), line.text) for line in lines[:MAX_LINES]]
    items += map(sanitise.text, _say_left(lines, site.lang))
    return f"<h3>{sanitise.text(head)}</h3><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _say_left(lines: Sequence[_Line], lang: str) -> list[str]:
    left = len(lines) - MAX_LINES
    return [phrase(AMOUNTS, "more", lang, left)] if left > 0 else []
