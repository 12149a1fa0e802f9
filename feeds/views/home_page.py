"""The home page: the newest changes, and the form that narrows them down."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.formats.entries import Names
from feeds.views.change_lines import build_lines, group_by_day
from feeds.views.render import Context
from feeds.wording.sanitise import one_line
from feeds.wording.words import say_condition
from storage.archive import Reader
from storage.records import Change


def build_home_page(
    reader: Reader, changes: Sequence[Change], names: Names, site: Site, *, older: str | None = None
) -> Context:
    """Build the home page of these changes; ``older`` is the address of the next page, if there is one."""
    rows = build_lines(reader, changes, names, site)
    return {
        "days": group_by_day(rows, site.lang),
        "incidents": reader.incidents(),
        "feeds": [("kohyo", FeedAddress(addresses.ALL))],
        "choice": None,
        "count": None,
        "older": older,
    }


@dataclass(frozen=True, slots=True)
class ExtraCondition:
    """A condition of the address that the form has no field for; ``without`` is the address without it."""

    name: str
    value: str
    said: str
    without: str


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """The form of filters: what can be chosen, what was chosen, and the same choice as a feed and a file."""

    action: str
    sources: list[tuple[str, str]]
    incidents: list[tuple[str, str]]
    chosen: dict[str, str]
    others: list[ExtraCondition]
    feed: FeedAddress
    file: FeedAddress  # the same rows to keep

    @property
    def narrowed(self) -> bool:
        """Say whether anything but the words and their order was chosen."""
        chosen = any(value for name, value in self.chosen.items() if name not in ("q", "order"))
        return chosen or bool(self.others)


def build_choice(
    names: Names, action: str, chosen: dict[str, str], parameters: Iterable[tuple[str, str]], lang: str
) -> FilterChoice:
    # a feed has its own order, and so has what is new
    """Build the form of filters from the parameters of an address."""
    parameters = list(parameters)
    said = [(name, value) for name, value in parameters if name != "order"]
    stated = parameters if action == addresses.SEARCH else said
    others = [
        ExtraCondition(
            name,
            value,
            _say_condition(names, name, value, lang),
            _page_address(action, stated[:at] + stated[at + 1 :]),
        )
        for at, (name, value) in enumerate(stated)
        if chosen.get(name) != value or not _has_field(names, action, name, value)
    ]
    return FilterChoice(
        action,
        sorted(((id, names.source(id)) for id in names.sources), key=lambda pair: pair[1]),
        [(slug, one_line(name)) for slug, name in names.incidents.items()],
        chosen,
        others,
        FeedAddress(addresses.SEARCH_FEED, urlencode(said)),
        _file_address(action, stated),
    )


def _file_address(action: str, stated: Sequence[tuple[str, str]]) -> FeedAddress:
    if action == addresses.SEARCH:
        return FeedAddress(addresses.HITS_FILE, urlencode(stated))
    if all(name != "material" for name, _ in stated):  # goes without saying on a page, and not in the API
        stated = [*stated, ("material", "true")]
    return FeedAddress(addresses.CHANGES_FILE, urlencode(stated))


def _has_field(names: Names, action: str, name: str, value: str) -> bool:
    """Say whether the form can show this value; of several values of one name a field shows one."""
    if name in ("q", "order"):
        return action == addresses.SEARCH
    if name == "material":
        return action == addresses.HOME and value == "any"
    known: Mapping[str, Container[str]] = {"source": names.sources, "incident": names.incidents}
    return name not in known or value in known[name]


def _say_condition(names: Names, name: str, value: str, lang: str) -> str:
    if name == "source" and value in names.sources:
        return names.source(value)
    if name == "incident":
        return one_line(names.incidents.get(value, value))
    return say_condition(name, value, lang)


def _page_address(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
