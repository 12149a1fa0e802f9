"""What is kept of answers is never another answer than the one that would be made now."""

from __future__ import annotations

import asyncio
import gzip
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from feeds.formats import atom_rss, entries, json_feed
from feeds.site.folder import STATE
from feeds.site.publish import publish
from feeds.views import change_lines
from feeds.views.render import render_page
from feeds.web.app import make_app
from feeds.web.responses import respond
from feeds.web.running import kept
from feeds.web.running.kept import Endpoint, KeptAnswers
from feeds.web.running.shared_parts import Parts
from feeds.wording import headline
from storage.archive import QUIET, Archive, Reader, Writer
from storage.query import Query, Trial
from storage.records import (
    Alert,
    Block,
    Check,
    Fact,
    Gap,
    HostState,
    IncidentLink,
    IncidentState,
    IncidentStep,
    Lease,
    Offer,
    RobotsAnswer,
    Source,
    Stamp,
)
from tests.databases import ruin
from tests.feeds import sample
from tests.feeds.client import Client
from tests.feeds.sample import SLUG, at

NOW = at("2025-02-01")
ADDRESSES = (
    *("/", "/?kind=updated&lang=en", "/notices/2.html", "/notices/2.html?lang=en", "/notices/3.html"),
    *(
        f"/incidents/{SLUG}.html",
        f"/incidents/{SLUG}/roster.csv",
        "/organisations.html",
        "/feeds.opml",
    ),
    *("/organisations/三重県.html", "/search?q=流出", "/rows?q=件", "/watching/prefectures.html"),
    *("/feeds/all.atom", "/feeds/source/mie.json", f"/feeds/incident/{SLUG}.rss", "/feeds/deadlines.ics"),
    *(
        "/feeds/clocks.ics",
        f"/feeds/incident/{SLUG}/roster.atom",
        "/feeds/search.json?q=流出",
        "/notices/5.html",
    ),
)
UNKEPT = {"Authorization": "none"}
"""Who comes with a token is answered anew."""


def web_of(archive: Archive) -> Client:
    return Client(
        make_app(archive, base_url="https://k.example.jp/", watching=[sample.WATCHED], key=b"k" * 32)
    )


def _mie(writer: Writer) -> tuple[int, int]:
    """The number of a notice, and of its page."""
    found = next(one for one in writer.notices() if one.source == "mie")
    return found.id, found.page


def _version_of_mie(writer: Writer) -> sample.Version:
    return writer.versions(_mie(writer)[1])[-1]


def _story(writer: Writer) -> sample.Story:
    return sample.Story(writer)


def _incident(writer: Writer) -> sample.Incident:
    found = writer.stored_incident(SLUG)
    assert found is not None
    return found


def _last_change(writer: Writer) -> sample.Change:
    return writer.changes(Query(limit=1))[0]


def _an_alert(writer: Writer) -> Alert:
    return writer.raise_alert(Alert("http", "mie", "https://www.pref-mie.example.lg.jp/m1.htm", "503", NOW))


def _a_step(writer: Writer) -> int:
    state = IncidentState("open")
    return writer.trace_incidents([IncidentStep(SLUG, "edit", NOW, "page", state, state)])


def _page(writer: Writer) -> sample.Page:
    page = writer.page_by_id(_mie(writer)[1])
    assert page is not None
    return page


def _a_notice(writer: Writer) -> sample.Notice:
    page = writer.add_page("okinawa", f"https://o.example.jp/{random.random()}", "page")
    return writer.add_notice(sample.Notice("okinawa", page.id, page.url, "流出のお詫び", None, NOW, NOW))


def _another_wording(writer: Writer, text: str) -> sample.Version:
    old = _version_of_mie(writer)
    return replace(old, text=text, blocks=(Block("text", text),))


