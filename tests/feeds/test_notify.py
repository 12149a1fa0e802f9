from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.notify.run import (
    MAX_ATTEMPTS,
    MAX_FAILURES_IN_A_ROW,
    NotifyReport,
    notify,
    preview_messages,
    retry_delay,
)
from feeds.notify.targets import load_targets
from storage.archive import Archive, Writer
from storage.query import Delivery
from storage.records import Change, FactField, Hunk
from tests.feeds import rules, sample
from tests.feeds.receivers import Hook, PostOffice, parts

pytest.importorskip("apprise")
# one of apprise's plugins still asks Python's imghdr
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")

BASE = "https://kohyo.example/"


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)  # Monday, 09:00 in Japan

    def __call__(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at

    def later(self, **kw: float) -> None:
        self.at += timedelta(**kw)


Run = Callable[[str], NotifyReport]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def run(archive: Archive, clock: Clock, tmp_path: Path) -> Run:
    """Notifies as the command does, with these targets."""

    def notified(toml: str) -> NotifyReport:
        (tmp_path / "targets.toml").write_text(toml)
        return notify(archive, load_targets(tmp_path / "targets.toml"), base_url=BASE, now=clock)

    return notified


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as opened:
        yield opened


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


def target(url: str, *more: str, name: str = "desk") -> str:
    return "\n".join(["[[target]]", f'name = "{name}"', f'url = "{url}"', *more, ""])


def ids(hook: Hook) -> list[int]:
    return [change["id"] for post in hook.acknowledged for change in post.body["changes"]]


def test_a_new_target_hears_of_nothing_past_and_then_of_everything_once(
    archive: Archive, run: Run, hook: Hook
) -> None:
    first = run(target(hook.url))
    assert (first.first_seen, first.queued, hook.got) == (["desk"], 0, [])
    changes = sample.many(archive, 3)
    assert run(target(hook.url)).sent == 3
    assert run(target(hook.url)).sent == 0
    assert ids(hook) == [change.id for change in changes]
    post = hook.got[0]
    assert post.body["title"] == "[更新] 福岡県「自動車税に関する個人情報の漏えい事案」: 対象者数 0人 → 1人"
    assert "https://www.pref.example.lg.jp/zeimu.html" in post.body["message"]
    assert f"{BASE}notices/2.html#change-{changes[0].id}" in post.body["message"]
    assert post.key == post.body["id"]
    assert len({post.key for post in hook.got}) == 3


def test_the_past_comes_where_it_is_asked_for(run: Run, hook: Hook) -> None:
    assert run(target(hook.url, "since = 2024-01-24")).sent == 3
    assert [post.body["changes"][0]["kind"] for post in hook.got] == ["new", "updated", "withdrawn"]


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ('source = "mie"', ["mie"]),
        ('publisher = "regulator"', ["ppc"]),
        ('kind = ["withdrawn"]', ["procx"]),
        ('reason = "outcome"', ["mie"]),
        ('provision = "148"', ["ppc"]),
        ('text = "再発防止策"', ["ppc"]),
        ("min_count = 100000000", []),
        ("changed_over = 2400", ["mie"]),  # a count that went
        ("changed_over = 2401", []),
        ('outcome = "not confirmed"', []),
        ('action = "recommendation"', ["ppc"]),
        ("until = 2024-02-01", ["ppc"]),
        ('incident = "procx-2023"', ["ppc", "mie", "procx"]),
        ('material = "any"', ["ppc", "mie", "procx"]),  # what differs in notation only is told to nobody
        ("material = false", []),
    ],
)
def test_filters_choose(run: Run, hook: Hook, filter: str, expected: list[str]) -> None:
    run(target(hook.url, "since = 2024-01-24", filter))
    assert [post.body["changes"][0]["source"] for post in hook.got] == expected


