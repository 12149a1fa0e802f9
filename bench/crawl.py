"""CPU and memory of a crawl as ratios to plain Scrapy, in one interleaved run.

    python bench/crawl.py [--pages 1000] [--rounds 3]

Plain Scrapy downloads every page and reads its title: nothing is stored or compared. kohyo crawls
the same pages twice: a first time into an empty database, and again when nothing has changed, once
against a server that gives validators and once against one that does not. Only ratios within one
round mean anything; the table shows their medians and ranges.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BYTECODE = str(Path(tempfile.gettempdir()) / f"kohyo-bench-{sys.implementation.cache_tag}")
SITES = 100
CONCURRENCY = 16

TARGETS = {"first": 1.35, "re-check, validators": 0.90, "re-check, none": 1.05}

# --- the pages: everything is a function of the seed, the site and the page ---------------------

_WHO = ("市", "町", "連合会", "株式会社", "協会", "機構", "組合", "病院")
_WHAT = ("会員", "受診者", "納税者", "契約者", "応募者", "利用者", "児童の保護者", "取引先の担当者")
_HOW = (
    "委託先の端末から持ち出された",
    "宛先を取り違えて電子メールで送られた",
    "外部からの不正な接続により閲覧された",
    "保管していた書類とともに紛失した",
    "設定の誤りにより誰でも閲覧できる状態になっていた",
)
_THEN = (
    "対象となる方には文書でお知らせします。",
    "不正に利用された事実は、現時点で確認されていません。",
    "原因を調査し、再発防止策を取りまとめます。",
    "関係する機関に報告し、助言を受けながら対応を進めています。",
    "お問い合わせの窓口を設け、午前九時から午後八時までお受けします。",
    "記録の確認が不十分であったため、発見までに時間を要しました。",
    "業務に携わる者の教育を改め、手順書を見直しました。",
    "お手元に届いた書面の内容に覚えがないときは、窓口までお寄せください。",
    "金銭を求める電話や、暗証番号を尋ねる訪問には応じないようお願いします。",
    "今後分かったことは、このページに書き加えてお知らせします。",
    "保管の場所と鍵の管理を、二人以上で確かめることとしました。",
)


def page(site: int, number: int) -> bytes:
    """One page of one site: 5 to 48 KB of HTML, in the site's encoding."""
    rng = random.Random(f"kohyo:{site}:{number}")
    chrome = random.Random(f"kohyo:{site}")
    codec, charset = encoding(site)
    links = "".join(
        f'<li><a href="/s{site:03d}/menu/{n}/">メニュー{n} {chrome.choice(_WHAT)}の方へ</a></li>'
        for n in range(chrome.randint(12, 60))
    )
    style = "".join(
        f".b{n}{{margin:{n}px;padding:{chrome.randint(1, 30)}px}}" for n in range(chrome.randint(10, 90))
    )
    script = "".join(f"window.v{n}={chrome.random():.12f};" for n in range(chrome.randint(5, 60)))
    title = f"{rng.choice(_WHAT)}の個人情報の漏えいについて(第{rng.randint(1, 9)}報)"
    body = "".join(_paragraph(rng) for _ in range(_length(rng)))
    rows = "".join(
        f"<tr><th>{rng.choice(_WHAT)}</th><td>{rng.randint(1, 90_000):,}件</td>"
        f"<td>令和{rng.randint(1, 8)}年度</td></tr>\n"
        for _ in range(rng.randint(2, 12))
    )
    text = (
        f'<!DOCTYPE html>\n<html lang="ja"><head><meta charset="{charset}">'
        f"<title>{title} | 見本{site}</title><style>{style}</style><script>{script}</script></head>\n"
        f"<body><header><p>見本{site}</p><nav><ul>{links}</ul></nav></header>\n"
        f"<main><h1>{title}</h1><p>公開日 2024年{rng.randint(1, 12)}月{rng.randint(1, 28)}日</p>\n"
        f"{body}\n<table>{rows}</table></main>\n"
        f"<footer><p>見本{site} 法人番号 {chrome.randint(10**12, 10**13)}</p></footer></body></html>"
    )
    return text.encode(codec)


def encoding(site: int) -> tuple[str, str]:
    """12 % of the sites are in Shift_JIS, 6 % in EUC-JP."""
    if site % 100 < 12:
        return "cp932", "Shift_JIS"
    return ("euc_jp", "EUC-JP") if site % 100 < 18 else ("utf-8", "UTF-8")


def _length(rng: random.Random) -> int:
    """Paragraphs: most pages are short, some are long."""
    return int(rng.triangular(1, 130, 6))


def _paragraph(rng: random.Random) -> str:
    """Sentences; in one paragraph of six the first says when, who and how many."""
    said = "".join(rng.choice(_THEN) for _ in range(rng.randint(1, 5)))
    if rng.randrange(6):
        return f"<p>{said}</p>\n"
    return (
        f"<p>令和{rng.randint(5, 8)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日、"
        f"{rng.choice(_WHO)}の{rng.choice(_WHAT)}{rng.randint(3, 90_000):,}人分の"
        f"個人情報が、{rng.choice(_HOW)}ことが分かりました。{said}</p>\n"
    )


# --- the server -------------------------------------------------------------------------------


