from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
from markupsafe import escape

from feeds.addresses import SCRIPTS
from feeds.site.publish import publish
from feeds.views import home_page
from feeds.views.render import META_POLICY, POLICY, make_environment
from feeds.wording.text_html import mark_spans, text_html
from storage.archive import Archive
from storage.records import Block, Fact, FactChange, Incident, IncidentLink, RosterEntry, Version
from tests.feeds import sample

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """A page as its elements; complains of what is not closed."""

    def __init__(self, body: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(body)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open[-1] == tag, (self.open[-3:], tag)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def accessible(page: Page) -> None:
    """Landmarks, names, headings: what a screen reader goes by."""
    assert page.all("html")[0].get("lang") in ("ja", "en")
    for landmark in ("header", "nav", "main", "footer", "h1"):
        assert len(page.all(landmark)) == 1, landmark
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), levels
    for svg in page.all("svg"):
        assert svg.get("aria-label")


def strict(page: Page) -> None:
    """Nothing that the policy of the page would have to forbid; scripts are files of our own, and only
    where a program answers them."""
    (policy,) = [tag["content"] for tag in page.all("meta") if "http-equiv" in tag]
    scripts = [tag.get("src") or "inline" for tag in page.all("script")]
    assert policy == (POLICY.rpartition("; ")[0] if scripts else META_POLICY)
    assert {script.rpartition("../")[2] for script in scripts} in (set(), set(SCRIPTS))
    assert page.all("style", "iframe", "object", "embed", "img", "base") == []
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name != "style", tag
            if name in ("href", "src", "action"):
                assert urlsplit(value or "").scheme in ("", "http", "https"), value


@pytest.fixture(params=["ja", "en"])
def tree(archive: Archive, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    publish(archive, tmp_path / "out", base_url="https://kohyo.example/", lang=request.param)
    return tmp_path / "out"


def pages(tree: Path) -> Iterator[tuple[Path, Page]]:
    for path in sorted(tree.rglob("*.html")):
        yield path, Page(path.read_text("utf-8"))


def test_every_page_is_well_formed_strict_and_accessible(tree: Path) -> None:
    for _, page in pages(tree):
        accessible(page)
        strict(page)


def test_every_link_leads_to_a_file_of_the_tree_or_to_a_publisher(tree: Path) -> None:
    for path, page in pages(tree):
        for link in page.all("a", "link"):
            href = link["href"] or ""
            parts = urlsplit(href)
            if parts.scheme:
                assert parts.hostname
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), (path, href)
            if parts.fragment:
                ids = [attributes.get("id") for _, attributes in Page(target.read_text("utf-8")).elements]
                assert parts.fragment in ids, (path, href)


def test_pages_offer_their_feeds(tree: Path) -> None:
    for name in ("index.html", "notices/2.html", "sources/mie.html", f"incidents/{sample.SLUG}.html"):
        page = Page((tree / name).read_text("utf-8"))
        kinds = {link["type"] for link in page.all("link") if link.get("rel") == "alternate"}
        assert kinds == {"application/atom+xml", "application/rss+xml", "application/feed+json"}, name


def test_the_incident_tells_who_said_what_and_when(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path, base_url="https://kohyo.example/")
    text = Page((tmp_path / f"incidents/{sample.SLUG}.html").read_text("utf-8")).text
    for said in (
        "約900万件",
        "約928万件",
        "162,828人",
        "第148条第1項",
        "勧告、指導",
        "浜松市",
        "6万5,993件",
        "1日",
    ):
        assert said in text


def test_measures_are_told_in_english_beside_their_wording(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path, base_url="https://kohyo.example/", lang="en")
    page = (tmp_path / f"incidents/{sample.SLUG}.html").read_text("utf-8")
    table = page.partition('<table class="measures">')[2].partition("</table>")[0]
    said = re.sub("<[^>]+>", "", table)
    assert "recommendation (勧告); guidance (指導)" in said
    assert "29 February 2024 (令和6年2月29日); 29 March 2024 (令和6年3月29日)" in said
    assert '(<span lang="ja">令和6年2月29日</span>)' in table


