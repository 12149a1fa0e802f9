"""Links are written while people decide."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.demo.pdf_maker import render
from monitor.incidents import declared, declaring, incident_links
from spiders.mistakes import DeclarationError
from storage.archive import Archive, open_archive
from storage.records import Incident, IncidentLink
from tests.monitor.story import LEAK, URL, Story, html


def test_what_is_decided_while_a_notice_is_read_stands(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL another transaction can commit between the look at what is decided and the writing."""
    story = Story(archive)
    story.page(html(LEAK, "窓口 0120-000-614"))
    with archive.write() as writer:
        declaring.declare_incidents(writer)
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


def test_a_notice_is_weighed_with_the_files_that_hang_on_it(sqlite_url: str) -> None:
    with open_archive(sqlite_url) as archive:
        story = Story(archive)
        files = [
            story.capture(
                render([f"別紙{number}", "窓口 0120-000-614"]), url=f"{URL}{number}.pdf", role="attachment"
            )
            for number in (1, 2)
        ]
        gone = replace(files[0], url=f"{URL}3.pdf", body=b"", status=404)
        story.page(html(LEAK, '<a href="/rel.html">経緯</a>'), attachments=(*files, gone))
        with archive.read() as reader:
            (notice,) = reader.notices()
            profile = incident_links._profile(reader, notice)
    assert (profile.notice, profile.source, profile.url, profile.title) == (
        notice.id,
        "city",
        URL,
        notice.title,
    )
    assert (profile.publisher, profile.kind, profile.published) == ("例示市", "affected", notice.published)
    assert profile.files == sorted(hashlib.sha256(file.body).hexdigest() for file in files)
    assert [line for line in profile.text.splitlines() if "別紙" in line or "900万件" in line] == [
        LEAK,
        "別紙1",
        "別紙2",
    ]
    assert [fact.value for fact in profile.facts if fact.field == "phone"] == ["0120-000-614"] * 2
    assert profile.links == ["https://www.city.example.lg.jp/rel.html"]


def test_a_respondent_declared_later_is_found_in_titles(sqlite_url: str) -> None:
    with open_archive(sqlite_url) as archive:
        Story(archive).page(html(LEAK, title="例示商事による情報漏えいについて"))
        with archive.write() as writer:
            incident = writer.put_incident(Incident("x", "事案", respondents=("例示商事",)))
            incident_links.relink(writer, incident)
            (link,) = writer.incident_links("x")
    assert (link.status, link.evidence) == ("suggested", ("respondent within the window: 例示商事",))


def test_declared_incidents_are_read_again_when_a_file_of_theirs_is_another(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, read = tmp_path / "case.toml", []
    monkeypatch.setenv("KOHYO_INCIDENTS", str(file))
    load = declared.load
    monkeypatch.setattr(declared, "load", lambda paths: read.append(1) or load(paths))
    with open_archive(sqlite_url) as archive:
        for name, times in (("例示の件", 1), ("例示の件", 1), ("例示の別件", 2)):
            file.write_text(f'name = "{name}"\n', "utf-8")
            with archive.write() as writer:
                declaring.declare_incidents(writer)
                incident = writer.incident("case")
            assert (incident.name, len(read)) == (name, times)
        file.write_text("name = 1", "utf-8")
        for _ in range(2):  # a mistake is told each time
            with pytest.raises(DeclarationError), archive.write() as writer:
                declaring.declare_incidents(writer)