WRITES: dict[str, Callable[[Writer], object]] = {
    "put_source": lambda w: w.put_source(Source("mie", "三重県庁", "affected")),
    "add_page": lambda w: w.add_page(
        "mie", "https://www.pref-mie.example.lg.jp/2.pdf", "attachment", parent=_mie(w)[1]
    ),
    "put_page": lambda w: w.put_page(replace(_page(w), failures=3, due_at=NOW, last_checked=NOW, gone=True)),
    "respell": lambda w: w.respell(_mie(w)[1], "https://www.pref-mie.example.lg.jp/m1.htm?"),
    "sort_addresses": lambda w: w.sort_addresses(),
    "add_check": lambda w: w.add_check(Check(_mie(w)[1], None, NOW, "same-bytes", 200, "")),
    "say_of_check": lambda w: w.say_of_check(
        w.add_check(Check(_mie(w)[1], None, NOW, "earlier")).id, "placed"
    ),
    "put_host_blocks": lambda w: w.put_host_blocks("h", _mie(w)[1], {"a"}),
    "add_gap": lambda w: w.add_gap("mie", Gap(_mie(w)[1], at("2025-01-01"), NOW, 2, "error", "503")),
    "put_trials": lambda w: w.put_trials([Trial("mie", "https://www.pref-mie.example.lg.jp/", NOW, "404")]),
    "add_snapshot": lambda w: w.add_snapshot(
        sample.Snapshot(_mie(w)[1], NOW, 200, "https://x", (), "ab" * 32, 3, body=b"abc")
    ),
    "add_version": lambda w: _story(w).version(
        w.notices(Query(sources=("mie",)))[0], "2025-02-01", sample.blocks("件数は約9,999件でした。")
    ),
    "replace_version": lambda w: w.replace_version(
        _another_wording(w, "流出したのは2,400件と分かりました。")
    ),
    "add_facts": lambda w: w.add_facts(
        _version_of_mie(w).id, [Fact("phone", "0591234567", "059-123-4567", 0, 3)]
    ),
    "replace_facts": lambda w: w.replace_facts(
        _version_of_mie(w).id, [Fact("count", 7, "7件", 0, 2, unit="件")]
    ),
    "add_notice": _a_notice,
    "put_notice": lambda w: w.put_notice(replace(w.notices(Query(sources=("mie",)))[0], title="流出(訂正)")),
    "touch_notices": lambda w: w.touch_notices(_mie(w)[1], NOW),
    "add_change": lambda w: w.add_change(replace(_last_change(w), detected_at=NOW, id=0)),
    "put_change": lambda w: w.put_change(replace(_last_change(w), summary="別の要約", reasons=("count",))),
    "link_changes": lambda w: w.link_changes(),
    "put_incident": lambda w: w.put_incident(replace(sample.INCIDENT, name="別の名称", hotlines=())),
    "add_incident": lambda w: w.add_incident(
        replace(sample.INCIDENT, slug="new", name="新しい事案", roster=())
    ),
    "hold_incidents": lambda w: w.hold_incidents([SLUG]),
    "put_incident_state": lambda w: w.put_incident_state(
        SLUG, IncidentState("open", edits='{"name": "書かれた名"}')
    ),
    "put_link": lambda w: w.put_link(
        IncidentLink(_incident(w).id, _a_notice(w).id, "suggested", ("同じ日",), 0.7)
    ),
    "set_link": lambda w: w.set_link(IncidentLink(_incident(w).id, _mie(w)[0], "rejected", ("別件",), 0.1)),
    "drop_link": lambda w: w.drop_link(_incident(w).id, _mie(w)[0]),
    "lock_links": lambda w: w.lock_links(),
    "put_evidence": lambda w: w.put_evidence(_mie(w)[0], "mie", 0, frozenset({("party", "別の会社")})),
    "put_evidence_of_incident": lambda w: w.put_evidence_of_incident(
        _incident(w).id, {("party", "別の会社"): "mie"}, ()
    ),
    "trace_incidents": _a_step,
    "mark_undone": lambda w: w.mark_undone(_a_step(w), NOW),
    "add_offer": lambda w: w.add_offer(Offer("mie", "https://new.example.jp/", "別の公表", NOW)),
    "set_offer": lambda w: w.set_offer(
        w.add_offer(Offer("mie", "https://new.example.jp/", "公表", NOW)).id, "rejected"
    ),
    "raise_alert": _an_alert,
    "start_run": lambda w: w.start_run("crawl", NOW),
    "finish_run": lambda w: w.finish_run(replace(w.runs(1)[0], status="failed")),
    "end_silent_runs": lambda w: w.end_silent_runs(),
    "note": lambda w: w.note("served", "{}"),
    "take_lease": lambda w: w.take_lease("host:h", "me", "here", 60.0),
    "renew_leases": lambda w: w.renew_leases("me", 60.0),
    "find_lost": lambda w: w.find_lost([Lease("host:h", "me", 1)]),
    "release_leases": lambda w: w.release_leases([Lease("host:h", "me", 1)]),
    "drop_runs": lambda w: w.drop_runs([]),
    "put_host": lambda w: w.put_host("www.pref-mie.example.lg.jp", HostState(delay=3.0, stalls=2)),
    "put_robots": lambda w: w.put_robots("https://www.pref-mie.example.lg.jp", RobotsAnswer(503)),
    "count_request": lambda w: w.count_request("www.pref-mie.example.lg.jp", NOW, 3, 1.5, promised=False),
    "put_week": lambda w: w.put_week("mie", [1.0] * 24, [1.0] * 7),
    "stir": lambda w: w.stir([_mie(w)[0]], [], NOW, NOW),
    "queue": lambda w: w.queue([_last_change(w).id], "me", NOW),
    "queue_alerts": lambda w: w.queue_alerts([_an_alert(w).id], "raised", "me", NOW),
    "put_delivery": lambda w: [w.put_delivery(replace(one, status="sent")) for one in w.deliveries()],
    "prune_checks": lambda w: w.prune_checks(NOW),
    "prune_bytes": lambda w: w.prune_bytes(NOW, NOW),
    "add_stamp": lambda w: w.add_stamp(Stamp(1, "ab" * 32, "https://tsa.example.jp/", NOW, b"der")),
    "begin_reindex": lambda w: w.begin_reindex(),
    "reindex": lambda w: w.reindex(),
    "renew_index": lambda w: w.renew_index(),
    "pack_texts": lambda w: w.pack_texts(),
    "pack_facts": lambda w: w.pack_facts(),
    "put_past_blocks": lambda w: w.put_past_blocks(_mie(w)[1], {1, 2}),
    "redact": lambda w: w.redact(_mie(w)[0], "電話番号", NOW),
}


