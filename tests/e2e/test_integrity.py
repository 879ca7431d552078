"""A candidate leaves the window in a real exam; the centre computes, reads, notes and prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from certify.exams.exam_session import ExamSession
from certify.services.context import ServiceContext
from certify.services.preparing import DEMO_PASSWORD
from tests.e2e.test_exam_session import person_of
from tests.integration.services.session_days import open_filled

pytestmark = pytest.mark.e2e
AWAY_MS = 1300


@pytest.fixture
def session(context: ServiceContext) -> ExamSession:
    """Open since a minute."""
    begin = context.clock() - dt.timedelta(minutes=1)
    end = begin + dt.timedelta(hours=2)
    return open_filled(context, person_of(context, "centre"), starts_at=begin, ends_at=end)


def leave_and_come_back(page: Any) -> None:
    page.evaluate("document.hasFocus = () => false; window.dispatchEvent(new Event('blur'))")
    page.wait_for_timeout(AWAY_MS)
    page.evaluate("document.hasFocus = () => true; window.dispatchEvent(new Event('focus'))")


def test_a_window_that_was_left_stands_in_the_report(
    page: Any,
    browser: Any,
    address: str,
    log_in: Callable[[str], None],
    session: ExamSession,
) -> None:
    log_in("student")
    page.goto(f"/lobby/{session.id}")
    assert "除答案外还记录什么" in page.locator("main").inner_text()
    page.fill("[name=code]", session.code_of("第一考场"))
    page.click(".start-form button[type=submit]")
    page.locator("label.choice:has(input[name=confirm])").click()
    page.click(".start-form button[type=submit]")
    page.wait_for_selector("[data-exam]")
    with page.expect_response("**/page-log", timeout=10_000) as told:
        leave_and_come_back(page)
    assert told.value.json() == {"wanted": True}
    # asking for the state, as the page does now and then, shows the server where it comes from
    with page.expect_response("**/pulse", timeout=10_000):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.click("[data-hand-in-link]")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/result**")

    profile = browser.new_context(
        base_url=address, locale="zh-CN", viewport={"width": 390, "height": 800}
    )
    office = profile.new_page()
    office.goto("/login")
    office.fill("[name=username]", "centre")
    office.fill("[name=password]", DEMO_PASSWORD)
    office.click("main form button[type=submit]")
    office.goto(f"/sessions/{session.id}")
    office.click("text=诚信报告")
    office.click("main button:has-text('生成报告')")
    assert "只是线索，不是结论" in office.locator("main").inner_text()
    office.click(".integrity-person")
    assert office.locator(".timeline-away").count() == 1
    assert office.locator(".timeline-origin").count() == 1
    office.locator("label.choice", has_text="无需处理").click()
    office.fill("[name=text]", "系统弹窗，已核实")
    office.click(".integrity-form button[type=submit]")
    assert "系统弹窗，已核实" in office.locator("#notes").inner_text()
    wide = office.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    office.emulate_media(media="print")
    assert not office.locator(".integrity-form").is_visible()
    assert office.locator(".timeline").is_visible()
    profile.close()
