"""What all commands share: global options, the opened archive, how things are printed, how they fail."""

from __future__ import annotations

import functools
import json
import os
import re
import shlex
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from feeds.wording.sanitise import REORDERING
from feeds.wording.words import count_things, say_detail, sentence, word
from monitor import config
from monitor.clock import Now
from monitor.crawl.selection import UnknownSource, fill_dates, list_sources, select_sources
from spiders.mistakes import DeclarationError
from storage.errors import Busy, StorageError
from storage.records import SOURCE_SETS, Change, Source
from storage.text.japanese import JST

if TYPE_CHECKING:  # loaded when they are asked for: help and completion need no database
    from feeds.formats.entries import Names
    from feeds.operator import Decision
    from storage.archive import Archive

FAILURES, WRONG_USE, BUSY = 1, 2, 3
_STEERING = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{REORDERING}]")
_NOT_IN_JSON = re.compile(f"[\x7f-\x9f{REORDERING}\ud800-\udfff]")
_COMMAND = re.compile("`kohyo ([^`]+)`")
_BLANK = re.compile(r"[\s\\\x00-\x1f]")

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


@dataclass(slots=True)
class Desk:
    """What the global options gave. The archive and the sources are opened when first asked for."""

    db: str | None = None
    given: list[Path] = field(default_factory=list)
    bundled: bool = True
    given_sets: tuple[str, ...] = ()
    as_json: bool = False
    given_lang: str = ""
    _archive: Archive | None = None

    @property
    def headline_lang(self) -> str:
        """The language of headlines: JSON is the same whoever asks, and says them in Japanese."""
        return "ja" if self.as_json else self.lang

    @property
    def url(self) -> str:
        """The database's URL: the option's, else the environment's, else a file in the user's data folder."""
        return self.db or config.database_url()

    @property
    def paths(self) -> list[Path]:
        """The declarations named on the command line, or else in the environment."""
        return self.given or config.source_paths()

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets named on the command line, or else in the environment."""
        return self.given_sets or config.source_sets()

    @property
    def lang(self) -> str:
        """The language in which commands speak: the option's, else the environment's."""
        return self.given_lang or config.language()

    @property
    def pages_lang(self) -> str:
        """The language of pages and feeds: the option's, else the variable's, else Japanese."""
        return self.given_lang or config.language_of_pages()

    @property
    def archive(self) -> Archive:
        """The archive that is there: a mistyped path must not look like one in which nothing happened."""
        if missing := self._missing():
            fail(say("{} does not exist; `kohyo crawl` makes it, --db names another", missing))
        return self.archive_or_new()

    @property
    def has_archive(self) -> bool:
        """Whether there is an archive yet."""
        return self._missing() is None

    def archive_or_new(self) -> Archive:
        """Open the archive, making it where there is none; closed at the end of the command."""
        if self._archive is None:
            from storage.archive import open_archive

            self._archive = open_archive(self.url, _indexing)
            click.get_current_context().call_on_close(self._archive.close)
        return self._archive

    @property
    def now(self) -> Now:
        """The clock of commands, in UTC; KOHYO_NOW sets it."""
        return config.clock()

    def sources(self, names: Iterable[str] = ()) -> list[Source]:
        """Return the named sources, or all: declared ones, and those made of accepted offers."""
        archive = None if self._missing() else self.archive  # without one, nothing was accepted
        known = list_sources(archive, self.paths, bundled=self.bundled, sets=self.sets)
        return fill_dates(select_sources(known, names), self.now())

    def _missing(self) -> Path | None:
        """Return the path of the archive's file where there is none yet; None for one that is no file."""
        from storage.db.engine import parse_url

        url = parse_url(self.url)
        path = Path(url.database or "")
        try:
            if url.get_backend_name() == "sqlite":
                path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return path
        except OSError:
            pass  # it may be there: opening it says what is wrong
        return None


