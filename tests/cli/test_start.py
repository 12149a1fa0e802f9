"""A command loads what it needs: one that reads a row must not wait for a crawler, a judge or a web server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.archive import open_archive
from tests.commands import kohyo
from tests.monitor.story import DAY, LEAK, MORE, SORRY, Story, html

RUN = """
import gc, json, sys
import monitor.cli.__main__; gc.disable()
from monitor.cli import main
for words in json.loads(sys.argv[1]):
    try:
        main(words, prog_name="kohyo")
    except SystemExit as end:
        assert not end.code, end.code
assert gc.isenabled() or "--version" in sys.argv[1]
print("|", *sys.modules)
"""
UNCHANGED = """
import sys
from datetime import datetime, UTC
import monitor.cli.crawling, monitor.crawl.agenda, monitor.crawl.pipeline, spiders.affected
from storage.archive import open_archive
from tests.monitor.story import MORE, SORRY, Story, html
with open_archive(sys.argv[1]) as archive:
    story = Story(archive, now=datetime(2024, 1, 24, tzinfo=UTC))
    met = story.page(status=304), story.page(html(MORE, SORRY))
assert [one.outcome for one in met] == ["not-modified", "same-bytes"], met
print(*sys.modules)
"""
PLACE = {"KOHYO_BASE_URL": "https://kohyo.example/"}
READERS = "cssselect lxml pydantic spiders.declarations spiders.declaring.declaration_keys"
"""What reads declarations of sources and checks them."""

HEAVY = [
    "aiohttp",
    "alembic",
    "anyio",
    "bs4",
    "charset_normalizer",
    "dateutil",
    "feedgen",
    "loky",
    "multiprocessing",
    "openpyxl",
    "parsel",
    "rapidfuzz",
    "rich",
    "scrapy",
    "sqlalchemy.dialects.postgresql",
    "starlette",
    "twisted",
    "uvicorn",
    "monitor.comparing",
    "monitor.facts",
    "monitor.incidents.clusters",
    "monitor.incidents.keeping",
    "monitor.reading",
    "monitor.track",
]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('start') / 'kohyo.db'}"
    with open_archive(url) as archive:
        story = Story(archive)
        story.page(html(LEAK, SORRY))
        story.page(html(MORE, SORRY), DAY)
    for command in ("status", "incidents", f"publish {url.removeprefix('sqlite:///')}-tree"):
        assert kohyo("--db", url, *command.split(), env=PLACE).returncode == 0  # for the first time
    return url


@pytest.mark.parametrize(
    ("commands", "besides"),
    [
        pytest.param(["--version"], f"platformdirs sqlalchemy jinja2 {READERS}", id="what asks no archive"),
        pytest.param(
            ["notices --limit 1", "changes --limit 1", "alerts", "show 1", "verify", "export --format jsonl"],
            f"filelock jinja2 platformdirs {READERS}",
            id="questions",
        ),
        pytest.param(
            ["search 個人情報"],
            f"filelock jinja2 platformdirs {READERS}",
            id="search, which names publishers as the page does",
        ),
        pytest.param(
            ["incidents", "incidents list"],
            f"jinja2 platformdirs feeds.course monitor.incidents.declared {READERS}",
            id="the list of incidents",
        ),
        pytest.param(
            ["status", "sources list"],
            "filelock jinja2 cssselect lxml pydantic spiders.declaring.declaration_keys feeds.course feeds.sheets",
            id="what speaks of declared sources, read before",
        ),
        pytest.param(
            ["publish {db}-tree"],
            f"filelock jinja2 lxml warcio feeds.views feeds.course feeds.site.tree_pass {READERS}",
            id="a publication that has nothing to do",
        ),
    ],
)
def test_a_command_loads_only_what_it_needs(db: str, commands: list[str], besides: str):
    file = db.removeprefix("sqlite:///")
    given = json.dumps([["--db", db, *one.replace("{db}", file).split()] for one in commands])
    run = subprocess.run(
        [sys.executable, "-c", RUN, given],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        env={**os.environ, **PLACE},
    )
    assert run.returncode == 0, run.stderr
    loaded = run.stdout.rpartition("|")[2].split()
    assert "click" in loaded
    assert sorted({*HEAVY, *besides.split()} & set(loaded)) == []


def test_a_crawl_that_meets_nothing_new_loads_no_rules_of_reading(db: str):
    loaded = subprocess.run(
        [sys.executable, "-c", UNCHANGED, db],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    unasked = """
        alembic cloudpickle dateutil feedgen jinja2 loky psutil rapidfuzz rich starlette warcio
        feeds.formats feeds.wording.headline feeds.wording.summary
        monitor.cli.queries monitor.comparing.diff monitor.comparing.sameness monitor.facts.extraction
        monitor.incidents.declared monitor.incidents.evidence_keys monitor.incidents.incident_links
        monitor.radar monitor.reading.blocks monitor.reading.body monitor.reading.page_dates
        monitor.track.earlier monitor.track.judge.decide monitor.track.judge.intents
        monitor.track.judge.judgement monitor.track.listings monitor.track.notice
        spiders.listings.listing spiders.replay spiders.transport.charset
    """
    assert "scrapy" in loaded
    assert sorted({*unasked.split()} & set(loaded)) == []
