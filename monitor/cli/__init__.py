"""The command line. Names, options and JSON fields are a contract: they stay stable."""

from __future__ import annotations

import gc
import gettext
import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from feeds.wording.tables.terminal_words import OF_CLICK
from monitor import config
from monitor.cli.common import Desk, clear_errors, find_own_name, global_options, plain, say

_COMMANDS = {
    "init": "upkeep.first_hour:init",
    "demo": "crawling:demo",
    "crawl": "crawling:crawl",
    "import": "crawling:import_",
    "sources": "sources:sources",
    "read": "reading:read",
    "relevant": "relevance_check:relevant",
    "rows": "relevance_check:rows",
    "notices": "queries:notices",
    "changes": "queries:changes",
    "alerts": "queries:alerts",
    "incidents": "incidents:incidents",
    "show": "queries:show",
    "diff": "queries:diff",
    "search": "queries:search",
    "publish": "publication:publish",
    "serve": "publication:serve",
    "notify": "upkeep.notifying:notify",
    "worker": "upkeep.working:worker",
    "enqueue": "upkeep.working:enqueue",
    "jobs": "upkeep.working:jobs",
    "export": "evidence:export",
    "evidence": "evidence:evidence",
    "stamp": "evidence:stamp",
    "verify": "evidence:verify",
    "status": "upkeep.status:status",
    "why": "upkeep.why:why",
    "doctor": "upkeep.doctor:doctor",
    "rederive": "evidence:rederive",
    "redact": "evidence:redact",
    "prune": "upkeep.retention:prune",
    "db": "upkeep.database:database",
}


def _find_language(args: Sequence[str]) -> str:
    """Find the language asked for before the arguments are parsed: what is wrong with them is said in it."""
    for at, arg in enumerate(args):
        name, _, value = arg.partition("=")
        if name == "--lang":
            return value or "".join(args[at + 1 : at + 2])
    with suppress(ValueError):  # a language that is none is named later
        return config.language()
    return "en"


def _let_click_speak(lang: str) -> None:
    """Let click say usage, heads and mistakes in a language from now on.

    It asks gettext, which knows compiled files only and goes by the locale alone; our words stand in tables,
    and go by ``--lang``, too. So its modules are given other functions in the place of gettext's.
    """

    def one(message: str) -> str:
        return OF_CLICK.get(message, message)

    def many(single: str, plural: str, number: int) -> str:
        return one(single if number == 1 else plural)

    said = (one, many) if lang == "ja" else (gettext.gettext, gettext.ngettext)
    for name, module in list(sys.modules.items()):
        if name.startswith("click."):
            for asked, answer in zip(("_", "ngettext"), said, strict=True):
                if hasattr(module, asked):
                    setattr(module, asked, answer)


class _Commands(click.Group):
    """Loads a command when it is called: a query must not wait for the crawler to be imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(f"monitor.cli.{module}"), name)
        if not gc.isenabled():  # as the program begins, see __main__
            gc.freeze()
            gc.enable()
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            near = get_close_matches(error.command_name, _COMMANDS, 1)
            meant = f"; {say('did you mean {}?', near[0])}" if near else ""
            said = say("{!r} is no command", plain(error.command_name)) + meant
            raise click.NoSuchCommand(error.command_name, said, ctx=ctx) from None

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> Any:
        """Name the program in help and hints as it was called, so that they work where they are read."""
        if not config.is_completing():
            extra.setdefault("prog_name", shlex.join(find_own_name()))
            _let_click_speak(_find_language(sys.argv[1:] if args is None else args))
        return super().main(args, *more, **extra)

    def invoke(self, ctx: click.Context) -> object:
        with clear_errors():
            return super().invoke(ctx)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON Lines, where a command reads what is stored."
)
@click.version_option(package_name="kohyo", prog_name="kohyo")
@global_options
@click.pass_context
def main(ctx: click.Context, as_json: bool) -> None:
    """Watch what is published about personal-data incidents in Japan and say what changed."""
    ctx.ensure_object(Desk).as_json |= as_json
    config.language()  # a language that is none is refused before anything is done
    for name, meant in config.misspelt_variables():
        said = say("kohyo: {} is no variable of kohyo's; did you mean {}?", plain(name), meant)
        click.echo(said, err=True)
