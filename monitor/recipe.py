"""What made a version: the declaration's reading rules and the versions of our own."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from monitor.comparing import KEY_VERSION
from monitor.facts import RULES_VERSION
from monitor.reading import BLOCKS_VERSION, DATES_VERSION
from storage.records import PageRules, Recipe, Source


def recipe(source: Source) -> Recipe:
    """Today's recipe for pages of ``source``."""
    return Recipe(_digest(source.page), KEY_VERSION, BLOCKS_VERSION, DATES_VERSION, RULES_VERSION)


@lru_cache(maxsize=1024)
def _digest(rules: PageRules) -> str:
    said = repr((rules.include, rules.exclude, rules.encoding))  # what else a rule says changes no text
    return hashlib.sha256(said.encode()).hexdigest()[:16]
