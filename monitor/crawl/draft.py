"""A first draft of a declaration, for a person to look at: ``kohyo sources new URL``."""

from __future__ import annotations

import json
import re
from collections import Counter
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from monitor.reading import read
from spiders.transport.charset import decode
from storage.records import Capture

_DATED = re.compile(r"(?:19|20)\d\d\s*[年./-]\s*\d{1,2}|(?:令和|平成)\s*(?:元|[0-9０-９]{1,2})\s*年")
_MIN_ROWS = 4
_UNSEEN = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_MAIN = ("main", "[role=main]", "article", "#main", "#contents", "#content", ".main", ".contents")


def draft(capture: Capture) -> str:
    """Write the text of a TOML declaration for the page that ``capture`` holds."""
    url = capture.final_url or capture.url
    text = decode(capture.body, content_type=capture.header("Content-Type")).text
    soup = BeautifulSoup(text, "lxml")
    reading = read(capture.body, url=url, content_type=capture.header("Content-Type"))
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    lines = [
        f"id = {_quoted(_stem(host))}  # must be the file's name",
        f"name = {_quoted(reading.title or host)}",
        'kind = "affected"  # regulator | company | affected | index | commentary',
        f"start = [{_quoted(url)}]",
        'every = "6h"',
        "",
    ]
    rows = _rows(soup)
    if rows:
        lines += _listing(rows, url)
    lines += ["[page]"]
    main = next((selector for selector in _MAIN if len(soup.select(selector)) == 1), None)
    if main:
        lines.append(f'include = ["{main}"]  # check that nothing of the notice stands outside')
    else:
        lines.append("# no include: kohyo finds the main text itself")
    lines.append(f"attachments = {'true' if reading.attachments else 'false'}")
    return "\n".join(lines) + "\n"


def _listing(rows: list[Tag], url: str) -> list[str]:
    item = _selector(rows[0])
    dated = rows[0].find("time")
    links = [str(row.select("a[href]")[0]["href"]) for row in rows]
    folder = Counter(urlsplit(link).path.rsplit("/", 1)[0] for link in links).most_common(1)[0][0]
    lines = ["[listing]", f"item = {_quoted(item)}  # {len(rows)} rows when drafted", 'link = "a"']
    if dated is not None:
        lines.append('date = "time"')
    else:
        lines.append("# date = …  the element that holds the date; without it the row's text is searched")
    return [
        *lines,
        f"follow = [{_quoted(re.escape(folder) + '/')}]  # which addresses are notices",
        f"expect = {{ min = {max(1, len(rows) * 8 // 10)}, max = {len(rows) * 3} }}",
        "",
    ]


def _rows(soup: BeautifulSoup) -> list[Tag]:
    """Find the largest group of like siblings that each hold a link, most of them a date as well."""
    best: list[Tag] = []
    for parent in soup.find_all(["ul", "ol", "dl", "tbody", "div", "section"]):
        children = list(parent.find_all(["li", "tr", "dd", "article", "div"], recursive=False))
        linked = [child for child in children if child.select("a[href]")]
        dated = [child for child in linked if child.find("time") or _DATED.search(child.get_text())]
        if len(dated) >= _MIN_ROWS and len(dated) * 10 >= len(linked) * 7 and len(linked) > len(best):
            best = linked
    return best


def _selector(row: Tag) -> str:
    parent = row.parent
    assert parent is not None
    classes = parent.get("class")
    place = (
        f"{parent.name}.{classes[0]}" if classes else f"#{parent['id']}" if parent.get("id") else parent.name
    )
    return f"{place} > {row.name}"


def _stem(host: str) -> str:
    labels = [
        label
        for label in host.split(".")
        if label not in ("city", "pref", "lg", "co", "go", "or", "jp", "com")
    ]
    return labels[0] if labels else "source"


def _quoted(text: str) -> str:
    """Write a string of TOML that nothing in it can end, and nothing printed of it can steer a terminal."""
    quoted = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
