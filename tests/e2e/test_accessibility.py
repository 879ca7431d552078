"""Every page of the house against axe-core: WCAG 2.0 to 2.2, levels A and AA; and no page too wide.

Two languages and two widths, so that each page is met in Chinese on a computer and in English on a
telephone; the exam page also in its high contrast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from certify.services.context import ServiceContext
from certify.services.preparing import DEMO_PASSWORD
from tests.e2e.axe import find_violations
from tests.e2e.furnished_rooms import SECOND, Furnished, furnish
from tests.e2e.mixed_paper import KINDS

pytestmark = pytest.mark.e2e

EXAM = [f"exam-{number}" for number in range(1, len(KINDS) + 1)]
PAGES = {
    "": ["login", "verify", "certificate"],
    "student": [
        *("home", "exams", "rules", "lobby", *EXAM, "review", "result", "history"),
        *("practice", "practice-task", "practice-answer", "mistakes"),
    ],
    SECOND: ["break"],
    "teacher": [
        *("items", "item", "item-edit", "item-new", "item-versions", "item-statistics"),
        *("reviews", "quality", "import", "export", "papers", "paper-new", "forms", "form"),
        *("releases", "release"),
    ],
    "centre": [
        *("sessions", "session-new", "session", "roster", "board", "grading"),
        *("integrity", "integrity-report", "integrity-candidate"),
    ],
    "auditor": ["audit", "audit-certificate", "audit-trail"],
    "admin": ["people", "people-new", "person", "calibrations"],
}
VISITS = [(username, name) for username, names in PAGES.items() for name in names]
COMPUTER = ("zh", {"width": 1280, "height": 800})
TELEPHONE = ("en", {"width": 390, "height": 844})
WIDER_BY = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HIGH_CONTRAST = "document.documentElement.dataset.contrast = 'high'"
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def furnished(context: ServiceContext) -> Furnished:
    return furnish(context)


@pytest.fixture(scope="module")
def visitor(browser: Any, address: str, furnished: Furnished) -> Iterator[Callable[[str], Any]]:
    """A page that somebody is signed in to, one for each person."""
    pages: dict[str, Any] = {}

    def visitor(username: str) -> Any:
        if username not in pages:
            page = browser.new_context(base_url=address, locale="zh-CN").new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            if username:
                page.goto("/login")
                page.fill("[name=username]", username)
                page.fill("[name=password]", DEMO_PASSWORD)
                page.click("main form button[type=submit]")
            pages[username] = page
        return pages[username]

    yield visitor
    for page in pages.values():
        page.context.close()


def open_page(page: Any, address: str, language: str) -> None:
    joint = "&" if "?" in address else "?"
    answer = page.goto(f"{address}{joint}lang={language}")
    assert answer.status == 200, address


@pytest.mark.parametrize(("username", "name"), VISITS, ids=[name for _, name in VISITS])
def test_a_page_is_open_to_everybody(
    visitor: Callable[[str], Any], furnished: Furnished, username: str, name: str
) -> None:
    page = visitor(username)
    for language, size in (COMPUTER, TELEPHONE):
        page.set_viewport_size(size)
        open_page(page, furnished.pages[name], language)
        assert page.get_attribute("html", "lang") == {"zh": "zh-CN", "en": "en"}[language]
        assert find_violations(page) == []
        assert page.evaluate(WIDER_BY) <= 0
    if name in EXAM:
        kind = KINDS[EXAM.index(name)]
        assert page.get_attribute("[data-task]", "data-item-type") == kind
        page.evaluate(HIGH_CONTRAST)
        assert find_violations(page) == []


def test_the_check_itself_sees_what_is_wrong(visitor: Callable[[str], Any]) -> None:
    page = visitor("")
    page.goto("/login")
    page.evaluate(
        """() => {
          const main = document.querySelector("main");
          main.innerHTML = "<img src=x><input name=y><p>pale</p>";
          main.querySelector("p").style.color = "#dddddd";
        }"""
    )
    rules = [line.split(" ")[0] for line in find_violations(page)]
    assert rules == ["color-contrast", "image-alt", "label"]
