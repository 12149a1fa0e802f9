"""How a record is cited: in words, as BibTeX, and as CSL-JSON for programs that keep references."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from feeds.wording.sanitise import one_line
from feeds.wording.tables.page_words import CITATIONS
from feeds.wording.words import phrase, say_date, word
from storage.text.japanese import JST

_IN_BIBTEX = str.maketrans({mark: f"\\{mark}" for mark in "%#&_$"} | dict.fromkeys("{}\\~^"))

_OUT_OF_BRACES = str.maketrans("", "", "{}\\")


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: a version of a notice as it was seen, at an address that stays."""

    id: str
    publisher: str
    title: str
    url: str  # the publisher's
    published: date | None
    seen: datetime
    sha256: str  # of the bytes
    address: str  # ours

    def in_words(self, lang: str) -> str:
        """Cite it in one sentence."""
        day = say_date(self.published, lang) or word(CITATIONS, "undated", lang)
        title, seen = one_line(self.title), say_date(self._day, lang)
        return phrase(
            CITATIONS, "cited", lang, self.publisher, title, day, self.url, seen, self.sha256, self.address
        )

    def as_bibtex(self) -> str:
        """Write it as an entry of BibTeX, as biblatex reads it."""
        fields = {
            "author": f"{{{self.publisher.translate(_IN_BIBTEX)}}}",
            "title": f"{{{one_line(self.title).translate(_IN_BIBTEX)}}}",
            "date": self.published.isoformat() if self.published else "",
            "url": self.url.translate(_OUT_OF_BRACES),
            "urldate": self._day.isoformat(),
            "note": f"kohyo, \\url{{{self.address}}}, SHA-256 {self.sha256}",
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@online{{{self.id},\n{lines}}}"

    def as_csl(self) -> str:
        """Write it as CSL-JSON."""
        said = {
            "id": self.id,
            "type": "webpage",
            "author": [{"literal": self.publisher}],
            "title": one_line(self.title),
            **({"issued": {"date-parts": [_parts(self.published)]}} if self.published else {}),
            "accessed": {"date-parts": [_parts(self._day)]},
            "URL": self.url,
            "archive": "kohyo",
            "archive_location": self.address,
            "note": f"SHA-256: {self.sha256}",
        }
        return json.dumps([said], ensure_ascii=False, indent=1)

    @property
    def _day(self) -> date:
        return self.seen.astimezone(JST).date()


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]
