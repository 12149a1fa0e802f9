"""Our configuration: every variable of the environment that kohyo reads.

No other module reads one, but that click fills the option ``notify --targets`` from its own. An option of the
command line wins over its variable. The names are a contract; `docs/reference/variables.md`
lists them for users, and a test holds the two against each other.
"""

from __future__ import annotations

import difflib
import math
import os
from collections.abc import Mapping
from pathlib import Path

from monitor.clock import Now, make_clock
from storage.records import SOURCE_SETS

VARIABLES: Mapping[str, str] = {
    "KOHYO_DB": "address of the database, as --db",
    "KOHYO_SOURCES": "declarations of sources beside the bundled ones, as --sources",
    "KOHYO_LANG": "language of what commands and pages say: ja or en, as --lang",
    "KOHYO_SETS": "sets of sources that are switched on, as --sets",
    "KOHYO_INCIDENTS": "declarations of incidents beside the bundled ones",
    "KOHYO_BASE_URL": "address under which the published pages are served",
    "KOHYO_HUB": "WebSub hub that is told which feeds are new",
    "KOHYO_CONTACT": "how the operator of a site reaches you; part of the User-Agent",
    "KOHYO_TARGETS": "who is told of what, as notify --targets",
    "KOHYO_WATCH": "watch-lists: what has a page, a feed and perhaps a target of its own",
    "KOHYO_TOKEN": "who knows it decides at /operate and by the API; at least 16 characters",
    "KOHYO_PLAIN": "if set, no progress is drawn on a terminal",
    "KOHYO_TRACEBACK": "if set, an error in what was given is shown with its traceback",
    "KOHYO_NOW": "time at which the clock starts, ISO 8601 with zone",
    "KOHYO_DELAY": "seconds between two requests to a host",
    "KOHYO_CONFIRM_AFTER": "seconds before the second look at a page whose bytes differ",
    "KOHYO_CONCURRENCY": "requests to one host at a time",
    "KOHYO_RUN_SECONDS": "seconds after which a run asks for nothing more",
    "KOHYO_HOST_SECONDS": "seconds of one run for one host",
    "KOHYO_HOST_REQUESTS": "requests of one run to one host",
    "KOHYO_HOST_DAY_REQUESTS": "requests of one day to one host",
    "KOHYO_HOST_STALLS": "time-outs after which a host is left alone in this run",
    "KOHYO_PAGE_SECONDS": "seconds for the attachments of one page",
    "KOHYO_PAGE_BYTES": "bytes of one page with its attachments",
    "KOHYO_LISTING_ROWS": "rows of one listing that are read",
}
"""Name of each variable, and what it says."""

LANGUAGES = ("ja", "en")
REQUESTS_A_DAY = 10_000
LOCAL_URL = "http://127.0.0.1:8000"
_CONTACT = "https://github.com/kohyo/kohyo"
_PACE: Mapping[str, str] = {
    # For the demo, for tests and for measuring on one's own machine; other people's are in no such hurry.
    "KOHYO_DELAY": "DOWNLOAD_DELAY",
    "KOHYO_CONFIRM_AFTER": "CONFIRM_AFTER",
    "KOHYO_CONCURRENCY": "CONCURRENT_REQUESTS_PER_DOMAIN",
    # Budgets: what a stranger may make us spend.
    "KOHYO_RUN_SECONDS": "RUN_SECONDS",
    "KOHYO_HOST_SECONDS": "HOST_SECONDS",
    "KOHYO_HOST_REQUESTS": "HOST_REQUESTS",
    "KOHYO_HOST_STALLS": "HOST_STALLS",
    "KOHYO_PAGE_SECONDS": "PAGE_SECONDS",
    "KOHYO_PAGE_BYTES": "PAGE_BYTES",
    "KOHYO_LISTING_ROWS": "LISTING_ROWS",
}


def database_url() -> str:
    """Return the database's address, by default SQLite in the user's data folder."""
    if given := _value("KOHYO_DB"):
        return given
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('kohyo') / 'kohyo.db'}"


def templates_path() -> Path:
    """Return the folder in which compiled templates are kept, in the user's own cache."""
    from platformdirs import user_cache_path

    return user_cache_path("kohyo") / "templates"


def declarations_path() -> Path:
    """Return the folder in which declarations that were right are kept, in the user's own cache."""
    from platformdirs import user_cache_path

    return user_cache_path("kohyo") / "declarations"


def source_paths() -> list[Path]:
    """Return files and folders of declarations, as many as the variable names."""
    return _paths("KOHYO_SOURCES")


def source_sets() -> tuple[str, ...]:
    """Return the sets of sources that are switched on, by default all. Raises ValueError."""
    wanted = tuple(name.strip() for name in _value("KOHYO_SETS").split(",") if name.strip()) or SOURCE_SETS
    if unknown := [name for name in wanted if name not in SOURCE_SETS]:
        raise ValueError(f"KOHYO_SETS={unknown[0]}: the sets are {', '.join(SOURCE_SETS)}")
    return wanted


