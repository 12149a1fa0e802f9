"""Render templates: the same for the published tree and the web application, always escaped."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from feeds import addresses
from feeds.addresses import Site
from feeds.wording import sanitise, words
from feeds.wording.sanitise import one_line, plain, web_url
from feeds.wording.tables import EVERY_TABLE
from feeds.wording.tables.page_words import LABELS
from storage.records import IncidentLink

# of a page that stands in a file: a policy in the page itself cannot speak of frames
META_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
# of the web application, whose scripts ask for parts of its own pages
POLICY = f"{META_POLICY}; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"


Context = dict[str, Any]
"""What a template is filled with."""


@lru_cache(1)
def make_environment() -> Environment:
    """Make the Jinja environment, once."""
    made = Environment(
        loader=PackageLoader("feeds"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(web=web_url, one_line=one_line, plain=plain, contact=find_contact)
    made.globals.update(at=addresses, words=words)
    return made


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates in a folder; a folder that cannot be written to costs time and nothing else."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a compiled template where that is possible."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def keep_compiled(folder: Path) -> None:
    """Keep compiled templates in a folder of the user's own for the next process: to compile takes 0.2 s."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = folder.stat().st_uid == os.geteuid()
    except OSError:
        return
    if own:  # what is there is executed
        make_environment().bytecode_cache = _Compiled(str(folder))


def render_page(template: str, path: str, site: Site, context: Mapping[str, Any]) -> bytes:
    """Render a page as it stands at ``path``; its links are relative, so the tree works under any address."""
    # what strangers wrote may hold what no encoding can; it was cleaned where it was known to be foreign
    return _render(template, path, site, context).encode("utf-8", "replace")


def render_part(template: str, path: str, site: Site, context: Mapping[str, Any]) -> Markup:
    """Render what several pages at ``path`` have in common."""
    return Markup(_render(template, path, site, context))  # noqa: S704 - a template escapes


def _render(template: str, path: str, site: Site, context: Mapping[str, Any]) -> str:
    root = "../" * path.partition("?")[0].count("/")
    en = site.lang == "en"

    def href(target: str) -> str:
        return root + site.local(target)

    def t(ja: str, english: str) -> str:
        return english if en else ja

    def day(value: Any) -> str:
        return words.say_date(value, site.lang)

    def time(value: Any) -> Markup:
        """Write a moment by the clock of Japan, and for machines in full."""
        if value is None:
            return Markup("")
        shown = words.say_time(value, site.lang)
        machine = value.isoformat(timespec="seconds")
        return Markup(f'<time datetime="{machine}">{shown}</time>')  # noqa: S704 - digits and our own words

    def word(table: str, term: str) -> str:
        return words.word(EVERY_TABLE[table], term, site.lang)

    def label(name: str, *given: object) -> str:
        return words.phrase(LABELS, name, site.lang, *given)

    def mark_japanese(value: str) -> Markup:
        return Markup(sanitise.mark_japanese(value, site.lang))  # noqa: S704 - escaped there

    def evidence(link: IncidentLink) -> str:
        return one_line(
            (", " if en else "、").join(words.say_evidence(one, site.lang) for one in link.evidence)
        )

    page = make_environment().get_template(template)
    # what is not in the language of the page is marked for those who hear it: what publishers wrote, and
    # what kohyo noted for whoever runs it
    marked = {"ja": Markup(' lang="ja"') if en else "", "noted": "" if en else Markup(' lang="en"')}
    usual = {
        "feeds": (),
        "other_language": None,
        "proof": "",
        "operable": False,
        "watching": (),
        "visit": None,
        "seen": "",
    }
    policy = POLICY.rpartition("; ")[0] if site.live else META_POLICY
    known = {**usual, "policy": policy, **marked, **context}
    helpers = {"href": href, "t": t, "day": day, "time": time, "word": word, "label": label}
    helpers |= {"mark_japanese": mark_japanese, "evidence": evidence}
    return page.render(site=site, path=path, root=root, **helpers, **known)


def find_contact(value: str) -> str | None:
    """Return what a link to whoever runs the site may lead to: a page or an address of mail."""
    if re.fullmatch(r"mailto:[\w.+-]+@[\w-]+(?:\.[\w-]+)+", value, re.ASCII):
        return value
    return web_url(value)


def clean_markup(html: str) -> Markup:
    """Clean HTML through the one gate and mark it as safe for templates."""
    return Markup(sanitise.clean(html)) if html else Markup("")  # noqa: S704 - through nh3


@lru_cache(4)
def read_static(path: str) -> bytes:
    """Read a file that stands beside the pages: the style sheet, a script."""
    return files("feeds").joinpath(path).read_bytes()