def test_a_count_over_ten_thousand_that_changed_is_told_and_one_that_stands_there_is_not(
    archive: Archive, run: Run, hook: Hook
) -> None:
    asked = target(hook.url, 'kind = "updated"\nreason = "count"\nchanged_over = 10000')
    run(asked)
    with archive.write() as writer:
        story = sample.Story(writer)
        text = sample.blocks("対象は50,000人、このうち30人です。")
        stated: tuple[tuple[FactField, object, str], ...] = (
            ("count", 50_000, "50,000人"),
            ("count", 30, "30人"),
        )
        notice = story.notice("mie", "https://x.example/1", "漏えい", "2025-01-01", text, facts=stated)
        for day, old, new in (("2025-01-02", "30人", "31人"), ("2025-01-03", "50,000人", "62,000人")):
            story.change(notice, day, "updated", reasons=("count",), facts=sample.counts(old, new))
    assert run(asked).sent == 1
    (post,) = hook.got
    assert "50,000人 → 62,000人" in post.body["title"]


def test_a_widened_filter_does_not_bring_the_past(archive: Archive, run: Run, hook: Hook) -> None:
    run(target(hook.url, 'kind = "withdrawn"'))
    sample.many(archive, 2)
    run(target(hook.url, 'kind = "withdrawn"'))
    later = sample.many(archive, 2, first="2025-02-01")
    run(target(hook.url))
    assert ids(hook) == [change.id for change in later]


def test_a_link_confirmed_later_tells_what_was_found_since(archive: Archive, run: Run, hook: Hook) -> None:
    run(target(hook.url, 'incident = "procx-2023"'))
    with archive.write() as writer:
        story = sample.Story(writer)
        notice = story.notice(
            "okinawa", "https://o.example.jp/", "漏えいについて", "2025-01-01", sample.blocks("文")
        )
    assert run(target(hook.url, 'incident = "procx-2023"')).sent == 0
    with archive.write() as writer:
        incident = next(one for one in writer.incidents() if one.slug == sample.SLUG)
        writer.set_link(sample.IncidentLink(incident.id, notice.id, "confirmed"))
    assert run(target(hook.url, 'incident = "procx-2023"')).sent == 1
    assert run(target(hook.url, 'incident = "procx-2023"')).sent == 0


def test_old_captures_brought_in_later_are_no_news(archive: Archive, run: Run, hook: Hook) -> None:
    run(target(hook.url))
    with archive.write() as writer:
        brought = writer.start_run("import", sample.at("2026-01-05"))
        notice = writer.notice(2)
        assert notice is not None
        story = sample.Story(writer)
        story.change(notice, "2020-01-01", "updated", run=brought.id, reasons=("count",))
        seen = story.change(notice, "2025-01-01", "updated", run=brought.id, reasons=("count",))
    run(target(hook.url))
    assert ids(hook) == [seen.id]


def test_a_refusal_is_tried_again_later_with_the_same_identity(
    archive: Archive, run: Run, hook: Hook, clock: Clock
) -> None:
    run(target(hook.url))
    sample.many(archive, 1)
    hook.before = lambda _: False
    report = run(target(hook.url))
    assert (report.sent, report.waiting) == (0, 1)
    assert re.fullmatch(r"target desk: Failed to send JSON .*error=503\. \(attempt 1\)", report.failures[0])
    assert len(hook.got) == 1
    run(target(hook.url))
    assert len(hook.got) == 1  # not yet
    hook.before = lambda _: True
    clock.later(minutes=6)
    assert run(target(hook.url)).sent == 1
    assert len({post.key for post in hook.got}) == 1


def test_what_a_clock_that_was_ahead_put_off_is_sent_once_it_is_right(
    archive: Archive, run: Run, hook: Hook, clock: Clock
) -> None:
    began = clock.at
    run(target(hook.url))
    sample.many(archive, 1)
    hook.before = lambda _: False
    clock.later(days=20_000)
    assert run(target(hook.url)).waiting == 1
    hook.before = lambda _: True
    clock.at = began + timedelta(minutes=1)
    assert run(target(hook.url)).sent == 1
    assert len({post.key for post in hook.got}) == 1


