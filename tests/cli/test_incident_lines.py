"""Lines of ``kohyo incidents show``: an arrow stands between two things, or not at all."""

from __future__ import annotations

from datetime import date

from feeds.course.clocks import Clock, DatedStep
from monitor.cli.incident_shown import clock_line

FOUND = DatedStep("discovered", date(2023, 7, 13), "2023年7月13日")
REPORTED = DatedStep("reported", date(2023, 7, 15), "7月15日")
NOTICED = DatedStep("first notice", date(2023, 10, 17), "")


def test_a_clock_says_from_which_words_to_which():
    clock = Clock("reported", FOUND, REPORTED, 2, "3 to 5 days")
    assert clock_line("city", clock) == "city: reported 2 days (2023年7月13日 → 7月15日) 3 to 5 days"


def test_a_clock_whose_end_is_in_no_words_has_no_arrow():
    assert clock_line("city", Clock("first notice", FOUND, NOTICED, 96, "")) == (
        "city: first notice 96 days (2023年7月13日)"
    )


def test_one_day_is_a_day():
    assert clock_line("city", Clock("first notice", FOUND, NOTICED, 1, "")).startswith(
        "city: first notice 1 day ("
    )
