"""What a sample site is: addresses with a history, lists of them, and a template around both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import NamedTuple

from monitor.demo.pdf_maker import render
from storage.text.japanese import JST

_PAGES = Path(__file__).parent / "pages"

ROBOTS = "User-agent: *\nDisallow: /common/\nDisallow: /search\n"


class State(NamedTuple):
    """What stands at an address from a moment on: main text as HTML, a file's bytes, or nothing."""

    since: datetime
    body: str | bytes | None


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """An address and its history. ``listed`` is the day that a list shows for it."""

    path: str
    title: str
    states: tuple[State, ...]
    listed: date | None = None
    label: str = ""
    href: str = ""  # as a list writes it; default: the path

    def at(self, moment: datetime) -> State | None:
        """Return the state that stands at a moment; None before the first."""
        return next((state for state in reversed(self.states) if state.since <= moment), None)


@dataclass(frozen=True, slots=True)
class List:
    """A page of links: those documents that ``holds`` says, newest first."""

    path: str
    title: str
    write: Callable[[list[DemoDocument]], str]
    holds: Callable[[DemoDocument, datetime], bool] = lambda document, moment: True


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer of a site as it stands at a moment. ``live`` pages hold the noise of each request."""

    body: str | bytes
    content_type: str
    encoding: str = "utf-8"
    live: bool = False
    validators: bool = True


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A publisher's site. ``host`` is what the declarations that it imitates say."""

    name: str
    host: str
    documents: tuple[DemoDocument, ...]
    lists: tuple[List, ...] = ()
    encoding: str = "utf-8"
    charset: str | None = "UTF-8"  # in the Content-Type header; None: only the page itself says it
    validators: bool = True
    live: bool = False
    extra: str = '<li><a href="/sns/">公式アカウント</a></li>'
    redirects: Mapping[str, str] = field(default_factory=dict)

    def at(self, moment: datetime, bases: Mapping[str, str]) -> dict[str, Resource]:
        """Return every address that answers at a moment. ``bases`` gives the addresses of all sites."""
        answers = {"/robots.txt": Resource(ROBOTS, "text/plain; charset=utf-8")}
        for document in self.documents:
            state = document.at(moment)
            if state is None or state.body is None:
                continue
            if isinstance(state.body, bytes):
                answers[document.path] = Resource(state.body, "application/pdf")
            else:
                answers[document.path] = self._page(document.title, state.body, moment, bases)
        for one in self.lists:
            if rows := self.rows(one, moment):
                answers[one.path] = self._page(one.title, one.write(rows), moment, bases)
        return answers

    def rows(self, one: List, moment: datetime) -> list[DemoDocument]:
        """Return the documents that a list shows at a moment, newest first."""
        shown = [d for d in self.documents if d.listed and d.at(moment) is not None and one.holds(d, moment)]
        return sorted(shown, key=lambda d: d.listed or date.min, reverse=True)

    def has_stood(self, path: str, moment: datetime) -> bool:
        """Tell whether an address answers, or once did."""
        return any(d.path == path and d.at(moment) for d in self.documents) or any(
            one.path == path and self.rows(one, moment) for one in self.lists
        )

    def _page(self, title: str, main: str, moment: datetime, bases: Mapping[str, str]) -> Resource:
        """Put the template around a text, with what a publisher changes without saying anything."""
        layout = Template((_PAGES / self.name / "layout.html").read_text("utf-8"))
        body = layout.safe_substitute(
            title=title,
            main=Template(main.strip()).safe_substitute(bases),
            year=moment.astimezone(JST).year,
            asset=f"{moment.astimezone(JST):%Y%m%d}",
            extra=self.extra if moment >= jst("2024-01-05") else "",
            skin="l" if moment < jst("2024-06-01") else "c-site",
        )
        kind = "text/html" if self.charset is None else f"text/html; charset={self.charset}"
        return Resource(body, kind, self.encoding, self.live, self.validators)


def jst(text: str) -> datetime:
    """Read a moment in Japan: ``2024-01-24`` or ``2024-01-24 11:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=JST)


def text(name: str) -> str:
    """Read a sample's main text."""
    return (_PAGES / name).read_text("utf-8")


@cache
def pdf(name: str) -> bytes:
    """Make a PDF of a sample's text; an empty line stays one."""
    lines = (_PAGES / name).read_text("utf-8").splitlines()
    return render(lines, title=next(filter(None, lines[2:]), name))


def document(
    path: str,
    title: str,
    *states: tuple[str, str | bytes | None],
    listed: str | None = None,
    label: str = "",
    href: str = "",
) -> DemoDocument:
    """Make a document from a short notation: moments as text, in the order of time."""
    history = tuple(State(jst(since), body) for since, body in states)
    return DemoDocument(path, title, history, date.fromisoformat(listed) if listed else None, label, href)


def wareki(day: date) -> str:
    """Write a day as Japanese offices write it, from the year 2019 on."""
    return f"令和{day.year - 2018}年{day.month}月{day.day}日"


def fiscal_year(day: date) -> int:
    """Return the fiscal year of a day: April to March, named by the year it begins in."""
    return day.year if day.month >= 4 else day.year - 1


def newest_year(documents: Iterable[DemoDocument], moment: datetime) -> int:
    """Return the fiscal year of the newest listed document that stands."""
    return max(fiscal_year(d.listed) for d in documents if d.listed and d.at(moment))
