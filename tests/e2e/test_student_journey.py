"""A student sits the whole exam in a real browser and the certificate is verified."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from certify.services.context import ServiceContext
from certify.services.preparing import DEMO_PASSWORD
from certify.services.simulating import SimulatedCandidate

pytestmark = pytest.mark.e2e
MOST_ITEMS = 70
CHOICES = ("single", "multiple", "true_false")


def attempt_of(page: Any) -> str:
    found = re.search(r"/attempts/([0-9a-f]+)", page.url)
    assert found, page.url
    return found[1]


def give_answer(page: Any, response: Any) -> None:
    """Fill in a raw response, whatever the type of the item."""
    if isinstance(response, list):
        if page.locator("[data-order-list]").count():
            give_order(page, response)
        else:
            for option_id in response:
                page.locator(f"label.choice:has(input[value='{option_id}'])").click()
        return
    ((name, given),) = response.items()
    if name == "blanks":
        for blank, text in given.items():
            page.fill(f"[name='blank-{blank}']", text)
    elif name == "pairs":
        for option_id, target_id in given.items():
            page.select_option(f"[name='pair-{option_id}']", target_id)
    else:
        page.fill("[name=answer]", given)


def give_order(page: Any, sequence: list[str]) -> None:
    """Move each entry up to its place."""
    for place, option_id in enumerate(sequence):
        entry = page.locator(f"[data-order-entry='{option_id}']")
        while entry.locator("[data-order-number]").inner_text() != str(place + 1):
            entry.locator("[data-order-move='-1']").click()
    if page.locator("[data-order-keep]").is_visible():
        page.click("[data-order-keep-button]")


def answer_item(page: Any, response: Any) -> None:
    """Answer with the mouse or the keyboard, as the item asks, and go on."""
    position = page.get_attribute("[data-exam]", "data-position")
    give_answer(page, response)
    page.click("#exam-next")
    page.wait_for_function(
        "position => document.querySelector('[data-exam]')?.dataset.position !== position",
        arg=position,
    )


def sit(page: Any, context: ServiceContext, candidate: SimulatedCandidate) -> str:
    """Go through all items; the attempt's id."""
    attempt_id = attempt_of(page)
    for _ in range(MOST_ITEMS):
        if "/result" in page.url:
            break
        answer_item(page, candidate.answer_current_item(context, attempt_id))
    assert "/result" in page.url
    return attempt_id


def begin(page: Any, level: str) -> None:
    page.goto(f"/exams/estorm-comprehensive/{level}")
    page.locator("label.choice:has(input[name=confirm])").click()
    page.click(".start-form button[type=submit]")
    page.wait_for_selector("[data-exam]")


