"""The operator's pages of incidents: a draft is shown, saved, changed and taken back, and nothing is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.views.deciding.incident_fields import SEPARATOR, keep_fields, read_fields, write_fields
from monitor.incidents.declared import make_incident
from storage.archive import Archive
from storage.records import Incident, RosterEntry
from tests.feeds import sample
from tests.feeds.client import Answer, Client
from tests.feeds.test_deciding import application, entered, post
from tests.feeds.test_pages import HOSTILE, Page, accessible, strict, unmarked_japanese

KEPT = f"/operate/incidents/{sample.SLUG}"


@pytest.fixture
def web(archive: Archive) -> Client:
    return application(archive)


class Desk:
    """One operator's window: what a form holds is sent as it stands, but for what is written into it."""

    def __init__(self, web: Client, lang: str = "ja") -> None:
        self.web, self.query = web, "" if lang == "ja" else f"?lang={lang}"
        self.session, self.proof = entered(web)

    def send(self, path: str, **fields: str) -> Answer:
        got = post(self.web, path + self.query, self.session, proof=self.proof, **fields)
        if got.headers["content-type"].startswith("text/html") and got.status_code != 403:
            self.look(got)
        return got

    def open(self, path: str) -> Answer:
        got = self.web.get(path + self.query, headers=self.session)
        self.look(got)
        return got

    def look(self, got: Answer) -> None:
        page = Page(got.text)
        strict(page)
        accessible(page)
        if self.query:
            assert unmarked_japanese(got.content) == []


def fields_of(page: Answer) -> dict[str, str]:
    """What a browser would send of the form in which an incident is written."""
    form = page.text.partition('<form class="fields"')[2].partition("</form>")[0]
    inputs = re.findall(r'<input type="[a-z]+" name="(\w+)" value="([^"]*)"', form)
    areas = re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    known = {name: unescape(value) for name, value in (*inputs, *areas)}
    known.pop("proof")
    return known


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_from_notices_to_a_draft_to_an_incident_and_back(web: Client, archive: Archive, lang: str) -> None:
    desk = Desk(web, lang)
    draft = desk.send("/operate/drafts", notices="2, 3")
    given = fields_of(draft)
    assert given["notices"] == "2 3"
    assert given["roster"].splitlines()[0].startswith("福岡県 | prefecture | fukuoka")
    taken = desk.send("/operate/incidents", **{**given, "slug": sample.SLUG, "name": "直した名"})
    assert taken.status_code == 409
    assert fields_of(taken) == {**given, "slug": sample.SLUG, "name": "直した名"}
    assert desk.send("/operate/incidents", **given, **{"from": "no"}).status_code == 404
    for wrong, ja, en in (
        (
            {"first": "きのう"},
            "公表を探す期間 初日: 日付として読めません",
            "window.from: must be a valid date",
        ),
        (
            {"respondents": "市"},
            "当事者の名称 1行目: 一つの団体を表す名称",
            "is no body&#39;s name but that of many",
        ),
        ({"roster": "名だけ"}, "関係する団体 1行目 種別: 入力がありません", "roster[0].kind: missing"),
    ):
        refused = desk.send("/operate/incidents", **{**given, **wrong})
        assert (refused.status_code, fields_of(refused)) == (422, {**given, **wrong})
        assert (ja if lang == "ja" else en) in refused.text
    made = desk.send("/operate/incidents", **given)
    assert made.status_code == 200
    slug = given["slug"]
    assert f'href="../incidents/{slug}.html' in made.text
    with archive.read() as reader:
        assert [link.notice for link in reader.incident_links(slug)] == [2, 3]
    assert "福岡県" in web.get(f"/incidents/{slug}.html").text
    (seen,) = re.findall('name="seen" value="([0-9]+)"', made.text)
    assert desk.send(f"/operate/incidents/{slug}/undo", seen=seen).status_code == 200
    assert desk.send(f"/operate/incidents/{slug}/undo", seen=seen).status_code == 409
    assert web.get(f"/incidents/{slug}.html").status_code == 410


