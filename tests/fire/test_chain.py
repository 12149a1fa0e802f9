"""Whatever bytes a page consists of, they are read, compared and told: no exception, and no broken feed."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.addresses import ALL, Site
from feeds.formats import channels
from feeds.formats.entries import Names
from monitor.comparing.diff import compare
from monitor.facts import compare_facts, extract
from monitor.reading import read
from spiders.transport.charset import decode
from storage.records import Change, Reading

EXAMPLES = int(os.environ.get("KOHYO_FIRE_EXAMPLES", "40"))
SITE = Site("https://kohyo.example/", "ja")

WORDS = st.sampled_from(
    [
        "個人情報の漏えいについて",
        "対象は1,234件です。",
        "約900万件",
        "令和6年2月29日まで",
        "2024/13/45",
        "第26条第1項",
        "株式会社例示",
        "03-0000-0000",
        "電話番号",
        "①",
        "ｶﾞ",
        "😀",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "�",
        "&#x0;",
        "&amp;",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        '">',
        "〜",
        "（",
        "）",
        "「",
        "」",
        "\u3000",
        "\u200b",
        "が",
        "𠮷",
        "1,2,3,4",
        "９９９",
        "%E3%81%82",
        "javascript:alert(1)",
        "data:text/html,x",
    ]
)
TAGS = st.sampled_from(
    [
        "p",
        "div",
        "span",
        "table",
        "tr",
        "td",
        "th",
        "ul",
        "li",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "main",
        "article",
        "nav",
        "a",
        "br",
        "ruby",
        "rt",
        "sup",
        "del",
        "script",
        "style",
        "svg",
        "b",
    ]
)
TREES = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, parts, closed: f"<{tag} href='x.pdf'>{''.join(parts)}{f'</{tag}>' if closed else ''}",
        TAGS,
        st.lists(inner, max_size=6),
        st.booleans(),
    ),
    max_leaves=40,
)
PAGES = st.builds(
    lambda parts, encoding: "".join(parts).encode(encoding, "replace"),
    st.lists(TREES, max_size=12),
    st.sampled_from(("utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16")),
)
BYTES = PAGES | st.binary(max_size=400)
TYPES = st.sampled_from(
    ("text/html", "text/html; charset=Shift_JIS", "text/html; charset=x", "", "text/plain")
)


def reading(body: bytes, kind: str) -> Reading:
    decode(body, content_type=kind)
    return read(body, url="https://www.example.jp/news/1.html", content_type=kind)


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(BYTES, BYTES, TYPES, TYPES)
def test_any_two_pages_are_read_compared_and_told(one: bytes, other: bytes, kind: str, kind_other: str):
    old, new = reading(one, kind), reading(other, kind_other)
    facts = [extract(page.text, published=date(2024, 1, 26), title=page.title) for page in (old, new)]
    for found, page in zip(facts, (old, new), strict=True):
        assert all(page.text[fact.start : fact.end] == fact.raw for fact in found)
    difference = compare(old.blocks, new.blocks)
    told = Change(
        notice=7,
        detected_at=datetime(2024, 1, 27, tzinfo=UTC),
        kind="updated",
        material=True,
        reasons=(),
        source="city",
        url="https://www.example.jp/news/1.html",
        title=new.title,
        hunks=difference.hunks,
        facts=compare_facts(*facts),
        id=1,
    )
    channel = channels.channel_of_all("ja")
    feed = channels.build_newest_document(channel, [told], Names({}, {}, {}), SITE, archives=0)
    documents = {form: write(feed) for form, write in channels.WRITERS.items()}
    for form in ("atom", "rss"):
        ElementTree.fromstring(documents[form])
    assert json.loads(documents["json"])["feed_url"] == f"https://kohyo.example/{ALL}.json"
    markup = documents["json"].decode().lower()
    assert "<script" not in markup
    assert "\\u001b" not in markup
