"""Dates, durations and numbers as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from certify.web import display
from certify.web.errors import NaiveDateTime
from rubrics.level_scale import Level

AFTERNOON = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.mark.usefixtures("page_context")
def test_times_are_shown_in_the_exam_zone() -> None:
    assert display.moment(AFTERNOON) == "2026年11月20日 14:30"
    assert display.moment(AFTERNOON, "Europe/Berlin") == "2026年11月20日 07:30"


@pytest.mark.usefixtures("page_context")
def test_a_day_follows_the_zone_across_midnight() -> None:
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert display.day(late) == "2026年11月21日"
    assert display.day(date(2026, 11, 20)) == "2026年11月20日"


@pytest.mark.usefixtures("page_context")
def test_a_zone_that_shifts_keeps_both_hours_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert display.moment(first, "Europe/Berlin") == display.moment(second, "Europe/Berlin")
    assert display.time_tag(first, "Europe/Berlin") != display.time_tag(second, "Europe/Berlin")


@pytest.mark.usefixtures("page_context")
def test_the_exact_instant_stands_in_the_element() -> None:
    tag = display.time_tag(AFTERNOON)
    assert tag == '<time datetime="2026-11-20T06:30:00+00:00">2026年11月20日 14:30</time>'


@pytest.mark.usefixtures("page_context")
def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveDateTime):
        display.moment(datetime(2026, 11, 20, 14, 30))  # noqa: DTZ001


def test_english_writes_the_month_in_words(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert display.moment(AFTERNOON) == "20 November 2026, 14:30"
        assert display.duration(5400) == "1 hour 30 minutes"
        assert display.duration(45) == "45 seconds"


@pytest.mark.usefixtures("page_context")
def test_durations_in_chinese_have_no_blanks() -> None:
    assert display.duration(5400) == "1小时30分钟"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "00:00"), (0.2, "00:01"), (59.01, "01:00"), (3909, "1:05:09"), (-4, "00:00")],
)
def test_the_clock_shows_a_started_second_until_it_is_over(seconds: float, shown: str) -> None:
    assert display.clock(seconds) == shown


@pytest.mark.usefixtures("page_context")
def test_numbers_have_separators_and_a_true_minus_sign() -> None:
    assert display.number(12345) == "12,345"
    assert display.number(Decimal("-0.30"), 2) == "−0.30"


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(0, "0%"), (0.004, "<1%"), (0.81, "81%"), (0.997, ">99%"), (1, "100%")],
)
def test_a_probability_never_claims_a_certainty_it_lacks(probability: float, shown: str) -> None:
    assert display.percent(probability) == shown


def test_data_in_two_languages_follows_the_page(app: Flask) -> None:
    level = Level("novice", "新手", "Novice", cut=-0.8, experience_months=0)
    with app.test_request_context("/"):
        assert display.localised(level, "title") == "新手"
    with app.test_request_context("/?lang=en"):
        assert display.localised(level, "title") == "Novice"


def test_identifiers_are_written_in_groups_of_four() -> None:
    assert display.in_groups("ABCD1234EFGH5678JKMN") == "ABCD-1234-EFGH-5678-JKMN"