class Server(ThreadingHTTPServer):
    """Serves the pages from memory and counts what it was asked for."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, pages: int, *, validators: bool) -> None:
        self.validators = validators
        self.answers: Counter[int] = Counter()
        self.paths = [f"/s{n % SITES:03d}/p{n // SITES}.html" for n in range(pages)]
        self.bodies = {path: page(n % SITES, n // SITES) for n, path in enumerate(self.paths)}
        self.etags = {
            path: f'"{hashlib.sha256(body).hexdigest()[:20]}"' for path, body in self.bodies.items()
        }
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one piece

    def do_GET(self) -> None:
        body = self.server.bodies.get(self.path)
        etag = self.server.etags.get(self.path, "")
        status = 404 if body is None else 200
        if self.server.validators and etag and self.headers.get("If-None-Match") == etag:
            status, body = 304, None
        self.server.answers[status] += 1
        self.send_response(status)
        if self.path.endswith(".html"):
            site = int(self.path[2:5])
            # Half of the sites say their encoding in the page only.
            charset = f"; charset={encoding(site)[1]}" if site % 2 else ""
            self.send_header("Content-Type", f"text/html{charset}")
        if self.server.validators and etag:
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", "Wed, 24 Jan 2024 02:00:00 GMT")
        if status != 304:
            self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        if body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


# --- what is measured -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """One process run: CPU of its whole tree, peak memory, and what the server answered."""

    cpu: float
    peak: float  # MiB
    answers: Counter[int]


def run(server: Server, command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    server.answers.clear()
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**own, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": BYTECODE, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    complaints = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{complaints[-3000:]}")
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale, Counter(server.answers))


def plain(server: Server) -> Cost:
    return run(server, [__file__, "--plain", server.base, "--pages", str(len(server.paths))], {})


def kohyo(server: Server, folder: Path) -> Cost:
    command = ["-m", "monitor.cli", "--db", f"sqlite:///{folder / 'bench.db'}", "--no-bundled"]
    command += ["--sources", str(folder / "sources"), "crawl", "--all"]
    pace = {"KOHYO_DELAY": "0", "KOHYO_CONFIRM_AFTER": "0", "KOHYO_CONCURRENCY": str(CONCURRENCY)}
    return run(server, command, {**pace, "KOHYO_PLAIN": "1"})


def declare(server: Server, folder: Path) -> None:
    """One source a site, with its pages as start addresses."""
    (folder / "sources").mkdir()
    for site in range(SITES):
        urls = [f'"{server.base}{path}"' for path in server.paths if path.startswith(f"/s{site:03d}/")]
        if urls:
            text = f'id = "site-{site:03d}"\nname = "見本{site}"\nkind = "affected"\nprivate = true\n'
            text += f"start = [{', '.join(urls)}]\n"
            text += (
                '[page]\ninclude = ["main"]\n' if site % 2 else ""
            )  # the others say nothing of their mark-up
            (folder / "sources" / f"site-{site:03d}.toml").write_text(text, "utf-8")


Round = dict[str, Cost]


def measure(pages: int, rounds: int) -> Iterator[Round]:
    one_round(10)  # compiles every module, so that no measured run pays for it
    for _ in range(rounds):
        yield one_round(pages)


def one_round(pages: int) -> Round:
    """Plain Scrapy, a first crawl and a re-check, against a server with and one without validators."""
    costs: Round = {}
    for name, expected in (("validators", 304), ("none", 200)):
        server = Server(pages, validators=expected == 304)
        with tempfile.TemporaryDirectory() as folder:
            declare(server, Path(folder))
            costs[f"plain Scrapy, {name}"] = plain(server)
            costs[f"first, {name}"] = kohyo(server, Path(folder))
            costs[f"re-check, {name}"] = again = kohyo(server, Path(folder))
        server.shutdown()
        server.server_close()
        if again.answers[expected] != pages:
            raise SystemExit(f"the re-check was to bring {pages} answers {expected}: {dict(again.answers)}")
    return costs


def table(rounds: Sequence[Round]) -> Iterator[str]:
    yield f"{'step':26} {'CPU s':>6} {'ratio':>6} {'range':>14} {'target':>8} {'peak MiB':>9} {'ratio':>6}"
    for step in rounds[0]:
        base = f"plain Scrapy, {step.rpartition(', ')[2]}"
        cpu = [one[step].cpu for one in rounds]
        ratios = [one[step].cpu / one[base].cpu for one in rounds]
        peaks = [one[step].peak for one in rounds]
        memory = [one[step].peak / one[base].peak for one in rounds]
        target = TARGETS.get(step, TARGETS.get(step.partition(",")[0]))
        limit = f"<= {target:.2f}" if target else ""
        spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
        ratio = statistics.median(ratios)
        yield (
            f"{step:26} {statistics.median(cpu):6.2f} {ratio:6.2f} {spread:>14} {limit:>8}"
            f" {statistics.median(peaks):9.1f} {statistics.median(memory):6.2f}"
        )


# --- plain Scrapy -----------------------------------------------------------------------------


def scrape(base: str, pages: int) -> None:
    """Download and title only, as fast as Scrapy goes by itself."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess

    class Titles(Spider):
        name = "titles"

        async def start(self) -> Any:
            for n in range(pages):
                yield Request(f"{base}/s{n % SITES:03d}/p{n // SITES}.html", dont_filter=True)

        def parse(self, response: Any) -> Any:
            yield {"url": response.url, "title": response.css("title::text").get()}

    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_REQUESTS": CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "RETRY_ENABLED": False,
            "LOG_LEVEL": "ERROR",
        }
    )
    process.crawl(Titles)
    process.start()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        scrape(options.plain, options.pages)
        return
    rounds = []
    for number, costs in enumerate(measure(options.pages, options.rounds), 1):
        rounds.append(costs)
        print(f"round {number} of {options.rounds} done", file=sys.stderr)
    print(f"{options.pages} pages, medians of {options.rounds} rounds")
    print("\n".join(table(rounds)))


if __name__ == "__main__":
    main()