@pytest.mark.parametrize(
    ("declared", "ja", "en"),
    [
        ("2023-10-18", "2023年10月18日", "18 October 2023"),
        ("2023-10", "2023年10月", "October 2023"),
        ("2023-10-26まで", "2023年10月26日まで", "by 26 October 2023"),
        ("10月下旬まで", "10月下旬まで", "10月下旬まで"),
        ("2023-13", "2023-13", "2023-13"),
        ("", "–", "–"),
    ],
)
def test_the_roster_tells_dates_as_the_page_does(
    archive: Archive, tmp_path: Path, declared: str, ja: str, en: str
) -> None:
    with archive.write() as writer:
        writer.put_incident(replace(sample.INCIDENT, roster=(RosterEntry("例示市", "市", "", declared),)))
    for lang, said in (("ja", ja), ("en", en)):
        publish(archive, tmp_path / lang, base_url="https://kohyo.example/", lang=lang)
        page = (tmp_path / f"{lang}/incidents/{sample.SLUG}.html").read_text("utf-8")
        (cell, *_) = re.findall('<td class="when">(.*?)(?:<br>|</td>)', page)
        assert re.sub("<[^>]+>", "", cell) == said


def test_counts_stand_by_publisher_in_the_order_they_were_stated(archive: Archive, tmp_path: Path) -> None:
    """A company states its new count in a new notice: the one before it stands above."""
    with archive.write() as writer:
        story = sample.Story(writer)
        report = story.notice(
            "procx", "https://procx.example.co.jp/2", "報告", "2024-02-29", sample.blocks("69社")
        )
        story.change(report, "2024-02-29", "new", facts=(FactChange("count", None, "69社"),))
        incident = writer.incident(sample.SLUG)
        assert incident is not None
        writer.set_link(IncidentLink(incident.id, report.id, "declared"))
    publish(archive, tmp_path, base_url="https://kohyo.example/")
    text = (tmp_path / f"incidents/{sample.SLUG}.html").read_text("utf-8")
    table = text.partition('<table class="counts">')[2].partition("</table>")[0]
    counts = {
        group.partition("<")[0]: group for group in table.split('<th scope="rowgroup" colspan="2">')[1:]
    }
    assert list(counts) == ["例示マーケティング", "福岡県", "三重県"]
    said = re.sub("<[^>]+>| ", "", counts["例示マーケティング"])
    places = [said.index(one) for one in ("約900万件", "約900万件→約928万件", "69社")]
    assert places == sorted(set(places))


def test_a_summary_is_told_where_facts_do_not_tell_what_changed(archive: Archive, tmp_path: Path) -> None:
    dates = (FactChange("date", "2024-03-29", "2024-09-10"),)
    with archive.write() as writer:
        story = sample.Story(writer)
        text = sample.blocks("進捗")
        for number, (facts, summary) in enumerate(
            ((dates, "状況: 実施中 → 完了"), (sample.counts("1人", "2人"), "人数だけの要約"))
        ):
            made = story.notice("mie", f"https://x.example/{number}", "進捗", "2024-03-01", text)
            story.change(made, "2024-09-11", "updated", summary=summary, facts=facts)
    publish(archive, tmp_path, base_url="https://kohyo.example/")
    home = (tmp_path / "index.html").read_text("utf-8")
    assert '<p class="matter">状況: 実施中 → 完了</p>' in home
    assert "人数だけの要約" not in home
    notices = [path.read_text("utf-8") for path in (tmp_path / "notices").glob("*.html")]
    assert not any("人数だけの要約" in page for page in notices), "the facts stand there"


def test_an_incident_is_not_named_in_every_line_of_its_own_page(tree: Path) -> None:
    begun = sample.INCIDENT.name.partition("(")[0]
    link = re.compile(f'{sample.SLUG}.html">(<span lang="ja">)?{re.escape(begun)}')
    own = (tree / f"incidents/{sample.SLUG}.html").read_text("utf-8")
    assert not link.search(own)
    assert link.search((tree / "index.html").read_text("utf-8"))


def test_a_silent_edit_shows_the_date_the_page_claims_beside_ours(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path, base_url="https://kohyo.example/")
    text = Page((tmp_path / "notices/3.html").read_text("utf-8")).text
    assert "2024年3月28日 10:00 に検知" in text
    assert "ページ自身の更新日: 2023年10月18日" in text


def test_a_withdrawn_notice_says_when_it_stood_last_and_when_it_was_found_gone(tree: Path) -> None:
    text = " ".join(Page((tree / "notices/1.html").read_text("utf-8")).text.split())
    told = {
        "最後に掲載を確認した時: 2023年10月17日 10:00、掲載終了を検知した時: 2024年9月11日 10:00",
        "原文へのリンクは開けない可能性があります",
        "Last seen: 17 October 2023 10:00 JST, found gone: 11 September 2024 10:00 JST",
        "The link to the original may lead nowhere",
    }
    assert len([said for said in told if said in text]) == 2


