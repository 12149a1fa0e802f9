"""An attachment is what it holds: neither its address nor whether it can be read decides."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from monitor.demo.pdf_maker import render
from spiders.base import SourceSpider
from storage.archive import Archive, open_archive
from storage.query import Query
from storage.records import PageRules, Reading, Source
from tests.crawling import Crawl
from tests.databases import database_at
from tests.monitor.story import DAY, LEAK, LIST, Story, html, told
from tests.spiders.site import Site

SHEET = b"PK\x03\x04 no office file"


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


def visit(story: Story, link: str, **files: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """One look at the page, with its link and the files that were fetched, under names without dots."""
    attached = tuple(
        story.capture(body, DAY, url=f"{LIST}{name.replace('__', '/').replace('_', '.')}", role="attachment")
        for name, body in files.items()
    )
    page = html(LEAK, f"<a href='{LIST}{link}'>経緯（PDF：31KB）</a>")
    return told(story.page(page, DAY, attachments=attached))


def test_the_same_bytes_at_another_address_are_no_change(story: Story) -> None:
    report = render(("経緯", "対象は3,100件です。"))
    visit(story, "a/r.pdf", a__r_pdf=report)
    assert visit(story, "b/r.pdf", a__r_pdf=report, b__r_pdf=report) == []
    assert visit(story, "b/r.pdf", a__r_pdf=report, b__r_pdf=report) == []


def test_other_bytes_at_another_address_are_told(story: Story) -> None:
    visit(story, "a/r.pdf", a__r_pdf=render(("経緯", "対象は3,100件です。")))
    told_of = visit(story, "b/r.pdf", b__r_pdf=render(("経緯", "対象は4,200件です。")))
    assert [kind for kind, _ in told_of] == ["updated"]
    assert "attachment" in told_of[0][1]


def test_a_file_nobody_can_read_is_told_when_it_is_replaced_and_only_then(story: Story) -> None:
    visit(story, "r.xlsx", r_xlsx=SHEET)
    assert visit(story, "r.xlsx", r_xlsx=SHEET) == []
    assert visit(story, "r.xlsx", r_xlsx=SHEET + b"!") == [("updated", ("attachment",))]
    assert visit(story, "r.xlsx", r_xlsx=SHEET + b"!") == []


GONE = html("お探しのファイルは見つかりませんでした。", title="ログイン")


@pytest.mark.parametrize(
    ("file", "moved"),
    [
        (render(("経緯", "対象は3,100件です。")), GONE),
        (SHEET, GONE),
        (SHEET, html(LEAK, title="お知らせの一覧")),
    ],
)
def test_a_page_of_html_where_a_file_was_is_an_alert_and_no_version(
    story: Story, file: bytes, moved: bytes
) -> None:
    visit(story, "r.pdf", r_pdf=file)
    assert visit(story, "r.pdf", r_pdf=moved) == []
    assert story.alerts.count("soft-404") == 1
    assert visit(story, "r.pdf", r_pdf=file) == []
    assert [kind for kind, _ in visit(story, "r.pdf", r_pdf=render(("経緯", "対象は4,200件です。")))] == [
        "updated"
    ]


def workbook(members: int) -> bytes:
    book = openpyxl.Workbook()
    for row in (("区分", "項目", "件数"), ("会員", "氏名、住所", members), ("従業員", "氏名", 34)):
        book.active.append(row)
    book.active["C2"].number_format = '#,##0"人"'
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_that_was_unread_before_it_could_be_is_no_news(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = workbook(1234)  # once: a book bears the second in which it was saved
    with monkeypatch.context() as before:
        unread = Reading("unreadable", "ZIP archive or Office file")
        before.setattr("monitor.reading.files.office.read_office", lambda *_, **__: unread)
        visit(story, "r.xlsx", r_xlsx=book)
    assert visit(story, "r.xlsx", r_xlsx=book) == []
    assert [kind for kind, _ in visit(story, "r.xlsx", r_xlsx=workbook(1235))] == ["updated"]


def test_a_changed_cell_of_a_workbook_is_told_as_the_change_of_text_it_is(
    crawl: Crawl, tmp_path: Path
) -> None:
    with Site() as site:
        database = database_at(tmp_path / "k.db")
        source = Source(
            "s", "例", "affected", (site.url("/"),), page=PageRules(attachments=True), private=True, delay=0
        )
        site.put("/", html(LEAK, "<a href='/list.xlsx'>対象の一覧</a>"))
        for members in (1234, 1235):
            site.put("/list.xlsx", workbook(members), content_type="application/octet-stream")
            crawl(
                SourceSpider,
                ITEM_PIPELINES={"monitor.crawl.pipeline.TrackPipeline": 100},
                KOHYO_DB=database,
                KOHYO_CHOSEN=(source,),
                KOHYO_ALL=True,
            )
        with open_archive(database) as archive, archive.read() as reader:
            change = reader.changes(Query())[0]
            whole = reader.change(change.id)
    assert whole is not None
    assert (change.kind, change.reasons) == ("updated", ("count", "attachment"))
    assert [(hunk.op, hunk.label) for hunk in whole.hunks] == [("cell", "list.xlsx: 会員 / 件数")]
    assert "1,235人" in change.summary


@pytest.mark.parametrize(
    ("link", "path", "headers"),
    [
        ("<button onclick=\"location.href='/k.pdf'\">別紙</button>", "/k.pdf", ()),
        ("<div data-href='/f/7'>別紙（PDF：31KB）</div>", "/f/7", ()),
        ("<form action='/get'><input type=hidden name=file value=k.pdf><button>別紙</button></form>", "/get?file=k.pdf", ()),
        ("<a href='/f/7'>別紙</a>", "/f/7", (("Content-Disposition", 'attachment; filename="k.pdf"'),)),
        ("<a href='/f/7'>調査報告書</a>", "/f/7", ()),
    ],
)  # fmt: skip
def test_a_file_behind_a_button_or_a_plain_label_is_read_and_its_edit_told(
    crawl: Crawl, tmp_path: Path, link: str, path: str, headers: tuple[tuple[str, str], ...]
) -> None:
    with Site() as site, open_archive(database_at(tmp_path / "k.db")) as archive:
        source = Source(
            "s", "例", "affected", (site.url("/"),), page=PageRules(attachments=True), private=True, delay=0
        )
        others = "<a href='/p/1'>資料の見方</a><a href='/p/2'>様式の一覧</a>"
        site.put("/", html(LEAK, link, others))
        site.put("/p/1", html("資料の見方をここに述べます。"))  # a page, and an address that is not there
        for count in (3100, 4200):
            body = render(("経緯", f"対象は{count}件です。"))
            site.put(path, body, content_type="application/pdf", headers=headers)
            crawl(
                SourceSpider,
                ITEM_PIPELINES={"monitor.crawl.pipeline.TrackPipeline": 100},
                KOHYO_DB=archive.url,
                KOHYO_CHOSEN=(source,),
                KOHYO_ALL=True,
            )
        with archive.read() as reader:
            assert [page.url for page in reader.pages("s", "attachment")] == [site.url(path)]
            assert [change.reasons for change in reader.changes(Query(kinds=("updated",)))] == [
                ("count", "title", "attachment")
            ]
            assert reader.alerts() == []


def test_a_file_first_seen_on_a_page_that_has_not_altered_is_read_without_a_word(story: Story) -> None:
    page = html(LEAK, "<button data-href='/k.pdf'>別紙</button>")
    report = story.capture(render(("経緯", "対象は3,100件です。")), url=f"{LIST}k.pdf", role="attachment")
    story.page(page)
    assert told(story.page(page, DAY, attachments=(report,))) == []
    other = story.capture(render(("経緯", "対象は4,200件です。")), url=f"{LIST}k.pdf", role="attachment")
    assert told(story.page(page, DAY, attachments=(other,))) == [
        ("updated", ("count", "title", "attachment"))
    ]


def test_a_file_that_comes_under_a_link_that_led_nowhere_is_told(story: Story) -> None:
    page = html(LEAK, f"<a href='{LIST}k.pdf'>別紙</a>")
    missing = story.capture(b"", url=f"{LIST}k.pdf", role="attachment", status=404)
    story.page(page, attachments=(missing,))
    report = story.capture(render(("経緯", "対象は3,100件です。")), url=f"{LIST}k.pdf", role="attachment")
    assert [kind for kind, _ in told(story.page(page, DAY, attachments=(report,)))] == ["updated"]
