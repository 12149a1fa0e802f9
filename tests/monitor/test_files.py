"""An attachment is what it holds: neither its address nor whether it can be read decides."""

from __future__ import annotations

import pytest

from monitor.demo.pdf_maker import render
from storage.archive import Archive
from tests.monitor.story import DAY, LEAK, LIST, Story, html, told

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
