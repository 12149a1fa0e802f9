"""Hosts on loopback that publish notices, and workers of them as processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.monitor.story import LEAK, SORRY, html
from tests.spiders.site import Site

QUICK = "from monitor.jobs import worker\nworker.BEAT_SECONDS, worker.STALLED_SECONDS = 0.5, 3.0\n"
"""A worker of the tests is taken for dead after three seconds."""

ROOT = Path(__file__).parents[2]


def wait_until(true: Callable[[], Any], seconds: float = 240, why: Callable[[], str] = str) -> Any:
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, f"not within {seconds} s: {why()}"
        time.sleep(0.1)
    return found


@dataclass
class Worker:
    """A worker at work, whose log goes to a file."""

    process: subprocess.Popen[bytes]
    log: Path

    def events(self, *names: str) -> list[dict[str, Any]]:
        """What it has logged so far; every line must be one of JSON."""
        lines = self.log.read_text("utf-8").splitlines()
        said = [json.loads(line) for line in lines if line.endswith("}")]
        return [one for one in said if not names or one["event"] in names]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self, seconds: float = 240) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@dataclass
class World:
    """Hosts, their declarations, and the archive in which what they publish is kept."""

    url: str
    folder: Path
    sites: list[Site] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)

    def put_sites(
        self, stack: ExitStack, hosts: int, pages: int, *, delay: float = 0.05, slow: float = 0.0
    ) -> None:
        """Make hosts with pages each, asked with a delay, that take their time to answer."""
        (self.folder / "sources").mkdir(exist_ok=True)
        for number in range(hosts):
            site = stack.enter_context(Site(address=f"127.0.1.{number + 1}"))
            site.put("/robots.txt", "User-agent: *\nDisallow:\n", content_type="text/plain")
            for page in range(pages):
                site.put(f"/{page}.html", html(f"{LEAK}{number}-{page}", SORRY), delay=slow)
            starts = ", ".join(f'"{site.url(f"/{page}.html")}"' for page in range(pages))
            declared = f'id = "city-{number}"\nname = "例示市{number}"\nkind = "affected"\nprivate = true\ndelay = {delay}\nstart = [{starts}]\n'
            (self.folder / "sources" / f"city-{number}.toml").write_text(declared)
            self.sites.append(site)

    @property
    def variables(self) -> dict[str, str]:
        ours = {
            "KOHYO_DB": self.url,
            "KOHYO_SOURCES": str(self.folder / "sources"),
            "KOHYO_CONFIRM_AFTER": "0",
            "KOHYO_CONTACT": "mailto:tests@example.org",
        }
        return {**os.environ, **ours, **self.env}

    def kohyo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor.cli", "--no-bundled", *arguments]
        return subprocess.run(
            command, env=self.variables, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def start(self, stack: ExitStack, name: str, *options: str, prelude: str = "") -> Worker:
        """Start a worker, with a ``prelude`` of Python before it; it is killed at the latest when the stack ends."""
        code = f"{QUICK}{prelude}\nfrom monitor.cli import main\nmain()"
        log = self.folder / f"{name}.log"
        with log.open("ab") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-c", code, "--no-bundled", "worker", "--name", name, *options],
                env=self.variables,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
            )
        worker = Worker(process, log)
        stack.callback(lambda: worker.process.poll() is None and worker.kill())
        return worker


@contextmanager
def new_world(url: str, folder: Path, **env: str) -> Iterator[tuple[World, ExitStack]]:
    with ExitStack() as stack:
        yield World(url, folder, env=env), stack
