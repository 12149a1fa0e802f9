"""Many runs at once on one PostgreSQL, killed and cut off, over hosts that note how they are asked.

    python -m tests.fire.together [--hosts 12] [--pages 3] [--rounds 3] [--runs 4] [--seconds 300]
        [--kill-every 6] [--restarts 2] [--command "crawl --all {hosts}"]

Every host has an address of its own (127.2.0.x), a source and some pages. In each round every page says
another number; the next round begins when the archive has all of it. So many runs of the command are at work
all the time, each over hosts by chance (``{hosts}``; without it, as the command chooses), the odd ones as if
on machines of their own. Every few seconds one of them is killed with SIGKILL; the server of the database is
restarted in between. Loopback only. Prints one line of JSON: changes told exactly once, twice and never, the
least pause of a host beside what it is owed, hosts asked by two at a time, damages, and how runs ended.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from storage import holding
from storage.archive import Archive, open_archive
from storage.errors import StorageError
from storage.query import Query
from storage.topics.leasing import owners
from tests.commands import Started, start
from tests.servers import Server, own_server

FIRST = 1000
DELAY_SECONDS = 0.4
ANSWER_SECONDS = 0.02
LEASE_SECONDS = 6.0  # of those on other machines: a killed one is waited for so long
ENVIRONMENT = {"KOHYO_CONFIRM_AFTER": "0", "KOHYO_PLAIN": "1", "KOHYO_CONTACT": "mailto:harness@example.jp"}


@dataclass
class Sites:
    """All hosts: what their pages say now, and how each host was asked: from when to when, for what."""

    hosts: int
    pages: int
    number: int = FIRST  # and one more each round
    port: int = 0
    asked: defaultdict[str, list[tuple[float, float, str]]] = field(default_factory=lambda: defaultdict(list))

    def names(self) -> list[str]:
        """The addresses of the hosts."""
        return [f"127.2.0.{number + 1}" for number in range(self.hosts)]

    def urls(self, host: str) -> list[str]:
        """The pages of a host."""
        return [f"http://{host}:{self.port}/n/{page}.html" for page in range(self.pages)]

    def say(self) -> str:
        """What every page says now."""
        return f"個人情報が漏えいした可能性のある方は、{self.number}名です。"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and note when it came and when it was answered."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            came, path = time.monotonic(), head.split(" ")[1]
            host = writer.get_extra_info("sockname")[0]
            await asyncio.sleep(ANSWER_SECONDS)
            status, body = "200 OK", self._page(host, path)
            if path == "/robots.txt":
                body = "User-agent: *\nDisallow: /private\n"
            elif not path.startswith("/n/"):
                status = "404 Not Found"
            data = body.encode()
            self.asked[host].append((came, time.monotonic(), path))
            length = f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n"
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{length}".encode() + data
            )
            await writer.drain()
        writer.close()

    def _page(self, host: str, path: str) -> str:
        return (
            f"<!DOCTYPE html><html lang='ja'><head><title>不正アクセスについて（{host}{path}）</title></head><body>"
            f"<main><h1>不正アクセスによる個人情報の漏えいについて（{host}{path}）</h1><p>2026年11月20日</p>"
            f"<p>当社のサーバーが不正アクセスを受けました。{self.say()}関係する皆さまにお詫び申し上げます。</p>"
            "<p>お問い合わせは、当社の窓口までお願いいたします。</p></main></body></html>"
        )

    @contextmanager
    def served(self) -> Iterator[None]:
        """Answer on all addresses of this machine while the block lasts."""
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(asyncio.start_server(self.answer, "0.0.0.0", 0))
        self.port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        yield
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()

    def declare(self, folder: Path) -> None:
        """Write a declaration for each host."""
        for host in self.names():
            starts = ", ".join(f'"{url}"' for url in self.urls(host))
            id = host.replace(".", "-")
            text = f'id = "h-{id}"\nname = "例示{id}"\nkind = "affected"\nstart = [{starts}]\n'
            (folder / f"h-{id}.toml").write_text(f"{text}private = true\ndelay = {DELAY_SECONDS}\n")

    def least_pause(self) -> float:
        """The shortest time that a host had from an answer to the next request."""
        pauses = [after[0] - before[1] for log in self._logs() for before, after in pairwise(log)]
        return min(pauses, default=0.0)

    def asked_by_two(self) -> int:
        """How often a host was asked while it answered another request."""
        return sum(after[0] < before[1] for log in self._logs() for before, after in pairwise(log))

    def _logs(self) -> list[list[tuple[float, float, str]]]:
        return [sorted(log) for log in self.asked.values()]


def be_elsewhere(name: str) -> None:
    """Let a process believe that it runs on a machine of its own: nobody knows whether it lives."""
    owners._here.cache_clear()
    owners._here = lambda: name  # type: ignore[assignment]
    holding.LEASE_SECONDS, holding.RENEW_SECONDS = LEASE_SECONDS, LEASE_SECONDS / 4


@dataclass
class Trial:
    """The runs at work, what ends them, and how they ended."""

    command: list[str]
    url: str
    folder: Path
    sites: Sites
    chance: random.Random
    running: list[Started] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)
    begun: int = 0

    def start(self) -> None:
        """Start one more run."""
        chosen = self.chance.sample(self.sites.names(), max(1, self.sites.hosts // 2))
        hosts = [word for host in chosen for word in ("--host", host)]
        words = [one for word in self.command for one in (hosts if word == "{hosts}" else [word])]
        self.begun += 1
        elsewhere = functools.partial(be_elsewhere, f"machine {self.begun}") if self.begun % 2 else None
        given = ["--db", self.url, "--sources", str(self.folder), "--no-bundled"]
        self.running.append(start(*words, *given, env=ENVIRONMENT, prepare=elsewhere))

    def keep_running(self, runs: int) -> None:
        """Count what ended, and start as many."""
        for one in [one for one in self.running if not one.is_running()]:
            self.running.remove(one)
            done = one.end()
            self.ended[str(done.returncode)] += 1
            if done.returncode not in (0, 3):
                self.words += done.stderr.splitlines()
        while len(self.running) < runs:
            self.start()

    def kill_one(self) -> None:
        """End one of them as ``kill -9`` does."""
        victim = self.running.pop(0)  # the one that has come farthest
        victim.kill()
        self.ended["killed"] += 1


def count_told(archive: Archive, sites: Sites) -> int:
    """How many pages the archive has as they are now."""
    with archive.read() as reader:
        newest = [page.version for page in reader.pages(role="page") if page.version]
        texts = [version.text for version in reader.versions_by_id(newest).values()]
    return sum(sites.say() in text for text in texts)


def live(options: argparse.Namespace, server: Server, folder: Path) -> dict[str, Any]:
    """Let the runs work, be killed and be cut off, and say what came of it."""
    chance, sites = random.Random(options.seed), Sites(options.hosts, options.pages)
    pages, began = options.hosts * options.pages, time.monotonic()
    with sites.served(), open_archive(server.url()) as archive:
        sites.declare(folder)
        trial = Trial(options.command.split(), server.url(), folder, sites, chance)
        next_kill = time.monotonic() + options.kill_every
        restarts = [
            (number + 1) * options.rounds // (options.restarts + 1) for number in range(options.restarts)
        ]
        done = told = 0
        while done < options.rounds and time.monotonic() - began < options.seconds:
            trial.keep_running(options.runs)
            time.sleep(0.2)
            if time.monotonic() > next_kill and trial.running:
                trial.kill_one()
                next_kill = time.monotonic() + options.kill_every
            if done in restarts and 0 < told < pages:
                restarts.remove(done)
                server.restart()
                trial.ended["restarts of the server"] += 1
            with suppress(StorageError):
                told = count_told(archive, sites)
                if told == pages:
                    done, told = done + 1, 0
                    sites.number += 1 if done < options.rounds else 0
        for one in trial.running:
            one.end()
        return {
            **judge(archive, sites, done),
            "seconds": round(time.monotonic() - began),
            **tell(trial, sites),
        }


def judge(archive: Archive, sites: Sites, rounds: int) -> dict[str, Any]:
    """Compare what was told with what was published."""
    with archive.read() as reader:
        changes = reader.changes(Query(limit=None))
        links = [link.number for link in reader.chain_from(1, 10**6)]
    told = Counter((urlsplit(one.url).netloc, one.url, one.kind, one.to_version) for one in changes)
    updates = Counter(one.url for one in changes if one.kind == "updated")
    urls = [url for host in sites.names() for url in sites.urls(host)]
    return {
        "rounds": rounds,
        "told": sum(updates.values()),
        "twice": sum(count > 1 for count in told.values())
        + sum(max(updates[url] - (sites.number - FIRST), 0) for url in urls),
        "never": sum(max(rounds - 1 - updates[url], 0) for url in urls),
        "chain": links == list(range(1, len(changes) + 1)),
        "damages": len(list(archive.verify())),
    }


def tell(trial: Trial, sites: Sites) -> dict[str, Any]:
    """Say how runs ended, and how hosts were asked."""
    requests = sum(map(len, sites.asked.values()))
    robots = sum(path == "/robots.txt" for log in sites.asked.values() for _, _, path in log)
    return {
        "ended": dict(trial.ended),
        "requests": requests,
        "robots": robots,
        "least_pause": round(sites.least_pause(), 3),
        "owed": DELAY_SECONDS,
        "by_two": sites.asked_by_two(),
        "said": sorted(set(trial.words))[:5],
    }


def main() -> None:
    """Run the trial that the options describe."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--hosts", type=int, default=12)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--kill-every", type=float, default=6)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--command", default="crawl --all {hosts}")
    with tempfile.TemporaryDirectory() as folder, own_server() as server:
        print(json.dumps(live(parser.parse_args(), server, Path(folder))))


if __name__ == "__main__":
    sys.exit(main())
