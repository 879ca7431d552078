"""The entrance: words for strangers, the own room for everybody else."""

from __future__ import annotations

import pytest

from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor


@pytest.mark.parametrize(("language", "word"), [("zh", "六个维度"), ("en", "six dimensions")])
def test_strangers_learn_what_this_is(examined: Examined, language: str, word: str) -> None:
    page = visitor(make_app(examined), language=language).get("/")
    assert page.status_code == 200
    assert word in page.text
    assert 'href="/login"' in page.text


def test_a_student_lands_in_the_own_room(examined: Examined) -> None:
    answer = visitor(make_app(examined), examined.people["student"]).get("/")
    assert (answer.status_code, answer.location) == (303, "/exams")


@pytest.mark.parametrize("role", ["teacher", "auditor", "centre", "administrator"])
def test_everybody_lands_somewhere_that_is_open_to_them(examined: Examined, role: str) -> None:
    client = visitor(make_app(examined), examined.people[role])
    answer = client.get("/", follow_redirects=True)
    assert answer.status_code == 200
    assert 'href="/login"' not in answer.text
