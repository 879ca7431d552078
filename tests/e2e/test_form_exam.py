"""A fixed form in a real browser: forth and back, flagged, reviewed, handed in; and two parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from certify.exams.exam_session import ExamSession
from certify.services.assembling_papers import get_form
from certify.services.context import ServiceContext
from certify.services.invigilating import BoardAction, act_on_exams
from certify.services.ports import Person
from tests.e2e.test_exam_session import person_of
from tests.integration.services.form_days import (
    SHORT,
    make_forms,
    open_with,
    paper_of,
    right_at,
    stored,
)

pytestmark = pytest.mark.e2e
LENGTH = sum(SHORT.values())
FIRST_MULTIPLE = SHORT["single"] + 1
PHONE = {"width": 390, "height": 844}


def start(page: Any, log_in: Callable[[str], None], session: ExamSession) -> str:
    """Enter the session, start; the attempt's id."""
    log_in("student")
    page.goto(f"/lobby/{session.id}")
    page.fill("[name=code]", session.code_of("第一考场"))
    page.click(".start-form button[type=submit]")
    page.locator("label.choice:has(input[name=confirm])").click()
    page.click(".start-form button[type=submit]")
    page.wait_for_selector("[data-exam]")
    return str(page.locator("[data-exam]").get_attribute("data-attempt"))


def number_shown(page: Any) -> int:
    return int(page.locator(".question[aria-current]").inner_text())


def choose(page: Any, response: list[str]) -> None:
    for option in response:
        page.locator(f"label.choice:has(input[value='{option}'])").click()


def go_on(page: Any, button: str = "#exam-next") -> None:
    """Press and wait for the page that follows."""
    with page.expect_navigation():
        page.click(button)


def is_wider_than_the_screen(page: Any) -> bool:
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(page.evaluate(wide))


@pytest.fixture
def centre(context: ServiceContext) -> Person:
    return person_of(context, "centre")


def test_a_whole_form_is_sat(
    page: Any, log_in: Callable[[str], None], context: ServiceContext, centre: Person
) -> None:
    forms = make_forms(context, counts=SHORT)
    session = open_with(context, centre, paper_of(forms))
    attempt_id = start(page, log_in, session)
    form = get_form(context, forms[0].digest)
    assert f"第1题，共{LENGTH}题" in page.locator(".exam-place").inner_text()

    # the first three rightly, the first again from the map, and answered otherwise
    for number in (1, 2, 3):
        assert number_shown(page) == number
        choose(page, right_at(context, attempt_id, number))
        go_on(page)
    page.set_viewport_size(PHONE)
    assert not is_wider_than_the_screen(page)
    go_on(page, "button[value='go-1']")
    right = right_at(context, attempt_id, 1)
    wrong = next(o for o in form.items[0].option_order if o not in right)
    assert page.locator(f"input[value='{right[0]}']").is_checked()
    choose(page, [wrong])
    go_on(page)
    assert number_shown(page) == 2

    # flagged by key; back by key; on without an answer asks nothing
    with page.expect_navigation():
        page.keyboard.press("Alt+m")
    assert "question-flagged" in str(page.locator(".question[aria-current]").get_attribute("class"))
    with page.expect_navigation():
        page.keyboard.press("Alt+p")
    assert number_shown(page) == 1
    go_on(page, "button[value='go-4']")
    go_on(page)
    assert number_shown(page) == 5

    # the review names what is without an answer, and leads back to it
    go_on(page, "[data-hand-in-link]")
    review = page.locator("main").inner_text()
    assert "还有3题未作答" in review
    assert not is_wider_than_the_screen(page)
    assert page.locator(".callout .question-links a").all_inner_texts() == [
        f"第{number}题" for number in (4, 5, FIRST_MULTIPLE)
    ]
    with page.expect_navigation():
        page.locator(".callout .question-links a").last.click()
    choose(page, right_at(context, attempt_id, FIRST_MULTIPLE))
    # the last one leads to the review
    go_on(page)
    assert "还有2题未作答" in page.locator("main").inner_text()
    with page.expect_navigation():
        page.click("form[action$='hand-in'] button.button-primary")
    page.wait_for_url("**/result")

    answers = stored(context, attempt_id).answers
    assert sorted(answers) == [1, 2, 3, FIRST_MULTIPLE]
    assert answers[1].response == [wrong]
    points = page.locator(".form-points")
    earned = form.items[1].points + form.items[2].points + form.items[FIRST_MULTIPLE - 1].points
    assert points.locator(".result-points strong").inner_text() == f"{float(earned):g}"
    assert "单选题" in points.inner_text() and "部分正确" in points.inner_text()


def test_a_form_follows_an_adaptive_part_after_a_break(
    page: Any, log_in: Callable[[str], None], context: ServiceContext, centre: Person
) -> None:
    forms = make_forms(context, counts=SHORT)
    paper = paper_of(forms, theory_first=True, break_minutes=5)
    session = open_with(context, centre, paper)
    attempt_id = start(page, log_in, session)
    assert "第1部分（共2部分）" in page.locator(".exam-place").inner_text()
    assert page.locator(".question-map").count() == 0
    go_on(page, "[data-hand-in-link]")
    with page.expect_navigation():
        page.click("form[action$='hand-in'] button[type=submit]")
    page.wait_for_selector("[data-waiting]")
    assert "休息到" in page.locator("main").inner_text()
    with page.expect_navigation():
        page.click("form[action$='next-part'] button")
    page.wait_for_selector("[data-exam]")
    assert "第2部分（共2部分）" in page.locator(".exam-place").inner_text()
    assert page.locator(".question").count() == LENGTH
    assert number_shown(page) == 1
    attempt = stored(context, attempt_id)
    assert [len(attempt.served), len(attempt.served_in_part())] == [LENGTH + 1, LENGTH]
    done = act_on_exams(context, session.id, centre, BoardAction.END, reason="完成")
    assert done.done == 1
