"""Publishers that a search names, for the page and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from feeds import addresses
from feeds.formats.entries import Names
from storage.text.asked.phrases import fold_phrase, split_words
from storage.text.fold import fold


@dataclass(frozen=True, slots=True)
class PublisherMatch:
    """A source that a search names, and the search for the remaining words in its notices, if any."""

    id: str
    name: str
    words: str
    within: str


def find_publishers(names: Names, text: str) -> list[PublisherMatch]:
    """Find sources whose name holds one of the phrases: publishers seldom name themselves in a notice."""
    asked = [(word, fold_phrase(word)) for word in split_words(text)]
    found = []
    for id, source in names.sources.items():
        name = fold(f"{source.name} {source.name_en}")
        # a single character is in many names by chance
        if any(len(phrase) > 1 and phrase in name for _, phrase in asked):
            rest = " ".join(word for word, phrase in asked if phrase not in name)
            within = f"{addresses.SEARCH}?{urlencode({'q': rest, 'source': id})}" if rest else ""
            found.append(PublisherMatch(id, names.source(id), rest, within))
    return found
