"""A web application without use cases behind it: enough for layout, headers and errors.

Also that application served to a browser, with a made-up interface behind the exam page.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from certify.web.app import create_app
from certify.web.settings import WebSettings
from tests.browsers import launched_chromium
from tests.unit.certify.web.exam_interface import Interface

SECRET_KEY = "for tests only, long enough for production too"


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(secret_key=SECRET_KEY, environment="test")


@pytest.fixture
def app(settings: WebSettings) -> Flask:
    return create_app(object(), settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def page_context(app: Flask) -> Iterator[None]:
    """Inside a request, so that filters know the language."""
    with app.test_request_context("/"):
        yield


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    settings = WebSettings(secret_key="for tests only", environment="test")
    server = make_server("127.0.0.1", 0, create_app(object(), settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Any]:
    with launched_chromium(chromium_path) as launched:
        yield launched


@pytest.fixture
def interface() -> Interface:
    return Interface()


@pytest.fixture
def posts() -> list[str]:
    """Bodies of the forms that the page sent."""
    return []


@pytest.fixture
def page(browser: Any, address: str, interface: Interface, posts: list[str]) -> Iterator[Any]:
    context = browser.new_context(base_url=address)
    opened = context.new_page()
    opened.route("**/api/v1/**", interface.answer)
    opened.route("**/attempts/*/pulse", interface.answer)

    def take_form(route: Any) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        posts.append(route.request.post_data)
        route.fulfill(status=200, content_type="text/html", body="<h1>next</h1>")

    opened.route("**/_style/exam/**", take_form)
    yield opened
    context.close()
