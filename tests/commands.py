"""``kohyo`` as a process of its own, forked from one that has the program loaded: a fraction of a start."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from monitor.cli.upkeep import working

LOADED = (
    "feeds.notify.run",
    "feeds.site.crew",
    "monitor.crawl.runs",
    "monitor.track.listings",
    *working.LOADED,
)
"""What a command that crawls, publishes or notifies would load; the last of them compiles the patterns of all."""

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(list(LOADED))


class Started:
    """A command at work: its process, and files for what it says."""

    def __init__(
        self, arguments: tuple[str, ...], environment: Mapping[str, str], prepare: Callable[[], None] | None
    ) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._places = [Path(self._folder.name, name) for name in ("stdout", "stderr")]
        self._process = _FORKS.Process(
            target=_command, args=(arguments, self._places, dict(environment), prepare)
        )
        self._process.start()

    def kill(self) -> None:
        """End it as ``kill -9`` does."""
        self._process.kill()
        self._process.join()

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.is_alive()

    def terminate(self) -> None:
        """Ask it to end, as systemd does."""
        self._process.terminate()

    def end(self, seconds: float = 100) -> subprocess.CompletedProcess[str]:
        """Wait for its end, and return its status and words."""
        self._process.join(seconds)
        assert self._process.exitcode is not None, f"not ended within {seconds} s"
        words = [place.read_text("utf-8") for place in self._places]
        self._folder.cleanup()
        return subprocess.CompletedProcess([], self._process.exitcode, *words)


def start(
    *arguments: str, env: Mapping[str, str] | None = None, prepare: Callable[[], None] | None = None
) -> Started:
    """Start a command with ``env`` beside the variables of now; ``prepare`` is called in its process before."""
    return Started(arguments, {**os.environ, **(env or {})}, prepare)


def kohyo(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return start(*arguments, env=env).end()


def _command(
    arguments: tuple[str, ...], places: list[Path], environment: dict[str, str], prepare: Callable[[], None] | None
) -> None:  # fmt: skip
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(Path(__file__).parents[1])
    for number, place in enumerate(places, 1):
        os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    from monitor.cli import main

    sys.argv = ["kohyo", *arguments]
    if prepare is not None:
        prepare()
    main(list(arguments), prog_name="kohyo")
