"""Teachers write an item of every type in a real browser and look at it as a candidate would."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from certify.services.banking import get_item
from certify.services.context import ServiceContext
from tests.e2e.item_writing import WRITERS, open_editor, write_order, write_what_all_have

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = pytest.importorskip("playwright.sync_api", reason="Playwright absent: [e2e]").expect
pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("item_type", sorted(WRITERS))
def test_an_item_of_each_type_is_written_looked_at_and_sent_to_review(
    page: Page, log_in: Callable[[str], None], context: ServiceContext, item_type: str
) -> None:
    write, key_type = WRITERS[item_type]
    log_in("teacher")
    open_editor(page, item_type)
    write_what_all_have(page)
    write(page)
    page.keyboard.press("Control+Enter")
    preview = page.locator("[data-preview]")
    expect(preview.locator("[data-task]")).to_have_attribute("data-item-type", item_type)
    if item_type != "fill_in":
        expect(preview.locator("math")).to_be_visible()
    expect(preview).not_to_contain_text("主图先要让人看清产品")
    page.click("button[value=submit]")
    page.wait_for_url(re.compile(r"/items/01-\d+$"))
    saved = get_item(context, page.url.rsplit("/", 1)[1])
    assert (saved.status, saved.item.type) == ("in_review", item_type)
    assert isinstance(saved.item.answer_key, key_type)


def test_the_preview_answers_to_the_hand_like_the_exam(
    page: Page, log_in: Callable[[str], None]
) -> None:
    log_in("teacher")
    open_editor(page, "order")
    page.fill("#stem", "请按先后排列。")
    write_order(page)
    entries = page.locator("[data-preview] [data-order-entry]")
    expect(entries).to_have_count(5)
    last = entries.first.get_attribute("data-words")
    entries.first.locator("[data-order-move='1']").click()
    assert entries.nth(1).get_attribute("data-words") == last


def test_the_keyboard_saves_and_what_is_typed_is_kept(
    page: Page, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("teacher")
    open_editor(page, "essay")
    write_what_all_have(page)
    expect(page.locator("[data-kept]")).to_contain_text("已暂存", timeout=10_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/items/new?node=01&type=essay")
    expect(page.locator("main")).to_contain_text("尚未保存的内容")
    page.click("text=继续编辑")
    expect(page.locator("#source")).to_have_value("项目自编")
    page.focus("#stem")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/items/01-\d+$"))
    saved = get_item(context, page.url.rsplit("/", 1)[1])
    assert (saved.status, saved.item.source) == ("draft", "项目自编")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_editor_is_no_wider_than_the_screen(
    page: Page, log_in: Callable[[str], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    log_in("teacher")
    for item_type in WRITERS:
        page.goto(f"/items/new?node=01&type={item_type}")
        found: Any = page.evaluate("document.documentElement.scrollWidth")
        assert found <= width, item_type
