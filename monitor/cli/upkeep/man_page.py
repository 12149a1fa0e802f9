"""The manual page of all commands, as roff: ``python -m monitor.cli.upkeep.man_page > kohyo.1``.

Made of what ``--help`` says, so it says the same; the recipe ``just man`` writes it beside the wheel.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

import click

from monitor import config
from monitor.cli import main

_STATUSES = (
    "0 done",
    "1 finished with failures, each named on stderr",
    "2 wrong use",
    "3 another run is at work",
)


def write_man_page() -> str:
    """Write the page: a section for each command, then variables and exit statuses."""
    context = click.Context(main, info_name="kohyo")
    lines = [
        f'.TH KOHYO 1 "" "kohyo {version("kohyo")}" "User Commands"',
        ".SH NAME",
        _escape(f"kohyo - {main.help}".rstrip(".")),
        ".SH SYNOPSIS",
        _escape(" ".join(("kohyo", *main.collect_usage_pieces(context)))),
        ".SH OPTIONS",
        *_options(main, context),
        ".SH COMMANDS",
    ]
    for path, command, inner in _commands(main, context):
        usage = " ".join((path, *command.collect_usage_pieces(inner)))
        lines += [f'.SS "{_escape(usage)}"', *_paragraphs(command.help or ""), *_options(command, inner)]
    lines.append(".SH ENVIRONMENT")
    for name, said in config.VARIABLES.items():
        lines += [".TP", f".B {_escape(name)}", _escape(said)]
    lines += [".SH EXIT STATUS", *(line for one in _STATUSES for line in (".TP", _escape(one)))]
    return "\n".join(lines) + "\n"


def _commands(
    group: click.Group, context: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, parent=context, info_name=name)
        yield inner.command_path, command, inner
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    """Write the options of a command but for those that stand before or after any of them."""
    everywhere = {option for one in main.params for option in one.opts} if command is not main else set()
    for option in command.params:
        said = option.get_help_record(context)
        if isinstance(option, click.Option) and said and not everywhere & {*option.opts}:
            yield from (".TP", f'.B "{_escape(said[0])}"', _escape(" ".join(said[1].split())))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        yield _escape(" ".join(paragraph.split()))


def _escape(text: str) -> str:
    """Escape what roff takes for its own: backslashes, hyphens, quotes, dots at the beginning of a line."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    click.echo(write_man_page(), nl=False)
