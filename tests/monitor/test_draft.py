"""What a drafted declaration says of a page is text, whatever the page says."""

from __future__ import annotations

import re
import tomllib

from monitor.crawl.drafting import draft_of
from storage.records import Capture
from tests.storage.builders import NOW

URL = "https://www.city.example.lg.jp/news/"
ROWS = "".join(
    f'<li>2026年11月{day}日 <a href="/news\'&quot;]/{day}.html">個人情報の漏えいについて</a></li>'
    for day in range(1, 9)
)


def drafted(title: str, id: str) -> str:
    page = f'<title>{title}</title><h1>{title}</h1><main><div><ul id="{id}">{ROWS}</ul></div></main>'
    return draft_of(Capture("read", URL, "page", NOW, 200, body=page.encode())).declaration


def test_a_page_cannot_write_keys_of_its_own() -> None:
    told = tomllib.loads(drafted("市&quot;\nprivate = true\nx = &quot;", "a&quot;\nkind = &quot;index"))
    assert told["id"] == "example"
    assert told["start"] == [URL]
    assert told["kind"] == "affected"
    assert "private" not in told
    assert told["listing"]["item"] == "main > div > ul > li"
    assert told["listing"]["follow"] == [re.escape("www.city.example.lg.jp/news'%22]/")]


def test_a_page_cannot_steer_the_terminal_that_a_draft_is_printed_on() -> None:
    text = drafted("市\x1b]0;owned\x07\x9b31m\u202e反", "a\x1b[2J\u200b")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", text)
    tomllib.loads(text)