def test_a_notice_whose_page_says_that_it_was_withdrawn_is_not_called_gone(
    archive: Archive, tmp_path: Path
) -> None:
    with archive.write() as writer:
        story = sample.Story(writer)
        mie = writer.notice(3)
        assert mie is not None
        last = story.version(mie, "2024-10-01", sample.blocks("この公表は取り下げました。"))
        writer.put_notice(replace(mie, status="withdrawn"))
        story.change(mie, "2024-10-01", "withdrawn", from_version=last.id - 1, to_version=last.id)
    publish(archive, tmp_path, base_url="https://kohyo.example/")
    text = " ".join(Page((tmp_path / "notices/3.html").read_text("utf-8")).text.split())
    assert "取り下げられたと、ページに記載されています。 検知した時: 2024年10月1日 10:00" in text
    assert "開けない" not in text


# --- escaping -----------------------------------------------------------------------------


def test_every_template_escapes() -> None:
    made = make_environment()
    names = made.list_templates(extensions=["j2"])
    assert len(names) >= 8
    assert made.autoescape is True
    for name in names:
        source, _, _ = made.loader.get_source(made, name)  # type: ignore[union-attr]
        assert "|safe" not in source.replace(" ", "")
        assert "autoescape" not in source
    for name in names:
        # whatever the file is called, a variable comes out escaped
        assert made.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;", name


HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\ud800\x00'"


def test_hostile_text_stays_text(archive: Archive, tmp_path: Path) -> None:
    with archive.write() as writer:
        story = sample.Story(writer)
        row = Block("row", HOSTILE, cells=(HOSTILE,), head=(HOSTILE, "x"))
        notice = story.notice(
            "mie", "javascript:alert(1)", HOSTILE, "2024-05-01", sample.blocks(HOSTILE, row)
        )
        story.change(
            notice,
            "2024-05-02",
            "updated",
            summary=HOSTILE,
            reasons=("text",),
            facts=sample.counts(HOSTILE, HOSTILE),
        )
        writer.put_source(replace(sample.SOURCES[3], name=HOSTILE, start=("javascript:alert(1)",)))
        writer.put_incident(replace(sample.INCIDENT, name=HOSTILE, summary=HOSTILE))
    publish(archive, tmp_path, base_url="https://kohyo.example/")
    for _, page in pages(tmp_path):
        strict(page)
        assert "49" not in page.text.split("{{7*7}}")[0][-3:]


def test_facts_are_marked_in_place() -> None:
    assert mark_spans("約928万件が<持ち出された>", 10, [(3, 4), (8, 10), (10, 15), (17, 19), (30, 31)]) == (
        "<mark>約928万</mark>件が<mark>&lt;持</mark>ち出された&gt;"
    )


def version(*blocks: Block) -> Version:
    text = "\n".join(block.text for block in blocks)
    return replace(
        Version(1, 1, sample.at("2024-01-01"), "題", text, blocks, (), "k", sample.Recipe("d", 1, 1, 1, 1))
    )


def test_a_text_keeps_its_headings_lists_and_tables() -> None:
    blocks = (
        Block("heading", "概要", level=2),
        Block("text", "本文です。"),
        Block("item", "一つ目"),
        Block("item", "二つ目"),
        sample.row("区分", "人数"),
        sample.row("自動車税", "162,828人", head=("区分", "人数")),
    )
    text = "\n".join(block.text for block in blocks)
    start = text.index("162,828人")
    html = text_html(version(*blocks), [Fact("count", 162_828, "162,828人", start, start + 8)])
    assert html == (
        "<h4>概要</h4><p>本文です。</p><ul><li>一つ目</li><li>二つ目</li></ul>"
        '<table><thead><tr><th scope="col">区分</th><th scope="col">人数</th></tr></thead>'
        "<tbody><tr><td>自動車税</td><td><mark>162,828人</mark></td></tr></tbody></table>"
    )


def test_escape_is_that_of_the_templates() -> None:
    assert str(escape("<")) == "&lt;"


# --- two languages ------------------------------------------------------------------------

JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")


