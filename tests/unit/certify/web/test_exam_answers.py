"""Answers of every type in a real browser: blanks, orders, matches, essays, several parts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.certify.web.exam_interface import Interface

playwright_api = pytest.importorskip("playwright.sync_api", reason="Playwright absent: [e2e]")
pytestmark = pytest.mark.e2e

SAVED = "已保存"


def words(page: Any) -> Any:
    return playwright_api.expect(page.locator("[data-save-words]"))


def test_blanks_are_sent_by_their_ids(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/fill_in")
    page.locator("[name='blank-1']").fill("点击量")
    words(page).to_have_text(SAVED)
    assert interface.drafts[-1]["response"] == {"blanks": {"1": "点击量", "2": ""}}


def test_a_match_is_sent_as_pairs_of_what_was_chosen(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/match")
    page.locator("[name='pair-b']").select_option("t2")
    words(page).to_have_text(SAVED)
    assert interface.drafts[-1]["response"] == {"pairs": {"b": "t2"}}


def test_an_essay_is_counted_and_sent(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/essay")
    page.locator("#answer").fill("先扩大第二个计划。")
    playwright_api.expect(page.locator("[data-counter]")).to_have_text("已写9字，最多500字")
    words(page).to_have_text(SAVED)
    assert interface.drafts[-1]["response"] == {"text": "先扩大第二个计划。"}
    # Enter makes a new line here, it does not go on
    page.locator("#answer").press("Enter")
    assert page.locator("#blank-dialog[open]").count() == 0


def order_shown(page: Any) -> list[str]:
    shown: list[str] = page.eval_on_selector_all(
        "[data-order-entry]", "entries => entries.map(entry => entry.dataset.orderEntry)"
    )
    return shown


def test_an_entry_is_moved_with_buttons_and_its_new_place_is_said(
    page: Any, interface: Interface
) -> None:
    page.goto("/_style/exam/order")
    before = order_shown(page)
    page.locator("[data-order-move='1']").first.click()
    words(page).to_have_text(SAVED)
    moved = [before[1], before[0], *before[2:]]
    assert order_shown(page) == moved
    assert interface.drafts[-1]["response"] == moved
    assert "第2位，共4项" in page.locator("[data-order-said]").inner_text()
    # the button keeps the focus, so that the entry can be moved on
    page.keyboard.press("Space")
    assert order_shown(page) == [before[1], before[2], before[0], before[3]]


def test_an_entry_is_moved_with_alt_and_an_arrow(page: Any) -> None:
    page.goto("/_style/exam/order")
    before = order_shown(page)
    page.locator("[data-order-move='-1']").last.focus()
    page.keyboard.press("Alt+ArrowUp")
    assert order_shown(page) == [*before[:2], before[3], before[2]]


def test_an_entry_is_dragged_by_its_grip(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/order")
    before = order_shown(page)
    grip = page.locator("[data-order-grip]").last.bounding_box()
    first = page.locator("[data-order-entry]").first.bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(first["x"] + 40, first["y"] + 4, steps=5)
    page.mouse.up()
    words(page).to_have_text(SAVED)
    assert interface.drafts[-1]["response"] == [before[3], *before[:3]]


def test_an_order_that_nobody_touched_is_no_answer_until_it_is_confirmed(
    page: Any, interface: Interface
) -> None:
    page.goto("/_style/exam/order")
    page.locator("#exam-next").click()
    page.wait_for_selector("#blank-dialog[open]")
    page.keyboard.press("Escape")
    page.locator("[data-order-keep-button]").click()
    words(page).to_have_text(SAVED)
    assert interface.drafts[-1]["response"] == order_shown(page)
    assert page.locator("[data-order-keep]").is_hidden()


def test_an_unsent_order_survives_a_reload(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/order")
    interface.offline = True
    page.locator("[data-order-move='1']").first.click()
    playwright_api.expect(page.locator("[data-exam-notice]")).to_be_visible()
    moved = order_shown(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    # the browser's database answers a moment after the page is there
    first = page.locator("[data-order-entry]").first
    playwright_api.expect(first).to_have_attribute("data-order-entry", moved[0])
    assert order_shown(page) == moved
    interface.offline = False
    words(page).to_have_text(SAVED, timeout=10_000)
    assert interface.drafts[-1]["response"] == moved


def test_the_parts_of_a_composite_item_are_sent_by_their_identifiers(
    page: Any, interface: Interface
) -> None:
    page.goto("/_style/exam/composite")
    page.locator("label.choice").nth(0).click()
    page.locator("label.choice").nth(2).click()
    page.locator("[data-identifier=NAME]").fill("点击率")
    page.locator("[data-order-move='1']").first.click()
    words(page).to_have_text(SAVED)
    responses = {"FUNNEL": ["B", "A", "C"], "LOSS": ["A", "C"], "NAME": ["点击率"]}
    assert interface.drafts[-1]["response"] == {"responses": responses}


def test_an_unsent_composite_answer_survives_a_reload(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/composite")
    interface.offline = True
    page.locator("label.choice").nth(1).click()
    page.locator("[data-order-move='1']").first.click()
    page.locator("[data-identifier=NAME]").fill("点击率")
    playwright_api.expect(page.locator("[data-exam-notice]")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert order_shown(page) == ["B", "A", "C"]
    assert page.locator("[data-identifier=NAME]").input_value() == "点击率"
    interface.offline = False
    words(page).to_have_text(SAVED, timeout=10_000)
    responses = {"FUNNEL": ["B", "A", "C"], "LOSS": ["B"], "NAME": ["点击率"]}
    assert interface.drafts[-1]["response"] == {"responses": responses}


@pytest.mark.parametrize("item_type", ["order", "match", "fill_in", "essay", "composite"])
def test_every_target_is_large_enough_and_nothing_is_wider_than_a_telephone(
    browser: Any, address: str, item_type: str
) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"/_style/exam/{item_type}")
    sizes = page.eval_on_selector_all(
        ".exam-task :is(button, select, input:not(.choice-input), textarea, label.choice)",
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width)"
        ".map(box => Math.min(box.width, box.height))",
    )
    assert min(sizes) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_an_order_is_given_by_numbers_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/_style/exam/order?linear")
    for place, entry in enumerate("abcd", start=1):
        page.locator(f"[name=place-{entry}]").select_option(str(place))
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator("#exam-next").click()
    for place, entry in enumerate("abcd", start=1):
        assert f"place-{entry}={place}" in sent.value.post_data
    context.close()
