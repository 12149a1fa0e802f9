"""The page of jobs with workers, jobs and a host that is set aside: axe-core finds no violation, and nothing is cut off."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import psycopg
import uvicorn

from feeds.web.app import make_app
from monitor.jobs import job_queue
from monitor.track.decisions import Decider
from storage.archive import open_archive
from storage.topics.leasing.jobs import SCHEMA
from tests.databases import *  # noqa: F403
from tests.databases import new_database
from tests.feeds.browser.conftest import TOKEN, Open
from tests.feeds.browser.test_axe import found

FILLED = """
UPDATE procrastinate_jobs SET status = 'doing' WHERE id = 1;
UPDATE procrastinate_jobs SET status = 'failed' WHERE id = 2;
INSERT INTO worker (name, version) VALUES ('archive-1.example.jp', '1.0');
INSERT INTO worker (name, version, seen_at) VALUES ('archive-2.example.jp', '1.0', now() - interval '1 hour');
INSERT INTO job_run (job_id, worker, host) VALUES (1, 'archive-1.example.jp', 'www.city.example.jp');
INSERT INTO job_run VALUES (2, 'archive-2.example.jp', 'h', now(), now(), 'killed', -9, 12.5, 3);
INSERT INTO host_rest VALUES ('www.long-name-of-a-host.city.example.lg.jp', 5, now() + interval '6 hours', 'status -9');
"""


def test_the_page_of_jobs_has_no_violation_in_either_language(
    opened: Open, postgres_server: str, postgres_template: str
) -> None:
    with new_database(postgres_server, postgres_template) as url, open_archive(url) as archive:
        job_queue.enqueue_visits(url, {f"www.h{number}.example.jp": {} for number in range(4)})
        with psycopg.connect(job_queue.conninfo(url), options=f"-c search_path={SCHEMA}") as db:
            db.execute(FILLED)
        decider = Decider(archive, list, lambda: datetime.now(UTC), lambda url: {})
        app = make_app(archive, operator=decider, token=TOKEN)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
            complaints = []
            for lang, scheme, width in (("ja", "dark", 360), ("en", "light", 1200)):
                page = opened(width=width, color_scheme=scheme)
                page.goto(f"{address}/operate/jobs?lang={lang}")
                page.locator("input[type=password]").fill(TOKEN)
                page.locator("button[type=submit]").first.click()
                page.goto(f"{address}/operate/jobs?lang={lang}")
                assert {"ja": "応答なし", "en": "silent"}[lang] in page.locator("main").inner_text()
                complaints += [(lang, *one) for one in found(page)]
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    complaints.append((lang, "it scrolls sideways", []))
            assert complaints == []
        finally:
            server.should_exit = True
            thread.join()