def test_every_quiet_way_to_write_is_tried() -> None:
    """Whoever calls one quiet says here what it writes: then it is known whether kept answers notice."""
    writing = {name for name in set(dir(Writer)) - set(dir(Reader)) if name[0] != "_"}
    assert set(QUIET) <= set(WRITES) <= writing


def test_after_any_write_what_is_kept_is_what_would_be_made_now(archive: Archive) -> None:
    web, chance = web_of(archive), random.Random(1)
    missing = [address for address in ADDRESSES if web.get(address).status_code != 200]
    assert missing == ["/notices/5.html"], "which is added later"
    # after what is told nothing kept is given; what was only looked at leaves all of it
    looked = chance.sample(QUIET, len(QUIET))
    told = chance.sample(sorted(set(WRITES) - set(QUIET)), len(WRITES) - len(QUIET))
    for names in (looked[::3], told[::2], looked[1::3], told[1::2], looked[2::3], ["redact"]):
        for name in names:
            with archive.write() as writer:
                WRITES[name](writer)
            if name in QUIET:
                continue
            compare(archive, web, chance.sample(ADDRESSES, 2), [name])
        compare(archive, web, ADDRESSES, names)


def compare(archive: Archive, web: Client, addresses: Sequence[str], after: list[str]) -> None:
    """Compare with what a process answers that knows nothing yet."""
    given_by_address = {address: web.get(address) for address in addresses}
    for remembering in (entries._make_entry, change_lines._build_line, headline.compose_headline):
        remembering.cache_clear()
    anew = web_of(archive)
    for address, given in given_by_address.items():
        made = anew.get(address, headers=UNKEPT)
        assert (given.status_code, given.content) == (made.status_code, made.content), (after, address)
        assert given.headers == made.headers, (after, address)


