"""The sample sites answer like real ones."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from monitor.demo.model import jst
from monitor.demo.server import World

PRESS = "/news/press/"
FUKUOKA = "/contents/zeimu-20231017.html"


def ask(
    world: World, site: str, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(world.bases[site]).netloc, timeout=5)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, dict(response.headers), body


def test_validators_are_answered_by_not_modified(world: World) -> None:
    status, headers, body = ask(world, "ppc", PRESS)
    assert (status, bool(body)) == (200, True)
    assert ask(world, "ppc", PRESS, If_None_Match=headers["ETag"])[::2] == (304, b"")
    assert ask(world, "ppc", PRESS, If_Modified_Since=headers["Last-Modified"])[::2] == (304, b"")
    # The ETag goes before the date (RFC 9110, 13.2.2).
    assert ask(world, "ppc", PRESS, If_None_Match='"x"', If_Modified_Since=headers["Last-Modified"])[0] == 200
    assert [seen.conditional for seen in world.requests] == [False, True, True, True]


def test_a_file_that_did_not_change_keeps_its_validators(world: World) -> None:
    path = "/files/pdf/230602_kouhou.pdf"
    before = ask(world, "ppc", path)[1]
    world.move(jst("2024-01-09"))
    after = ask(world, "ppc", path)[1]
    assert (before["ETag"], before["Last-Modified"]) == (after["ETag"], after["Last-Modified"])


def test_head_sends_no_body(world: World) -> None:
    status, headers, body = ask(world, "kaizu", "/kurashi/0000003036.html", "HEAD")
    assert (status, body) == (404, b"")
    world.move(jst("2023-10-20"))
    status, headers, body = ask(world, "kaizu", "/kurashi/0000003036.html", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 1000


def test_live_pages_have_no_validators_and_never_the_same_bytes(world: World) -> None:
    first, second = ask(world, "fukuoka", FUKUOKA), ask(world, "fukuoka", FUKUOKA)
    assert "ETag" not in first[1]
    assert first[2] != second[2]
    assert b"$" not in first[2]


def test_one_page_says_shift_jis_itself(world: World) -> None:
    world.move(jst("2023-10-20"))
    _, headers, body = ask(world, "mie", "/HAIKIK/HP/m0366600006.htm")
    assert headers["Content-Type"] == "text/html"
    assert "第三者に流出した可能性があります" in body.decode("cp932")


def test_an_address_with_a_blank_is_redirected(world: World) -> None:
    status, headers, _ = ask(world, "ppc", "/news/press/2023/23%200906")
    assert (status, headers["Location"]) == (302, "/news/press/2023/230906/")


def test_robots_and_missing_pages(world: World) -> None:
    assert b"Disallow: /common/" in ask(world, "ppc", "/robots.txt")[2]
    status, _, body = ask(world, "ppc", "/news/press/2024/")
    assert status == 404
    assert "見つかりませんでした" in body.decode()


def test_a_withdrawn_page_is_gone(world: World) -> None:
    path = "/oshirase/0000000120.html"
    states = []
    for moment in ("2023-10-17", "2023-10-20", "2024-09-11", "2024-10-02"):
        world.move(jst(moment))
        states.append(ask(world, "example", path)[0])
    assert states == [404, 200, 200, 404]
