"""Unsent answers of the exam page: kept on the device, sent again in order and unchanged."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.certify.web.exam_interface import Interface

playwright_api = pytest.importorskip("playwright.sync_api", reason="Playwright absent: [e2e]")
pytestmark = pytest.mark.e2e

KEPT = """() => new Promise((resolve) => {
  const request = indexedDB.open("certify-exam", 1);
  request.onsuccess = () => {
    const all = request.result.transaction("answers").objectStore("answers").getAll();
    all.onsuccess = () => {
      resolve(all.result.sort((a, b) => a.number - b.number));
      request.result.close();
    };
  };
})"""


def words(page: Any) -> Any:
    return playwright_api.expect(page.locator("[data-save-words]"))


def notice(page: Any) -> Any:
    return playwright_api.expect(page.locator("[data-exam-notice]"))


def responses(interface: Interface) -> list[Any]:
    return [draft["response"] for draft in interface.drafts]


def test_an_answer_without_a_reply_is_sent_again_unchanged_before_the_next(
    page: Any, interface: Interface
) -> None:
    interface.takes_without_a_reply = True
    page.goto("/_style/exam/single")
    page.keyboard.press("a")
    words(page).to_have_text("离线，已存于本机")
    page.keyboard.press("b")
    page.wait_for_timeout(200)
    interface.takes_without_a_reply = False
    words(page).to_have_text("已保存", timeout=10_000)
    first = interface.drafts[0]
    same = [d for d in interface.drafts if d["idempotency_key"] == first["idempotency_key"]]
    assert len(same) >= 2
    assert {(tuple(d["response"]), d["revision"]) for d in same} == {(("a",), 1)}
    assert (interface.drafts[-1]["response"], interface.drafts[-1]["revision"]) == (["b"], 2)


def test_unsent_answers_are_in_the_database_of_the_browser_until_acknowledged(
    page: Any, interface: Interface
) -> None:
    interface.offline = True
    page.goto("/_style/exam/single")
    page.keyboard.press("c")
    words(page).to_have_text("离线，已存于本机")
    (entry,) = page.evaluate(KEPT)
    assert (entry["response"], entry["revision"]) == (["c"], 1)
    interface.offline = False
    words(page).to_have_text("已保存", timeout=10_000)
    page.wait_for_function(f"async () => (await ({KEPT})()).length === 0")


def test_the_next_visit_sends_what_was_left_with_the_same_key(
    page: Any, interface: Interface
) -> None:
    interface.offline = True
    page.goto("/_style/exam/single")
    page.keyboard.press("c")
    words(page).to_have_text("离线，已存于本机")
    (entry,) = page.evaluate(KEPT)
    page.on("dialog", lambda dialog: dialog.accept())
    interface.offline = False
    page.reload()
    words(page).to_have_text("已保存", timeout=10_000)
    assert interface.drafts[-1]["idempotency_key"] == entry["key"]
    assert page.locator("[name=answer][value=c]").is_checked()


def test_without_a_database_answers_go_to_the_shelf(page: Any, interface: Interface) -> None:
    page.add_init_script("indexedDB.open = () => { throw new Error('forbidden'); };")
    interface.offline = True
    page.goto("/_style/exam/single")
    page.keyboard.press("d")
    words(page).to_have_text("离线，已存于本机")
    page.on("dialog", lambda dialog: dialog.accept())
    interface.offline = False
    page.reload()
    words(page).to_have_text("已保存", timeout=10_000)
    assert responses(interface)[-1] == ["d"]
    assert page.evaluate("localStorage.length") == 0


def test_answers_of_another_attempt_leave_the_device(page: Any, interface: Interface) -> None:
    interface.offline = True
    page.goto("/_style/exam/single")
    page.keyboard.press("c")
    words(page).to_have_text("离线，已存于本机")
    page.evaluate(
        """() => new Promise((resolve) => {
          const request = indexedDB.open("certify-exam", 1);
          request.onsuccess = () => {
            const change = request.result.transaction("answers", "readwrite");
            change.objectStore("answers").put({ key: "k", attempt: "other", number: 1 });
            change.oncomplete = () => { request.result.close(); resolve(); };
          };
        })"""
    )
    page.on("dialog", lambda dialog: dialog.accept())
    interface.offline = False
    page.reload()
    words(page).to_have_text("已保存", timeout=10_000)
    page.wait_for_function(f"async () => (await ({KEPT})()).length === 0")
    assert all(draft["idempotency_key"] != "k" for draft in interface.drafts)


def test_a_page_that_another_replaced_offers_to_go_on_here(page: Any, interface: Interface) -> None:
    interface.status, interface.code = 409, "older-page"
    page.goto("/_style/exam/single?page=1")
    page.keyboard.press("a")
    notice(page).to_contain_text("另一个窗口")
    assert len(page.evaluate(KEPT)) == 1
    page.keyboard.press("b")
    page.wait_for_timeout(1200)
    assert len(interface.drafts) == 1
    interface.status, interface.code = 200, ""
    page.locator("[data-take-over]").click()
    words(page).to_have_text("已保存", timeout=10_000)
    assert "page=" not in page.url
    assert responses(interface)[-1] == ["a"]


def test_a_stale_answer_is_dropped_and_the_latest_one_offered(
    page: Any, interface: Interface
) -> None:
    interface.status, interface.code = 409, "stale-response"
    page.goto("/_style/exam/single")
    page.keyboard.press("a")
    notice(page).to_contain_text("最新")
    assert page.locator("[data-take-over]").is_visible()
    assert page.evaluate(KEPT) == []
    page.wait_for_timeout(1200)
    assert len(interface.drafts) == 1


def test_going_on_without_a_line_stays_on_the_page(
    page: Any, interface: Interface, posts: list[str]
) -> None:
    page.goto("/_style/exam/single")
    page.keyboard.press("a")
    words(page).to_have_text("已保存")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    notice(page).to_contain_text("网络已断开")
    assert posts == []
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text('next')")


def test_what_an_earlier_page_left_gives_way_to_a_newer_answer(
    page: Any, interface: Interface
) -> None:
    interface.offline = True
    page.goto("/_style/exam/single")
    page.keyboard.press("a")
    words(page).to_have_text("离线，已存于本机")
    page.on("dialog", lambda dialog: dialog.accept())
    interface.offline = False
    interface.status, interface.code = 409, "stale-response"
    page.reload()
    notice(page).to_contain_text("最近保存")
    assert page.locator("[name=answer]:checked").count() == 0
    assert page.locator("[data-take-over]").is_hidden()
    interface.status, interface.code = 200, ""
    page.keyboard.press("b")
    words(page).to_have_text("已保存", timeout=10_000)
    assert responses(interface)[-1] == ["b"]
