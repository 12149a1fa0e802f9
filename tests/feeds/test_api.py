"""The API gives what the pages give, page by page and as files, and is as it describes itself."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

from feeds.web.app import make_app
from feeds.web.routes import api_lists
from storage.archive import Archive
from storage.export import CSV_FIELDS
from storage.records import Alert, Check, Notice, Offer
from tests.feeds import sample
from tests.feeds.client import Answer, Client
from tests.feeds.test_deciding import TOKEN, api, application
from tests.feeds.test_web import compare

NOW = sample.at("2024-06-01")


def fill(archive: Archive) -> None:
    """What the story leaves out: something in every list."""
    with archive.write() as writer:
        story = sample.Story(writer)
        notice, incident = writer.notice(4), writer.incident(sample.SLUG)
        assert notice is not None
        assert incident is not None
        writer.add_page(
            "ppc", "https://www.example.go.jp/files/pdf/240124_houdou.pdf", "attachment", parent=4
        )
        pdf = writer.attachments_of(notice.page)[0]
        for day in ("2024-01-24", "2024-02-01"):
            story.version(
                replace(notice, page=pdf.id), day, sample.blocks(f"別紙 {day} 第146条"), facts=(("provision", {"law": "個人情報保護法", "article": "146", "paragraph": None}, "第146条"),)
            )  # fmt: skip
        for hour in range(3):
            writer.raise_alert(Alert("soft-404", "mie", f"https://x.example/{hour}", "見つかりません", sample.at("2024-05-01", hour)))  # fmt: skip
            writer.add_check(Check(3, None, sample.at("2024-05-01", hour), "same-bytes", 200))
        writer.add_check(Check(1, None, NOW, "error", detail="no answer"))
        writer.add_offer(Offer("mie", "https://y.example/", "=例示町", NOW))
        sample.suggest(writer, incident, 4)
        writer.redact(1, "本人の申出", NOW)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    opened = sample.archive(tmp_path_factory.mktemp("told"))
    fill(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def web(told: Archive) -> Client:
    return Client(make_app(told, base_url="https://kohyo.example/", compare=compare))


# --- what it says of itself -----------------------------------------------------------------


def closed(schema: Any) -> Any:
    """The schema with nothing allowed that it does not name."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: closed(value) for name, value in schema.items()}
    return {**strict, "additionalProperties": False} if "properties" in schema else strict


def fits(described: Any, schema: Any, value: Any) -> None:
    whole = {**closed(schema), "components": closed(described["components"])}
    errors = list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(value))
    assert not errors, [(list(error.absolute_path), error.message) for error in errors]


@pytest.mark.parametrize("token", ["", TOKEN])
def test_every_route_stands_in_the_description_and_nothing_else(archive: Archive, token: str) -> None:
    web = application(archive, token)
    described = web.get("/api/openapi.json").json()
    OpenAPIV31SpecValidator(described).validate()
    routes = {
        (re.sub(r":\w+", "", route.path), method.lower())
        for route in web.app.routes  # type: ignore[attr-defined]
        if isinstance(route, Route) and route.path.startswith("/api/")
        for method in (route.methods or set()) - {"HEAD"}
    }
    said = {
        (path, method) for path, of in described["paths"].items() for method in of if method != "parameters"
    }
    assert said == routes
    names = [of[method]["operationId"] for of in described["paths"].values() for method in of.keys() - {"parameters"}]  # fmt: skip
    assert len(names) == len(set(names))


ASKED = {
    "/api/openapi.json": "/api/openapi.json",
    "/api/changes": "/api/changes?limit=3",
    "/api/changes/{id}": "/api/changes/4",
    "/api/notices": "/api/notices",
    "/api/notices/{id}": "/api/notices/4",
    "/api/notices/{id}/diff": "/api/notices/2/diff?a=2&b=5",
    "/api/notices/{id}/versions/{version}": "/api/notices/4/versions/8",
    "/api/search": "/api/search?q=委託",
    "/api/sources": "/api/sources",
    "/api/sources/{id}": "/api/sources/mie",
    "/api/sources/{id}/checks": "/api/sources/mie/checks",
    "/api/incidents": "/api/incidents",
    "/api/incidents/{slug}": f"/api/incidents/{sample.SLUG}",
    "/api/alerts": "/api/alerts",
    "/api/offers": "/api/offers",
    "/api/links": "/api/links",
    "/api/redactions": "/api/redactions",
}


