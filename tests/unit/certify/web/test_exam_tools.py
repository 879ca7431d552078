"""What stands beside an item: calculator, scratch paper, display, keys; and the page's weight."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.unit.certify.web.exam_interface import Interface

playwright_api = pytest.importorskip("playwright.sync_api", reason="Playwright absent: [e2e]")
pytestmark = pytest.mark.e2e

HEAVIEST_PAGE = 120_000
NAMES = """() => [...document.querySelectorAll(
    "button, input:not([type=hidden]), textarea, select, a[href]")]
  .filter((one) => one.checkVisibility() && !one.closest("[aria-hidden=true]"))
  .filter((one) => !(one.getAttribute("aria-label") || one.getAttribute("aria-labelledby")
    || one.labels?.length || one.textContent.trim()))
  .map((one) => one.outerHTML)"""


def shown(page: Any) -> str:
    return str(page.locator("[data-calculator-shown]").inner_text())


def answered(page: Any) -> int:
    return int(page.locator("[name=answer]:checked").count())


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ("0.1+0.2=", "0.3"),
        ("12*3/4=", "9"),
        ("7-10=", "-3"),
        ("200+10%=", "220"),
        ("250*8%=", "20"),
        ("5/0=", "–"),
        ("2+3*4=", "20"),
    ],
)
def test_the_calculator_counts_by_keyboard(page: Any, keys: str, result: str) -> None:
    page.goto("/_style/exam/single")
    page.keyboard.press("Alt+c")
    for sign in keys:
        page.keyboard.press(sign)
    assert shown(page) == result
    assert answered(page) == 0


def test_the_calculator_keeps_a_memory_over_pages(page: Any) -> None:
    page.goto("/_style/exam/numeric")
    page.locator("[data-panel-button=calculator]").click()
    for name in ("4", "2", "M+", "clear", "8", "M−", "MR"):
        page.locator(f"[data-calculator-key='{name}']").click()
    assert shown(page) == "34"
    page.goto("/_style/exam/single")
    page.keyboard.press("Alt+c")
    assert page.locator("[data-calculator-memory]").is_visible()
    for name in ("1", "+", "MR", "="):
        page.locator(f"[data-calculator-key='{name}']").click()
    assert shown(page) == "35"


def test_escape_closes_a_panel_and_the_focus_returns(page: Any) -> None:
    page.goto("/_style/exam/single")
    page.keyboard.press("Alt+s")
    assert page.locator("#scratch-panel").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#scratch-panel").is_hidden()
    focused = page.evaluate("document.activeElement.dataset.panelButton")
    assert focused == "scratch"


def test_the_scratch_paper_stays_on_the_device_and_is_never_sent(
    page: Any, interface: Interface
) -> None:
    page.goto("/_style/exam/single")
    page.keyboard.press("Alt+s")
    page.keyboard.type("84 + 6 = 90, b?")
    page.wait_for_timeout(1000)
    assert interface.drafts == []
    assert answered(page) == 0
    page.goto("/_style/exam/single")
    page.keyboard.press("Alt+s")
    assert page.locator("[data-scratch]").input_value() == "84 + 6 = 90, b?"


def test_large_text_and_contrast_stay_chosen(page: Any) -> None:
    page.goto("/_style/exam/single")
    page.locator("[data-switch=text]").click()
    page.keyboard.press("Alt+h")
    page.goto("/_style/exam/multiple")
    chosen = page.evaluate("({ ...document.documentElement.dataset })")
    assert chosen == {"text": "large", "contrast": "high"}
    assert page.locator("[data-switch=text]").get_attribute("aria-pressed") == "true"
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(0, 0, 0)"
    page.keyboard.press("Alt+l")
    assert page.evaluate("document.documentElement.dataset.text") is None


def test_a_question_mark_lists_the_keys(page: Any, interface: Interface) -> None:
    page.goto("/_style/exam/single")
    page.keyboard.press("?")
    dialog = page.locator("#keys-dialog")
    assert dialog.is_visible()
    assert "计算器" in dialog.inner_text()
    page.keyboard.press("a")
    assert answered(page) == 0
    page.keyboard.press("Escape")
    assert dialog.is_hidden()


def test_a_question_mark_in_an_answer_stays_a_sign(page: Any) -> None:
    page.goto("/_style/exam/essay")
    page.locator("#answer").focus()
    page.keyboard.type("why?")
    assert page.locator("#answer").input_value() == "why?"
    assert page.locator("#keys-dialog").is_hidden()


def test_a_warning_of_time_is_said_once(page: Any, interface: Interface) -> None:
    page.add_init_script(
        """document.addEventListener("DOMContentLoaded", () => {
          window.said = [];
          const place = document.querySelector("[data-announce]");
          new MutationObserver(() => window.said.push(place.textContent))
            .observe(place, { childList: true, characterData: true, subtree: true });
        });"""
    )
    page.goto("/_style/exam/single?seconds=601")
    playwright_api.expect(page.locator("[data-time-warning]")).to_have_text("还剩10分钟")
    page.wait_for_timeout(2500)
    assert page.evaluate("window.said") == ["还剩10分钟"]


@pytest.mark.parametrize("item_type", ["single", "numeric", "order", "match", "essay", "composite"])
def test_every_control_has_a_name(page: Any, item_type: str) -> None:
    page.goto(f"/_style/exam/{item_type}")
    page.locator("[data-panel-button=calculator]").click()
    page.locator("[data-panel-button=scratch]").click()
    assert page.evaluate(NAMES) == []


def test_the_tools_are_reached_by_tab_alone(page: Any) -> None:
    page.goto("/_style/exam/single")
    reached = []
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    for words in ("计算器", "草稿纸", "大字", "高对比度"):
        assert words in reached


@pytest.mark.parametrize("width", [390, 640])
def test_nothing_lies_beyond_the_edge_of_a_small_window(page: Any, width: int) -> None:
    """640 pixels are what a window of 1280 has at a zoom of 200 %."""
    page.set_viewport_size({"width": width, "height": 720})
    page.goto("/_style/exam/single")
    page.locator("[data-switch=text]").click()
    page.keyboard.press("Alt+c")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0


def test_the_page_weighs_less_than_its_limit_without_pictures(browser: Any, address: str) -> None:
    """HTML, style sheets and scripts as they are served, without compression."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    bodies: dict[str, int] = {}

    def weigh(response: Any) -> None:
        if re.search("html|css|javascript", response.headers.get("content-type", "")):
            bodies[response.url] = len(response.body())

    page.on("response", weigh)
    page.goto(urljoin(address, "/_style/exam/match"), wait_until="networkidle")
    context.close()
    assert len(bodies) > 15
    assert sum(bodies.values()) < HEAVIEST_PAGE, sum(bodies.values())
