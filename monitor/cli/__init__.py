"""The command line. Names, options and JSON fields are a contract: they stay stable."""

from __future__ import annotations

import click

from monitor.cli import crawling, evidence, incidents, queries, reading, sources, telling
from monitor.cli.common import Desk, clear_errors, global_options


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        with clear_errors():
            return super().invoke(ctx)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, where a command reads what is stored.")
@click.version_option(package_name="kohyo", prog_name="kohyo")
@global_options
@click.pass_context
def main(ctx: click.Context, as_json: bool) -> None:
    """Watch what is published about personal-data incidents in Japan, keep every version, say what changed."""
    ctx.ensure_object(Desk).as_json |= as_json


for command in (
    crawling.demo,
    crawling.crawl,
    crawling.import_,
    sources.sources,
    reading.read,
    queries.notices,
    queries.changes,
    queries.alerts,
    incidents.incidents,
    queries.show,
    queries.diff,
    queries.search,
    telling.publish,
    telling.serve,
    evidence.export,
    evidence.verify,
    evidence.status,
    evidence.rederive,
    evidence.redact,
):
    main.add_command(command)
