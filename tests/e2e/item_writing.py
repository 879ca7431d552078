"""How a teacher writes an item of each type in the editor of a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from question_bank.answer_key import BlanksKey, ChoiceKey, EssayKey, MatchKey, NumericKey, OrderKey

if TYPE_CHECKING:
    from playwright.sync_api import Page


def fill_rows(page: Page, name: str, texts: list[str]) -> None:
    for place, text in enumerate(texts):
        page.locator(f"[name={name}]").nth(place).fill(text)


def write_options(page: Page, count: int, correct: str) -> None:
    fill_rows(page, "option_text", [f"第{n}项做法" for n in range(1, count + 1)])
    fill_rows(page, "option_note", [f"说明{n}" for n in range(1, count + 1)])
    for option in correct:
        page.locator(f"label.option-mark:has([value={option}])").click()


def write_single(page: Page) -> None:
    write_options(page, 4, "b")


def write_multiple(page: Page) -> None:
    write_options(page, 5, "ac")


def write_true_false(page: Page) -> None:
    page.locator("label.choice:has([name=truth][value=false])").click()


def write_number(page: Page) -> None:
    page.fill("[name=value]", "12.5")
    page.fill("[name=unit]", "元")


def write_blanks(page: Page) -> None:
    page.fill("#stem", "术语 {{1}} 的风险在 {{2}} 转移。")
    fill_rows(page, "blank_accepted", ["FOB\n船上交货 || 1/2", "装运港"])


def write_order(page: Page) -> None:
    fill_rows(page, "option_text", ["备货", "订舱", "报关", "装船", "交单"])
    fill_rows(page, "option_note", ["先备货", "再订舱", "后报关", "再装船", "末交单"])


def write_match(page: Page) -> None:
    fill_rows(page, "target_text", ["营销", "客服", "物流", "财务"])
    fill_rows(page, "option_text", ["点击率", "响应时长", "送达率", "毛利率"])
    fill_rows(page, "option_note", ["归营销", "归客服", "归物流", "归财务"])
    for place in range(4):
        page.locator("[name=option_partner]").nth(place).select_option(f"t{place + 1}")


def write_essay(page: Page) -> None:
    page.fill("#reference", "先说人群，再说卖点。")
    page.fill("#most_characters", "300")


WRITERS: dict[str, tuple[Callable[[Page], None], type]] = {
    "single": (write_single, ChoiceKey),
    "multiple": (write_multiple, ChoiceKey),
    "true_false": (write_true_false, ChoiceKey),
    "numeric": (write_number, NumericKey),
    "fill_in": (write_blanks, BlanksKey),
    "order": (write_order, OrderKey),
    "match": (write_match, MatchKey),
    "essay": (write_essay, EssayKey),
}


def open_editor(page: Page, item_type: str, node: str = "01") -> None:
    page.goto("/items/new")
    page.select_option("#node", node)
    page.locator(f"label.choice:has([name=type][value={item_type}])").click()
    page.click("main form button[type=submit]")
    page.wait_for_selector("[data-item-form]")


def write_what_all_have(page: Page) -> None:
    page.fill("#stem", r"主图应当怎样做？见 $\frac{a}{b}$。")
    page.fill("#explanation", "主图先要让人看清产品。")
    page.fill("#source", "项目自编")
    page.locator("label.choice:has([name=level][value=novice])").click()
