"""A log line is one line of JSON, whatever is said in it."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.log_lines import MAX_VALUE_CHARS, LineFormatter, log_event, show_log, write_line

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
STEERING = ["\x1b[31m", "a\r\nb", "\x85", "\u2028", "\u202etxt.exe", "\x9b0m", "\udce9", "\x00", '"}\n{"event":"run.ended"}']  # fmt: skip


@pytest.mark.parametrize("hostile", STEERING, ids=ascii)
def test_what_a_stranger_writes_neither_ends_a_line_nor_steers_who_reads_it(hostile: str):
    line = write_line(NOON, "info", "page.done", {"url": hostile, "text": hostile})
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert json.loads(line)["url"] == hostile


@given(
    st.dictionaries(
        st.text(max_size=5), st.text(max_size=20) | st.floats() | st.integers() | st.none(), max_size=3
    )
)
def test_every_line_can_be_read_by_a_program(values: dict[str, object]):
    read = json.loads(write_line(NOON, "info", "log", values), parse_constant=pytest.fail)
    assert read.keys() >= values.keys()


def test_no_value_is_longer_than_what_is_read():
    assert (
        len(json.loads(write_line(NOON, "info", "log", {"url": "x" * 10**6}))["url"]) == MAX_VALUE_CHARS + 1
    )


def test_an_event_of_ours_has_its_keys_and_what_a_library_says_is_an_event_too(
    capsys: pytest.CaptureFixture[str],
):
    handlers, level = list(logging.root.handlers), logging.root.level
    try:
        show_log(logging.INFO)
        ours = logging.getLogger("kohyo.test")
        log_event(
            ours, "page.done", source="example-city", url="https://example.jp/%s", outcome="new", text=None
        )
        log_event(ours, "request.answered", logging.DEBUG, url="https://example.jp/")
        try:
            raise ValueError("two\nlines")
        except ValueError as error:
            log_event(ours, "page.failed", logging.ERROR, error=error, source="example-city")
        logging.getLogger("scrapy.core").warning("%s of %s", 1, 2)
        logging.getLogger("scrapy.crawler").info("Overridden settings:\n{}")
    finally:
        logging.root.handlers[:], logging.root.level = handlers, level
    done, failed, said = map(json.loads, capsys.readouterr().err.splitlines())
    assert (done["event"], done["source"], done["level"], "text" in done) == (
        "page.done",
        "example-city",
        "info",
        False,
    )
    assert done["time"].endswith("+00:00")
    assert failed["event"] == "page.failed"
    assert "ValueError: two\nlines" in failed["error"]
    assert (said["event"], said["logger"], said["text"]) == ("log", "scrapy.core", "1 of 2")


def test_a_message_of_ours_can_be_read_by_other_handlers_too(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        log_event(logging.getLogger("kohyo.test"), "page.done", source="a", changes=2)
    assert caplog.messages == ["page.done source=a changes=2"]
    assert json.loads(LineFormatter().format(caplog.records[0]))["changes"] == 2
