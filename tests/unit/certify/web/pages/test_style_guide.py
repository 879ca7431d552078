"""The style page shows in both languages and is absent in production."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from certify.web.app import create_app
from certify.web.pages.style_samples import SAMPLES
from certify.web.settings import WebSettings


@pytest.mark.parametrize("theme", ["system", "light", "dark"])
@pytest.mark.parametrize(("language", "heading"), [("zh", "样式页"), ("en", "Style page")])
def test_the_style_page_shows_in_both_languages(
    client: FlaskClient, language: str, heading: str, theme: str
) -> None:
    response = client.get(f"/_style?lang={language}&theme={theme}")
    assert response.status_code == 200
    assert heading in response.text


@pytest.mark.parametrize("item_type", sorted(SAMPLES))
def test_the_exam_page_shows_every_item_type(client: FlaskClient, item_type: str) -> None:
    page = client.get(f"/_style/exam/{item_type}?blank&linear&lang=en")
    assert page.status_code == 200
    assert "data-response" in page.text
    assert "Go on without an answer" in page.text


def test_an_unknown_item_type_is_not_found(client: FlaskClient) -> None:
    assert client.get("/_style/exam/riddle").status_code == 404


def test_production_has_no_style_page() -> None:
    app = create_app(object(), WebSettings(secret_key="k" * 40))
    assert app.test_client().get("/_style").status_code == 404
