"""Nobody keeps others out of what is served: not by asking slowly, not by asking half, not by guessing."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn

from feeds.web.app import make_app
from feeds.web.running import connections
from storage.archive import Archive
from tests.feeds.client import Client
from tests.feeds.test_deciding import TOKEN, application, entered, post

SOON = 0.8
HEAD = b"GET /static/kohyo.css HTTP/1.1\r\nHost: x\r\n"


@contextmanager
def served(app: object) -> Iterator[int]:
    """The port at which an application is served as `kohyo serve` does it."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        port=0,
        http=connections.BoundedProtocol,
        ws="none",
        lifespan="off",
        log_level="critical",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.fixture
def port(waiting: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for name in ("HEAD_SECONDS", "BODY_SECONDS"):
        monkeypatch.setattr(connections, name, SOON)
    with served(application(waiting).app) as port:
        yield port


def opened(port: int, sent: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), 30)
    made.sendall(sent)
    return made


def answer(asked: socket.socket) -> bytes:
    """Everything until the server ends the connection."""
    got = b""
    try:
        while piece := asked.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    asked.close()
    return got


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"GET / HT",
        HEAD,
        HEAD + b"\r\n" + HEAD,
        b"POST /operate/enter HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 1000\r\n\r\ntoken=",
    ],
)
def test_half_a_request_is_not_waited_for_long(port: int, half: bytes):
    asked = opened(port, half)
    assert answer(asked).count(b"200 OK") == half.count(b"\r\n\r\nGET")


def test_a_request_that_comes_byte_by_byte_gets_no_more_time(port: int):
    asked = opened(port, HEAD)
    sent = 0
    try:
        while sent < 100:
            asked.sendall(b"X-A: b\r\n")
            time.sleep(SOON / 10)
            sent += 1
    except OSError:  # nobody is there any more
        pass
    assert sent < 100
    asked.close()


def test_asking_in_time_is_answered_again_and_again(port: int):
    asked = opened(port, b"")
    for _ in range(6):  # longer than one request may take
        time.sleep(SOON / 4)
        asked.sendall(HEAD.replace(b"GET", b"HEAD") + b"\r\n")
        assert asked.recv(65536).startswith(b"HTTP/1.1 200")
    asked.close()


def test_half_sent_requests_make_room_for_whole_ones(waiting: Archive, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 5)
    with served(application(waiting).app) as port:
        held = [opened(port, HEAD) for _ in range(20)]
        for _ in range(3):
            asked = opened(port, HEAD + b"Connection: close\r\n\r\n")
            assert answer(asked).startswith(b"HTTP/1.1 200")
        for one in held:
            one.close()


def test_an_answer_that_nobody_reads_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "ANSWER_SECONDS", SOON)
    ended = threading.Event()

    async def endless(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            while (await asyncio.wait_for(receive(), 0.001))["type"] != "http.disconnect":
                pass
        except TimeoutError:
            pass
        for _ in range(100):
            await send({"type": "http.response.body", "body": b"a" * 1_000_000, "more_body": True})
        ended.set()

    with served(endless) as port:
        asked = opened(port, HEAD + b"\r\n")
        assert ended.wait(10)  # what is sent to nobody returns at once
        asked.close()


def test_guessing_the_token_is_refused_and_logged(waiting: Archive, caplog: pytest.LogCaptureFixture):
    web = application(waiting)
    session, _ = entered(web)
    with caplog.at_level(logging.WARNING):
        answers = [post(web, "/operate/enter", token=f"guess-{number:016}") for number in range(12)]
    assert [one.status_code for one in answers] == [403] * 10 + [429] * 2
    assert answers[-1].headers["retry-after"] == "600"
    assert len(caplog.messages) == 10
    assert "127.0.0.1" in caplog.text
    assert "guess-" not in caplog.text
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    assert web.ask("POST", "/api/offers/1", headers, b'{"decision": "accept"}').status_code == 429
    assert b'name="proof"' in web.get("/operate", headers=session).content  # who is in, stays in


def test_a_session_that_was_left_opens_nothing(waiting: Archive):
    web = application(waiting)
    session, proof = entered(web)
    other, _ = entered(web)
    assert post(web, "/operate/leave", session, proof=proof).status_code == 303
    assert b'name="proof"' not in web.get("/operate", headers=session).content
    assert b'name="proof"' in web.get("/operate", headers=other).content


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("evil.example", "http://127.0.0.1"),
        ("198.51.100.7", "http://127.0.0.1"),
        ("localhost:8000@evil.example", "http://127.0.0.1"),
        ("localhost.evil.example", "http://127.0.0.1"),
        ("", "http://127.0.0.1"),
    ],
)
def test_feeds_do_not_carry_what_a_request_calls_us(told: Archive, host: str, base: str):
    feed = Client(make_app(told), host).get("/feeds/all.json").json()
    assert feed["feed_url"].partition("/feeds/")[0] == base
