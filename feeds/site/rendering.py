"""Rendering of feeds, notices and bodies into the tree: all of one state of an archive, and in any order.

What one process renders is a part. It needs nothing that another part gives, so several can be rendered at a
time, see ``crew``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from feeds import addresses
from feeds.addresses import Site
from feeds.formats import channels
from feeds.formats.atom_rss import Feed
from feeds.formats.channels import WRITERS, Channel
from feeds.formats.entries import load_names
from feeds.site.folder import Tree
from feeds.views import notice_page
from feeds.views.following import organisation_page
from feeds.views.render import Context, render_page
from storage.archive import Reader
from storage.records import Notice

Ends = tuple[int, int]
"""How many archives of a feed are full, and the last change in them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is rendered in one go: feeds, pages of notices, bodies by all their names."""

    channels: tuple[Channel, ...] = ()
    notices: tuple[Notice, ...] = ()
    bodies: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class Rendered:
    """What came of a part.

    ``ends`` holds the feeds by their paths, ``fresh`` the addresses of those with new entries; ``naming``
    says of each notice whether it names whose own notice was not found. ``written`` and ``unchanged`` count
    files where another process wrote them.
    """

    ends: dict[str, Ends] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    naming: dict[int, bool] = field(default_factory=dict)
    written: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """Where and how it is rendered. ``ends`` are those of the tree as it stands, see ``Rendered``.

    ``former`` are what they were before: an archive that is none any more is left with nothing in it.
    """

    root: Path
    site: Site
    limit: int
    ends: Mapping[str, Ends]
    former: Mapping[str, Ends]


class Rendering:
    """Renders parts of one state of an archive into ``tree``."""

    def __init__(self, reader: Reader, task: Task, tree: Tree | None = None) -> None:
        self._reader, self._site, self._limit = reader, task.site, task.limit
        self._ends, self._former = task.ends, task.former
        self.tree = tree or Tree(task.root)
        self.names = load_names(reader, task.site.lang)

    def render(self, part: Batch) -> Rendered:
        """Render a part and say what came of it."""
        done = Rendered()
        for channel in part.channels:
            self._feed(channel, done)
        for notice in part.notices:
            context = notice_page.build_notice_page(self._reader, notice, self.names, self._site)
            self.page("notice", addresses.notice_page(notice.id), context)
            done.naming[notice.id] = bool(context["named"])
        for known_as in part.bodies:
            self._body(known_as, done)
        return done

    def page(self, template: str, path: str, context: Context) -> None:
        """Render a page and put it in its place."""
        self.tree.put(unquote(path), render_page(f"{template}.html.j2", path, self._site, context))

    def _body(self, known_as: tuple[str, ...], done: Rendered) -> None:
        key = known_as[0]
        context = organisation_page.build_organisation_page(self._reader, known_as, self.names, self._site)
        if context is not None:
            self.page("organisation", addresses.organisation_page(key), context)
        self._feed(organisation_page.channel_of_body(self._reader, key, self.names, self._site.lang), done)

    def _feed(self, channel: Channel, done: Rendered) -> None:
        """Write the archives that became full, then the newest document."""
        count, last = self._ends.get(channel.path, (0, 0))
        for piece in channels.read_full_archives(self._reader, channel, last or None, self._limit):
            count, last = count + 1, piece[-1].id
            feed = channels.build_archive_document(channel, count, piece, self.names, self._site)
            self.documents(addresses.archive_feed(channel.path, count), feed, done)
        for number in range(count + 1, self._former.get(channel.path, (0, 0))[0] + 1):
            none_left = channels.build_archive_document(channel, number, [], self.names, self._site)
            self.documents(addresses.archive_feed(channel.path, number), none_left, done)
        done.ends[channel.path] = (count, last)
        newest = channels.read_newest(self._reader, channel, self._limit)
        document = channels.build_newest_document(channel, newest, self.names, self._site, archives=count)
        self.documents(channel.path, document, done)

    def documents(self, path: str, feed: Feed, done: Rendered) -> None:
        """Write a document of a feed in all formats."""
        for form, write in WRITERS.items():
            if self.tree.put(unquote(f"{path}.{form}"), write(feed)) and not feed.archive:
                done.fresh.append(feed.address.to(form))
