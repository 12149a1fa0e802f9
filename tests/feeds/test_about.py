"""The page about the record says who runs it, and the glossary explains every word in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.site.publish import publish
from feeds.views.render import find_contact
from feeds.wording.tables.glossary_words import MEANINGS, TERMS
from storage.archive import Archive

BASE = "https://kohyo.example/sub/"


def test_every_term_is_explained_and_nothing_else() -> None:
    assert list(TERMS) == list(MEANINGS)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_both_pages_are_published_and_reached_from_every_page(
    archive: Archive, tmp_path: Path, lang: str
) -> None:
    publish(archive, tmp_path, base_url=BASE, lang=lang, contact="mailto:kojin@city.example.lg.jp")
    about = (tmp_path / "about.html").read_text("utf-8")
    assert '<a href="mailto:kojin@city.example.lg.jp">kojin@city.example.lg.jp</a>' in about
    for part in ("method", "limits", "removal", "contact"):
        assert f'<h2 id="{part}">' in about
    glossary = (tmp_path / "glossary.html").read_text("utf-8")
    assert all(f'<dt id="{term}">' in glossary for term in TERMS)
    for page in tmp_path.rglob("*.html"):
        root = "../" * (len(page.relative_to(tmp_path).parts) - 1)
        text = page.read_text("utf-8")
        assert f'href="{root}about.html"' in text, page
        assert f'href="{root}glossary.html"' in text, page


def test_a_new_contact_is_published_without_anything_else_being_new(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path, base_url=BASE)
    assert publish(archive, tmp_path, base_url=BASE, contact="https://city.example.lg.jp/").written == 1


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("mailto:a.b+c@d.example", "mailto:a.b+c@d.example"),
        ("https://x.example/", "https://x.example/"),
        ("mailto:a@b.example?bcc=c@d.example", None),
        ("javascript:alert(1)", None),
        ("総務課", None),
        ("", None),
    ],
)
def test_a_contact_is_a_link_where_it_is_a_page_or_one_address(said: str, link: str | None) -> None:
    assert find_contact(said) == link
