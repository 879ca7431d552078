"""The students' room when things go wrong: no network, two tabs, small windows; keyboard alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from certify.exams.attempt import Attempt
from certify.services.context import ServiceContext
from certify.services.simulating import SimulatedCandidate
from tests.integration.services.sitting import answer_once

pytestmark = pytest.mark.e2e

SAVED = "[data-save-words]:has-text('已保存')"
CHOICE = "[data-item-type=single], [data-item-type=multiple], [data-item-type=true_false]"


def attempt_of(page: Any) -> str:
    found = re.search(r"/attempts/([0-9a-f]+)", page.url)
    assert found, page.url
    return found[1]


def stored(context: ServiceContext, attempt_id: str) -> Attempt:
    with context.database.reading() as work:
        attempt = work.attempts.get(attempt_id)
    assert attempt is not None
    return attempt


def stored_response(context: ServiceContext, attempt_id: str, position: int) -> Any:
    answer = stored(context, attempt_id).answers.get(position)
    return answer.response if answer else None


def at_a_choice(page: Any, context: ServiceContext) -> tuple[str, int]:
    """Begin or go on, up to an item that letters answer; attempt and position."""
    page.goto("/exams")
    running = page.locator("a[href^='/attempts/']:has-text('继续')").first
    if running.count():
        running.click()
    else:
        page.goto("/exams/estorm-comprehensive/novice")
        page.locator("label.choice:has(input[name=confirm])").click()
        page.click(".start-form button[type=submit]")
    page.wait_for_selector("[data-exam]")
    while not page.locator(CHOICE).count():
        skip(page)
    return attempt_of(page), int(page.get_attribute("[data-exam]", "data-position"))


def skip(page: Any) -> None:
    position = page.get_attribute("[data-exam]", "data-position")
    page.click("#exam-next")
    page.click("#blank-dialog [value=go]")
    page.wait_for_function(
        "position => document.querySelector('[data-exam]')?.dataset.position !== position",
        arg=position,
    )


def press_letter(page: Any) -> str:
    """Choose an option that was not chosen before by its letter; its id."""
    option = page.locator("[name=answer]:not(:checked)").first
    value = str(option.get_attribute("value"))
    page.keyboard.press(option.get_attribute("data-letter"))
    return value


def test_answers_made_while_the_network_is_down_arrive_when_it_is_back(
    page: Any, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("student")
    attempt_id, position = at_a_choice(page, context)
    page.context.set_offline(True)
    chosen = press_letter(page)
    page.wait_for_selector("[data-save-words]:has-text('离线')")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert page.get_attribute("[data-exam]", "data-position") == str(position)
    assert stored_response(context, attempt_id, position) is None
    page.context.set_offline(False)
    page.wait_for_selector(SAVED, timeout=40_000)
    assert chosen in stored_response(context, attempt_id, position)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "position => document.querySelector('[data-exam]')?.dataset.position !== String(position)",
        arg=position,
    )
    assert stored(context, attempt_id).answers[position].is_final


def test_an_answer_of_a_closed_browser_is_sent_on_the_next_visit(
    page: Any, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("student")
    attempt_id, position = at_a_choice(page, context)
    before = stored_response(context, attempt_id, position)
    page.context.set_offline(True)
    chosen = press_letter(page)
    page.wait_for_selector("[data-save-words]:has-text('离线')")
    again = page.context.new_page()
    page.close(run_before_unload=False)
    assert stored_response(context, attempt_id, position) == before
    again.context.set_offline(False)
    again.goto(f"/attempts/{attempt_id}")
    again.wait_for_selector(SAVED, timeout=20_000)
    assert chosen in stored_response(context, attempt_id, position)
    assert again.locator(f"[name=answer][value='{chosen}']").is_checked()


def test_of_two_tabs_the_older_one_says_so_and_can_take_over(
    page: Any, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("student")
    attempt_id, position = at_a_choice(page, context)
    second = page.context.new_page()
    second.goto(f"/attempts/{attempt_id}")
    theirs = press_letter(second)
    second.wait_for_selector(SAVED)
    press_letter(page)
    page.wait_for_selector("[data-take-over]:visible")
    assert "另一个窗口" in page.locator("[data-exam-notice]").inner_text()
    assert theirs in stored_response(context, attempt_id, position)
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("[data-take-over]")
    page.wait_for_load_state()
    assert page.locator(f"[name=answer][value='{theirs}']").is_checked()
    assert page.locator("[data-take-over]").is_hidden()


def test_tools_and_practice_work_by_keyboard_alone(
    page: Any, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("student")
    attempt_id, position = at_a_choice(page, context)
    chosen = press_letter(page)
    page.keyboard.press("Alt+c")
    page.keyboard.type("12*1.5=")
    assert page.locator("[data-calculator-shown]").inner_text() == "18"
    page.keyboard.press("Escape")
    page.wait_for_selector(SAVED)
    assert stored_response(context, attempt_id, position) is not None
    assert page.locator(f"[name=answer][value='{chosen}']").count() == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/practice")
    page.locator(".practice-node").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-task]")


@pytest.mark.parametrize("width", [390, 640, 1280])
def test_no_page_of_the_room_runs_over_its_edge(
    page: Any, log_in: Callable[[str], None], context: ServiceContext, width: int
) -> None:
    """640 pixels are what a window of 1280 shows at a zoom of 200 %."""
    page.set_viewport_size({"width": width, "height": 800})
    log_in("student")
    page.on("dialog", lambda dialog: dialog.accept())
    at_a_choice(page, context)
    look(page, f"exam-{width}")
    page.keyboard.press("Alt+c")
    look(page, f"exam-calculator-{width}")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    look(page, f"exam-keys-{width}")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+l")
    page.keyboard.press("Alt+h")
    look(page, f"exam-large-contrast-{width}")
    for name in ("practice", "practice/drill/node?node=10", "practice/mistakes"):
        page.goto(f"/{name}")
        look(page, f"{re.sub('[^a-z]+', '-', name)}-{width}")


def look(page: Any, name: str) -> None:
    """No sideways scrolling; a picture where `CERTIFY_SHOTS` names a folder."""
    folder = os.environ.get("CERTIFY_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page="exam" not in name)
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) <= 0, name


def test_the_result_fits_a_phone(
    page: Any, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("student")
    page.on("dialog", lambda dialog: dialog.accept())
    attempt_id, _position = at_a_choice(page, context)
    with context.database.reading() as work:
        attempt = work.attempts.get(attempt_id)
    assert attempt is not None
    candidate = SimulatedCandidate(0.5, Random(2))
    while answer_once(context, attempt.candidate_id, attempt_id, candidate):
        pass
    page.goto(f"{page.url.split('/attempts/')[0]}/attempts/{attempt_id}/result")
    for width in (390, 640, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        look(page, f"result-{width}")
