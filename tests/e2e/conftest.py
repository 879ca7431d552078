"""A real server on a prepared data directory, and a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from certify.services.context import ServiceContext
from certify.services.preparing import DEMO_PASSWORD, prepare_bank, prepare_demo_people
from tests.browsers import launched_chromium
from tests.fakes import make_served_installation
from tests.servers import running_server

Page = Any
"""A Playwright page; the package is an extra, so its types are not imported."""


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Any]:
    with launched_chromium(chromium_path) as launched:
        yield launched


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("e2e")


@pytest.fixture(scope="module")
def context(folder: Path) -> ServiceContext:
    """The same data as the server's, to know what a candidate should answer."""
    context = make_served_installation(folder).context
    prepare_bank(context)
    prepare_demo_people(context)
    return context


@pytest.fixture(scope="module")
def address(folder: Path, context: ServiceContext) -> Iterator[str]:
    with running_server(folder / "data", folder / "home") as server:
        yield server.base


def is_complaint(message: Any) -> bool:
    """An error of our own code; a refused request or a cut line is its test's business."""
    expected = ("status of 4", "ERR_INTERNET_DISCONNECTED")
    return message.type == "error" and not any(words in message.text for words in expected)


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Page]:
    """A page of a fresh browser profile that records every complaint of the console."""
    profile = browser.new_context(base_url=address, accept_downloads=True, locale="zh-CN")
    page = profile.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if is_complaint(message) else None,
    )
    yield page
    profile.close()
    assert complaints == []


@pytest.fixture
def log_in(page: Page) -> Callable[[str], None]:
    def log_in(username: str) -> None:
        page.goto("/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", DEMO_PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_load_state()

    return log_in