def _indexing(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo("\r" + say("upgrading the search index: {}/{} ", done, total), err=True, nl=done == total)


def desk() -> Desk:
    """Return the desk of the command being run."""
    context = click.get_current_context(silent=True)
    return (context and context.find_object(Desk)) or Desk()


def say(english: str, *words: object) -> str:
    """Say a sentence of ours in the language of this run, with ``words`` where it has braces.

    Its Japanese stands in ``SENTENCES`` of ``feeds/wording/tables/terminal_words.py``. A command in it,
    between backticks, is written as it works where it is read.
    """
    return as_called(sentence(english, desk().lang, *words))


def hint(*words: str) -> str:
    """Write a command as it works in the shell that this one was given to: its path, archive and sources.

    A password is left out: what is printed may be kept in a log.
    """
    given = _given_before()
    return shlex.join([*find_own_name(), *words, *given])


def _given_before() -> list[str]:
    """List the options by which this command was told what to work with."""
    here, given = desk(), []
    if here.db:
        from storage.db.engine import parse_url, shown

        given = ["--db", shown(parse_url(here.db))]
    given += [word for path in here.given for word in ("--sources", str(path))]
    given += ["--sets", ",".join(here.given_sets)] if here.given_sets else []
    return given + (["--no-bundled"] if not here.bundled else [])


def as_called(text: str) -> str:
    """Write the commands between backticks in a sentence of ours as they work where it is read."""

    def called(found: re.Match[str]) -> str:
        try:
            words, given = shlex.split(found[1]), _given_before()
        except ValueError:  # a quotation mark in what a page says
            return found[0]
        done = given and words[-len(given) :] == given
        return found[0] if done else f"`{hint(*words)}`"

    return _COMMAND.sub(called, text)


def find_own_name() -> list[str]:
    """Find what to type to run this program: its name, where the shell finds it, else its path."""
    path = Path(sys.argv[0])
    if path.parts[-3:] == ("monitor", "cli", "__main__.py"):
        return [_shortest(Path(sys.executable)), "-m", "monitor.cli"]
    if path.name != "kohyo":
        return ["kohyo"]
    found = shutil.which(path.name)
    if found and path.exists() and Path(found).samefile(path):
        return [path.name]
    return [_shortest(path)] if path.exists() else ["kohyo"]


def find_own_path() -> list[str]:
    """Find what runs this program from any folder, and from cron, which knows no PATH of ours."""
    path = Path(sys.argv[0])
    if path.name == "kohyo" and path.exists():
        return [str(path.absolute())]
    found = shutil.which("kohyo", path=os.pathsep.join([str(Path(sys.executable).parent), os.defpath]))
    return [found] if found else [sys.executable, "-m", "monitor.cli"]


def _shortest(path: Path) -> str:
    with suppress(ValueError):
        near = str(path.absolute().relative_to(Path.cwd()))
        return near if "/" in near else f"./{near}"
    return str(path.absolute())


def _sets(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    names = tuple(name.strip() for name in (value or "").split(",") if name.strip())
    if unknown := [name for name in names if name not in SOURCE_SETS]:
        near = get_close_matches(unknown[0], SOURCE_SETS, 1)
        meant = say("did you mean {}?", near[0]) if near else say("the sets are {}", ", ".join(SOURCE_SETS))
        raise click.BadParameter(f"{say('{!r} is no set', unknown[0])}; {meant}")
    if names:
        ctx.ensure_object(Desk).given_sets = names


def _keep_on_desk(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        here = ctx.ensure_object(Desk)
        if name == "given":
            here.given += [Path(path) for path in value]
        elif value is not None and value is not False:
            setattr(here, name, not value if name == "bundled" else value)

    return callback


# The environment is read by Desk: read here, it would be given to the command, and win over what was given
# before the command's name.
_OPTIONS = [
    click.option(
        "--db",
        metavar="URL",
        expose_value=False,
        callback=_keep_on_desk("db"),
        help="Database: sqlite:////var/lib/kohyo/kohyo.db, postgresql://user@host/kohyo  [env: KOHYO_DB]",
    ),
    click.option(
        "--sources",
        metavar="PATH",
        multiple=True,
        type=click.Path(),
        expose_value=False,
        callback=_keep_on_desk("given"),
        help="A declaration or a folder of them, added to the bundled ones; repeatable  [env: KOHYO_SOURCES]",
    ),
    click.option(
        "--sets",
        metavar="SET,...",
        expose_value=False,
        callback=_sets,
        help="Sets of sources that are switched on: core, radar; default both  [env: KOHYO_SETS]",
    ),
    click.option(
        "--lang",
        type=click.Choice(config.LANGUAGES),
        is_eager=True,  # what is wrong with another option is said in it
        expose_value=False,
        callback=_keep_on_desk("given_lang"),
        help="Language of what is said, and of pages; default the locale's, for pages ja  [env: KOHYO_LANG]",
    ),
    click.option(
        "--no-bundled",
        is_flag=True,
        expose_value=False,
        callback=_keep_on_desk("bundled"),
        help="Leave the bundled declarations out.",
    ),
]

_JSON = click.option(
    "--json", is_flag=True, expose_value=False, callback=_keep_on_desk("as_json"), help="Print JSON Lines."
)


def global_options(function: F) -> F:
    """Add the options that may stand before or after the command's name."""
    return functools.reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), function)


def reading(function: F) -> F:
    """Give ``--json`` and the global options to a command that reads what is stored."""
    return global_options(_JSON(function))


@contextmanager
def clear_errors() -> Any:
    """Turn what a user can mend into one line on stderr and the exit status of the contract."""
    try:
        yield
    except Busy as error:
        _leave(error, BUSY)
    except UnknownSource as error:
        unknown = say("unknown source {}", ", ".join(error.names))
        meant = say("did you mean {}?", ", ".join(error.near)) if error.near else ""
        fail(f"{unknown}; {meant or say('`kohyo sources list` shows those that are declared')}")
    except (StorageError, DeclarationError, ValueError) as error:
        if isinstance(error, ValueError) and config.shows_tracebacks():
            raise
        _leave(error, WRONG_USE)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            sys.stderr.close()  # the reader of our output has seen enough
            sys.exit(0)
        if config.shows_tracebacks():
            raise
        _leave(error, FAILURES)  # of the machine: a full disk, media that cannot be written


def _leave(error: Exception, status: int) -> None:
    lang = "en"
    with suppress(ValueError):  # that the environment names a language that is none may be what is told
        lang = desk().lang
    for line in str(error).splitlines() or [type(error).__name__]:
        click.echo(f"kohyo: {plain(as_called(say_detail(line, lang)))}", err=True)
    sys.exit(status)


def fail(message: str, status: int = WRONG_USE) -> None:
    """End with one clear line."""
    click.echo(f"kohyo: {plain(as_called(message))}", err=True)
    sys.exit(status)


def check_address(url: str) -> None:
    """End with one clear line where nothing could be fetched from what was given."""
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port or an IPv6 address that cannot be
        named = False
    if not named or _BLANK.search(url):
        fail(say("{!r} is no address of a page; write it whole: https://www.example.jp/news/", plain(url)))


def print_rows(
    rows: Iterable[T], line: Callable[[T], str], *, named: str, shape: Callable[[T], Any] = lambda row: row
) -> None:
    """Print each row as a line of JSON, or as ``line`` makes it readable.

    ``named`` is what they are, as in ``no notices found``; ``shape`` makes a row what JSON has.
    """
    if desk().as_json:
        for row in rows:
            print_json(shape(row))
        return
    printed = False
    for row in rows:
        click.echo(plain(line(row)))
        printed = True
    if not printed:
        click.echo(say(f"no {named} found"), err=True)


def print_json(value: Any) -> None:
    """Print a value as a line of JSON, in which what would steer a terminal stands as ``\\u009b``."""
    line = json.dumps(value, ensure_ascii=False)
    click.echo(_NOT_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", line))


def counted(number: int, thing: str) -> str:
    """Write a number with its noun: ``1 change``, ``2 changes``, ``変更2件``."""
    return count_things(number, thing, desk().lang)


def name_term(table: dict[str, tuple[str, str]], term: str) -> str:
    """Name a term: in English as the contract has it, in Japanese by its word."""
    return term if desk().lang == "en" else word(table, term, "ja")


def say_valid(number: int) -> str:
    """Say that so many declarations are valid."""
    said = counted(number, "declaration")
    return say("{} is valid", said) if number == 1 else say("{} are valid", said)


def say_failure(reason: str) -> str:
    """Say why an address that was named on the command line could not be fetched."""
    said = say_detail(reason, desk().lang)
    return f"{said}; {say('--private allows it')}" if reason.endswith("private = true") else said


def say_decision(decision: Decision) -> str:
    """Say what came of a decision."""
    return decision.detail if desk().lang == "en" else decision.ja


def headline(change: Change, names: Names) -> str:
    """Write the headline of a change, with the id of its source, by which commands know it."""
    from feeds.formats.entries import make_headline

    return f"{make_headline(change, names, names.lang).line}  ({change.source})"


def pad(text: str, width: int) -> str:
    """Fill a word up to a column, two columns for each full-width character."""
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    return text + " " * max(0, width - len(text) - wide)


def local(moment: str) -> str:
    """Write a time (ISO 8601) as it is read in Japan, to the minute."""
    return datetime.fromisoformat(moment).astimezone(JST).strftime("%Y-%m-%d %H:%M")


def plain(text: str) -> str:
    """Take out of a page's text what would steer a terminal, or show its words in another order."""
    return _STEERING.sub("�", text)


class When(click.ParamType[datetime]):
    """A day (civil, in Japan) or a time in ISO 8601; without a zone it is Japan's."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a day, or a time in ISO 8601, as a moment in UTC; without a zone it is meant in Japan."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            said = say("{!r} is neither a day such as 2024-01-24 nor a time in ISO 8601", value)
            self.fail(said, param, ctx)
        if moment.tzinfo is None:
            moment = datetime.combine(moment.date(), moment.time() or time(), JST)
        return moment.astimezone(UTC)