def test_what_pages_share_is_made_once_for_a_state_and_never_given_to_another(archive: Archive) -> None:
    parts, made = Parts(), iter(range(9))
    with archive.read() as before:
        assert [parts.get(before, "names", lambda: next(made)) for _ in range(2)] == [0, 0]
        assert parts.get(before, "overview", lambda: next(made)) == 1
        with archive.write() as writer:
            writer.put_incident(replace(sample.INCIDENT, name="別の名"))
        with archive.read() as after:
            assert [parts.get(after, "names", lambda: next(made)) for _ in range(2)] == [2, 2]
            assert parts.get(before, "names", lambda: next(made)) == 3
            assert parts.get(after, "names", lambda: next(made)) == 2


def test_after_a_write_what_was_told_before_is_not_written_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    for module, name in ((change_lines, "_write_line"), (json_feed, "_item"), (atom_rss, "_write_entry")):
        write = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, write=write: (written.append(1), write(*given))[1])
    entries._make_entry.cache_clear()
    change_lines._build_line.cache_clear()
    web = web_of(archive)
    asked = ("/", "/feeds/all.json", "/feeds/all.atom")
    for address in asked:
        web.get(address)
    assert len(written) > 9
    written.clear()
    with archive.write() as writer:
        WRITES["add_change"](writer)
    for address in asked:
        web.get(address)
    assert len(written) == len(asked)


