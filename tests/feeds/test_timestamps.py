"""Outside timestamps, by an authority that stands on this machine: asked for, kept, handed over, checked."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from feeds.evidence.timestamps import NotStamped, find_fault, request_stamp
from monitor.cli import main
from storage.archive import Archive
from storage.db.tables import stamp
from tests.databases import database_at
from tests.feeds import sample
from tests.feeds.test_handed_over import commands, edited, packed, shell

pytest.importorskip("rfc3161_client")
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")

CONFIG = """
[tsa]
default_tsa = t
[t]
dir = .
serial = ./serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers queries by ``openssl ts``, and in other ways where ``answer`` says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answer: bytes | None = None
        self.status = 200
        self.asked = 0
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                authority.asked += 1
                assert self.headers["Content-Type"] == "application/timestamp-query"
                query = self.rfile.read(int(self.headers["Content-Length"]))
                body = authority.answer if authority.answer is not None else authority.reply(query)
                self.send_response(authority.status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://tsa.example:{self.server.server_port}/"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def reply(self, query: bytes) -> bytes:
        (self.folder / "q.tsq").write_bytes(query)
        self.run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-signer", "tsa.pem",
                 "-inkey", "tsa.key", "-out", "r.tsr")  # fmt: skip
        return (self.folder / "r.tsr").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("tsa")
    made = Authority(folder)
    (folder / "tsa.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01")
    (folder / "ext.cnf").write_text(
        "extendedKeyUsage = critical,timeStamping\nkeyUsage = critical,digitalSignature\n"
    )
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    made.run(
        "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "2"
    )
    made.run("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA")
    made.run("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
             "-out", "tsa.pem", "-days", "2", "-extfile", "ext.cnf")  # fmt: skip
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def told(tmp_path: Path, authority: Authority) -> Iterator[Archive]:
    authority.answer, authority.status, authority.asked = None, 200, 0
    with sample.archive(tmp_path) as archive:
        yield archive


def stamped(archive: Archive, tmp_path: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["--db", database_at(tmp_path / "kohyo.db"), *arguments, "--lang", "en"])
    return done.exit_code, done.stdout, done.stderr


def test_a_stamp_is_kept_handed_over_and_verified(
    told: Archive, tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stamped(told, tmp_path, "stamp", authority.url)[0] == 1  # an address of this machine
    assert authority.asked == 0
    monkeypatch.setattr("spiders.transport.public_addresses.resolve", lambda url: "127.0.0.1")
    status, out, err = stamped(told, tmp_path, "stamp", authority.url)
    assert (status, err) == (0, "")
    assert "link 9" in out
    status, out, _ = stamped(told, tmp_path, "stamp", authority.url)
    assert (status, authority.asked) == (0, 1)  # that link has one, and nothing came behind it
    ca = str(authority.folder / "ca.pem")
    assert stamped(told, tmp_path, "verify", "--ca", ca)[0] == 0

    folder = packed(told, "change", edited(told)[0], tmp_path)
    shutil.copy(ca, folder / "ca.pem")
    for lang in ("ja", "en"):
        script = commands(folder / f"README.{lang}.txt")
        assert "openssl ts -verify" in script
        answer = shell(folder, script)
        assert answer.returncode == 0, answer.stderr
        assert "Verification: OK" in answer.stdout

    with told.write() as writer:
        writer._db.execute(stamp.update().values(hash=bytes(32)))
    status, _, err = stamped(told, tmp_path, "verify")
    assert status == 1
    assert "stamp 1: link 9 of the chain is another than was stamped" in err
    assert "stamp 1: the timestamp is of something else" in err


def test_a_stamp_that_leads_to_another_root_is_found(
    told: Archive, tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spiders.transport.public_addresses.resolve", lambda url: "127.0.0.1")
    assert stamped(told, tmp_path, "stamp", authority.url)[0] == 0
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    authority.run(
        "req", "-x509", *key, "-keyout", "x.key", "-out", "x.pem", "-subj", "/CN=Other", "-days", "2"
    )
    status, _, err = stamped(told, tmp_path, "verify", "--ca", str(authority.folder / "x.pem"))
    assert status == 1
    assert "stamp 1: the timestamp does not hold" in err


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (500, b"", "HTTP 500"),
        (302, b"", "HTTP 302"),
        (200, b"garbage", "no timestamp"),
        (200, b"x" * 1_000_001, "too long"),
        (200, "of another", "answers another request"),
    ],
)
def test_what_is_no_timestamp_is_not_kept(
    told: Archive, authority: Authority, status: int, answer: bytes | str, said: str
) -> None:
    with told.read() as reader:
        head = reader.chain_head()
    assert head is not None
    if isinstance(answer, str):
        answer = request_stamp(replace(head, hash="0" * 64), authority.url, lambda url: "127.0.0.1").response
    authority.status, authority.answer = status, answer
    with pytest.raises(NotStamped, match=said):
        request_stamp(head, authority.url, lambda url: "127.0.0.1")


def test_a_stamp_says_when_and_of_what(told: Archive, authority: Authority) -> None:
    with told.read() as reader:
        head = reader.chain_head()
    assert head is not None
    made = request_stamp(head, authority.url, lambda url: "127.0.0.1")
    assert abs(made.stamped_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert (made.number, made.hash) == (head.number, head.hash)
    assert find_fault(made) is None
    assert find_fault(replace(made, hash="1" * 64)) == "the timestamp is of something else"
