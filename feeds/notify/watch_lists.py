"""Read watch-lists from TOML: what somebody cares about, as a filter with a name.

[[watch]]
name = "clients"                        # stays: it is part of the addresses of its page and feed
title = "委託先"
organisation = ["株式会社みさきデータ"]  # a notice passes that speaks of one of these,
word = ["クレジットカード"]               # whose text holds one of these,
place = ["千葉市"]                        # or that is of one of these places or names it;
kind = ["new", "withdrawn"]             # filters as of a target restrict it further
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field

from feeds.formats.channels import WatchList
from feeds.notify.targets import BodyName, Filters, Name, Searchable, Several, Table, Text, load_file
from storage.query import Query

MAX_BODIES, MAX_WORDS = 500, 50
"""Organisations of one watch-list; words, and places: each is a search of its own."""


def load_watch_lists(path: Path | None) -> list[WatchList]:
    """Load the watch-lists of a file, none where there is no file. Raise TargetError with all mistakes."""
    return [one.watch_list() for one in load_file(_File, path, {}).watch] if path is not None else []


def load_watched(path: Path | None) -> dict[str, Query]:
    """Load the filters of watch-lists by their names, as targets name them. Raise TargetError."""
    return {one.name: one.query for one in load_watch_lists(path)}


class _Watch(Filters):
    name: Name
    title: Text = ""
    organisation: Annotated[Several[BodyName], Field(max_length=MAX_BODIES, default_factory=list)]
    word: Annotated[Several[Searchable], Field(max_length=MAX_WORDS, default_factory=list)]
    place: Annotated[Several[BodyName], Field(max_length=MAX_WORDS, default_factory=list)]

    def watch_list(self) -> WatchList:
        bodies = tuple(dict.fromkeys([*self.organisation, *self.place]))
        wanted = [Query(bodies=bodies)] if bodies else []
        words = dict.fromkeys(said.replace('"', " ") for said in [*self.word, *self.place])
        wanted += [Query(text=f'"{said}"') for said in words]
        return WatchList(
            self.name,
            self.title or self.name,
            replace(self.query(), any_of=tuple(wanted)),
            tuple(self.organisation),
            tuple(self.word),
            tuple(self.place),
        )


class _File(Table):
    watch: Annotated[list[_Watch], Field(min_length=1)]