def test_what_two_operators_write_at_once_is_kept_for_the_second(web: Client, archive: Archive) -> None:
    one, other = Desk(web), Desk(web)
    page = fields_of(one.open(KEPT))
    assert one.send(f"{KEPT}/edit", **page).status_code == 409, "nothing differs"
    assert one.send(f"{KEPT}/edit", **{**page, "name": "甲"}).status_code == 200
    late = other.send(f"{KEPT}/edit", **{**page, "name": "乙", "roster": "例示市 | city"})
    assert (late.status_code, "別の人が事案" in late.text) == (409, True)
    kept = fields_of(late)
    assert (kept["name"], kept["roster"]) == ("乙", "例示市 | city")
    assert kept["seen"] != page["seen"], "and can be sent again"
    assert other.send(f"{KEPT}/edit", **kept).status_code == 200
    with archive.read() as reader:
        known = reader.incident(sample.SLUG)
        assert known is not None
        assert (known.name, known.roster) == ("乙", (RosterEntry("例示市", "city"),))
        assert known.edited == ("name", "roster")


def test_notices_are_linked_unlinked_and_split_off(web: Client, archive: Archive) -> None:
    desk = Desk(web)
    page = desk.open(KEPT)
    assert page.text.count('type="checkbox" name="notices"') == 4
    seen = fields_of(page)["seen"]
    assert desk.send(f"{KEPT}/unlink", notices="2 3", seen=seen).status_code == 200
    assert desk.send(f"{KEPT}/unlink", notices="4", seen=seen).status_code == 409, "somebody was faster"
    assert desk.send(f"{KEPT}/link", notices="2", seen=fields_of(desk.open(KEPT))["seen"]).status_code == 200
    draft = fields_of(desk.send("/operate/drafts", notices="2", **{"from": sample.SLUG}))
    assert draft["from"] == sample.SLUG
    assert desk.send("/operate/incidents", **{**draft, "slug": "split-off"}).status_code == 200
    with archive.read() as reader:
        statuses = {link.notice: link.status for link in reader.incident_links(sample.SLUG)}
        assert (statuses[2], statuses[3]) == ("rejected", "rejected")
        assert [link.notice for link in reader.incident_links("split-off")] == [2]
    assert desk.send("/operate/incidents/split-off/merge", into=sample.SLUG).status_code == 200
    assert desk.send("/operate/incidents/split-off/merge", into=sample.SLUG).status_code == 409
    assert "統合先の事案" in desk.open("/operate/incidents/split-off").text
    for act, status in (("close", 200), ("close", 409), ("reopen", 200), ("remove", 200), ("nonsense", 404)):
        assert desk.send(f"{KEPT}/{act}").status_code == status
    assert desk.send("/operate/incidents/nowhere/close").status_code == 404
    assert desk.open(KEPT).text.count("元に戻す") == 1


@pytest.mark.parametrize("notices", ["", "x", "1;2", "-1", "１", "1 " * 10_001])
def test_numbers_that_are_none_are_refused(web: Client, notices: str) -> None:
    assert Desk(web).send("/operate/drafts", notices=notices).status_code == 400


def test_hostile_words_stay_words(web: Client, archive: Archive) -> None:
    with archive.write() as writer:
        body = RosterEntry(HOSTILE, HOSTILE, count=HOSTILE)
        writer.put_incident(
            replace(sample.INCIDENT, name=HOSTILE, summary=HOSTILE, aliases=(HOSTILE,), roster=(body,))
        )
    for lang in ("ja", "en"):
        desk = Desk(web, lang)
        for path in ("/operate", "/operate/suggestions", KEPT):
            desk.open(path)
        desk.send("/operate/drafts", notices="1 2 3 4")


LOST = "\ufffd"  # what could not be decoded is shown as 〓
TEXT = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=SEPARATOR + LOST), min_size=1)
LIST = st.lists(TEXT, max_size=2).map(tuple)


@settings(max_examples=50)
@given(
    st.builds(
        Incident,
        slug=st.just("x"),
        name=TEXT,
        hotlines=LIST,
        seeds=LIST,
        window=st.none() | st.tuples(st.dates(), st.none()),
        roster=st.lists(st.builds(RosterEntry, TEXT, TEXT, source=TEXT | st.just(""), count=TEXT)).map(tuple),
    )
)
def test_the_form_reads_what_it_was_filled_with(incident: Incident) -> None:
    assert make_incident("x", read_fields(write_fields(incident))) == incident
    sent = {key: getattr(write_fields(incident), key) for key in keep_fields({}).__slots__}
    assert keep_fields(sent) == write_fields(incident)