def test_every_answer_is_as_described(web: Client) -> None:
    described = web.get("/api/openapi.json").json()
    read = {path for path in described["paths"] if not path.endswith((".{form}", ".zip"))}
    assert read == set(ASKED)
    for path, address in ASKED.items():
        schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        value = web.get(address).json()
        if path != "/api/openapi.json":
            fits(described, schema, value)
        if "items" in value:
            assert value["items"], address
    for value in web.get("/api/notices").json()["items"]:
        whole = web.get(f"/api/notices/{value['id']}").json()
        fits(described, {"$ref": "#/components/schemas/NoticeInFull"}, whole)
    for value in web.get("/api/sources").json()["items"]:
        whole = web.get(f"/api/sources/{value['source']}").json()
        fits(described, {"$ref": "#/components/schemas/SourceInFull"}, whole)


def test_lines_and_columns_are_as_described(web: Client) -> None:
    described = web.get("/api/openapi.json").json()
    for path, schema in (
        ("changes", "Change"),
        ("notices", "Notice"),
        ("search", "Hit"),
        ("alerts", "Alert"),
        ("sources/mie/checks", "Check"),
    ):
        words = "?q=委託" if path == "search" else ""
        lines = web.get(f"/api/{path}.jsonl{words}").text.splitlines()
        assert lines
        for line in lines:
            fits(described, {"$ref": f"#/components/schemas/{schema}"}, json.loads(line))
        got = web.get(f"/api/{path}.csv{words}")
        assert got.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"), newline="")))
        named = list(described["components"]["schemas"][schema]["properties"])
        released = CSV_FIELDS if schema == "Change" else ()
        assert rows[0] == [*released, *(name for name in named if name not in released)]
        assert len(rows) == len(lines) + 1


def test_what_is_decided_is_as_described(archive: Archive) -> None:
    fill(archive)
    web = application(archive)
    described = web.get("/api/openapi.json").json()
    link = f"/api/incidents/{sample.SLUG}/links/4"
    for path, address, sent in (
        ("/api/offers/{id}", "/api/offers/1", {"decision": "accept"}),
        ("/api/incidents/{slug}/links/{id}", link, {"decision": "accept"}),
        ("/api/incidents/{slug}/links/{id}", link, {"decision": "reject", "overrules": "confirmed"}),
        ("/api/notices/{id}/redaction", "/api/notices/4/redaction", {"reason": "本人の申出", "sure": "yes"}),
    ):
        operation = described["paths"][path]["post"]
        assert operation["security"] == [{"token": []}]
        fits(described, operation["requestBody"]["content"]["application/json"]["schema"], sent)
        unknown = re.sub("[14]", "99", address)
        answers = [
            api(web, address, **sent),
            api(web, address, **sent),
            api(web, unknown, **sent),
            api(web, address, "x", **sent),
            api(web, address),
            web.ask("POST", address, {"Authorization": f"Bearer {TOKEN}"}, b"x"),
            web.ask("POST", address, {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}, b" " * 20_000),
        ]  # fmt: skip
        second = 200 if path.endswith("redaction") else 409
        assert [got.status_code for got in answers] == [200, second, 404, 401, 400, 415, 413]
        for got in answers:
            assert "access-control-allow-origin" not in got.headers
            as_said(described, operation, got)


def as_said(described: Any, operation: Any, got: Answer) -> None:
    """The status is one of those described, in the media type and the shape that go with it."""
    said = operation["responses"][str(got.status_code)]
    if "$ref" in said:
        said = described["components"]["responses"][said["$ref"].rpartition("/")[2]]
    media = got.headers["content-type"].partition(";")[0]
    assert list(said["content"]) == [media]
    if media == "application/json":
        fits(described, said["content"][media]["schema"], got.json())
    assert got.headers["x-content-type-options"] == "nosniff"


# --- what it gives --------------------------------------------------------------------------


