"""What a reader can hand over as evidence: hashes with the time seen, and a ZIP that is checked without kohyo."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator

from feeds.evidence.bundle import bundle_of_change, bundle_of_notice, write_bundle
from feeds.formats.entries import load_names
from feeds.web.app import make_app
from feeds.wording.cite import Citation
from monitor.comparing.version_pair import compare_versions
from storage.archive import Archive, open_archive
from storage.records import Hunk
from tests.databases import database_at
from tests.feeds import sample
from tests.feeds.client import Client
from tests.storage.builders import change as change_
from tests.storage.builders import notice as notice_
from tests.storage.builders import snapshot, version, watch


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with sample.archive(tmp_path_factory.mktemp("evidence")) as archive:
        yield archive


@pytest.fixture(scope="module")
def web(told: Archive) -> Client:
    return Client(make_app(told, compare=compare_versions))


def edited(archive: Archive) -> tuple[int, int, int, int]:
    """A change between two versions: its id, its notice's, and the versions'."""
    with archive.read() as reader:
        change = next(one for one in reader.changes() if one.from_version and one.to_version)
    return change.id, change.notice, change.from_version or 0, change.to_version or 0


def test_every_place_gives_the_digests_of_the_same_bytes(told: Archive, web: Client) -> None:
    change, notice, *versions = edited(told)
    with told.read() as reader:
        read = [reader.version(id) for id in versions]
        bodies = [reader.snapshot(one.snapshot, body=True).body or b"" for one in read if one]  # type: ignore[union-attr]
    before, after = (hashlib.sha256(body).hexdigest() for body in bodies)
    text = hashlib.sha256(read[1].text.encode()).hexdigest()  # type: ignore[union-attr]

    answer = web.get(f"/api/changes/{change}").json()
    assert (answer["from_sha256"], answer["to_sha256"]) == (before, after)
    answer = web.get(f"/api/notices/{notice}/versions/{versions[1]}").json()
    assert (answer["sha256"], answer["text_sha256"]) == (after, text)
    items = json.loads(web.get("/feeds/all.json").content)["items"]
    entry = next(one for one in items if one["id"].split("/")[1] == str(change))
    assert (entry["_kohyo"]["from_sha256"], entry["_kohyo"]["to_sha256"]) == (before, after)
    for page in (f"/notices/{notice}.html", f"/notices/{notice}/diff?a={versions[0]}&b={versions[1]}"):
        shown = web.get(page).text
        assert before in shown
        assert after in shown
        assert text in shown


def test_of_what_was_redacted_the_digest_of_the_bytes_is_left_and_none_of_the_text(tmp_path: Path) -> None:
    with sample.archive(tmp_path) as archive:
        _, notice, _, version = edited(archive)
        with archive.write() as writer:
            writer.redact(notice, "申し出により", sample.at("2024-02-01"))
        answer = Client(make_app(archive)).get(f"/api/notices/{notice}/versions/{version}").json()
    assert answer["text_sha256"] is None
    assert len(answer["sha256"]) == 64


def packed(archive: Archive, what: str, id: int, folder: Path) -> Path:
    """The folder of a ZIP that was unpacked by nobody but the standard library."""
    with archive.read() as reader:
        if what == "change":
            change = reader.change(id)
            assert change is not None
            bundle = bundle_of_change(reader, change)
        else:
            notice = reader.notice(id)
            assert notice is not None
            bundle = bundle_of_notice(reader, notice)
        with (folder / "e.zip").open("wb") as out:
            write_bundle(reader, bundle, load_names(reader), out, "https://kohyo.example/")
    with ZipFile(folder / "e.zip") as unpacked:
        names = unpacked.namelist()
        assert all(re.fullmatch(r"kohyo-[a-z]+-\d+/[A-Za-z0-9/._]+", name) for name in names), names
        unpacked.extractall(folder)
    return folder / bundle.name


def commands(readme: Path) -> str:
    """The commands of a README: whatever is indented, but for hashes that are only shown."""
    return "\n".join(
        line
        for line in readme.read_text("utf-8").splitlines()
        if line.startswith("    ") and not re.fullmatch("[0-9a-f]{64}", line.strip())
    )


def shell(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-ec", script], cwd=folder, env={"PATH": path}, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="no sha256sum here")
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_evidence_of_a_change_is_checked_as_its_readme_says(
    told: Archive, tmp_path: Path, lang: str
) -> None:
    change, _, *versions = edited(told)
    folder = packed(told, "change", change, tmp_path)
    script = commands(folder / f"README.{lang}.txt")
    answer = shell(folder, script)
    assert answer.returncode == 0, answer.stderr
    assert "broken" not in answer.stdout
    assert "FAILED" not in answer.stdout
    recorded, covered = re.search(
        r"^([0-9a-f]{64})  changes/\d+/record\.json\n([0-9a-f]{64})$", answer.stdout, re.M
    ).groups()  # type: ignore[union-attr]
    assert recorded == covered
    with told.read() as reader:
        head = reader.chain_head()
        assert head is not None
        assert (folder / "chain.txt").read_text().split()[-1] == head.hash
        assert f"versions/{versions[1]}.txt" in (folder / "SHA256SUMS").read_text()
    assert "https://kohyo.example/notices/" in (folder / f"README.{lang}.txt").read_text("utf-8")

    for harm in ("changes/*/record.json", "captures/*.html"):
        for file in folder.glob(harm):
            file.write_bytes(file.read_bytes().replace(b"2", b"3", 1) + b" ")
        assert shell(folder, "sha256sum -c SHA256SUMS").returncode == 1
    chain = (folder / "chain.txt").read_text().split("\n")
    chain[1] = chain[1].replace(chain[1].split()[1], "0" * 64)
    (folder / "chain.txt").write_text("\n".join(chain))
    assert "broken: " in shell(folder, "(" + script.rpartition("(\n")[2]).stdout


def test_other_readers_of_web_archives_read_the_same_bytes(told: Archive, tmp_path: Path) -> None:
    change, notice, *_ = edited(told)
    for what, id in (("change", change), ("notice", notice)):
        folder = packed(told, what, id, tmp_path)
        digests = {json.loads(file.read_bytes())["sha256"] for file in folder.glob("captures/*.json")}
        file = folder / "captures.warc.gz"
        with file.open("rb") as stream:
            read = {
                hashlib.sha256(one.content_stream().read()).hexdigest() for one in ArchiveIterator(stream)
            }
        assert read == digests
        assert len(read) >= 2
        fastwarc = pytest.importorskip("fastwarc")
        with file.open("rb") as stream:
            found = fastwarc.ArchiveIterator(stream, record_types=fastwarc.WarcRecordType.response)
            assert {hashlib.sha256(one.reader.read()).hexdigest() for one in found} == digests


def test_the_same_evidence_is_the_same_bytes(told: Archive, tmp_path: Path, web: Client) -> None:
    change, notice, *_ = edited(told)
    first = packed(told, "notice", notice, tmp_path).with_name("e.zip").read_bytes()
    assert packed(told, "notice", notice, tmp_path).with_name("e.zip").read_bytes() == first
    answer = web.get(f"/api/changes/{change}/evidence.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert f'filename="kohyo-change-{change}.zip"' in answer.headers["content-disposition"]
    assert web.get(f"/api/changes/{change}/evidence.zip").content == answer.content
    tag = {"If-None-Match": answer.headers["etag"]}
    again = web.get(f"/api/changes/{change}/evidence.zip", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert web.get("/api/changes/9999/evidence.zip").status_code == 404
    assert f"api/changes/{change}/evidence.zip" in web.get(f"/notices/{notice}.html").text


def test_what_is_too_large_to_give_to_strangers_is_refused(
    web: Client, told: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.web.routes.api.MAX_BUNDLE_BYTES", 10)
    answer = web.get(f"/api/changes/{edited(told)[0]}/evidence.zip")
    assert answer.status_code == 413
    assert "kohyo evidence" in answer.text


def test_evidence_of_what_was_redacted_keeps_its_digests(tmp_path: Path) -> None:
    with sample.archive(tmp_path) as archive:
        change, notice, *_ = edited(archive)
        with archive.write() as writer:
            writer.redact(notice, "申し出により", sample.at("2024-02-01"))
        folder = packed(archive, "change", change, tmp_path)
    captures = [json.loads(file.read_bytes()) for file in folder.glob("captures/*.json")]
    assert [one["removed"] for one in captures] == [True, True]
    assert [file.suffix for file in folder.glob("captures/*")] == [".json", ".json"]
    assert not list(folder.glob("changes/*/record.json"))
    readme = (folder / "README.ja.txt").read_text("utf-8")
    assert "申し出により" in readme
    assert "照合できません" in readme
    assert shell(folder, commands(folder / "README.ja.txt")).returncode == 0


def test_page_text_steers_no_file_name_and_no_reader(tmp_path: Path) -> None:
    evil = "../../etc/<script>alert(1)</script>\x1b[31m\u202e\nrm -rf"
    with open_archive(database_at(tmp_path / "evil.db")) as archive:
        with archive.write() as writer:
            page = watch(writer, "https://www.example.jp/../1?<script>")
            stored = writer.add_snapshot(
                replace(snapshot(page, b"<script>"), headers=(("Content-Type", "../../x\r\n"), ("X", evil)))
            )
            version_ = writer.add_version(version(page, stored, evil, title=evil))
            made = writer.add_notice(notice_(page, evil))
            hunks = (Hunk("insert", "", evil),)
            writer.add_change(change_(made, to_version=version_.id, hunks=hunks, summary=evil))
        folder = packed(archive, "notice", 1, tmp_path)
    assert sorted(file.name for file in folder.glob("captures/*")) == ["1.bin", "1.json"]
    assert "<script>alert" not in (folder / "changes/1/difference.ja.html").read_text("utf-8")
    for text in [*folder.glob("README*"), *folder.glob("changes/1/*.txt")]:
        said = text.read_text("utf-8")
        assert "\x1b" not in said
        assert "\u202e" not in said
        assert "\nrm -rf" not in said or text.parent != folder  # a difference has lines, a README its own


def test_a_record_is_cited_with_its_address_day_and_digest(told: Archive) -> None:
    web = Client(make_app(told, base_url="https://kohyo.example/", compare=compare_versions))
    _, notice, old, new = edited(told)
    with told.read() as reader:
        read = reader.version(new)
    assert read is not None
    for path, address in (
        (f"/notices/{notice}.html", f"https://kohyo.example/notices/{notice}.html"),
        (
            f"/notices/{notice}/diff?a={old}&b={new}",
            f"https://kohyo.example/notices/{notice}/diff?a={old}&b={new}",
        ),
    ):
        for lang, day in (("ja", "2024年3月28日"), ("en", "28 March 2024")):
            page = html.unescape(web.get(f"{path}{'&' if '?' in path else '?'}lang={lang}").text)
            cited = page.partition(
                '<details class="hashes"><summary>' + ("引用する" if lang == "ja" else "Cite")
            )[2]
            assert day in cited
            assert read.sha256 in cited
            assert address.partition("?")[0] in cited
            (reference,) = json.loads(
                cited.partition("<p>CSL-JSON</p>")[2].partition(">")[2].partition("</pre>")[0]
            )
            assert reference["accessed"] == {"date-parts": [[2024, 3, 28]]}
            assert reference["author"] == [{"literal": "三重県"}]


def test_a_title_breaks_out_of_no_citation() -> None:
    evil = Citation(
        "x",
        "a}b\\c",
        "50% & {more}\n_x",
        "https://x.example/{a}",
        None,
        sample.at("2024-01-01"),
        "0" * 64,
        "y",
    )
    assert evil.as_bibtex().count("{") == evil.as_bibtex().count("}")
    assert "50\\% \\& more \\_x" in evil.as_bibtex()
    assert json.loads(evil.as_csl())[0]["title"] == "50% & {more} _x"