class Counting:
    """Counts the statements that are sent to a database."""

    def __init__(self, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        sa.event.listen(archive._engine, "before_cursor_execute", self._count)
        from storage.db import prepared

        rows = prepared.Prepared.rows

        def counted(*given: object) -> object:
            self.number += 1
            return rows(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(prepared.Prepared, "rows", counted)

    def _count(self, connection: object, cursor: object, statement: str, *_: object) -> None:
        self.number += not statement.startswith("BEGIN")


@pytest.mark.parametrize("address", ["/", "/notices/2.html", f"/incidents/{SLUG}.html", "/feeds/all.atom"])
def test_an_answer_that_is_kept_takes_one_statement(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    web = web_of(archive)
    first = web.get(address)
    asked = Counting(archive, monkeypatch)
    again = web.get(address)
    assert (again.content, again.headers, asked.number) == (first.content, first.headers, 1)
    same = web.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content, asked.number) == (304, b"", 2)
    with archive.write() as writer:
        writer.add_check(Check(1, None, NOW, "same-bytes", 200, ""))
    asked.number = 0
    assert web.get(address).content == first.content
    assert asked.number == 1, "that a page was looked at is no news"


def test_publishing_one_change_asks_as_much_whatever_the_archive_holds(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked, statements = Counting(archive, monkeypatch), []
    for year in (2025, 2026):  # more than a feed holds each time
        sample.many(archive, 150, first=f"{year}-01-01")
        publish(archive, tmp_path, base_url="https://k.example.jp/")
        sample.many(archive, 1, first=f"{year}-12-01")
        for is_changed in (True, False):
            asked.number = 0
            written = publish(archive, tmp_path, base_url="https://k.example.jp/").written
            assert bool(written) is is_changed
            statements.append(asked.number)
    one, none, one_of_many, none_of_many = statements
    assert none < 6 < one < 400
    assert one_of_many <= one + 5
    assert none_of_many == none


@pytest.mark.parametrize("seed", range(3))
def test_publishing_after_each_of_any_writes_gives_what_one_publication_gives(
    archive: Archive, tmp_path: Path, seed: int
) -> None:
    def publish_to(name: str) -> dict[str, bytes]:
        into = tmp_path / name
        publish(archive, into, base_url="https://k.example.jp/", limit=3, watching=[sample.WATCHED])
        return {
            str(path.relative_to(into)): path.read_bytes()
            for path in into.rglob("*")
            if path.is_file() and path.name != STATE
        }

    publish_to("step by step")
    chance = random.Random(seed)
    # by itself none of these is ever written: with a change, or in a run that says it alters the past
    never = {"add_version", "replace_version", "add_facts", "replace_facts"}
    never |= {"put_change", "put_notice", "put_evidence"}
    names = chance.sample(sorted(WRITES.keys() - never), 25)
    for number, name in enumerate(names):
        with archive.write() as writer:
            WRITES[name](writer)
        if number % 4 == 0:
            ours = publish_to("step by step")
    at_once = publish_to("at once")
    assert ours.keys() >= at_once.keys()  # a page that was once published stays
    assert [path for path in at_once if ours[path] != at_once[path]] == [], names


def test_who_asks_in_another_way_is_answered_in_his(archive: Archive) -> None:
    web = Client(make_app(archive, watching=[sample.WATCHED]))
    plain = web.get("/feeds/all.atom")
    packed = web.get("/feeds/all.atom", headers={"Accept-Encoding": "gzip"})
    assert (packed.content, packed.headers["content-encoding"]) == (plain.content, "gzip")
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in web.get("/feeds/all.atom").headers
    assert "http://localhost:81/" in web.get("/feeds/all.atom", headers={"Host": "localhost:81"}).text
    assert "localhost:81" not in web.get("/feeds/all.atom").text
    assert web.ask("HEAD", "/feeds/all.atom").content == b""
    assert web.get("/feeds/all.atom").content == plain.content


def test_nothing_of_one_reader_is_kept_for_another(archive: Archive) -> None:
    web = web_of(archive)
    usual = web.get("/")
    started = web.get("/?seen=start")
    cookie = started.headers["set-cookie"].partition(";")[0]
    theirs = web.get("/", headers={"Cookie": cookie})
    assert theirs.headers["cache-control"] == "private, no-cache"
    assert theirs.content != usual.content == web.get("/").content
    assert "set-cookie" in web.get("/?seen=start").headers


def kept_of(archive: Archive, room: int = kept.MAX_KEPT_BYTES) -> KeptAnswers:
    return KeptAnswers(archive, lambda request: "", room)


def asked_for(path: str) -> Request:
    return Request({"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []})


def test_who_asks_for_what_is_being_made_waits_for_it(archive: Archive) -> None:
    made: list[str] = []
    go_on = threading.Event()

    def endpoint(request: Request) -> Response:
        made.append(request.url.path)
        go_on.wait(10)
        return respond(request, b"made", "text/plain")

    async def eight() -> list[Response]:
        answer = kept_of(archive).keep(endpoint)
        asking = [asyncio.create_task(answer(asked_for("/a"))) for _ in range(8)]
        await asyncio.sleep(0.05)
        go_on.set()
        return await asyncio.gather(*asking)

    answers = asyncio.run(eight())
    assert [one.body for one in answers] == [b"made"] * 8
    assert made == ["/a"]


def test_what_is_compressed_holds_up_no_answer_that_is_made(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[str, str] = {}
    compress = gzip.compress

    def noting(name: str, function: Callable[..., bytes]) -> Callable[..., bytes]:
        def noted(*args: object, **named: object) -> bytes:
            threads[name] = threading.current_thread().name
            return function(*args, **named)

        return noted

    monkeypatch.setattr("feeds.views.render.render_page", noting("making", render_page))
    monkeypatch.setattr("feeds.web.responses.gzip.compress", noting("packing", compress))
    web = web_of(archive)
    for method in ("GET", "HEAD", "GET"):
        answer = web.ask(method, "/notices/2.html", {"Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
        assert bool(answer.content) is (method == "GET")
        whole = web.get("/notices/2.html").content
        assert int(answer.headers["content-length"]) == len(compress(whole, 6, mtime=0))
    assert threads["making"].startswith("making")
    assert not threads["packing"].startswith(("making", threading.main_thread().name))


def test_what_may_take_long_waits_in_the_line_of_searches(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: dict[str, bool] = {}
    make = KeptAnswers._make

    async def noting(kept: KeptAnswers, endpoint: Endpoint, request: Request, slow: bool) -> Response:
        lines[str(request.url.path)] = slow
        return await make(kept, endpoint, request, slow)

    monkeypatch.setattr(KeptAnswers, "_make", noting)
    web = web_of(archive)
    long = ("/search?q=流出", "/api/search?q=流出", "/api/notices?q=流出", "/api/changes.csv")
    long += ("/api/changes/1/evidence.zip", "/api/notices/2/evidence.zip", "/api/tables/notices.csv")
    for is_long, addresses in ((True, long), (False, ("/", "/notices/2.html", "/api/changes?limit=1"))):
        for address in addresses:
            assert web.get(address).status_code == 200, address
            assert lines[address.partition("?")[0]] is is_long, address


def test_what_is_written_while_an_answer_is_made_is_not_missed(archive: Archive) -> None:
    said = ["before"]

    def endpoint(request: Request) -> Response:
        read = said[0]
        with archive.write() as writer:
            said[0] = "after"
            WRITES["put_notice"](writer)
        return respond(request, read.encode(), "text/plain")

    async def twice() -> list[bytes]:
        answer = kept_of(archive).keep(endpoint)
        return [bytes((await answer(asked_for("/a"))).body) for _ in range(2)]

    assert asyncio.run(twice()) == [b"before", b"after"]


def test_what_was_asked_for_longest_ago_makes_room(archive: Archive) -> None:
    made: list[str] = []

    def endpoint(request: Request) -> Response:
        made.append(request.url.path)
        return respond(request, b"x" * 10_000, "text/plain")

    async def ask(paths: str) -> None:
        answer = kept_of(archive, room=120_000).keep(endpoint)
        for path in paths:
            await answer(asked_for(f"/{path}"))

    asyncio.run(ask("abcdefgha" + "i" + "a" + "b"))
    assert "".join(path.strip("/") for path in made) == "abcdefghib"


def test_a_fault_is_told_to_all_who_wait_and_is_not_kept(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [ZeroDivisionError("first")]

    async def mark_at_once(_: KeptAnswers) -> int:
        return 1  # a thread that asks the archive may come back when the fault was told already

    monkeypatch.setattr(KeptAnswers, "_mark", mark_at_once)

    def endpoint(request: Request) -> Response:
        if faults:
            raise faults.pop()
        return respond(request, b"well", "text/plain")

    async def ask() -> list[object]:
        answer = kept_of(archive).keep(endpoint)
        both = await asyncio.gather(answer(asked_for("/a")), answer(asked_for("/a")), return_exceptions=True)
        return [*map(type, both), (await answer(asked_for("/a"))).body]

    assert asyncio.run(ask()) == [ZeroDivisionError, ZeroDivisionError, b"well"]


def test_an_archive_that_does_not_answer_is_said_so(archive: Archive, tmp_path: Path) -> None:
    web = web_of(archive)
    assert web.get("/feeds/all.atom").status_code == 200
    archive.close()
    ruin(tmp_path / "kohyo.db")
    assert web.get("/feeds/all.atom").status_code == 503
