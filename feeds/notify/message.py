"""Compose what one target is sent at once: a change as it stands in the feeds, or many in a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from feeds.addresses import Site, change_tag
from feeds.formats.entries import FeedEntry, Names, make_entry
from feeds.formats.headlines import shape_change
from feeds.notify import digest
from feeds.notify.send import Message
from feeds.wording import sanitise
from feeds.wording.diff_html import MAX_HUNKS
from feeds.wording.diff_text import to_text
from feeds.wording.sanitise import cut, plain
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import word
from storage.records import Change

MAX_PASSAGES_CHARS = 6_000
"""Characters of passages in the plain text of a message; the record has them all."""


def compose_message(
    target: str, changes: Sequence[Change], names: Names, site: Site, *, single: bool
) -> Message:
    """Compose the message of these changes; ``single`` means one change as it stands in the feeds."""
    told = [make_entry(change, names, site) for change in changes]
    if single:
        (only,) = told
        title, text, html = only.title, write_plain_text(changes[0], only, site.lang), only.html
    else:
        head = digest.make_title(changes, site.lang)
        sections = digest.group_sections(changes, told, names, site.lang)
        text, html = (
            digest.write_text(head, sections, site.lang),
            digest.write_html(head, sections, site.lang),
        )
        title = digest.make_subject(head, told)
    return Message(
        identify_message(target, changes),
        title,
        text,
        wrap_html(title, html, site.lang),
        tuple(shape_change(change, names) for change in changes),
    )


def identify_message(target: str, changes: Sequence[Change]) -> str:
    """Make an id that is the same for the same changes to the same target, whenever they are sent.

    A receiver can so recognise a message that came twice. The id depends on nothing that a later
    publication may alter.
    """
    tags = "\n".join([target, *(change_tag(change) for change in changes)])
    return hashlib.blake2b(tags.encode(), digest_size=16).hexdigest()


def write_plain_text(change: Change, told: FeedEntry, lang: str) -> str:
    """Write an entry as plain text: all that its HTML says, the passages and links included."""
    lines = [told.summary, ""]
    if change.hunks:
        lines += [cut(plain(to_text(change.hunks, lang, MAX_HUNKS)), MAX_PASSAGES_CHARS), ""]
    lines += [told.original or "", f"{word(LABELS, 'record', lang)}: {told.url}"]
    if told.pair:
        lines.append(f"{word(LABELS, 'two-versions', lang)}: {told.pair}")
    return "\n".join(lines).strip() + "\n"


def wrap_html(title: str, body: str, lang: str) -> str:
    """Wrap a body into a document for mail programs; it goes through the one gate for HTML once more."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    cleaned = sanitise.clean(body)
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head>{head}</head><body>{cleaned}</body></html>\n'
