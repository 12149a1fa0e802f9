"""What crawling costs: pages as they are, a server for them, plain Scrapy as the yardstick, and kohyo.

Used by ``bench.speed``, which is the command. Plain Scrapy downloads every page and reads its title:
nothing is stored or compared.
"""

from __future__ import annotations

import ctypes
import hashlib
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BYTECODE = str(Path(tempfile.gettempdir()) / f"kohyo-bench-{sys.implementation.cache_tag}")
SITES = 100
CONCURRENCY = 16

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


_PLAIN = (
    "窓口の受付は平日の開庁時間に限ります。",
    "必要な書類をそろえてお越しください。",
    "様式は庁舎の一階と各支所で配っています。",
    "駐車場の数に限りがあるため、公共の交通機関をご利用ください。",
    "詳しくは担当の係までお尋ねください。",
    "郵送による手続きも承っています。",
    "この案内は各施設の掲示板でもご覧になれます。",
)


def page(site: int, number: int) -> bytes:
    """One page of one site, as large and as full as those of municipalities, in the site's encoding.

    Fifty real ones have 65 KB of HTML in the middle, of which 2,317 characters are text, in 84 blocks with
    21 facts.
    """
    rng = random.Random(f"kohyo:{site}:{number}")
    chrome = random.Random(f"kohyo:{site}")
    codec, charset = encoding(site)
    links = [
        f'<li class="nav-item level-{n % 3}">'
        f'<a class="nav-link" href="/s{site:03d}/soshiki/{n // 9}/{n}/index.html">'
        f'<span class="icon" aria-hidden="true"></span>メニュー{n} {chrome.choice(_WHAT)}の方へ</a></li>\n'
        for n in range(chrome.randint(90, 240))
    ]
    style = "".join(
        f".b{n} > .inner{{margin:{n}px;padding:{chrome.randint(1, 30)}px;"
        f"color:#{chrome.randrange(4096):03x}}}\n"
        for n in range(chrome.randint(100, 480))
    )
    script = "".join(f"window.v{n}={chrome.random():.12f};\n" for n in range(chrome.randint(100, 750)))
    title = f"{rng.choice(_WHAT)}の個人情報の漏えいについて(第{rng.randint(1, 9)}報)"
    body = "".join(_paragraph(rng) for _ in range(_length(rng)))
    rows = "".join(
        f"<tr><th>{rng.choice(_WHAT)}</th><td>{rng.randint(1, 40)}番窓口</td>"
        f"<td>{rng.choice(_WHO)}</td></tr>\n"
        for _ in range(rng.randint(1, 12))
    )
    half = len(links) // 2
    text = (
        f'<!DOCTYPE html>\n<html lang="ja"><head><meta charset="{charset}">'
        f"<title>{title} | 見本{site}</title><style>{style}</style><script>{script}</script></head>\n"
        f"<body><header><p>見本{site}</p>"
        f'<nav class="global"><ul>{"".join(links[:half])}</ul></nav></header>\n'
        f'<div class="breadcrumb"><a href="/">トップ</a> &gt; <a href="/s{site:03d}/">お知らせ</a></div>\n'
        f"<main><h1>{title}</h1><p>公開日 2024年{rng.randint(1, 12)}月{rng.randint(1, 28)}日</p>\n"
        f"{body}\n<table>{rows}</table></main>\n"
        f'<aside class="side"><h2>関連情報</h2><ul>{"".join(links[half:])}</ul></aside>\n'
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
    return int(rng.triangular(12, 160, 55))


def _paragraph(rng: random.Random) -> str:
    """A sentence or two, as an item of a list or alone; one of 18 says when, who and how many."""
    said = rng.choice(_PLAIN) if rng.randrange(4) else rng.choice(_THEN)
    tag = "p" if rng.randrange(3) else "li"
    if rng.randrange(18):
        return f'<{tag} class="txt">{said}</{tag}>\n'
    return (
        f'<p class="txt">令和{rng.randint(5, 8)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日、'
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

    def edit(self, turn: int, share: int = 20) -> int:
        """Alter one page of ``share``, so many others in each turn; return how many."""
        edited = self.paths[turn % share :: share]
        for path in edited:
            codec, _ = encoding(int(path[2:5]))
            more = f"<p>追記 第{turn}回 対象は{turn * 7 + 3}人です。</p></main>".encode(codec)
            self.bodies[path] = self.bodies[path].replace(b"</main>", more)
            self.etags[path] = f'"{hashlib.sha256(self.bodies[path]).hexdigest()[:20]}"'
        return len(edited)

    def close(self) -> None:
        self.shutdown()
        self.server_close()


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
    """One process with all that it started: CPU, peak memory of the largest, and time by the clock."""

    cpu: float
    peak: float  # MiB
    wall: float


def launch(command: Sequence[str], environment: Mapping[str, str], *, one_core: bool = False) -> Cost:
    """Run a command to its end. To be called in a small process: a child begins with its parent's peak.

    With ``one_core`` it has no other, and starts no workers that read ahead. Whatever it leaves behind is
    waited for, too: workers that are killed count.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
    cores = os.sched_getaffinity(0) if one_core else set[int]()
    if cores:
        os.sched_setaffinity(0, {min(cores)})
    began, cpu, peak, status = time.perf_counter(), 0.0, 0.0, 0
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=subprocess.DEVNULL, stderr=complaints
        )
        wall = None
        while True:
            try:
                pid, ended, usage = os.wait3(0)
            except ChildProcessError:
                break
            if pid == process.pid:
                status, wall = os.waitstatus_to_exitcode(ended), time.perf_counter() - began
                process.returncode = status
            cpu += usage.ru_utime + usage.ru_stime
            peak = max(peak, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))
        if cores:
            os.sched_setaffinity(0, cores)
        complaints.seek(0)
        said = complaints.read().decode(errors="replace")
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status}:\n{said[-3000:]}")
    assert wall is not None
    return Cost(cpu, peak, wall)


class Launcher:
    """A process that is small and starts the others."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        self._pool.submit(len, ()).result()  # before anything large is held here

    def run(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        *,
        one_core: bool = False,
    ) -> Cost:
        own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        own |= {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": BYTECODE, "KOHYO_PLAIN": "1"}
        given = {**own, **(environment or {})}
        return self._pool.submit(launch, command, given, one_core=one_core).result()

    def plain(self, server: Server, pages: int | None = None) -> Cost:
        number = len(server.paths) if pages is None else pages
        return self.run([sys.executable, str(Path(__file__)), server.base, str(number)])

    def kohyo(self, folder: Path, *words: str, one_core: bool = False) -> Cost:
        command = [sys.executable, "-m", "monitor.cli", "--db", f"sqlite:///{folder / 'bench.db'}"]
        command += ["--no-bundled", "--sources", str(folder / "sources"), *words]
        pace = {"KOHYO_DELAY": "0", "KOHYO_CONFIRM_AFTER": "0", "KOHYO_CONCURRENCY": str(CONCURRENCY)}
        # nothing is put off: all pages are on one host
        many = {"KOHYO_HOST_REQUESTS": "1000000", "KOHYO_HOST_SECONDS": "86400", "KOHYO_RUN_SECONDS": "86400"}
        return self.run(command, {**pace, **many}, one_core=one_core)

    def close(self) -> None:
        self._pool.shutdown()


def declare(server: Server, folder: Path, sites: int = SITES) -> None:
    """One source a site, with its pages as start addresses."""
    (folder / "sources").mkdir(exist_ok=True)
    for site in range(sites):
        urls = [f'"{server.base}{path}"' for path in server.paths if path.startswith(f"/s{site:03d}/")]
        if urls:
            text = f'id = "site-{site:03d}"\nname = "見本{site}"\nkind = "affected"\nprivate = true\n'
            text += f"start = [{', '.join(urls)}]\n"
            # the others say nothing of their mark-up
            text += '[page]\ninclude = ["main"]\n' if site % 2 else ""
            (folder / "sources" / f"site-{site:03d}.toml").write_text(text, "utf-8")


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


if __name__ == "__main__":
    scrape(sys.argv[1], int(sys.argv[2]))
