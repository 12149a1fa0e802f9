"""An incident of many notices: its page lists the newest, says how many more there are, and stays small."""

from __future__ import annotations

from dataclasses import replace

from feeds.views.incident_page import MAX_ROWS
from feeds.web.app import make_app
from storage.archive import Archive
from storage.records import IncidentLink
from tests.feeds import sample
from tests.feeds.client import Client

MOST_BYTES = 300_000


def test_the_page_of_an_incident_of_many_notices_stays_small(archive: Archive) -> None:
    with archive.write() as writer:
        incident, notice = writer.incident(sample.SLUG), writer.notice(2)
        assert incident is not None
        assert notice is not None
        linked = len(writer.incident_links(sample.SLUG))
        for number in range(MAX_ROWS * 3):
            page = writer.add_page("fukuoka", f"https://www.pref.example.lg.jp/{number}.html", "page")
            added = writer.add_notice(replace(notice, page=page.id, id=0, title=f"第{number}報"))
            writer.put_link(IncidentLink(incident.id, added.id, "confirmed", ("by hand",)))
    shown = Client(make_app(archive, base_url="https://kohyo.example/")).get(f"/incidents/{sample.SLUG}.html")
    assert shown.status_code == 200
    assert len(shown.content) < MOST_BYTES
    assert f"ほか{MAX_ROWS * 2 + linked}件" in shown.text
