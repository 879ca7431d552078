"""A web application without use cases behind it: enough for layout, headers and errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.web.app import create_app
from certify.web.settings import WebSettings

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
