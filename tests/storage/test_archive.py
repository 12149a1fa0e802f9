"""What is stored comes back as it was, the same on both engines."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError

from storage.archive import Archive, Writer, open_archive
from storage.db import tables
from storage.errors import NotFound
from storage.query import Coverage, Delivery
from storage.records import (
    Alert,
    Block,
    Change,
    Check,
    Fact,
    FactChange,
    Hunk,
    Incident,
    IncidentLink,
    Link,
    ListingRules,
    Notice,
    Offer,
    Page,
    Segment,
    Source,
    Validators,
)
from tests.storage.builders import NOW, change, count, later, notice, publish, read, snapshot, version, watch


def test_a_source_is_replaced_by_its_newer_declaration(archive: Archive) -> None:
    source = Source(
        "city", "例示市", "affected", ("https://a/",), listing=ListingRules("li", expect=(3, None))
    )
    with archive.write() as writer:
        writer.put_source(replace(source, name="旧"))
        writer.put_source(source)
        assert writer.source("city") == source
        assert writer.sources() == [source]
        assert writer.source("other") is None


def test_a_page_keeps_its_state(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        assert watch(writer) == page
        stored = writer.add_snapshot(snapshot(page, b"x"))
        state = replace(
            page,
            validators=Validators('W/"ä"', "Tue, 17 Oct 2023 00:00:00 GMT"),
            due_at=later(hours=1),
            last_checked=NOW,
            last_success=NOW,
            last_changed=NOW,
            failures=2,
            missing_since=NOW,
            gone=True,
            snapshot=stored.id,
            held="k",
            volatile=("a", "b"),
            changes_seen=3,
            settled=True,
            fetched_at=NOW,
        )
        writer.put_page(state)
    with archive.read() as reader:
        assert reader.page("example", page.url) == state
        assert reader.page("example", page.url, "listing") is None
        assert reader.page("other", page.url) is None
        assert reader.page_by_id(page.id) == state
        assert reader.pages("example", "page") == [state]
        assert reader.pages("example", "listing") == reader.pages("other") == []


def test_one_address_may_have_two_roles_and_any_length(archive: Archive) -> None:
    url = "https://www.example.jp/" + "長い" * 5000
    with archive.write() as writer:
        page = watch(writer, url)
        listing = writer.add_page("example", url, "listing")
        assert listing.id != page.id
        assert writer.page("example", url, "listing") == listing


def test_a_page_of_no_source_is_refused(archive: Archive) -> None:
    with pytest.raises(NotFound, match="nobody"), archive.write() as writer:
        writer.add_page("nobody", "https://a/", "page")


def test_attachments_hang_on_their_page(archive: Archive) -> None:
    with archive.write() as writer:
        watch(writer)
        page = writer.add_page("example", "https://a/1", "page", due_at=NOW)
        attached = writer.add_page("example", "https://a/x.pdf", "attachment", parent=page.id)
        assert writer.attachments_of(page.id) == [attached]


def test_checks_come_newest_first(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        run = writer.start_run("crawl", NOW)
        made = [
            writer.add_check(Check(page.id, run.id, later(hours=n), "not-modified", 304, f"{n}"))
            for n in range(3)
        ]
        assert writer.checks(page.id, 2) == [made[2], made[1]]
        assert writer.checks_of_source("example", 2) == [(page.url, made[2]), (page.url, made[1])]
        assert writer.checks_of_source("example", after=made[1].id) == [(page.url, made[0])]
        assert writer.checks_of_source("other") == []
        assert (writer.check(made[0].id), writer.check(99)) == (made[0], None)
        assert writer.was_checked("example", page.url, later(hours=1))
        assert not writer.was_checked("example", page.url, later(hours=9))


def test_a_first_visit_is_one_until_the_next_run(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        first = writer.start_run("crawl", NOW)
        writer.add_check(Check(page.id, first.id, NOW, "version"))
        assert writer.is_first_visit("example", first.id)
        assert not writer.is_first_visit("example", writer.start_run("crawl", later(hours=1)).id)


def test_times_are_instants(archive: Archive) -> None:
    japan = timezone(timedelta(hours=9))
    with archive.write() as writer:
        page = watch(writer)
        writer.put_page(replace(page, due_at=datetime(2023, 10, 17, 12, 0, 0, 123456, tzinfo=japan)))
        stored = writer.page_by_id(page.id)
        assert stored is not None
        assert stored.due_at == later(microseconds=123456)
        assert stored.due_at.utcoffset() == timedelta(0)
        with pytest.raises(ValueError, match="naive"):
            writer.put_page(replace(page, due_at=datetime(2023, 10, 17)))  # noqa: DTZ001


def test_a_snapshot_keeps_bytes_headers_and_redirects(archive: Archive) -> None:
    body = bytes(range(256)) * 10
    with archive.write() as writer:
        page = watch(writer)
        given = replace(snapshot(page, body), redirects=("https://a/", "https://b/"))
        stored = writer.add_snapshot(given)
        assert stored == replace(given, id=stored.id, body=None)
        assert writer.snapshot(stored.id) == stored
        assert writer.snapshot(stored.id, body=True) == replace(stored, body=body)
        assert writer.snapshots(page.id) == [stored]
        assert writer.snapshot(stored.id + 1) is None


def test_versions_are_numbered_within_their_page(archive: Archive) -> None:
    with archive.write() as writer:
        page, other = watch(writer), watch(writer, "https://www.example.jp/2")
        made = [read(writer, page, f"第{n}版", title="題", at=later(days=n)) for n in range(25)]
        assert [v.number for v in made] == list(range(1, 26))
        assert read(writer, other, "別").number == 1
    with archive.read() as reader:
        assert reader.versions(page.id) == made
        assert reader.version(made[3].id) == made[3]
        assert reader.earlier_keys(page.id) == [(v.id, v.key) for v in made]
        assert reader.version(10**6) is None


def test_a_version_keeps_all_that_was_read(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        stored = writer.add_snapshot(snapshot(page, b"x"))
        given = replace(
            version(page, stored, "\ud800 hostile \0", title="題"),
            text="not its blocks joined \ud800",
            blocks=(Block("row", "a | b", ("a", "b"), ("h", "i"), (Link("t", "https://a/"),)),),
            attachments=(Link("報告書", "https://a/x.pdf"),),
            published=date(2023, 10, 17),
            updated=date(2023, 10, 18),
            encoding="cp932",
            replaced=2,
        )
        made = writer.add_version(given)
        assert writer.version(made.id) == replace(given, id=made.id, number=1)


def test_a_version_derived_again_replaces_itself(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        made = [read(writer, page, f"第{n}版 お問い合わせ先", at=later(days=n)) for n in range(4)]
        writer.add_notice(notice(page))
        writer.put_page(replace(page, version=made[-1].id))
        again = [replace(v, text=f"{v.text}の本文", blocks=(Block("text", f"{v.text}の本文"),)) for v in made]
        for each in again:
            writer.replace_version(each)
        assert writer.versions(page.id) == again
        assert [hit.version for hit in writer.search("版お問い合わせ先の本文")] == [made[-1].id]
        writer.replace_facts(made[0].id, [Fact("count", 1, "1件", 0, 2)])
        writer.replace_facts(made[0].id, [Fact("count", 2, "2件", 0, 2)])
        assert [fact.value for fact in writer.facts(made[0].id)] == [2]
    assert list(archive.verify()) == []


def test_what_says_the_same_when_it_is_derived_again_is_left_alone_but_for_its_recipe(
    archive: Archive,
) -> None:
    with archive.write() as writer:
        page = watch(writer)
        made = [read(writer, page, f"第{n}版", at=later(days=n)) for n in range(2)]
        facts = [Fact("count", 1, "1件", 0, 2), Fact("phone", "0120", "0120", 3, 7)]
        writer.replace_facts(made[1].id, facts)
        writer.put_past_blocks(page.id, {1, 2})
        again = replace(made[1], recipe=replace(made[1].recipe, rules=99))
        assert not writer.replace_version(again)
        assert not writer.replace_facts(again.id, facts)
        assert writer.versions(page.id) == [made[0], again]
        assert writer.past_blocks(page.id) == {1, 2}
        for other in (replace(again, title="別の題"), replace(again, key="別"), replace(again, replaced=1)):
            assert writer.replace_version(other)
            assert writer.version(again.id) == other
        assert writer.past_blocks(page.id) is None
        assert writer.replace_facts(again.id, facts[:1])
    assert list(archive.verify()) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", 9_280_000),
        ("count", None),
        ("count", 10**15),
        ("date", "2023-10"),
        ("provision", {"law": "法", "article": "148", "paragraph": None}),
        ("organisation", "福岡県"),
    ],
)
def test_facts_keep_value_place_and_wording(archive: Archive, field: str, value: object) -> None:
    fact = Fact(field, value, "約928万件\ud83d", 3, 9, "件", ("約", "最大"), "委託元")  # type: ignore[arg-type]
    with archive.write() as writer:
        made = read(writer, watch(writer), "文")
        writer.add_facts(made.id, [fact])
        assert writer.facts(made.id) == [replace(fact, raw="約928万件\ufffd")]


def test_what_pages_say_now_with_their_attachments(archive: Archive) -> None:
    def say(page: Page, *values: int) -> None:
        for value in values:
            made = read(writer, page, f"{value}件")
            facts = [Fact("count", value, f"{value}件", 0, 2), Fact("action", "guidance", "指導", 0, 2)]
            writer.add_facts(made.id, facts)
            writer.put_page(replace(page, version=made.id))

    with archive.write() as writer:
        changed, silent = watch(writer), watch(writer, "https://www.example.jp/2")
        papers = [
            writer.add_page("example", f"https://www.example.jp/{n}.pdf", "attachment", parent=changed.id)
            for n in range(2)
        ]
        say(papers[1], 5)
        say(papers[0], 3, 4)
        say(changed, 1, 2)
        others = range(10_000, 11_001)  # as one parameter
        found = writer.current_facts([silent.id, *others, changed.id], ["count"])
        assert [fact.value for fact in found[changed.id]] == [2, 4, 5]
        assert not any(facts for page, facts in found.items() if page != changed.id)
        assert set(found) == {silent.id, changed.id, *others}


def test_a_notice_counts_versions_and_incidents(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        given = replace(
            notice(page), published=date(2023, 10, 17), updated=date(2023, 12, 19), status="listed"
        )
        made = writer.add_notice(given)
        read(writer, page, "一")
        read(writer, page, "二")
        for slug, status in (("b", "confirmed"), ("a", "declared"), ("c", "suggested")):
            known = writer.put_incident(Incident(slug, slug))
            writer.set_link(IncidentLink(known.id, made.id, status, ("同じ電話番号",), 0.5))  # type: ignore[arg-type]
        expected = replace(given, id=made.id, versions=2, incidents=("a", "b"))
        assert writer.notice(made.id) == expected
        assert writer.notices() == writer.notices_of_page(page.id) == [expected]
        writer.put_notice(replace(made, title="改題", last_seen=later(days=1)))
        writer.touch_notices(page.id, later(days=2))
        assert [n.title for n in writer.notices()] == ["改題"]


def test_a_change_keeps_its_difference(archive: Archive) -> None:
    with archive.write() as writer:
        made = publish(writer, "本文")
        first, second = writer.versions(made.page)[0], read(writer, writer.pages()[0], "改めた本文")
        given = Change(
            notice=made.id,
            source="example",
            url=made.url,
            title="お知らせ",
            detected_at=NOW,
            kind="updated",
            material=False,
            reasons=("count", "silent"),
            summary="約900万件 → 928万件",
            from_version=first.id,
            to_version=second.id,
            hunks=(Hunk("change", "旧", "新", (Segment("旧", "新"),), ("count",), "表"),),
            facts=(FactChange("count", None, "928万件"),),
            run=writer.start_run("crawl", NOW).id,
        )
        stored = writer.add_change(given)
        assert writer.change(stored.id) == replace(given, id=stored.id)
        assert writer.changes() == writer.changes_of_notice(made.id) == [stored]
        assert writer.change(stored.id + 1) is None


def test_the_same_change_is_not_stored_twice(archive: Archive) -> None:
    with archive.write() as writer:
        made = publish(writer, "本文")
        writer.add_change(change(made))
    with pytest.raises(IntegrityError), archive.write() as writer:
        writer.add_change(change(made))


def test_an_error_takes_back_the_whole_transaction(archive: Archive) -> None:
    with suppress(KeyError), archive.write() as writer:
        publish(writer, "本文")
        raise KeyError
    with archive.read() as reader:
        assert reader.sources() == reader.notices() == reader.search("本文") == []


def test_a_reader_sees_one_state(archive: Archive) -> None:
    with archive.write() as writer:
        watch(writer)
    with archive.read() as reader:
        before = reader.pages()
        with archive.write() as writer:
            watch(writer, "https://www.example.jp/2")
        assert reader.pages() == before
    with archive.read() as reader:
        assert len(reader.pages()) == 2


def test_an_alert_that_comes_back_within_a_day_is_counted(archive: Archive) -> None:
    with archive.write() as writer:
        watch(writer)
        alert = Alert("blocked", "example", "https://a/", "403", NOW)
        first = writer.raise_alert(alert)
        again = writer.raise_alert(replace(alert, detail="503", raised_at=later(hours=23)))
        assert (again.id, again.times, again.detail, again.raised_at) == (first.id, 2, "503", NOW)
        assert writer.raise_alert(replace(alert, kind="soft-404")).id != first.id
        assert writer.raise_alert(replace(alert, raised_at=later(hours=48))).times == 1
        assert [a.last_seen for a in writer.alerts(("example",))] == [later(hours=48), later(hours=23), NOW]
        assert writer.alerts(kinds=("soft-404",), since=NOW, until=later(hours=1))[0].kind == "soft-404"
        assert writer.alerts(since=later(hours=49)) == writer.alerts(("other",)) == []
        (newest,) = writer.alerts(limit=1)
        assert [a.id for a in writer.alerts(after=newest.id)] == [a.id for a in writer.alerts()][1:]
        assert (writer.alert(newest.id), writer.alert(99)) == (newest, None)


def test_an_offer_is_made_once_and_decided_once(archive: Archive) -> None:
    with archive.write() as writer:
        watch(writer)
        made = writer.add_offer(Offer("example", "https://city.example.jp/", "例示市", NOW))
        assert writer.add_offer(replace(made, title="other", offered_at=later(days=1))) == made
        assert writer.offers("suggested") == writer.offers() == [made]
        assert writer.set_offer(made.id, "confirmed")
        assert not writer.set_offer(made.id, "rejected")
        assert writer.offers() == [replace(made, status="confirmed")]
        assert not writer.set_offer(999, "rejected")


def test_an_incident_is_known_by_its_slug(archive: Archive) -> None:
    with archive.write() as writer:
        known = writer.put_incident(Incident("procx", "ProCX", aliases=("ProX",)))
        newer = writer.put_incident(Incident("procx", "ProCX 2023", window=(date(2023, 7, 1), None)))
        assert newer.id == known.id
        assert writer.incident("procx") == newer
        assert writer.incidents() == [newer]
        made = publish(writer, "本文")
        link = IncidentLink(newer.id, made.id, "suggested", ("同じ電話番号",), 0.75)
        writer.set_link(replace(link, score=0.1))
        writer.set_link(link)
        assert writer.incident_links("procx") == writer.links_of_notice(made.id) == [link]


def test_blocks_are_counted_over_pages(archive: Archive) -> None:
    with archive.write() as writer:
        pages = [watch(writer, f"https://www.example.jp/{n}").id for n in range(3)]
        writer.put_host_blocks("h", pages[0], ["menu", "a"])
        writer.put_host_blocks("h", pages[1], ["menu", "b", "b"])
        writer.put_host_blocks("other", pages[2], ["menu"])
        writer.put_host_blocks("h", pages[0], ["menu", "c"])
        writer.put_host_blocks("h", pages[0], ["menu", "c"])
        assert writer.blocks_elsewhere(pages[2], "h", at_least=1) == {"menu": 2, "b": 1, "c": 1}
        assert writer.blocks_elsewhere(pages[2], "h", at_least=2) == {"menu": 2}
        assert writer.blocks_elsewhere(pages[0], "h", at_least=1) == {"menu": 1, "b": 1}


def test_runs_come_newest_first(archive: Archive) -> None:
    with archive.write() as writer:
        first, second = writer.start_run("crawl", NOW), writer.start_run("import", later(hours=1))
        done = replace(second, status="done", finished_at=later(hours=2), stats={"pages": 3})
        writer.finish_run(done)
        assert writer.runs() == [done, first]


def test_coverage_tells_silence_from_failure(archive: Archive) -> None:
    with archive.write() as writer:
        writer.put_source(Source("new", "New", "company"))
        page, broken = watch(writer), watch(writer, "https://www.example.jp/2")
        writer.add_notice(notice(page))
        writer.put_page(replace(page, last_checked=NOW, last_success=NOW, last_changed=later(days=-1)))
        writer.put_page(replace(broken, last_checked=later(hours=1), failures=3))
        writer.raise_alert(Alert("blocked", "example", broken.url, "403", later(hours=1)))
        writer.raise_alert(Alert("blocked", "example", page.url, "403", later(hours=-1)))
        assert writer.coverage() == [
            Coverage(
                "example", 2, 1, later(hours=1), NOW, NOW, later(days=-1), 1, 1, state=("address-unknown",)
            ),
            Coverage("new", 0, 0, None, None, None, None, 0, 0, state=("address-unknown",)),
        ]


def test_the_outbox_holds_each_notification_once(archive: Archive) -> None:
    with archive.write() as writer:
        made = writer.add_change(change(publish(writer, "本文")))
        assert writer.queue([made.id], "mail", NOW) == 1
        assert writer.queue([made.id], "mail", NOW) == 0
        assert writer.queue([made.id], "chat", later(hours=1)) == 1
        assert writer.queue([], "chat", NOW) == 0
        (due,) = [row for row in writer.deliveries() if row.due_at <= NOW]
        assert due == Delivery(made.id, "mail", NOW, id=due.id)
        writer.put_delivery(replace(due, attempts=1, error="timeout", due_at=later(minutes=5)))
        assert [row for row in writer.deliveries() if row.due_at <= NOW] == []
        writer.put_delivery(replace(due, status="sent", sent_at=later(minutes=6), attempts=2))
        assert [d.target for d in writer.deliveries()] == ["chat"]


def test_titles_hold_what_no_database_can(archive: Archive) -> None:
    with archive.write() as writer:
        made = writer.add_notice(notice(watch(writer), "a\0b\ud800c" + "長" * 10_000))
        stored = writer.notice(made.id)
        assert stored is not None
        assert stored.title == "a\ufffdb\ufffdc" + "長" * 10_000
        assert isinstance(stored, Notice)


def test_addresses_of_an_older_archive_are_sorted_anew(archive: Archive) -> None:
    spelled = "https://a.example/n/1.html;jsessionid={}"
    with archive.write() as writer:
        writer.put_source(Source("city", "例示市", "affected"))
        old = [writer.add_page("city", f"https://a.example/{n}", "page") for n in "ab"]
        for page, session, seen in zip(old, ("A1", "B2"), (NOW, NOW + timedelta(days=1)), strict=True):
            url = spelled.format(session)
            writer.put_page(replace(page, last_checked=seen))
            values = {"url": url, "url_hash": hashlib.sha256(url.encode()).digest()[:16]}
            writer._db.execute(tables.page.update().where(tables.page.c.id == page.id).values(**values))
        writer._db.execute(tables.setting.delete().where(tables.setting.c.name == "places"))
    again = open_archive(archive._url.render_as_string(hide_password=False))
    with again, again.read() as reader:
        found = reader.page("city", "http://a.example/n/1.html?utm_source=x", "page")
        assert found is not None
        assert found.id == old[1].id, "the one that was visited last"
        assert len(reader.pages("city")) == 2
    with archive.write() as writer:
        writer.sort_addresses()  # again, and nothing moves
        assert writer.page("city", "https://a.example/n/1.html") == found
        writer.respell(found.id, "https://a.example/n/1.html")
        assert writer.page("city", "https://a.example/n/1.html").url == "https://a.example/n/1.html"


def test_differences_stored_before_they_had_a_place_are_read_with_it(archive: Archive) -> None:
    former = (
        Hunk("change", "旧", "新", reasons=("title",), label="title"),
        Hunk("change", "1", "2", (Segment("1", "2"),), ("date",), "更新日"),
        Hunk("link", "A", "B", reasons=("link",), label="差し替わるリンク枠"),
        Hunk("cell", "1人", "2人", reasons=("count",), label="date"),
    )
    with archive.write() as writer:
        made = publish(writer, "本文")
        told = writer.add_change(change(made, hunks=former))
    with archive.read() as reader:
        hunks = reader.hunks_of([told.id])[told.id]
    assert [(hunk.place, hunk.label) for hunk in hunks] == [
        ("title", ""),
        ("stamp", ""),
        ("slot", ""),
        ("", "date"),
    ]


def test_what_was_added_last_is_what_is_read_later(archive: Archive) -> None:
    facts = [Fact("count", 31, "31人", 3, 6, unit="人", qualifiers=("about",)), count(5)]
    with archive.write() as writer:
        page = watch(writer)
        for turn, said in enumerate(("本文31人", "a\0b\ud800\nc", "終わり")):
            added = read(writer, page, said, title=f"題{said}", at=later(days=turn))
            writer.add_facts(added.id, facts[: turn + 1])
            at_once = writer.version(added.id), writer.facts(added.id)
            again = Writer(writer._db)
            assert at_once == (again.version(added.id), again.facts(added.id))
        writer.replace_facts(added.id, facts[:1])
        assert writer.facts(added.id) == facts[:1]
