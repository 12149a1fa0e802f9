"""The reference is true: what it lists is there, and what is there is listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel

from feeds.addresses import FORMATS
from feeds.formats.channels import WRITERS
from feeds.notify import targets, watch_lists
from feeds.site.publish import publish
from feeds.web.app import make_app
from feeds.web.routes.api_lists import FILE_TYPES
from feeds.web.routes.schemas import OF_SEARCH
from monitor import config
from monitor.cli import main
from monitor.incidents import declared
from monitor.track.decisions import Decider
from spiders.declaring import declaration_keys
from storage.archive import Archive
from tests.docs.markdown import DOCS, named, rows, same, sections
from tests.feeds import sample
from tests.feeds.client import Client

REFERENCE = DOCS / "reference"
ADDRESSES = REFERENCE / "feeds-and-api.md"
EVERYWHERE = {"--db", "--sources", "--sets", "--lang", "--no-bundled"}


def keys(model: type[BaseModel], before: str = "", met: set[type[BaseModel]] | None = None) -> Iterator[str]:
    """The keys of a table in TOML, and of the tables in it with a dot; a table of keys known already by its name."""
    met = set() if met is None else met
    for name, field in model.model_fields.items():
        key = before + (field.alias or name)
        yield key
        for inner in _models(field.annotation):
            if inner not in met:
                met.add(inner)
                yield from keys(inner, f"{key}.", met)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


@pytest.mark.parametrize(
    ("page", "model"),
    [
        ("source-keys", declaration_keys.Declaration),
        ("target-keys", targets._File),
        ("watch-keys", watch_lists._File),
        ("incident-keys", declared._Declaration),
    ],
)
def test_every_key_of_a_file_is_documented_and_nothing_else(page: str, model: type[BaseModel]):
    same(named(REFERENCE / f"{page}.md"), list(keys(model)))


def test_every_variable_is_documented_and_nothing_else():
    same(named(REFERENCE / "variables.md"), list(config.VARIABLES))


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    def walk(
        command: click.Command, name: str, above: click.Context | None
    ) -> Iterator[tuple[str, click.Command, click.Context]]:
        context = click.Context(command, parent=above, info_name=name)
        yield context.command_path, command, context
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                assert found is not None
                yield from walk(found, inner, context)

    return walk(main, "kohyo", None)


def test_every_command_is_documented_and_nothing_else():
    written = [name for name in sections(REFERENCE / "commands.md") if name.startswith("kohyo")]
    same(written, [path for path, _, _ in commands()])


@pytest.mark.parametrize("path", [path for path, _, _ in commands()])
def test_every_option_is_documented_and_nothing_else(path: str):
    command = next(one for name, one, _ in commands() if name == path)
    options = {
        option
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in [*parameter.opts, *parameter.secondary_opts]
    }
    if path != "kohyo":
        options -= EVERYWHERE
    same(named(REFERENCE / "commands.md", path), sorted(options))


def test_every_command_and_option_says_what_it_does():
    silent = [path for path, command, _ in commands() if not command.help]
    for path, command, _ in commands():
        silent += [
            f"{path} {one.name}" for one in command.params if isinstance(one, click.Option) and not one.help
        ]
    assert silent == []


@pytest.mark.parametrize("path", [path for path, _, _ in commands()])
def test_a_command_is_called_as_documented(path: str):
    command, context = next((one, context) for name, one, context in commands() if name == path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    usage = usage.replace("[COMMAND]", "COMMAND")  # releases of click differ where a group acts by itself
    assert f"`{usage}`" in sections(REFERENCE / "commands.md")[path]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with sample.archive(tmp_path_factory.mktemp("docs")) as archive:
        yield archive


def test_every_address_is_documented_and_nothing_else(told: Archive):
    operator = Decider(told, lambda: [], lambda: datetime.now(UTC), lambda url: {})
    app = make_app(told, operator=operator, token="a token of some length")
    routes = {re.sub(r":\w+", "", route.path) for route in app.routes}  # type: ignore[attr-defined]
    tables = ("Pages and files", "Feeds", "Watching over it", "API", "Deciding")
    documented = [name for name in named(ADDRESSES, *tables) if name.startswith("/")]
    same(documented, sorted(routes - {"/{path}"}))


def test_every_figure_is_documented_and_nothing_else(told: Archive):
    app = make_app(told)
    shown = Client(app).get("/metrics").text
    figures = re.findall(r"^# TYPE (kohyo_\w+) ", shown, re.MULTILINE)
    documented = [name for name in named(ADDRESSES, "Watching over it") if not name.startswith("/")]
    same(documented, [name for name in figures if not name.endswith("_created")])


def test_every_format_is_documented_and_nothing_else():
    assert tuple(WRITERS) == FORMATS
    same(named(ADDRESSES, "Formats"), [*WRITERS, *FILE_TYPES, "xlsx"])


def test_every_parameter_of_a_question_is_documented_and_nothing_else():
    same(named(ADDRESSES, "Filters"), list(OF_SEARCH))


def test_what_is_marked_as_published_is_written_and_nothing_else(told: Archive, tmp_path: Path):
    publish(told, tmp_path, base_url="https://kohyo.example", limit=1, watching=[sample.WATCHED])
    written = {
        f"/{file.relative_to(tmp_path).as_posix()}" for file in tmp_path.rglob("[!.]*") if file.is_file()
    }
    marked = [
        row.names[0]
        for row in rows(ADDRESSES)
        if row.heading in ("Pages and files", "Feeds") and row.cells[-1] == "yes"
    ]
    patterns = {one: re.compile(re.sub(r"\\{\w+\\}", "[^/.]+", re.escape(one))) for one in marked}
    unmarked = [path for path in written if not any(one.fullmatch(path) for one in patterns.values())]
    assert not unmarked
    assert not [name for name, one in patterns.items() if not any(map(one.fullmatch, written))]
