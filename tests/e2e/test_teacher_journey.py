"""Teachers bring items from the first word into an exam and settle a conflict, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from certify.services.acting import Actor
from certify.services.administering import add_person
from certify.services.advancing import advance_items
from certify.services.banking import get_item, list_item_ids
from certify.services.context import ServiceContext
from certify.services.planning_exposure import plan_newest_release
from certify.services.ports import ItemFilter
from certify.services.preparing import DEMO_PASSWORD
from certify.services.simulating import SimulatedCandidate
from question_bank.lifecycle import ItemAction
from tests.e2e.item_writing import WRITERS, open_editor, write_what_all_have
from tests.e2e.test_student_journey import MOST_ITEMS, answer_item, attempt_of, begin

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = pytest.importorskip("playwright.sync_api", reason="Playwright absent: [e2e]").expect
pytestmark = pytest.mark.e2e
NODE = "18"
"""Its dimension has so few items at the lowest level that new ones cannot be passed over."""
MARK = "（本次新写）"
REVIEWER = "reviewer"


@contextmanager
def signed_in(browser: Any, address: str, username: str) -> Iterator[Page]:
    """A page of another person's browser."""
    profile = browser.new_context(base_url=address, locale="zh-CN")
    page = profile.new_page()
    page.goto("/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    yield page
    profile.close()


@pytest.fixture(scope="module")
def reviewer(context: ServiceContext) -> str:
    add_person(
        context,
        username=REVIEWER,
        display_name="审题人",
        password=DEMO_PASSWORD,
        roles=["teacher"],
    )
    return REVIEWER


def write_item(page: Page, item_type: str) -> str:
    """Write, look at the preview, send to review; the id."""
    write, _ = WRITERS[item_type]
    open_editor(page, item_type, NODE)
    write_what_all_have(page)
    write(page)
    page.fill("#stem", MARK + page.input_value("#stem"))
    page.keyboard.press("Control+Enter")
    preview = page.locator("[data-preview]")
    expect(preview.locator("[data-task]")).to_contain_text(MARK)
    page.click("button[value=submit]")
    page.wait_for_url(re.compile(rf"/items/{NODE}-\d+$"))
    return page.url.rsplit("/", 1)[1]


def approve_all(page: Page, count: int) -> None:
    """Go through the queue: forth and back with the keys, then approve one after the other."""
    page.goto("/items/reviews")
    expect(page.locator(".review-table tbody tr")).to_have_count(count)
    page.click("text=从第一题开始")
    # the script that listens to keys shows which ones
    expect(page.locator("[data-key-help]").first).to_be_visible()
    first = page.locator("h1").inner_text()
    page.keyboard.press("Alt+j")
    expect(page.locator("h1")).not_to_have_text(first)
    expect(page.locator("[data-key-help]").first).to_be_visible()
    page.keyboard.press("Alt+k")
    expect(page.locator("h1")).to_have_text(first)
    for left in range(count, 0, -1):
        expect(page.locator(".review-bar")).to_contain_text(f"共{left}题")
        page.click("button[value=approve]")
        page.wait_for_load_state()
    expect(page).to_have_url(re.compile("/items/reviews$"))
    expect(page.locator("main")).to_contain_text("暂无待审试题")


def retire_the_others(context: ServiceContext, kept: list[str]) -> None:
    """Leave the new items alone in their dimension at the lowest level."""
    wanted = ItemFilter(dimension="e", level="novice", in_use=True)
    others = set(list_item_ids(context, wanted, most=100)) - set(kept)
    actor = Actor("tester", frozenset({"teacher"}))
    outcomes = advance_items(context, sorted(others), ItemAction.RETIRE, actor=actor)
    assert all(outcome.is_done for outcome in outcomes)


def test_items_of_every_type_come_from_the_editor_into_an_exam(
    page: Page,
    browser: Any,
    address: str,
    log_in: Callable[[str], None],
    context: ServiceContext,
    reviewer: str,
) -> None:
    log_in("teacher")
    written = [write_item(page, item_type) for item_type in WRITERS]
    # nobody approves what they wrote, and is told so
    page.goto(f"/items/{written[0]}")
    expect(page.locator("button[value=approve]")).to_have_count(0)
    expect(page.locator(".barred-steps")).to_contain_text("另一位教师")

    with signed_in(browser, address, reviewer) as colleague:
        approve_all(colleague, len(written))

    for item_id in written:
        page.goto(f"/items/{item_id}")
        page.click("button[value=activate]")
        page.wait_for_load_state()
        assert get_item(context, item_id).status == "operational"
    retire_the_others(context, written)
    page.goto("/releases")
    page.fill("#title", "新写的试题")
    page.locator("form:has(#title) button[type=submit]").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("新写的试题")
    # the job of the next minute: exams use a release once it is planned
    assert plan_newest_release(context) > 0

    with signed_in(browser, address, "student") as student:
        begin(student, "novice")
        seen = sit_until_seen(student, context, written)
        expect(student.locator("[data-task]")).to_contain_text(MARK)
    item = get_item(context, seen).item
    assert item.stem.startswith(MARK)


def sit_until_seen(page: Page, context: ServiceContext, wanted: list[str]) -> str:
    """Answer until one of the items is on the page; its id."""
    candidate = SimulatedCandidate(-0.8, Random(5))
    attempt_id = attempt_of(page)
    for _ in range(MOST_ITEMS):
        with context.database.reading() as work:
            record = work.attempts.get(attempt_id)
        assert record is not None and record.current is not None
        if record.current.item_id in wanted:
            return record.current.item_id
        answer_item(page, candidate.answer_current_item(context, attempt_id))
    raise AssertionError("the exam ended without a new item")


def test_two_editors_settle_their_conflict_and_nothing_is_lost(
    page: Page,
    browser: Any,
    address: str,
    log_in: Callable[[str], None],
    context: ServiceContext,
    reviewer: str,
) -> None:
    item_id = "02-001"
    log_in("teacher")
    page.goto(f"/items/{item_id}/edit")
    with signed_in(browser, address, reviewer) as colleague:
        colleague.goto(f"/items/{item_id}/edit")
        colleague.fill("#stem", "同事的题干，对吗？")
        colleague.fill("#takeaway", "同事的要点。")
        colleague.click("button[value=save]")
        colleague.wait_for_url(re.compile(rf"/items/{item_id}$"))
    page.fill("#stem", "我的题干，对吗？")
    page.fill("#source", "我的来源")
    page.fill("#note", "核对来源")
    page.click("button[value=save]")

    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("采用您的修改")
    expect(conflict).to_contain_text("修改前（版本1）")
    expect(conflict.locator("ins").first).to_be_visible()
    sides = conflict.locator("form label.choice")
    expect(sides).to_have_count(2)
    sides.nth(1).click()
    page.click("button[value=merge-save]")
    page.wait_for_url(re.compile(rf"/items/{item_id}$"))

    saved = get_item(context, item_id)
    assert (saved.version, saved.item.stem) == (3, "同事的题干，对吗？")
    assert (saved.item.source, saved.item.explanation.takeaway) == ("我的来源", "同事的要点。")
    page.goto(f"/items/{item_id}/versions")
    expect(page.locator("main")).to_contain_text("核对来源")


def test_a_review_with_words_only(
    page: Page, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("teacher")
    page.goto("/items/03-001")
    page.fill("#comment", "请写明条款。")
    expect(page.locator("[data-key-help]").first).to_be_visible()
    page.focus("#comment")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment-thread")).to_contain_text("请写明条款。")
    page.click("button[value=resolve]")
    expect(page.locator(".settled")).to_contain_text("1条")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_of_an_item_is_wider_than_the_screen(
    page: Page, log_in: Callable[[str], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    log_in("teacher")
    for path in ("", "/versions", "/statistics"):
        page.goto(f"/items/02-001{path}")
        found: Any = page.evaluate("document.documentElement.scrollWidth")
        assert found <= width, path
    page.goto("/items/reviews")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
