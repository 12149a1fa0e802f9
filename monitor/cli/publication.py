"""Commands that tell: publish, serve."""

from __future__ import annotations

import gc
import json
import logging
import secrets
import sys
from contextlib import suppress
from pathlib import Path

import click

from monitor import config
from monitor.cli.common import counted, desk, fail, global_options, say
from monitor.cli.upkeep.checkup import SERVED, is_loopback
from storage.archive import Archive
from storage.errors import StorageError
from storage.log_lines import show_log

_KEY = "visits"
_GARBAGE = 2_000, 10, 100
"""How seldom garbage is looked for: among new objects, among older ones, among all.

What is kept of feeds and lines is no garbage: to look through all of it holds up every answer by some 50 ms,
and it came with every thirtieth feed.
"""
_TURN_SECONDS = 0.001
"""For how long a thread goes on while others wait: what is quick does not wait long for what is not."""


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@global_options
def publish(directory: Path) -> None:
    """Write feeds, calendar and pages to DIR; files that would not change are left alone.

    Set KOHYO_BASE_URL to the address under which DIR is served.
    """
    from monitor.jobs.publishing import publish_to

    try:
        published = publish_to(desk().archive, directory, lang=desk().pages_lang)
    except OSError as error:
        fail(say("cannot write to {}: {}", directory, error.strerror or error))
    written = counted(published.written, "file")
    click.echo(say("{} written, {} unchanged in {}", written, published.unchanged, directory))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen at; 0 takes any that is free.",
)
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that serve, such as one a core; each keeps answers for itself.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show the log: a line of JSON for each request.")
@global_options
def serve(host: str, port: int, processes: int, verbose: bool) -> None:
    """Serve the published tree over HTTP, with search, filters, diffs and an API.

    Who knows the token in KOHYO_TOKEN decides at /operate over offered addresses and suggested links; without
    one, nothing can be written.
    """
    import uvicorn

    from feeds.notify.watch_lists import load_watch_lists
    from feeds.views.render import keep_compiled
    from feeds.web.app import make_app
    from feeds.web.running.connections import MAX_CONNECTIONS, BoundedProtocol
    from feeds.web.running.processes import Shared, Supervisor, reserve
    from monitor.comparing.version_pair import compare_versions
    from monitor.crawl.drafting.apart import find_apart
    from monitor.track.decisions import Decider

    # without a base URL, addresses are those that the request was sent to
    base_url, here = config.base_url(default=""), desk()
    decider = Decider(here.archive, here.sources, here.now, lambda url: find_apart(url, here.url))
    with here.archive.read() as reader:
        as_of = reader.story_end()
    keep_compiled(config.templates_path())
    shared = Shared(processes)
    app = make_app(
        here.archive,
        base_url=base_url,
        compare=compare_versions,
        lang=here.pages_lang,
        hub=config.hub(),
        contact=config.own_contact(),
        operator=decider,
        token=config.token(),
        now=here.now,
        watching=load_watch_lists(config.watch_path()),
        key=_read_key(here.archive),
        as_of=as_of,
        shared=shared,
    )
    reserved = None
    if processes > 1:
        try:
            reserved = reserve(host, port)
        except OSError as error:
            fail(say("cannot listen at {}:{}: {}", host, port, error.strerror or error))
    _note_served(here.archive, host, port)
    address = base_url or f"http://{host}:{port}"
    click.echo(say("kohyo at {}/ (feed: {}/feeds/all.atom)", address, address), err=True)
    if not is_loopback(host):
        click.echo(
            say(
                "kohyo: warning: everybody who reaches {}:{} can read this, and on the way a token sent "
                "there; put a web server with TLS in front, and leave --host at 127.0.0.1",
                host,
                port,
            ),
            err=True,
        )
    show_log(logging.INFO if verbose else logging.WARNING)
    gc.freeze()  # what is loaded by now stays
    gc.set_threshold(*_GARBAGE)
    sys.setswitchinterval(_TURN_SECONDS)
    serving = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        log_level="warning",
        access_log=False,  # the application says more of what it answered, in the one format
        server_header=False,
        http=BoundedProtocol,
        ws="none",
        limit_concurrency=MAX_CONNECTIONS + 1,  # where even who waited longest made no room
    )
    if reserved is None:
        uvicorn.Server(serving).run()
        return
    here.archive.close()  # a connection must not be used on both sides of a fork
    supervisor = Supervisor(
        shared, reserved, processes, lambda listening: uvicorn.Server(serving).run([listening])
    )
    if not supervisor.run():
        fail(say("the processes that serve end as soon as they start"))


def _note_served(archive: Archive, host: str, port: int) -> None:
    """Note where it is served and whether a token is set, for doctor; never the token."""
    noted = {"host": host, "port": port, "token": bool(config.token())}
    with suppress(StorageError), archive.write() as writer:
        writer.note(SERVED, json.dumps(noted))


def _read_key(archive: Archive) -> bytes:
    """Read the key that signs the marks of visits, and make one where the archive has none yet.

    An archive that cannot be written to is served all the same: marks then end with the process.
    """
    with archive.read() as reader:
        known = reader.setting(_KEY)
    if known is None:
        with suppress(StorageError), archive.write() as writer:
            known = writer.setting(_KEY) or secrets.token_hex(32)
            writer.note(_KEY, known)
    return bytes.fromhex(known or "")
