"""A whole exam without a mouse: from the sign-in to the result, every interaction among it."""

from __future__ import annotations

from typing import Any

import pytest

from certify.exams.exam_session import ExamSession
from certify.services.context import ServiceContext
from certify.services.delivering import hand_in
from certify.services.ports import StoredForm
from certify.services.preparing import DEMO_PASSWORD
from tests.e2e.keys import full_round, tab_to
from tests.e2e.mixed_paper import KINDS, make_mixed_forms
from tests.e2e.test_exam_session import person_of
from tests.integration.services.form_days import open_with, paper_of, right_at, stored

pytestmark = pytest.mark.e2e
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def forms(context: ServiceContext) -> tuple[StoredForm, ...]:
    return make_mixed_forms(context)


@pytest.fixture
def session(context: ServiceContext, forms: tuple[StoredForm, ...]) -> ExamSession:
    return open_with(context, person_of(context, "centre"), paper_of(forms))


def press(page: Any, key: str = "Enter") -> None:
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def sign_in(page: Any) -> None:
    page.goto("/login")
    tab_to(page, "[name=username]")
    page.keyboard.type("student")
    tab_to(page, "[name=password]")
    page.keyboard.type(DEMO_PASSWORD)
    press(page)


def start(page: Any, session: ExamSession) -> str:
    """Past the access code and the rules; the attempt's id."""
    tab_to(page, f"a[href='/lobby/{session.id}']")
    press(page)
    tab_to(page, ".skip-link")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "[name=code]")
    page.keyboard.type(session.code_of("第一考场"))
    press(page)
    tab_to(page, "[name=confirm]")
    page.keyboard.press("Space")
    tab_to(page, ".start-form button[type=submit]")
    press(page)
    page.wait_for_selector("[data-exam]")
    return str(page.get_attribute("[data-exam]", "data-attempt"))


def answer(page: Any, kind: str, response: Any) -> None:
    """By letters, by typing, by arrows."""
    if kind == "order":
        put_in_order(page, response)
    elif kind == "match":
        for option, target in response["pairs"].items():
            tab_to(page, f"[name='pair-{option}']")
            while page.input_value(f"[name='pair-{option}']") != target:
                page.keyboard.press("ArrowDown")
    elif isinstance(response, list):
        for option in response:
            page.keyboard.press(page.get_attribute(f"input[value='{option}']", "data-letter"))
    else:
        for part, text in response.get("blanks", response).items():
            tab_to(page, f"[name='blank-{part}']" if kind == "fill_in" else "[name=answer]")
            page.keyboard.type(text)


def put_in_order(page: Any, sequence: list[str]) -> None:
    """Each entry up to its place; the focus stays with the entry that moves."""
    for place, option in enumerate(sequence, start=1):
        entry = page.locator(f"[data-order-entry='{option}']")
        page.evaluate("document.activeElement.blur()")
        tab_to(page, f"[data-order-entry='{option}'] button")
        while entry.locator("[data-order-number]").inner_text() != str(place):
            page.keyboard.press("Alt+ArrowUp")
            assert page.evaluate("document.activeElement.closest('[data-order-entry]')") is not None
    if page.locator("[data-order-keep]").is_visible():
        tab_to(page, "[data-order-keep-button]")
        page.keyboard.press("Enter")


def go_on(page: Any, kind: str) -> None:
    """Enter does it, except where it belongs to the field."""
    if kind in ("order", "match"):
        tab_to(page, "#exam-next")
    press(page)


def test_a_whole_exam_is_sat_without_a_mouse(
    page: Any, context: ServiceContext, session: ExamSession
) -> None:
    sign_in(page)
    page.goto("/exams")
    attempt_id = start(page, session)
    given = {}
    for number, kind in enumerate(KINDS, start=1):
        assert page.get_attribute("[data-task]", "data-item-type") == kind
        given[number] = right_at(context, attempt_id, number)
        answer(page, kind, given[number])
        go_on(page, kind)
    assert page.url.split("?")[0].endswith("/hand-in")
    answers = stored(context, attempt_id).answers
    assert {number: saved.response for number, saved in answers.items()} == given
    tab_to(page, "form[action$='hand-in'] .button-primary")
    press(page)
    page.wait_for_url("**/result")
    tab_to(page, ".skip-link")
    assert page.locator(".form-points").is_visible()


def test_tab_goes_through_every_kind_of_item_and_out_again(
    page: Any, context: ServiceContext, session: ExamSession
) -> None:
    """Skip link first, then header, item, map, footer: no trap, nothing hidden behind the bars."""
    sign_in(page)
    page.goto("/exams")
    attempt_id = start(page, session)
    page.on("dialog", lambda dialog: dialog.accept())
    for number, size in [*((n, PHONE) for n in range(1, len(KINDS) + 1)), (8, DESK), (10, DESK)]:
        page.set_viewport_size(size)
        page.goto(f"/attempts/{attempt_id}?item={number}")
        names = full_round(page)
        assert names[0].startswith("skip-link")
        assert names[-1].startswith("exam-next")
    hand_in(context, person_of(context, "student").id, attempt_id)