def test_a_notice_comes_with_everything_its_page_shows(web: Client) -> None:
    notice = web.get("/api/notices/2").json()
    assert [version["number"] for version in notice["history"]] == [1, 2]
    assert notice["facts"][0]["value"] == 162_828
    assert [change["kind"] for change in notice["changes"]] == ["new", "updated", "updated"]
    assert [link["status"] for link in notice["links"]] == ["declared"]
    ppc = web.get("/api/notices/4").json()
    (pdf,) = ppc["attachments"]
    assert (len(pdf["history"]), pdf["facts"][0]["value"]["article"]) == (2, "146")
    assert [trace["reason"] for trace in web.get("/api/notices/1").json()["redactions"]] == ["本人の申出"]


def test_a_change_shows_its_differences(web: Client) -> None:
    (hunk,) = next(
        web.get(f"/api/changes/{change['id']}").json()["hunks"]
        for change in web.get("/api/changes?source=fukuoka&reason=silent").json()["items"]
    )
    assert (hunk["op"], hunk["label"]) == ("cell", "自動車税 / 人数")
    values = [{"kind": "count", "old": "133,655人", "new": "162,828人"}]
    assert {"old": "133,655人", "new": "162,828人", "values": values} in hunk["segments"]


def test_any_two_versions_of_one_document_are_compared(web: Client) -> None:
    got = web.get("/api/notices/2/diff?a=5&b=2").json()
    assert (got["old"]["number"], got["new"]["number"]) == (2, 1)
    assert "162,828人" in got["hunks"][0]["old"]
    ppc = web.get("/api/notices/4").json()
    own, attached = [ppc["history"][0]["id"]], [one["id"] for one in ppc["attachments"][0]["history"]]
    assert web.get(f"/api/notices/4/diff?a={attached[0]}&b={attached[1]}").status_code == 200
    for a, b in ((own[0], attached[0]), (2, 5), (own[0], 999), (own[0], 2)):
        assert web.get(f"/api/notices/4/diff?a={a}&b={b}").status_code == 404
    assert web.get("/api/notices/4/diff?a=1").status_code == 400


def test_a_version_is_read_under_its_own_notice_alone(web: Client) -> None:
    first = web.get("/api/notices/2/versions/2").json()
    assert "133,655人" in first["text"]
    assert first["facts"][0]["value"] == 133_655
    assert first["url"] == "https://www.pref.example.lg.jp/zeimu.html"
    for id in (1, 3, 999):
        assert web.get(f"/api/notices/2/versions/{id}").status_code == 404


def test_an_incident_has_its_course(web: Client) -> None:
    got = web.get(f"/api/incidents/{sample.SLUG}").json()
    fukuoka = [(row["old"], row["new"]) for row in got["counts"] if row["source"] == "fukuoka"]
    assert fukuoka == [("133,655人", "162,828人"), (None, "133,655人")]
    days = {row["name"]: (row["day"], row["days_after_first"], row["notices"]) for row in got["roster"]}
    assert days["福岡県"] == ("2023-10-17", 0, [2])
    assert days["三重県"] == ("2023-10-18", 1, [3])
    assert days["浜松市"] == (None, None, [])
    assert got["hotlines"] == ["0120-000-000"]
    assert got["measures"] == []  # what is only suggested does not count


def test_measures_are_those_of_notices_that_belong(archive: Archive) -> None:
    web = Client(make_app(archive))
    (measures,) = web.get(f"/api/incidents/{sample.SLUG}").json()["measures"]
    assert measures["actions"] == ["recommendation", "guidance"]
    assert [fact["value"] for fact in measures["deadlines"]] == ["2024-02-29", "2024-03-29"]
    assert measures["provisions"][0]["value"]["article"] == "148"