def test_a_digest_goes_on_after_a_clock_that_was_ahead(
    archive: Archive, run: Run, hook: Hook, clock: Clock
) -> None:
    toml = target(hook.url, 'mode = "digest"', 'every = "1d"')
    began = clock.at
    run(toml)
    clock.later(days=20_000)
    run(toml)
    clock.at = began + timedelta(hours=1)
    sample.many(archive, 2)
    assert run(toml).sent == 0
    clock.later(days=1)
    assert run(toml).sent == 1


def test_it_is_given_up_in_the_end_with_an_alert(
    archive: Archive, run: Run, hook: Hook, clock: Clock
) -> None:
    run(target(hook.url))
    sample.many(archive, 1)
    hook.before = lambda _: False
    for attempt in range(1, MAX_ATTEMPTS + 1):
        report = run(target(hook.url))
        clock.later(seconds=retry_delay(attempt).total_seconds())
    assert report.failures[0].endswith(f"(attempt {MAX_ATTEMPTS}); given up")
    assert report.waiting == 0
    run(target(hook.url))
    assert len(hook.got) == MAX_ATTEMPTS
    with archive.read() as reader:
        (alert,) = reader.alerts(kinds=("notification",))
    assert alert.detail.endswith("given up")
    assert sum((retry_delay(n) for n in range(1, MAX_ATTEMPTS)), timedelta()) > timedelta(days=1)


def test_a_dead_target_is_left_alone_and_holds_up_nobody(
    archive: Archive, run: Run, hook: Hook, clock: Clock
) -> None:
    with Hook() as dead:
        toml = target(dead.url, name="dead") + target(hook.url)
        run(toml)
        sample.many(archive, 6)
        dead.before = lambda _: False
        report = run(toml)
        assert (report.sent, report.waiting, len(dead.got)) == (6, 6, MAX_FAILURES_IN_A_ROW)
        dead.before = lambda _: True
        clock.later(hours=1)
        assert run(toml).sent == 6
        assert sorted(ids(dead)) == sorted(ids(hook))


def test_a_redirect_is_no_acknowledgement(archive: Archive, run: Run, hook: Hook) -> None:
    run(target(hook.url))
    sample.many(archive, 1)
    hook.redirect = f"http://127.0.0.1:{hook.port}/elsewhere"
    assert run(target(hook.url)).sent == 0


def test_no_password_leaves_in_a_message(archive: Archive, run: Run) -> None:
    url = "json://me:geheim@127.0.0.1:1/hook"
    run(target(url))
    sample.many(archive, 1)
    report = run(target(url))
    assert report.failures
    assert "geheim" not in "".join(report.failures)


def test_a_dry_run_says_it_all_and_changes_nothing(
    archive: Archive, run: Run, hook: Hook, clock: Clock, tmp_path: Path
) -> None:
    run(target(hook.url))
    sample.many(archive, 2)
    for _ in range(2):
        told = list(
            preview_messages(archive, load_targets(tmp_path / "targets.toml"), base_url=BASE, now=clock)
        )
        assert [message.title for _, message in told] == [
            "[更新] 福岡県「自動車税に関する個人情報の漏えい事案」: 対象者数 0人 → 1人",
            "[更新] 福岡県「自動車税に関する個人情報の漏えい事案」: 対象者数 1人 → 2人",
        ]
    assert hook.got == []
    run(target(hook.url))
    assert [post.key for post in hook.got] == [message.id for _, message in told]


# --- mail ------------------------------------------------------------------------------------


