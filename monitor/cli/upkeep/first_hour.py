"""The first hour: asks for what kohyo cannot know, writes it down, and makes the first crawl."""

from __future__ import annotations

import math
import os
import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click

from feeds.notify.send import NoApprise, open_channel
from monitor import config, settings
from monitor.cli.common import counted, desk, fail, find_own_path, global_options, plain, say
from monitor.cli.upkeep import checkup
from storage.records import Source

ENVIRONMENT, TARGETS, CRONTAB = "kohyo.env", "targets.toml", "crontab.txt"
UNITS = ("kohyo.service", "kohyo.timer")
SEND_TO = "KOHYO_SEND_TO"
"""The variable that holds the address of who is told; its name stands in the file of targets."""

_MINUTES = 20  # between two runs


@click.command()
@click.argument(
    "directory", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default="kohyo"
)
@click.option("--contact", help="How operators of the sites that you watch reach you: mailto:… or a page.")
@click.option("--base-url", help="Address under which the pages will be served; empty for this machine only.")
@click.option(
    "--targets-url", help="Where news and alerts are sent, as apprise spells it; empty for nowhere."
)
@click.option(
    "--schedule",
    type=click.Choice(["cron", "systemd"]),
    default="cron",
    show_default=True,
    help="Write a line for cron, or a service and a timer of systemd for a user.",
)
@click.option("--crawl/--no-crawl", default=None, help="Make the first crawl, or leave it to you.")
@click.option(
    "--yes", is_flag=True, help="Ask nothing: what is not given is left out, and the crawl is made."
)
@global_options
@click.pass_context
def init(
    ctx: click.Context,
    directory: Path,
    contact: str | None,
    base_url: str | None,
    targets_url: str | None,
    schedule: str,
    crawl: bool | None,
    yes: bool,
) -> None:
    """Ask for contact and base URL, write all that is needed to DIR, and make the first crawl.

    Written are an environment, a file of targets, and what cron or systemd needs; nothing is installed.
    """
    folder = directory.absolute()
    if taken := [name for name in (ENVIRONMENT, TARGETS, CRONTAB, *UNITS) if (folder / name).exists()]:
        fail(say("{} is there already; edit it, or remove it first", folder / taken[0]))
    asked = _Asked(yes)
    contact = asked.for_text(
        say("How do sites that you watch reach you (mailto:…)?"), contact, _judge_contact
    )
    base_url = asked.for_text(
        say("Under which address will the pages be served? Empty: on this machine only"),
        base_url,
        _judge_base,
    )
    targets_url = asked.for_text(
        say("Where are news and alerts sent (as apprise spells it)? Empty: nowhere"),
        targets_url,
        _judge_target,
    )
    sources = desk().sources()  # a declaration with a mistake is named before anything is written
    values = _environment(folder, contact, base_url, targets_url)
    for name, text in _files(folder, values, schedule):
        _write(folder / name, text)
        click.echo(say("wrote {}", folder / name))
    for line in _next_steps(folder, schedule):
        click.echo(line)
    config.set_variables(values)
    here = desk()
    here.db = values["KOHYO_DB"]  # hints of the crawl name it: the shell knows nothing of the file yet
    click.echo(_say_estimate(sources))
    if crawl if crawl is not None else yes or click.confirm(say("Make the first crawl now?"), default=True):
        from monitor.cli.crawling import crawl as make_crawl

        ctx.invoke(make_crawl, names=(), everything=False, site=folder / "site", verbose=False)


class _Asked:
    """Asks a person, or takes what was given."""

    def __init__(self, silent: bool) -> None:
        self._silent = silent

    def for_text(self, question: str, given: str | None, judge: Callable[[str], str]) -> str:
        """Return what was given, or what is answered; ``judge`` says what is wrong with it, if anything."""
        if given is not None or self._silent:
            if problem := judge(given or ""):
                fail(problem)
            return given or ""
        while True:
            answer: str = click.prompt(question, default="", show_default=False).strip()
            if not (problem := judge(answer)):
                return answer
            click.echo(plain(problem), err=True)


def _judge_contact(contact: str) -> str:
    found = checkup.check_contact(contact)
    return "" if found.ok and contact.isprintable() else f"--contact: {found.said}"


def _judge_base(base: str) -> str:
    if not base:
        return ""
    found = checkup.check_base_url(base)
    return "" if found.ok and base.isprintable() else f"--base-url: {found.said}"


def _judge_target(url: str) -> str:
    if not url:
        return ""
    try:
        open_channel(url)
    except ValueError as error:
        return f"--targets-url: {error}"
    except NoApprise as error:
        click.echo(f"kohyo: {error}", err=True)
    return "" if url.isprintable() else say("--targets-url: not on one line")


def _environment(folder: Path, contact: str, base_url: str, targets_url: str) -> dict[str, str]:
    here = desk()
    values = {
        "KOHYO_DB": here.db or f"sqlite:///{folder / 'kohyo.db'}",
        "KOHYO_CONTACT": contact,
        "KOHYO_LANG": here.lang,
    }
    if base_url:
        values["KOHYO_BASE_URL"] = base_url
    if here.paths:
        values["KOHYO_SOURCES"] = os.pathsep.join(str(path.absolute()) for path in here.paths)
    if here.given_sets:
        values["KOHYO_SETS"] = ",".join(here.given_sets)
    if targets_url:
        values |= {"KOHYO_TARGETS": str(folder / TARGETS), SEND_TO: targets_url}
    return values


