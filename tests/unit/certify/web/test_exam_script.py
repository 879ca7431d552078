"""The exam page in a real browser, against a made-up interface that the tests control."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.unit.certify.web.exam_interface import Interface

playwright_api = pytest.importorskip("playwright.sync_api", reason="Playwright absent: [e2e]")
pytestmark = pytest.mark.e2e

SAVED = "已保存"
OFFLINE = "离线，已存于本机"


def words(page: Any) -> Any:
    return playwright_api.expect(page.locator("[data-save-words]"))


def test_a_change_is_saved_without_a_click(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/single")
    page.keyboard.press("b")
    words(page).to_have_text(SAVED)
    (draft,) = interface.drafts
    assert draft["response"] == ["b"]
    assert (draft["revision"], draft["final"]) == (1, False)
    assert draft["token"]
    assert page.evaluate("localStorage.length") == 0


def test_quick_changes_are_sent_once_with_the_last_answer(page: Any, interface: Interface) -> None:
    # a clock of the page's own: pressing takes no time there, however busy the machine is
    page.clock.install()
    page.goto("/_style/exam/multiple")
    page.clock.pause_at(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    for sign in ("1", "c", "1", "2"):
        page.keyboard.press(sign)
    page.clock.resume()
    words(page).to_have_text(SAVED)
    assert [draft["response"] for draft in interface.drafts] == [["b", "c"]]


def test_a_number_is_sent_as_text(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/numeric")
    page.locator("#answer").fill(" 3.60 ")
    words(page).to_have_text(SAVED)
    assert interface.drafts[-1]["response"] == {"value": "3.60"}


def test_enter_goes_on_with_the_last_answer_saved_first(
    page: Any, interface: Interface, posts: list[str]
) -> None:
    page.goto("/_style/exam/numeric?linear")
    page.locator("#answer").fill("3.6")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text('next')")
    assert interface.drafts[-1]["response"] == {"value": "3.6"}
    assert len(posts) == 1
    assert "intent=next" in posts[0]
    assert "answer=3.6" in posts[0]
    assert "revision=1" in posts[0]


def test_going_on_without_an_answer_asks_first(page: Any, posts: list[str]) -> None:
    page.goto("/_style/exam/single")
    page.keyboard.press("Enter")
    page.wait_for_selector("#blank-dialog[open]")
    page.keyboard.press("Escape")
    playwright_api.expect(page.locator("#exam-form")).to_have_attribute("data-sending", "")
    assert posts == []
    page.keyboard.press("Enter")
    page.locator("#blank-dialog [value=go]").click()
    page.wait_for_selector("h1:text('next')")
    assert "confirm_blank=1" in posts[0]


def test_without_a_connection_the_answer_stays_here_and_is_sent_again(
    page: Any, interface: Interface, posts: list[str]
) -> None:
    page.goto("/_style/exam/single")
    interface.offline = True
    page.keyboard.press("c")
    playwright_api.expect(page.locator("[data-exam-notice]")).to_contain_text("本机")
    words(page).to_have_text(OFFLINE)
    page.locator("#exam-next").click()
    assert posts == []
    interface.offline = False
    words(page).to_have_text(SAVED, timeout=10_000)
    assert {draft["idempotency_key"] for draft in interface.drafts} != set()
    assert page.locator("[data-exam-notice]").is_hidden()


def test_an_unsent_answer_survives_a_reload(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/single")
    interface.offline = True
    page.keyboard.press("d")
    playwright_api.expect(page.locator("[data-exam-notice]")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    # the browser's database answers a moment after the page is there
    playwright_api.expect(page.locator("[name=answer][value=d]")).to_be_checked()
    interface.offline = False
    words(page).to_have_text(SAVED, timeout=10_000)
    assert interface.drafts[-1]["response"] == ["d"]


def test_an_answer_from_another_window_is_not_overwritten(page: Any, interface: Interface) -> None:
    interface.status = 409
    page.goto("/_style/exam/single")
    page.keyboard.press("a")
    playwright_api.expect(page.locator("[data-exam-notice]")).to_contain_text("另一个窗口")
    page.keyboard.press("b")
    page.wait_for_timeout(1200)
    assert len(interface.drafts) == 1


def test_added_time_shows_without_a_reload(page: Any, interface: Interface) -> None:
    interface.remaining_seconds = 4000
    page.goto("/_style/exam/single?seconds=200")
    playwright_api.expect(page.locator(".timer-critical")).to_be_visible()
    page.keyboard.press("a")
    playwright_api.expect(page.locator(".timer-calm")).to_be_visible()
    assert page.locator("[data-timer-value]").inner_text().startswith("1:06:")


def test_a_changed_clock_of_the_device_changes_nothing(page: Any) -> None:
    page.add_init_script("const real = Date.now; Date.now = () => real() + 7200000;")
    page.goto("/_style/exam/single?seconds=4375")
    assert page.locator("[data-timer-value]").inner_text().startswith("1:12:")


def test_at_zero_the_last_answer_is_saved_and_the_exam_handed_in(
    page: Any, interface: Interface, posts: list[str]
) -> None:
    interface.remaining_seconds = 0
    page.goto("/_style/exam/single?seconds=1.5")
    page.keyboard.press("b")
    page.wait_for_selector("h1:text('next')", timeout=10_000)
    assert interface.drafts[-1]["response"] == ["b"]
    assert "reason=time" in posts[-1]


def test_at_zero_here_but_not_on_the_server_the_exam_goes_on(
    page: Any, interface: Interface, posts: list[str]
) -> None:
    interface.remaining_seconds = 900
    page.goto("/_style/exam/single?seconds=0.5")
    playwright_api.expect(page.locator(".timer-calm")).to_be_visible(timeout=10_000)
    assert posts == []


def test_the_time_is_announced_only_at_its_thresholds(page: Any) -> None:
    page.goto("/_style/exam/single?seconds=301.2")
    announced = page.locator("[data-announce]")
    assert announced.inner_text() == ""
    playwright_api.expect(announced).to_have_text("还剩5分钟")


def test_time_can_be_hidden_and_stays_hidden(page: Any) -> None:
    page.goto("/_style/exam/single")
    page.locator("[data-timer-toggle]").click()
    assert "1:12" not in page.locator("[data-timer-value]").inner_text()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/_style/exam/multiple")
    playwright_api.expect(page.locator("[data-timer-value]")).to_have_text("––:––")


def test_the_page_works_as_a_plain_form_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/_style/exam/single?linear")
    page.locator("[name=answer][value=b]").check()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator("#exam-next").click()
    assert "answer=b" in sent.value.post_data
    assert "intent=next" in sent.value.post_data
    context.close()
