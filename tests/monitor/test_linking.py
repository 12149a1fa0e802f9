"""Links are written while people decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.incidents import incident_links
from storage.archive import Archive
from storage.records import IncidentLink
from tests.monitor.story import LEAK, Story, html


def test_what_is_decided_while_a_notice_is_read_stands(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL another transaction can commit between the look at what is decided and the writing."""
    story = Story(archive)
    story.page(html(LEAK, "窓口 0120-000-614"))
    with archive.write() as writer:
        incident_links.declare_incidents(writer)
        (notice,) = writer.notices()
        incident = replace(writer.incidents()[0], hotlines=("0120-000-614",))
        incident_links.relink(writer, writer.put_incident(incident))

        def meanwhile(*_: Any) -> IncidentLink:
            writer.set_link(IncidentLink(incident.id, notice.id, "rejected", ("by hand",), 0.0))
            return IncidentLink(incident.id, notice.id, "suggested", ("hotline: 1",), 0.8)

        monkeypatch.setattr(incident_links, "judge", meanwhile)
        incident_links.link_notice(writer, notice)
        (link,) = writer.links_of_notice(notice.id)
        assert link.status == "rejected"