def test_a_source_shows_what_was_watched_and_what_waits(web: Client) -> None:
    got = web.get("/api/sources/mie").json()
    assert (got["name"], got["pages"], got["alerts"]) == ("三重県", 1, 3)
    assert len(got["raised"]) == 3
    assert [offer["url"] for offer in got["offers"]] == ["https://y.example/"]
    checks = web.get("/api/sources/mie/checks?limit=2").json()
    assert [check["outcome"] for check in checks["items"]] == ["same-bytes"] * 2
    assert len(web.get(checks["next"]).json()["items"]) == 1
    assert web.get("/api/sources/ppc").json()["links"][0]["evidence"] == ["同じ委託先"]
    assert web.get("/api/sources/nope/checks").status_code == 404


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("/api/alerts?source=mie&kind=soft-404", 3),
        ("/api/alerts?kind=blocked", 0),
        ("/api/alerts?since=2024-06-01", 0),
        ("/api/offers?status=suggested&source=mie", 1),
        ("/api/offers?status=rejected", 0),
        ("/api/offers?source=ppc", 0),
        ("/api/links?status=suggested", 1),
        (f"/api/links?incident={sample.SLUG}", 4),
        ("/api/links?incident=other", 0),
    ],
)
def test_lists_are_restricted(web: Client, address: str, count: int) -> None:
    assert len(web.get(address).json()["items"]) == count


# --- page by page, file by file -------------------------------------------------------------


Add = Callable[[Archive, int], None]


def new_notice(archive: Archive, number: int, day: str = "2025-02-02") -> None:
    with archive.write() as writer:
        url = f"https://www.pref.example.lg.jp/{number}.html"
        sample.Story(writer).notice("fukuoka", url, f"漏えい{number}", day, sample.blocks(f"漏えい {number}"))


@pytest.fixture
def growing(archive: Archive) -> tuple[Client, Archive]:
    for number in range(20):
        new_notice(archive, number, f"2024-01-{number // 3 + 1:02}")
    return Client(make_app(archive)), archive


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["notice"] if "snippet" in row else row["id"] for row in rows]


@pytest.mark.parametrize("path", ["changes", "notices", "search"])
def test_every_row_comes_once_while_others_are_added(growing: tuple[Client, Archive], path: str) -> None:
    web, archive = growing
    before = ids(web.get(f"/api/{path}?q=漏えい&limit=1000").json()["items"])
    assert len(before) > 20
    address, found, number = f"/api/{path}?q=漏えい&limit=3&lang=ja", [], 100
    while address:
        page = web.get(address).json()
        found += ids(page["items"])
        address = page["next"]
        new_notice(archive, number)
        number += 1
    assert found == before


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/api/notices?published_since=2024-01-01", "did you mean since?"),
        ("/api/changes?min-count=5", "did you mean min_count?"),
        ("/api/changes?changed=5", "did you mean changed_"),
        ("/api/changes.csv?publishr=regulator", "did you mean publisher?"),
        ("/api/search?q=x&sort=newest", "there is no parameter sort"),
        ("/api/alerts?kinds=blocked", "did you mean kind?"),
        ("/api/sources?kind=company", "there is no parameter kind"),
        ("/api/offers?state=suggested", "did you mean status?"),
        ("/api/openapi.json?pretty=1", "there is no parameter pretty"),
    ],
)
def test_a_parameter_that_is_none_is_refused_with_what_may_be_meant(
    web: Client, address: str, meant: str
) -> None:
    """Elsewhere it would let every row pass as if it were filtered."""
    answer = web.get(address)
    assert answer.status_code == 400
    assert meant in answer.text
    assert web.get("/api/changes?lang=en&text=漏えい&stated_over=1").status_code == 200