def _files(folder: Path, values: Mapping[str, str], schedule: str) -> Iterator[tuple[str, str]]:
    """Write what each file holds. A shell and systemd read the environment alike."""
    lines = [f"{name}={shlex.quote(value)}" for name, value in values.items()]
    more = say("who knows it may decide at /operate and read the alerts; make one: openssl rand -hex 16")
    yield ENVIRONMENT, "\n".join([*lines, f"# {more}", "#KOHYO_TOKEN=", ""])
    yield TARGETS, _targets(values)
    given = [] if desk().bundled else ["--no-bundled"]
    crawl = [*find_own_path(), "crawl", "--publish", str(folder / "site"), *given]
    notify = [*find_own_path(), "notify"] if SEND_TO in values else []
    if schedule == "cron":
        yield CRONTAB, _cron_line(folder, crawl, notify)
    else:
        yield UNITS[0], _service(folder, crawl, notify)
        yield UNITS[1], _timer()


def _targets(values: Mapping[str, str]) -> str:
    lang = values["KOHYO_LANG"]
    common = [f'url = "env:{SEND_TO}"', f'lang = "{lang}"']
    lines = ["[[target]]", 'name = "news"', *common, 'mode = "digest"', ""]
    lines += ["[[target]]", 'name = "operator"', *common, "alerts = true"]
    mark = "" if SEND_TO in values else "# "
    head = say("who is told of what: docs/reference/target-keys.md has all keys")
    return "\n".join([f"# {head}", *(f"{mark}{line}".rstrip() for line in lines), ""])


def _cron_line(folder: Path, crawl: Sequence[str], notify: Sequence[str]) -> str:
    """Write the line of cron, which mails what stands on stderr: what begins to fail, and its end."""
    said = f"set -a; . {shlex.quote(str(folder / ENVIRONMENT))}; {shlex.join(crawl)} >/dev/null"
    if notify:
        said += f"; {shlex.join(notify)} >/dev/null"
    escaped = said.replace("%", "\\%")  # cron takes a bare one for the end of the line
    return f"*/{_MINUTES} * * * * {escaped}\n"


def _service(folder: Path, crawl: Sequence[str], notify: Sequence[str]) -> str:
    run = [f"ExecStart={_quote(crawl)}", *([f"ExecStart={_quote(notify)}"] if notify else [])]
    return "\n".join(
        [
            "[Unit]",
            "Description=kohyo: visit what is due, publish it and tell",
            "",
            "[Service]",
            "Type=oneshot",
            f"EnvironmentFile={str(folder / ENVIRONMENT).replace('%', '%%')}",
            "# 1: a page did not answer; 3: the run before is still at it",
            "SuccessExitStatus=1 3",
            *run,
            "",
        ]
    )


def _timer() -> str:
    return "\n".join(
        [
            "[Unit]",
            "Description=kohyo: every so many minutes",
            "",
            "[Timer]",
            f"OnCalendar=*:0/{_MINUTES}",
            "Persistent=true",
            "",
            "[Install]",
            "WantedBy=timers.target",
            "",
        ]
    )


def _quote(words: Sequence[str]) -> str:
    """Quote a command as systemd reads it."""
    escaped = (
        word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$") for word in words
    )
    return " ".join(f'"{word}"' for word in escaped)


def _write(path: Path, text: str) -> None:
    """Write a file that holds secrets, for nobody else to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)


def _next_steps(folder: Path, schedule: str) -> Iterator[str]:
    def at(name: str) -> str:
        return shlex.quote(str(folder / name))

    if schedule == "cron":
        yield say("to have it run: `{}`", f"(crontab -l 2>/dev/null; cat {at(CRONTAB)}) | crontab -")
    else:
        units = " ".join(map(at, UNITS))
        start = f"systemctl --user link {units} && systemctl --user enable --now kohyo.timer"
        yield say("to have it run: `{}`", start)
    yield say("for a shell: `{}`", f"set -a; . {at(ENVIRONMENT)}; set +a")


def _say_estimate(sources: Sequence[Source]) -> str:
    """Say how long the first crawl takes at least: the host with most to visit, at its pace."""
    delay = config.pace().get("DOWNLOAD_DELAY", settings.DOWNLOAD_DELAY)
    starts = [(urlsplit(url).hostname or "", source) for source in sources for url in source.start]
    pages = Counter(host for host, _ in starts)
    seconds: Counter[str] = Counter()
    for host, source in starts:
        seconds[host] += max(source.delay or 0, delay)  # type: ignore[assignment]
    least = timedelta(seconds=math.ceil(max(seconds.values(), default=0)))
    most = timedelta(seconds=settings.RUN_SECONDS)
    return say(
        "the first crawl: {} on {}, and the notices behind them; from {} to {}, and what is left comes next",
        counted(len(starts), "address"),
        counted(len(pages), "host"),
        least,
        most,
    )
