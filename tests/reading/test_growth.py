"""Reading costs as much as there is to read: CPU time does not grow faster than a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.reading import read
from tests.growth import LINEAR, exponent

SAID = "個人情報の漏えいについてお知らせします。"


def nested(tag: str) -> Callable[[int], str]:
    return lambda n: tag * n + f"<p>{SAID * 600}</p>" + "</div>" * n


def rows(n: int) -> str:
    cells = "".join(f"<tr><td>第{i}市</td><td>{i}件</td></tr>" for i in range(n))
    return f"<main><table><tr><th>市</th><th>件数</th></tr>{cells}</table></main>"


@pytest.mark.parametrize(
    ("page", "small", "large"),
    [
        pytest.param(nested("<div style='display:none'>あ"), 200, 1600, id="hidden"),
        pytest.param(nested("<div style='display:none'>x"), 200, 1600, id="hidden, without Japanese"),
        pytest.param(nested("<div class=nav>あいう。"), 200, 1600, id="nav"),
        pytest.param(nested("<div class=side>"), 200, 1600, id="side"),
        pytest.param(nested("<div class=header>"), 200, 1600, id="header"),
        pytest.param(nested("<div>"), 200, 3200, id="deeper than a parser follows"),
        pytest.param(rows, 1000, 16000, id="rows"),
    ],
)
def test_cpu_time_grows_with_the_page(page: Callable[[int], str], small: int, large: int) -> None:
    def body(n: int) -> bytes:
        return f"<html><body><h1>題</h1>{page(n)}".encode()

    grown = exponent(body, lambda made: read(made, url="https://a.example/x/1.html"), small, large)
    assert grown <= LINEAR
