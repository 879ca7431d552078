"""An exam day in two real browsers: the candidate in one, the invigilator's board in the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from certify.exams.exam_session import ExamSession
from certify.services.context import ServiceContext
from certify.services.ports import Person
from certify.services.preparing import DEMO_PASSWORD
from tests.integration.services.session_days import open_filled

pytestmark = pytest.mark.e2e
GONE_ON_MS = 15_000
"""Boards ask every four seconds, waiting pages every six."""


@pytest.fixture
def session(context: ServiceContext) -> ExamSession:
    """Open since a minute."""
    begin = context.clock() - dt.timedelta(minutes=1)
    end = begin + dt.timedelta(hours=2)
    return open_filled(context, person_of(context, "centre"), starts_at=begin, ends_at=end)


def person_of(context: ServiceContext, username: str) -> Person:
    with context.database.reading() as work:
        found = work.people.find(username)
    assert found is not None
    return found[0]


def row_of(board: Any, name: str) -> Any:
    return board.locator("tbody tr", has_text=name)


def test_a_candidate_is_admitted_warned_paused_extended_and_ended(
    page: Any,
    browser: Any,
    address: str,
    log_in: Callable[[str], None],
    session: ExamSession,
) -> None:
    profile = browser.new_context(base_url=address, locale="zh-CN")
    board = profile.new_page()
    board.goto("/login")
    board.fill("[name=username]", "centre")
    board.fill("[name=password]", DEMO_PASSWORD)
    board.click("main form button[type=submit]")
    board.goto(f"/sessions/{session.id}/board")
    assert "未到" in row_of(board, "林晓雨").inner_text()

    log_in("student")
    page.goto("/exams")
    page.locator(".session-card a").click()
    page.fill("[name=code]", session.code_of("第二考场"))
    page.click(".start-form button[type=submit]")
    assert "入场码与您的考场不符" in page.locator("main").inner_text()
    page.fill("[name=code]", session.code_of("第一考场").lower())
    page.click(".start-form button[type=submit]")
    page.locator("label.choice:has(input[name=confirm])").click()
    page.click(".start-form button[type=submit]")
    page.wait_for_selector("[data-exam]")
    stem = page.locator(".stem").inner_text()

    # the board follows by itself, and what is marked stays marked
    mine = row_of(board, "林晓雨")
    mine.locator("input[type=checkbox]").check()
    mine.locator("text=考试中").wait_for(timeout=GONE_ON_MS)
    assert mine.locator("input[type=checkbox]").is_checked()
    assert stem[:12] not in board.content()

    board.fill("form:has([value=message]) textarea", "请检查网线")
    board.click("form:has([value=message]) button[type=submit]")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator("[data-messages]", has_text="请检查网线").wait_for()

    row_of(board, "林晓雨").locator("input[type=checkbox]").check()
    board.fill("[name=reason]", "断电")
    board.click("button[value=pause]")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("[data-waiting]")
    assert "考试已暂停" in page.locator("h1").inner_text()

    row_of(board, "林晓雨").locator("input[type=checkbox]").check()
    board.click("button[value=resume]")
    page.wait_for_selector("[data-exam]", timeout=GONE_ON_MS)
    assert page.locator(".stem").inner_text() == stem

    row_of(board, "林晓雨").locator("input[type=checkbox]").check()
    board.fill("[name=reason]", "违纪")
    board.click("button[value=end]")
    row_of(board, "林晓雨").locator("text=已结束").wait_for(timeout=GONE_ON_MS)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_url("**/result")
    profile.close()