def unmarked_japanese(body: bytes) -> list[str]:
    """Texts of an English page that are Japanese for the most part and not said to be. Pictures and the
    options of forms, of which browsers read the names only, are left out."""
    root = lxml.html.fromstring(body.decode())
    found = []
    for element in root.xpath("//body//*[not(ancestor-or-self::svg or self::option or self::script)]"):
        own = "".join([element.text or "", *(child.tail or "" for child in element)])
        letters = [letter for letter in own if letter.isalpha()]
        japanese = len(JAPANESE.findall(own))
        nearest = element.xpath("ancestor-or-self::*[@lang][1]/@lang")[-1]
        if japanese > len(letters) / 2 and nearest != "ja":
            found.append(f"{element.tag}: {own.strip()}")
    return found


def test_what_is_japanese_on_an_english_page_is_marked_so(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path, base_url="https://kohyo.example/", lang="en")
    for path in sorted(tmp_path.rglob("*.html")):
        assert unmarked_japanese(path.read_bytes()) == [], path


def test_the_home_page_says_of_incidents_and_months_what_is_known(archive: Archive, tmp_path: Path) -> None:
    with archive.write() as writer:
        for number in range(home_page.OPEN_INCIDENTS):
            writer.put_incident(Incident(f"quiet-{number}", f"静かな事案{number}"))
        counted = next(one for one in writer.notices() if one.source == "mie")
        version = writer.page_by_id(counted.page)
        assert version is not None
        assert version.version is not None
        fact = Fact("count", 1_200_000, "約120万人", 0, 5, unit="人", role="affected")
        writer.add_facts(version.version, [fact, replace(fact, value=3, raw="3人")])
    for lang, bodies, size in (
        ("ja", "6団体中4団体が公表", "120万"),
        ("en", "4 of 6 have disclosed", "1.2M"),
    ):
        publish(archive, tmp_path / lang, base_url="https://kohyo.example/", lang=lang)
        home = (tmp_path / lang / "index.html").read_text("utf-8")
        table = home.partition('<table class="incidents">')[2].partition("</table>")[0]
        first = table.partition("<tbody>")[2].partition("</tr>")[0]
        assert bodies in first
        assert "約120万人" in first
        assert table.count("<tr>") == 1 + home_page.OPEN_INCIDENTS
        assert f"静かな事案{home_page.OPEN_INCIDENTS - 1}" in home  # folded below
        drawn = home.partition('<svg class="months"')[2].partition("</svg>")[0]
        assert f">{size}</text>" in drawn
        months = home.partition('<table class="months">')[2].partition("</table>")[0]
        assert re.findall(r'<th scope="row">(.*?)</th><td class="number">([0-9]+)</td>', months)[0] == (
            "2023-10",
            "3",
        )
        assert f'<a href="notices/{counted.id}.html"' in months


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (None, "", ""),
        (999, "999", "999"),
        (9_280_000, "928万", "9.28M"),
        (12_345, "1.23万", "12.3k"),
        (99_999_999, "1億", "100M"),
        (240_000_000, "2.4億", "240M"),
    ],
)
def test_a_count_is_written_short_above_its_bar(value: int | None, ja: str, en: str) -> None:
    assert (home_page.shorten(value, "ja"), home_page.shorten(value, "en")) == (ja, en)


def test_english_names_stand_on_english_pages_and_in_english_feeds_where_declared(
    archive: Archive, tmp_path: Path
) -> None:
    with archive.write() as writer:
        for source in writer.sources():
            if source.id in ("mie", "ppc"):
                writer.put_source(replace(source, name_en=f"English {source.id}"))
        writer.put_incident(replace(sample.INCIDENT, name_en="Data taken out of a call centre"))
    for lang in ("ja", "en"):
        publish(archive, tmp_path / lang, base_url="https://kohyo.example/", lang=lang)
        for path in ("index.html", f"incidents/{sample.SLUG}.html", "sources/mie.html", "feeds/all.atom"):
            said = (tmp_path / lang / path).read_text("utf-8")
            assert ("English mie" in said) is (lang == "en"), path
            assert 'lang="ja">English' not in said
        home = (tmp_path / lang / "index.html").read_text("utf-8")
        assert ("Data taken out of a call centre" in home) is (lang == "en")
    names = (tmp_path / "en" / f"incidents/{sample.SLUG}.html").read_text("utf-8")
    assert '<span lang="ja">福岡県</span>' in names
    assert "三重県</" not in names.partition('<table class="roster">')[2].partition("</table>")[0]