def test_a_mail_is_text_and_html_with_a_lasting_id(
    archive: Archive, run: Run, office: PostOffice, clock: Clock
) -> None:
    run(target(office.url, 'lang = "en"'))
    sample.many(archive, 1)
    office.before = lambda _: False
    assert run(target(office.url, 'lang = "en"')).sent == 0
    office.before = lambda _: True
    clock.later(minutes=6)
    assert run(target(office.url, 'lang = "en"')).sent == 1
    first, second = office.got
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@kohyo.invalid>")
    assert second["To"] == "desk@example.com"
    assert (
        second["Subject"]
        == "[Updated] 福岡県 “自動車税に関する個人情報の漏えい事案”: persons affected 0 people (0人) → 1 person (1人)"
    )
    assert len(second.get_all("Message-ID")) == 1
    text, html = parts(second)
    assert "persons affected" in text
    assert '<ins>1 person (<span lang="ja">1人</span>)</ins>' in html


def test_a_digest_waits_for_the_morning_and_groups(
    archive: Archive, run: Run, office: PostOffice, clock: Clock
) -> None:
    toml = target(office.url, 'mode = "digest"', 'every = "1d"')
    run(toml)
    with archive.write() as writer:
        story = sample.Story(writer)
        notices = {notice.source: notice for notice in writer.notices()}
        for source in ("fukuoka", "mie"):
            story.change(notices[source], "2026-01-05", "updated", facts=sample.counts("1人", "2人"))
        story.notice("okinawa", "https://o.example.jp/", "別の事案", "2026-01-05", sample.blocks("文"))
    assert (run(toml).sent, office.got) == (0, [])
    clock.later(hours=23, minutes=30)
    assert run(toml).sent == 1
    assert run(toml).sent == 0
    (mail,) = office.got
    assert mail["Subject"] == "公表 kohyo: 2026年1月5日の変更 3件"
    text, html = parts(mail)
    headings = [line for line in text.splitlines() if line.startswith("■")]
    assert headings == [f"■ {sample.INCIDENT.name}", "■ そのほかの公表"]
    assert text.index("[更新] 福岡県") < text.index("[更新] 三重県") < text.index("[新規] 沖縄県「別の事案」")
    rules.harmless(html.partition("<body>")[2].removesuffix("</body></html>\n"))
    assert html.count("<li>") >= 3


def test_a_digest_begins_with_what_was_rewritten_without_a_word(
    archive: Archive, run: Run, office: PostOffice, clock: Clock
) -> None:
    toml = target(office.url, 'mode = "digest"')
    run(toml)
    with archive.write() as writer:
        story = sample.Story(writer)
        notices = {notice.source: notice for notice in writer.notices()}
        counts = sample.counts("1人", "2人")
        story.change(notices["fukuoka"], "2026-01-05", "updated", facts=counts)
        story.change(notices["mie"], "2026-01-05", "updated", facts=counts)
        told = {"facts": counts, "reasons": ("count", "silent")}
        story.change(notices["mie"], "2026-01-05", "updated", hour=2, **told)
    clock.later(days=1)
    assert run(toml).sent == 1
    (mail,) = office.got
    lead = "断りなく書き換え: 対象者数 1人 → 2人 — 三重県"
    assert str(mail["Subject"]).startswith(lead)
    assert str(mail["Subject"]).endswith("(公表 kohyo: 2026年1月5日の変更 3件)")
    text, html = parts(mail)
    assert text.index(lead) < text.index("[更新] 三重県") < text.index("[更新] 福岡県")
    assert f"\n{lead}" in text
    assert text.count("\n  2026年1月5日 ") == html.count("<br>2026年1月5日 ") == 3


def test_a_weekly_digest_comes_on_mondays(
    archive: Archive, run: Run, office: PostOffice, clock: Clock
) -> None:
    toml = target(office.url, 'mode = "digest"', 'every = "7d"')
    run(toml)
    sample.many(archive, 2, first="2026-01-06")
    clock.later(days=6)
    assert run(toml).sent == 0
    clock.later(hours=23)
    assert run(toml).sent == 1