def test_from_login_to_a_verified_certificate(
    page: Any, log_in: Callable[[str], None], context: ServiceContext, tmp_path: Path
) -> None:
    log_in("student")
    begin(page, "proficient")
    assert page.locator(".timer").is_visible()
    sit(page, context, SimulatedCandidate(1.8, Random(4)))

    assert "成熟" in page.locator("h1").inner_text() or page.locator(".level-proficient").count()
    assert page.locator("svg.radar, .radar svg, [class*=radar]").first.is_visible()
    assert "题目参数为专家暂定值" in page.locator("main").inner_text()

    with page.expect_download() as download:
        page.locator("a[href$='.pdf']").first.click()
    pdf = tmp_path / "certificate.pdf"
    download.value.save_as(pdf)
    credential_id = Path(download.value.suggested_filename).stem.removeprefix("certificate-")
    assert pdf.read_bytes().startswith(b"%PDF")

    page.goto("/verify")
    page.fill("input[name=id]", credential_id.lower())
    page.click("form:has(input[name=id]) button[type=submit]")
    page.wait_for_load_state()
    text = page.locator("main").inner_text()
    assert "有效" in text and "成熟" in text and "林**" in text
    assert "林晓雨" not in text

    page.goto("/verify")
    page.set_input_files("input[type=file]", str(pdf))
    page.click("[data-hash-button]")
    page.wait_for_selector("[data-hash-answer=known]:not([hidden])")
    page.click("[data-send-button]")
    page.wait_for_load_state()
    assert "有效" in page.locator("main").inner_text()

    damaged = bytearray(pdf.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    pdf.write_bytes(damaged)
    page.goto("/verify")
    page.set_input_files("input[type=file]", str(pdf))
    page.click("[data-hash-button]")
    page.wait_for_selector("[data-hash-answer=unknown]:not([hidden])")
    page.click("[data-send-button]")
    page.wait_for_load_state()
    assert "无效" in page.locator("main").inner_text()


def test_a_reload_and_another_device_show_the_same_item_and_answer(
    page: Any,
    browser: Any,
    address: str,
    log_in: Callable[[str], None],
    context: ServiceContext,
) -> None:
    log_in("student")
    begin(page, "novice")
    attempt_id = attempt_of(page)
    candidate = SimulatedCandidate(99.0, Random(1))
    response = candidate.answer_current_item(context, attempt_id)
    while page.locator("[data-task]").get_attribute("data-item-type") not in CHOICES:
        answer_item(page, response)
        response = candidate.answer_current_item(context, attempt_id)
    page.locator(f"label.choice:has(input[value='{response[0]}'])").click()
    page.wait_for_selector("[data-save-words]:has-text('已保存')")
    stem = page.locator(".stem").inner_text()

    other = browser.new_context(
        base_url=address, storage_state=page.context.storage_state(), locale="zh-CN"
    )
    elsewhere = other.new_page()
    elsewhere.goto(f"/attempts/{attempt_id}")
    assert elsewhere.locator(".stem").inner_text() == stem
    assert elsewhere.locator(f"input[value='{response[0]}']").is_checked()
    other.close()

    page.reload()
    assert page.locator(f"input[value='{response[0]}']").is_checked()


def test_the_exam_can_be_sat_with_the_keyboard_alone(
    page: Any, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("student")
    page.goto("/exams")
    begin_or_continue(page)
    attempt_id = attempt_of(page)
    candidate = SimulatedCandidate(99.0, Random(1))
    for _ in range(4):
        response = candidate.answer_current_item(context, attempt_id)
        position = page.get_attribute("[data-exam]", "data-position")
        answer_by_keyboard(page, response)
        page.keyboard.press("Enter")
        page.wait_for_function(
            "position => document.querySelector('[data-exam]')?.dataset.position !== position",
            arg=position,
        )


def answer_by_keyboard(page: Any, response: Any) -> None:
    """Focus, then keys only."""
    kind = page.locator("[data-task]").get_attribute("data-item-type")
    if kind in CHOICES:
        for option_id in response:
            page.keyboard.press(page.get_attribute(f"input[value='{option_id}']", "data-letter"))
    elif kind == "order":
        order_by_keyboard(page, response)
    elif kind == "match":
        for option_id, target_id in response["pairs"].items():
            field = page.locator(f"[name='pair-{option_id}']")
            field.focus()
            while field.input_value() != target_id:
                page.keyboard.press("ArrowDown")
    else:
        given = response.get("blanks", response)
        for part, text in given.items():
            page.focus(f"[name='blank-{part}']" if kind == "fill_in" else "[name=answer]")
            page.keyboard.type(text)


def order_by_keyboard(page: Any, sequence: list[str]) -> None:
    for place, option_id in enumerate(sequence):
        entry = page.locator(f"[data-order-entry='{option_id}']")
        entry.locator("[data-order-move='-1']").focus()
        while entry.locator("[data-order-number]").inner_text() != str(place + 1):
            page.keyboard.press("Alt+ArrowUp")
    page.evaluate("document.activeElement.blur()")


def begin_or_continue(page: Any) -> None:
    running = page.locator("a[href^='/attempts/']").first
    if running.count():
        running.click()
    else:
        begin(page, "novice")
    page.wait_for_selector("[data-exam]")


def test_nothing_in_the_exam_page_gives_the_answer_away(
    page: Any, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    log_in("student")
    page.goto("/exams")
    payloads: list[str] = []
    page.on("response", lambda response: payloads.append(response_text(response)))
    begin_or_continue(page)
    with context.database.reading() as work:
        record = work.attempts.get(attempt_of(page))
    assert record is not None and record.current is not None
    item = context.shelf.release(
        work, record.started_terms.release_digest, context.skill_model
    ).by_id[record.current.item_id]
    everything = page.content() + "".join(payloads)
    for secret in (
        item.id,
        item.explanation.text,
        item.source,
        *item.explanation.option_notes.values(),
    ):
        assert not secret or secret not in everything
    assert "data-correct" not in everything and '"correct"' not in everything


def response_text(response: Any) -> str:
    kind = response.headers.get("content-type", "")
    return str(response.text()) if "html" in kind or "json" in kind else ""


def test_a_new_sign_in_elsewhere_loses_no_answer(
    page: Any, log_in: Callable[[str], None], context: ServiceContext
) -> None:
    """Pain 7: the login expires in the middle of an exam and is renewed in another tab."""
    log_in("student")
    page.goto("/exams")
    begin_or_continue(page)
    attempt_id = attempt_of(page)
    candidate = SimulatedCandidate(99.0, Random(1))
    response = candidate.answer_current_item(context, attempt_id)
    while page.locator("[data-task]").get_attribute("data-item-type") not in CHOICES:
        answer_item(page, response)
        response = candidate.answer_current_item(context, attempt_id)

    exam = page
    tab = page.context.new_page()
    page.context.clear_cookies()
    tab.goto("/login")
    tab.fill("[name=username]", "student")
    tab.fill("[name=password]", DEMO_PASSWORD)
    tab.click("main form button[type=submit]")
    tab.wait_for_load_state()
    tab.close()

    with exam.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        for option_id in response:
            exam.locator(f"label.choice:has(input[value='{option_id}'])").click()
    exam.wait_for_selector("[data-save-words]:has-text('已保存')")
    with context.database.reading() as work:
        record = work.attempts.get(attempt_id)
    assert record is not None and record.current is not None
    saved = record.answers.get(record.current.position)
    assert saved is not None and sorted(saved.response) == sorted(response)
    exam.click("#exam-next")
    exam.wait_for_function(
        "position => document.querySelector('[data-exam]')?.dataset.position !== String(position)",
        arg=record.current.position,
    )