def language() -> str:
    """Return the language in which commands speak: the variable's, else the locale's. Raises ValueError."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return _language() or next((one for one in LANGUAGES if locale.lower().startswith(one)), "en")


def language_of_pages() -> str:
    """Return the language of pages and feeds: the variable's, else Japanese. Raises ValueError.

    The locale has no say: pages are for those who read them, and a run of cron has no locale.
    """
    return _language() or "ja"


def _language() -> str:
    if (wanted := _value("KOHYO_LANG")) and wanted not in LANGUAGES:
        raise ValueError(f"KOHYO_LANG={wanted}: the languages are {', '.join(LANGUAGES)}")
    return wanted


def incident_paths() -> list[Path]:
    """Return files and folders of incidents, as many as the variable names."""
    return _paths("KOHYO_INCIDENTS")


def watch_path() -> Path | None:
    """Return the file of watch-lists, if there is one."""
    return Path(value) if (value := _value("KOHYO_WATCH")) else None


def base_url(default: str = LOCAL_URL) -> str:
    """Return the address of the published pages, without a final slash."""
    return _value("KOHYO_BASE_URL").rstrip("/") or default


def hub() -> str:
    """Return the address of the WebSub hub, or nothing."""
    return _value("KOHYO_HUB")


def set_variables(values: Mapping[str, str]) -> None:
    """Set variables of the environment for this process, as a file does for the next ones."""
    os.environ.update(values)


def own_contact() -> str:
    """Return the operator's contact as given, or nothing."""
    return _value("KOHYO_CONTACT")


def targets_path() -> Path | None:
    """Return the file of targets, if the environment names one."""
    return Path(value) if (value := _value("KOHYO_TARGETS")) else None


def contact() -> str:
    """Return what the User-Agent names for questions and complaints."""
    return _value("KOHYO_CONTACT") or _CONTACT


def token() -> str:
    """Return the operator's secret, or nothing, which lets nobody write."""
    return _value("KOHYO_TOKEN")


def clock() -> Now:
    """Return the clock of this run. Raises ValueError where the variable holds no time."""
    return make_clock(start_time())


def start_time() -> str | None:
    """Return the time at which the clock starts, as given; None for the real time."""
    return _value("KOHYO_NOW") or None


def pace() -> dict[str, float]:
    """Return the settings of Scrapy that the environment gives. Raises ValueError, naming the variable."""
    settings = {}
    for name, setting in _PACE.items():
        if value := _value(name):
            try:
                settings[setting] = float(value)
            except ValueError:
                raise ValueError(f"{name}={value}: not a number") from None
    return settings


def requests_a_day() -> float:
    """Return how many requests of one day a host is to bear. Raises ValueError unless it is above 0."""
    value = _value("KOHYO_HOST_DAY_REQUESTS")
    try:
        number = float(value or REQUESTS_A_DAY)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ValueError(f"KOHYO_HOST_DAY_REQUESTS={value}: not a number above 0")
    return number


def is_plain() -> bool:
    """Return whether no progress is to be drawn."""
    return bool(_value("KOHYO_PLAIN"))


def make_environment(**given: str) -> dict[str, str]:
    """Return the environment for a command of ours that this process starts, with what it is told besides."""
    return {**os.environ, **given}


def take_environment(given: Mapping[str, str]) -> None:
    """Take what ``make_environment`` made in the place of what this process was started with."""
    os.environ.clear()
    os.environ.update(given)


def is_completing() -> bool:
    """Return whether a shell asks what a half-typed command may go on as; click reads the variable."""
    return "_KOHYO_COMPLETE" in os.environ


def shows_tracebacks() -> bool:
    """Return whether an error in what was given is shown with its traceback."""
    return bool(_value("KOHYO_TRACEBACK"))


def misspelt_variables() -> list[tuple[str, str]]:
    """Return variables of the environment that look like one of ours misspelt, each with the one meant.

    A name may be ours to other people, as in ``url = "env:KOHYO_MAIL"``: what resembles none is left alone.
    """
    ends = {name.removeprefix("KOHYO_"): name for name in VARIABLES}
    found = []
    for name in sorted(os.environ):
        start, _, end = name.upper().partition("_")
        if start == "KOHYO" and name not in VARIABLES:
            meant = difflib.get_close_matches(end, ends, n=1, cutoff=0.7)
            found += [(name, ends[end]) for end in meant]
    return found


def _value(name: str) -> str:
    assert name in VARIABLES, f"{name} has no line in VARIABLES"
    return os.environ.get(name, "")


def _paths(name: str) -> list[Path]:
    return [Path(path) for path in _value(name).split(os.pathsep) if path]
