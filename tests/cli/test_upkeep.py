"""What who keeps kohyo running is told: each failure once, in a line for a host, and its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.commands import kohyo
from tests.databases import database_at


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_cron_hears_of_a_failure_once_of_its_lasting_nothing_and_of_its_end_once(tmp_path: Path):
    declared, env = tmp_path / "city.toml", {"KOHYO_DELAY": "0", "KOHYO_CONFIRM_AFTER": "0"}
    given = ("--db", database_at(tmp_path / "kohyo.db"), "--sources", str(declared), "--no-bundled")
    with serving(tmp_path) as port:
        start = ", ".join(f'"http://127.0.0.1:{port}/{name}.html"' for name in ("a", "b"))
        keys = 'id = "city"', 'name = "例示市"', 'kind = "affected"', f"start = [{start}]", "private = true"
        declared.write_text("\n".join(keys))
        first, second = (kohyo(*given, "crawl", "--all", env=env) for _ in range(2))
        for name in ("a", "b"):
            (tmp_path / f"{name}.html").write_text(
                "<main><h1>お詫び</h1><p>個人情報の漏えいのお詫びです。</p></main>"
            )
        mended = kohyo(*given, "crawl", "--all", env=env)
    assert second.stderr == ""  # not even that KOHYO_CONTACT is missing: these are private pages
    assert first.stderr == f"127.0.0.1:{port} missing: 2 pages of city (HTTP 404)\n"
    assert "still wrong, as told before: 2 pages of 1 host; `kohyo " in second.stdout
    assert "still wrong" not in mended.stdout
    assert mended.stderr == f"resolved: 127.0.0.1:{port} missing: 2 pages of city\n"
