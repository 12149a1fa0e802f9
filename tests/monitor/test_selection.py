"""Which sources a run covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.settings import Settings

from monitor.crawl.selection import UnknownSource, choose_sources, fill_dates, list_sources, select_sources
from storage.archive import Archive, open_archive
from storage.records import Source

CITY = Source("example-city", "例示市", "affected", ("https://www.city.example.lg.jp/{YYYY}{MM}.html",))
TOWN = Source("example-town", "例示町", "affected", ("https://www.town.example.lg.jp/",))
DECLARED = (
    'id = "{id}"\nname = "{name}"\nkind = "affected"\nstart = ["https://www.city.example.lg.jp/{{YYYY}}/"]'
)


@pytest.fixture
def archive(sqlite_url: str) -> Iterator[Archive]:
    with open_archive(sqlite_url) as opened:
        yield opened


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    path = tmp_path / "example-city.toml"
    path.write_text(DECLARED.format(id="example-city", name="宣言市"), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), ["example-city", "example-town"]),
        (("example-town",), ["example-town"]),
        (("example-town", "example-city"), ["example-town", "example-city"]),
    ],
)
def test_sources_are_named_or_all_are_meant(names: tuple[str, ...], found: list[str]) -> None:
    assert [source.id for source in select_sources([CITY, TOWN], names)] == found


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("example-tow",), "unknown source example-tow; did you mean example-town?"),
        (
            ("example-cit", "example-tow", "example-city"),
            "unknown source example-cit, example-tow; did you mean example-city, example-town?",
        ),
        (("zzz",), "unknown source zzz; `kohyo sources list` shows those that are declared"),
    ],
)
def test_of_a_name_that_is_none_the_near_ones_are_said(names: tuple[str, ...], said: str) -> None:
    with pytest.raises(UnknownSource) as raised:
        select_sources([CITY, TOWN], names)
    assert str(raised.value) == said


def test_an_accepted_source_is_covered_unless_one_is_declared_in_its_place(
    archive: Archive, declared: Path
) -> None:
    with archive.write() as writer:
        for source in (CITY, TOWN):
            writer.put_source(replace(source, origin="accepted"))
        writer.put_source(replace(TOWN, id="once-declared"))
    found = list_sources(archive, [declared], bundled=False)
    assert [(source.id, source.name) for source in found] == [
        ("example-city", "宣言市"),
        ("example-town", "例示町"),
    ]
    assert [source.id for source in list_sources(archive, [], bundled=False)] == [
        "example-city",
        "example-town",
    ]
    assert list_sources(archive, [declared], bundled=False, sets=("radar",))[1:] == found[1:]
    assert len(list_sources(archive, [], bundled=True)) > 10


def test_addresses_name_the_day_as_it_is_in_japan() -> None:
    filled, other = fill_dates([CITY, TOWN], datetime(2026, 11, 30, 16, tzinfo=UTC))
    assert filled.templates == CITY.start
    assert filled.start[0].endswith("/202612.html")
    assert other is TOWN


def test_settings_choose_by_file_name_and_time(archive: Archive, declared: Path) -> None:
    given = {
        "KOHYO_SOURCES": [str(declared)],
        "KOHYO_BUNDLED": False,
        "KOHYO_NOW": "2031-06-01T00:00:00Z",
        "KOHYO_ONLY": ["example-city"],
    }
    with archive.write() as writer:
        writer.put_source(replace(TOWN, origin="accepted"))
    assert [source.start for source in choose_sources(archive, Settings(given))] == [
        ("https://www.city.example.lg.jp/2031/",)
    ]
    both = choose_sources(archive, Settings({**given, "KOHYO_ONLY": []}))
    assert [source.id for source in both] == ["example-city", "example-town"]
    bundled = choose_sources(archive, Settings({"KOHYO_SOURCES": [str(declared)]}))
    assert len(bundled) > len(both)
    assert choose_sources(archive, Settings({**given, "KOHYO_CHOSEN": ()})) == []
    assert choose_sources(archive, Settings({"KOHYO_CHOSEN": (TOWN,)})) == [TOWN]
