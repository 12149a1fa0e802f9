"""What made a version: the declaration's rules of reading and the versions of our own."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from monitor.comparing import KEY_VERSION
from monitor.facts import RULES_VERSION
from monitor.reading import BLOCKS_VERSION, DATES_VERSION
from spiders.listings import ROWS_VERSION
from storage.records import ListingRules, PageRules, Recipe, Source


def make_recipe(source: Source) -> Recipe:
    """Return today's recipe for pages of ``source``."""
    return Recipe(_digest(source.page), KEY_VERSION, BLOCKS_VERSION, DATES_VERSION, RULES_VERSION)


def make_listing_recipe(source: Source) -> Recipe:
    """Return today's recipe for listings of ``source``, whose rows no other rules make."""
    assert source.listing is not None
    return Recipe(_digest_of_rows(source.listing, source.page.encoding), KEY_VERSION, 0, 0, 0)


@lru_cache(maxsize=1024)
def _digest(rules: PageRules) -> str:
    return _short(rules.include, rules.exclude, rules.encoding)  # what else a rule says changes no text


@lru_cache(maxsize=1024)
def _digest_of_rows(rules: ListingRules, encoding: str | None) -> str:
    # what else a rule says changes no row
    html = (rules.item, rules.link, rules.title, rules.date, rules.follow, rules.label)
    others = (rules.json, rules.links) if rules.json or rules.links else ()
    return _short(ROWS_VERSION, *html, *others, *((rules.any_form,) if rules.any_form else ()), encoding)


def _short(*said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
