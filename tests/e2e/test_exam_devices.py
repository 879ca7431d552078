"""The line cut for two minutes, a browser killed in mid-exam, and another one that goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from certify.exams.exam_session import ExamSession
from certify.services.context import ServiceContext
from certify.services.delivering import view_attempt
from certify.services.invigilating import BoardAction, act_on_exams
from certify.services.ports import StoredForm
from certify.services.preparing import DEMO_PASSWORD
from tests.e2e.killable_browser import killable_browser
from tests.e2e.test_exam_session import person_of
from tests.e2e.test_form_exam import choose, go_on, number_shown, start
from tests.integration.services.form_days import (
    SHORT,
    make_forms,
    open_with,
    paper_of,
    right_at,
    stored,
)

pytestmark = pytest.mark.e2e
MULTIPLE = SHORT["single"] + 1
SAVED = "[data-save-words]:has-text('已保存')"
OFFLINE = "[data-save-words]:has-text('离线')"
CUT_SECONDS = 120
KEPT = """() => new Promise((resolve) => {
  const request = indexedDB.open("certify-exam", 1);
  request.onsuccess = () => {
    const all = request.result.transaction("answers").objectStore("answers").getAll();
    all.onsuccess = () => resolve(all.result.map((entry) => entry.response));
  };
})"""


@pytest.fixture(scope="module")
def forms(context: ServiceContext) -> tuple[StoredForm, ...]:
    return make_forms(context, counts=SHORT)


@pytest.fixture
def session(context: ServiceContext, forms: tuple[StoredForm, ...]) -> Iterator[ExamSession]:
    """Open since a minute; whoever still sits when the test is over is handed in."""
    session = open_with(context, person_of(context, "centre"), paper_of(forms))
    yield session
    act_on_exams(context, session.id, person_of(context, "centre"), BoardAction.END, reason="完成")


def seconds_shown(page: Any) -> int:
    total = 0
    for part in page.locator("[data-timer-value]").inner_text().split(":"):
        total = total * 60 + int(part)
    return total


def options_of(page: Any) -> list[str]:
    return [str(box.get_attribute("value")) for box in page.locator("[name=answer]").all()]


def give_by_letter(page: Any, option: str) -> None:
    page.keyboard.press(page.get_attribute(f"input[value='{option}']", "data-letter"))


def sign_in(page: Any, address: str) -> None:
    page.goto(f"{address}/login")
    page.fill("[name=username]", "student")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def resume(page: Any, address: str, attempt_id: str) -> None:
    """Go on with the exam from the list of exams."""
    page.goto(f"{address}/exams")
    page.locator(f"a[href^='/attempts/{attempt_id}']").first.click()
    page.wait_for_selector("[data-exam]")


def test_two_minutes_without_a_line_lose_nothing(
    page: Any, log_in: Callable[[str], None], context: ServiceContext, session: ExamSession
) -> None:
    page.clock.install()
    attempt_id = start(page, log_in, session)
    page.goto(f"/attempts/{attempt_id}?item={MULTIPLE}")
    first, second, third, *_ = options_of(page)
    give_by_letter(page, first)
    page.wait_for_selector(SAVED)
    before = seconds_shown(page)
    sent: list[Any] = []
    page.on("request", lambda one: sent.append(one) if one.method == "PUT" else None)

    page.context.set_offline(True)
    give_by_letter(page, second)
    page.wait_for_selector(OFFLINE)
    page.clock.fast_forward(CUT_SECONDS * 1000)
    assert before - CUT_SECONDS - 60 < seconds_shown(page) <= before - CUT_SECONDS
    assert page.locator(OFFLINE).is_visible()
    give_by_letter(page, third)
    page.click("#exam-next")
    page.wait_for_function("!document.getElementById('exam-next').hasAttribute('aria-busy')")
    assert number_shown(page) == MULTIPLE
    assert "网络已断开" in page.locator("[data-exam-notice]").inner_text()
    assert stored(context, attempt_id).answers[MULTIPLE].response == [first]

    page.context.set_offline(False)
    page.wait_for_selector(SAVED)
    assert page.locator("[data-exam-notice]").is_hidden()
    assert sorted(stored(context, attempt_id).answers[MULTIPLE].response) == sorted(
        [first, second, third]
    )
    drafts = [json.loads(one.post_data) for one in sent if "/answers/" in one.url]
    assert [len(draft["response"]) for draft in drafts] == sorted(
        len(draft["response"]) for draft in drafts
    )
    # the page's clock was moved, the server's was not, and its word counts
    student = person_of(context, "student")
    left = view_attempt(context, student.id, attempt_id).remaining_seconds
    assert abs(seconds_shown(page) - left) < CUT_SECONDS / 4


def test_after_a_killed_browser_another_device_goes_on_and_its_answer_stays(
    page: Any,
    browser: Any,
    chromium_path: str,
    address: str,
    tmp_path: Path,
    context: ServiceContext,
    session: ExamSession,
    log_in: Callable[[str], None],
) -> None:
    attempt_id = start(page, log_in, session)
    profile = tmp_path / "profile"
    with killable_browser(browser, chromium_path, profile) as first:
        sign_in(first.page, address)
        resume(first.page, address, attempt_id)
        choose(first.page, right_at(context, attempt_id, 1))
        go_on(first.page)
        stem, (theirs, ours, *_) = first.page.inner_text(".stem"), options_of(first.page)
        first.page.context.set_offline(True)
        give_by_letter(first.page, theirs)
        first.page.wait_for_selector(OFFLINE)
        assert first.page.evaluate(KEPT) == [[theirs]]
        first.kill()

    resume(page, address, attempt_id)
    assert (number_shown(page), page.inner_text(".stem")) == (2, stem)
    assert page.locator("[name=answer]:checked").count() == 0
    page.click("button[value='go-1']")
    page.wait_for_selector(f"input[value='{right_at(context, attempt_id, 1)[0]}']:checked")
    # the options of both items have the same letters: wait for the other page itself
    go_on(page, "button[value='go-2']")
    give_by_letter(page, ours)
    page.wait_for_selector(SAVED)

    with killable_browser(browser, chromium_path, profile) as again:
        sign_in(again.page, address)
        resume(again.page, address, attempt_id)
        again.page.wait_for_selector("[data-exam-notice]:visible")
        assert "以较新的答案为准" in again.page.inner_text("[data-exam-notice]")
        assert again.page.locator(SAVED).is_visible()
        assert again.page.evaluate(KEPT) == []
        assert stored(context, attempt_id).answers[2].response == [ours]
        go_on(again.page, "button[value='go-2']")
        assert again.page.locator(f"input[value='{ours}']").is_checked()


def test_an_answer_of_a_killed_browser_arrives_where_nobody_gave_another(
    page: Any,
    browser: Any,
    chromium_path: str,
    address: str,
    tmp_path: Path,
    context: ServiceContext,
    session: ExamSession,
    log_in: Callable[[str], None],
) -> None:
    """On the other device the item was passed over and the next one answered."""
    attempt_id = start(page, log_in, session)
    profile = tmp_path / "profile"
    with killable_browser(browser, chromium_path, profile) as first:
        sign_in(first.page, address)
        resume(first.page, address, attempt_id)
        theirs = options_of(first.page)[0]
        first.page.context.set_offline(True)
        give_by_letter(first.page, theirs)
        first.page.wait_for_selector(OFFLINE)
        assert first.page.evaluate(KEPT) == [[theirs]]
        first.kill()
    resume(page, address, attempt_id)
    go_on(page)
    ours = options_of(page)[1]
    give_by_letter(page, ours)
    page.wait_for_selector(SAVED)
    with killable_browser(browser, chromium_path, profile) as again:
        sign_in(again.page, address)
        resume(again.page, address, attempt_id)
        again.page.wait_for_selector(SAVED)
        assert again.page.evaluate(KEPT) == []
        assert number_shown(again.page) == 1
        assert again.page.locator(f"input[value='{theirs}']").is_checked()
        answers = stored(context, attempt_id).answers
        assert [answers[1].response, answers[2].response] == [[theirs], [ours]]