@pytest.mark.parametrize("path", ["changes", "notices", "search", "alerts", "sources/fukuoka/checks"])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_the_link_header_leads_through_every_row_once(
    growing: tuple[Client, Archive], path: str, form: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    web, archive = growing
    with archive.write() as writer:
        for hour in range(20):
            writer.raise_alert(Alert("blocked", "fukuoka", f"https://x.example/{hour}", "x", sample.at("2024-05-01", hour)))  # fmt: skip
            writer.add_check(Check(2, None, sample.at("2024-05-01", hour), "same-bytes", 200))
    words = "q=漏えい" if path in ("changes", "notices", "search") else ""
    whole = web.get(f"/api/{path}?{words}&limit=1000").json()
    assert whole["next"] is None
    monkeypatch.setattr(api_lists, "MAX_FILE_ROWS", size)
    address, found = f"/api/{path}.{form}?{words}", []
    while address:
        got = web.get(address)
        assert (
            got.headers["content-disposition"] == f'attachment; filename="{path.rpartition("/")[2]}.{form}"'
        )
        if form == "csv":
            rows = list(csv.DictReader(io.StringIO(got.content.decode("utf-8-sig"), newline="")))
            found += [
                int(row.get("notice") or row["id"]) if path == "search" else int(row["id"]) for row in rows
            ]
        else:
            rows = [json.loads(line) for line in got.text.splitlines()]
            found += ids(rows)
        assert len(rows) <= size
        link = re.fullmatch('<(.+)>; rel="next"', got.headers.get("link", ""))
        address = link[1] if link else ""
    assert found == ids(whole["items"])
    assert len(found) >= 20


def test_strangers_text_is_no_formula_in_any_file(archive: Archive) -> None:
    with archive.write() as writer:
        for number, text in enumerate(("=1", "＋1", "\t@x", "\u200b-1")):
            notice = sample.Story(writer).notice("mie", f"https://x.example/{number}", f"{text}漏えい", "2024-01-01", sample.blocks(f"{text}漏えい"))  # fmt: skip
            writer.raise_alert(Alert("blocked", "mie", notice.url, f"{text}漏えい", NOW))
            writer.add_check(Check(notice.page, None, NOW, "error", detail=f"{text}漏えい"))
    web = Client(make_app(archive))
    for path in ("changes", "notices", "search", "alerts", "sources/mie/checks"):
        body = web.get(f"/api/{path}.csv" + ("?q=漏えい" if path == "search" else "")).content.decode(
            "utf-8-sig"
        )
        cells = [cell for row in csv.reader(io.StringIO(body, newline="")) for cell in row]
        assert len([cell for cell in cells if cell.startswith("'")]) >= 4
        assert not [cell for cell in cells if cell.lstrip().lstrip("\u200b")[:1] in {*"=+-@＝＋－＠"}]


# --- what it refuses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/changes?limit=0", 400),
        ("/api/changes?limit=-1", 400),
        ("/api/changes?limit=１", 400),
        ("/api/changes?after=99999", 400),
        ("/api/changes?after=0", 400),
        ("/api/changes?after=" + "9" * 30, 400),
        ("/api/notices?after=99999", 400),
        ("/api/search?q=x&after=99999", 400),
        ("/api/search.csv", 400),
        ("/api/alerts?after=99999", 400),
        ("/api/alerts?since=x", 400),
        ("/api/offers?status=x", 400),
        ("/api/links?status=x", 400),
        ("/api/changes/0", 404),
        ("/api/changes/99999999999", 404),
        ("/api/changes/-1", 404),
        ("/api/changes/", 404),
        ("/api/changes/１", 404),
        ("/api/sources/a%2Fb", 404),
        ("/api/sources/..", 404),
        ("/api/sources/%0a", 404),
        ("/api/notices.", 404),
        ("/api/notices.CSV", 404),
        ("/api/search.xlsx?q=x", 404),
        ("/api", 404),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(web: Client, address: str, status: int) -> None:
    got = web.get(address)
    assert got.status_code == status
    head = web.ask("HEAD", address)
    assert (head.status_code, head.content) == (status, b"")
    if address != "/api":
        assert got.headers["content-type"] == "text/plain; charset=utf-8"
        assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_reading_takes_nothing_else(web: Client, method: str) -> None:
    for address in ASKED.values():
        got = web.ask(method, address)
        assert got.status_code == 405
        assert set(got.headers["allow"].split(", ")) == {"GET", "HEAD"}
        assert got.headers["content-type"] == "text/plain; charset=utf-8"
        assert "access-control-allow-origin" not in got.headers


def test_everybody_may_read_and_pages_of_other_sites_too(web: Client) -> None:
    for address in (*ASKED.values(), "/api/changes.csv", "/api/search.jsonl?q=x"):
        got = web.get(address)
        assert got.headers["access-control-allow-origin"] == "*"
        assert "Link" in got.headers["access-control-expose-headers"]


def test_versions_are_not_compared_where_nothing_can(archive: Archive) -> None:
    got = Client(make_app(archive)).get("/api/notices/2/diff?a=2&b=5")
    assert (got.status_code, got.text) == (404, "versions are not compared here\n")


def test_a_notice_that_is_redacted_is_read_as_such(web: Client) -> None:
    notice: Notice | Any = web.get("/api/notices/1").json()
    assert notice["text"] == "［削除済み］"
    assert notice["facts"] == []
