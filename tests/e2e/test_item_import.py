"""A teacher imports a workbook with three good and two bad rows in a real browser, and finds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from certify.services.banking import search_items
from certify.services.context import ServiceContext
from certify.services.ports import ItemFilter
from certify.services.uploading import workbook_template

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = pytest.importorskip("playwright.sync_api", reason="Playwright absent: [e2e]").expect
pytestmark = pytest.mark.e2e

HEAD = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "技能", "等级", "解析"]


def good(number: int) -> list[str]:
    stem = f"熊猫茶叶第{number}款的外箱应当标明什么？"
    return ["单选", stem, "原产地", "价格", "心情", "天气", "A", "01", "新手", "须标明原产地。"]


def bad_key() -> list[str]:
    return ["单选", "答案指向不存在的选项？", "甲", "乙", "丙", "丁", "E", "01", "新手", "无。"]


def no_stem() -> list[str]:
    return ["单选", "", "甲", "乙", "丙", "丁", "A", "01", "新手", "无。"]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "期中题库.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("试题")
        for row, cells in enumerate([HEAD, good(1), bad_key(), good(2), no_stem(), good(3)]):
            sheet.write_row(row, 0, cells)
    return path


def search(page: Page, words: str) -> None:
    page.goto("/items")
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"text="))


def test_three_good_and_two_bad_rows(
    page: Page, log_in: Callable[[str], None], context: ServiceContext, workbook: Path
) -> None:
    log_in("teacher")
    page.goto("/items")
    page.click("main a:has-text('导入')")
    page.set_input_files("#files", workbook)
    expect(page.locator("[data-file-state]")).to_contain_text("期中题库.xlsx")
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/items/import/[0-9a-f]{32}$"))
    problems = page.locator(".problem-table tbody tr")
    expect(problems).to_have_count(2)
    expect(problems.nth(0)).to_contain_text("答案")
    expect(problems.nth(1)).to_contain_text("题干")
    assert search_items(context, ItemFilter(text="熊猫茶叶")).total == 0
    page.click("main form button:has-text('立即导入3道试题')")
    expect(page.locator("h1")).to_have_text("导入完成")
    assert search_items(context, ItemFilter(text="熊猫茶叶", status="draft")).total == 3
    search(page, "熊猫茶叶")
    expect(page.locator(".item-table tbody tr")).to_have_count(3)
    expect(page.locator(".item-table mark").first).to_have_text("熊猫茶叶")


def test_many_items_are_chosen_by_keyboard_and_told_one_by_one(
    page: Page, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("teacher")
    page.goto("/items?node=02&sort=id")
    for key in ("j", "x", "j", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-chosen-count]")).to_have_text("已选2题")
    page.select_option("#action", "tag")
    page.click(".bulk-bar button")
    page.select_option("#chapter", "03.1")
    page.click("main form button[type=submit]")
    expect(page.locator(".callout-success")).to_contain_text("已处理2道试题")
    rows: Any = search_items(context, ItemFilter(chapter="03.1", author="teacher")).rows
    assert [row.item_id for row in rows] == ["02-001", "02-003"]
    page.click("text=返回列表 >> nth=0")
    assert page.url.endswith("/items?node=02&sort=id")


def test_the_template_from_the_page_comes_back_without_problems(
    page: Page, log_in: Callable[[str], None], tmp_path: Path
) -> None:
    log_in("teacher")
    page.goto("/items/import")
    with page.expect_download() as waiting:
        page.click(".template-link")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "题库模板.xlsx"
    assert len(path.read_bytes()) == pytest.approx(len(workbook_template()), rel=0.05)
    page.set_input_files("#files", path)
    page.click("main form button[type=submit]")
    expect(page.locator(".empty-state-title")).to_be_visible()
