"""Compose what one target is sent at once: a change as it stands in the feeds, or many in a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from feeds.addresses import Site, change_tag
from feeds.formats.entries import FeedEntry, Names, make_entry
from feeds.notify import digest
from feeds.notify.send import Message
from feeds.wording import sanitise
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import word
from storage.json_shapes import change_json
from storage.records import Change


def compose_message(
    target: str, changes: Sequence[Change], names: Names, site: Site, *, single: bool
) -> Message:
    """Compose the message of these changes; ``single`` means one change as it stands in the feeds."""
    told = [make_entry(change, names, site) for change in changes]
    if single:
        (only,) = told
        title, text, html = only.title, write_plain_text(only, site.lang), only.html
    else:
        title = digest.make_title(changes, site.lang)
        sections = digest.group_sections(changes, told, names, site.lang)
        text, html = (
            digest.write_text(title, sections, site.lang),
            digest.write_html(title, sections, site.lang),
        )
    return Message(
        identify_message(target, changes),
        title,
        text,
        wrap_html(title, html, site.lang),
        tuple(change_json(change) for change in changes),
    )


def identify_message(target: str, changes: Sequence[Change]) -> str:
    """Make an id that is the same for the same changes to the same target, whenever they are sent.

    A receiver can so recognise a message that came twice. The id depends on nothing that a later
    publication may alter.
    """
    tags = "\n".join([target, *(change_tag(change) for change in changes)])
    return hashlib.blake2b(tags.encode(), digest_size=16).hexdigest()


def write_plain_text(told: FeedEntry, lang: str) -> str:
    """Write an entry as plain text with its links."""
    record = word(LABELS, "record", lang)
    lines = [told.summary, "", told.original or "", f"{record}: {told.url}"]
    return "\n".join(lines).strip() + "\n"


def wrap_html(title: str, body: str, lang: str) -> str:
    """Wrap a body into a document for mail programs; it goes through the one gate for HTML once more."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    cleaned = sanitise.clean(body)
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head>{head}</head><body>{cleaned}</body></html>\n'