def test_a_digest_that_runs_once_a_week_is_not_a_week_late(
    archive: Archive, run: Run, office: PostOffice, clock: Clock
) -> None:
    toml = target(office.url, 'mode = "digest"', 'every = "7d"')
    run(toml)
    sample.many(archive, 2, first="2026-01-06")
    clock.later(days=7)
    assert run(toml).sent == 1


def test_a_digest_tried_again_says_the_same(
    archive: Archive, run: Run, office: PostOffice, clock: Clock
) -> None:
    """It may have arrived though its acknowledgement got lost: what came since must not join it."""
    toml = target(office.url, 'mode = "digest"')
    run(toml)
    sample.many(archive, 2, first="2026-01-05")
    clock.later(days=1)
    office.before = lambda _: False
    run(toml)
    sample.many(archive, 1, first="2026-01-06")
    office.before = lambda _: True
    clock.later(days=1)
    assert run(toml).sent == 2
    tried, again, new = office.got
    assert tried["Message-ID"] == again["Message-ID"] != new["Message-ID"]
    assert tried["Subject"] == again["Subject"] == "公表 kohyo: 2026年1月5日の変更 2件"
    assert new["Subject"] == "公表 kohyo: 2026年1月6日の変更 1件"


def test_a_digest_whose_sender_dies_after_the_acknowledgement_comes_again_as_it_was(
    archive: Archive, run: Run, office: PostOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = target(office.url, 'mode = "digest"')
    run(toml)
    sample.many(archive, 2, first="2026-01-05")
    clock.later(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(Writer, "put_delivery", unless_sent)
        with pytest.raises(KeyboardInterrupt):
            run(toml)
    sample.many(archive, 1, first="2026-01-06")
    assert run(toml).sent == 1
    died, again = office.acknowledged
    assert died["Message-ID"] == again["Message-ID"]
    assert parts(died) == parts(again)
    clock.later(days=1)
    assert run(toml).sent == 1


def unless_sent(writer: Writer, state: Delivery) -> None:
    if state.status == "sent":
        raise KeyboardInterrupt
    put_delivery(writer, state)


put_delivery = Writer.put_delivery


def test_a_flood_comes_in_several_digests(archive: Archive, run: Run, hook: Hook, clock: Clock) -> None:
    toml = target(hook.url, 'mode = "digest"')
    run(toml)
    changes = sample.many(archive, 120, first="2026-01-05")
    clock.later(days=7)
    assert run(toml).sent == 3
    assert ids(hook) == [change.id for change in changes]


HOSTILE = [
    "<script>alert(1)</script>漏えい",
    "件名\r\nBcc: victim@example.com\r\n\r\n本文",
    "\x00\x1b[2J\ud800漏えい",
    "長" * 10_000,
    "&lt;img src=x onerror=alert(1)&gt;",
    "\u202e逆から",
    "",
]


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("mode", ["immediate", "digest"])
def test_hostile_titles_stay_words(
    archive: Archive, run: Run, office: PostOffice, hook: Hook, clock: Clock, title: str, mode: str
) -> None:
    mode = f'mode = "{mode}"'
    toml = target(office.url, mode, name="mail") + target(hook.url, mode, name="hook")
    run(toml)
    with archive.write() as writer:
        writer.add_change(
            Change(
                2, "fukuoka", "javascript:alert(1)", title, sample.at("2026-01-05"), "withdrawn", True,
                summary=title, hunks=(Hunk("change", title, f"{title}<b>"),),
            )
        )  # fmt: skip
    clock.later(days=1)
    assert run(toml).sent == 2
    (mail,) = office.got
    text, html = parts(mail)
    assert mail["Bcc"] is None
    assert len(mail["Subject"]) < 300
    rules.harmless(html.partition("<body>")[2].removesuffix("</body></html>\n"))
    assert not rules.FORBIDDEN.search(text + html)
    assert not re.search(r"(href|src)=.?javascript", html)
    assert not rules.FORBIDDEN.search(hook.got[0].body["title"])
    json.dumps(hook.got[0].body)
