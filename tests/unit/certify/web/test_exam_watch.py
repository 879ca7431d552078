"""What the exam page tells about its window and connection, in a real browser."""

from __future__ import annotations

import json
from typing import Any

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="Playwright absent: [e2e]")
pytestmark = pytest.mark.e2e

STAND_IN_FOCUS = "window.here = true; document.hasFocus = () => window.here;"
LOG = "**/attempts/*/page-log"


class Log:
    """Stands in for the server's log: answers as told, and remembers what it was sent."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.requests = 0
        self.status = 200
        self.wanted = True
        self.is_down = False

    def answer(self, route: Any) -> None:
        self.requests += 1
        if self.is_down:
            route.abort("internetdisconnected")
            return
        assert route.request.method == "PUT" and route.request.headers.get("x-csrftoken")
        self.told += json.loads(route.request.post_data)["events"]
        body = json.dumps({"wanted": self.wanted})
        route.fulfill(status=self.status, content_type="application/json", body=body)


@pytest.fixture
def log(page: Any) -> Log:
    found = Log()
    page.add_init_script(STAND_IN_FOCUS)
    page.route(LOG, found.answer)
    return found


def leave(page: Any, milliseconds: int, *, come_back: bool = True) -> None:
    page.evaluate("window.here = false; window.dispatchEvent(new Event('blur'))")
    page.wait_for_timeout(milliseconds)
    if come_back:
        page.evaluate("window.here = true; window.dispatchEvent(new Event('focus'))")


def sent_by(page: Any, act: Any) -> None:
    """Do something, and wait until the page has told of it and taken the reply."""
    with page.expect_response(LOG, timeout=10_000) as reply:
        act()
    reply.value.finished()
    page.wait_for_function("sessionStorage.length === 0")


def test_leaving_the_window_is_told_with_its_length(page: Any, log: Log) -> None:
    page.goto("/_style/exam/single")
    sent_by(page, lambda: leave(page, 1300))
    (event,) = log.told
    assert event["kind"] == "away"
    assert 1.2 < event["seconds"] < 30
    assert event["ago_seconds"] >= event["seconds"]
    assert event["key"]


def test_a_glance_is_not_told_and_a_quiet_page_sends_nothing(page: Any, log: Log) -> None:
    page.goto("/_style/exam/single")
    leave(page, 200)
    page.keyboard.press("b")
    page.wait_for_timeout(2500)
    assert log.requests == 0


def test_a_lost_connection_is_told_when_it_is_back(page: Any, log: Log) -> None:
    page.goto("/_style/exam/single")
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.wait_for_timeout(1200)
    sent_by(page, lambda: page.evaluate("window.dispatchEvent(new Event('online'))"))
    assert [event["kind"] for event in log.told] == ["offline"]


def test_what_could_not_be_sent_is_told_by_the_next_page_with_the_same_key(
    page: Any, log: Log
) -> None:
    page.goto("/_style/exam/single")
    log.is_down = True
    with page.expect_request(LOG, timeout=10_000):
        leave(page, 1200)
    (kept,) = json.loads(page.evaluate("Object.values(sessionStorage)[0]"))
    log.is_down = False
    sent_by(page, lambda: page.goto("/_style/exam/single"))
    assert {event["key"] for event in log.told} == {kept["key"]}
    assert log.told[0]["ago_seconds"] > log.told[0]["seconds"]


def test_a_page_that_is_gone_ends_what_was_going_on(page: Any, log: Log) -> None:
    page.goto("/_style/exam/single")
    leave(page, 1200, come_back=False)
    page.goto("/_style")
    sent_by(page, lambda: page.goto("/_style/exam/single"))
    (event,) = log.told
    assert event["kind"] == "away"
    assert event["seconds"] < event["ago_seconds"]


def test_an_exam_that_is_not_logged_is_asked_no_more(page: Any, log: Log) -> None:
    log.wanted = False
    page.goto("/_style/exam/single")
    sent_by(page, lambda: leave(page, 1200))
    leave(page, 1200)
    page.wait_for_timeout(2500)
    assert log.requests == 1


def test_what_the_server_refuses_is_not_sent_again(page: Any, log: Log) -> None:
    log.status = 422
    page.goto("/_style/exam/single")
    sent_by(page, lambda: leave(page, 1200))
    page.wait_for_timeout(2500)
    assert log.requests == 1
