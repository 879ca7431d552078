"""A form part over the interface: its map, any of its items, flags, and the points at the end."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient

from certify.services.assembling_papers import get_form
from tests.examined import Examined
from tests.integration.services.form_days import (
    SHORT,
    make_forms,
    open_with,
    paper_of,
    right_at,
    sit_down,
    stored,
)
from tests.unit.certify.web.pages.visiting import make_app, visitor

LENGTH = sum(SHORT.values())


class Candidate:
    """The student, who talks to the interface about one attempt."""

    def __init__(self, client: FlaskClient, attempt_id: str) -> None:
        self.client = client
        self.path = f"/api/v1/attempts/{attempt_id}"

    def get(self, path: str = "") -> Any:
        answer = self.client.get(self.path + path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.put(self.path + path, json=body)

    def answer(self, position: int, response: Any, revision: int = 1) -> Any:
        body = {"response": response, "final": False, "revision": revision}
        return self.put(
            f"/responses/{position}", {**body, "idempotency_key": f"request-{position}-{revision}"}
        )


@pytest.fixture
def attempt_id(examined: Examined) -> str:
    context = examined.context
    paper = paper_of(make_forms(context, counts=SHORT))
    session = open_with(context, examined.people["centre"], paper)
    return sit_down(context, session, examined.people["student"].id)


@pytest.fixture
def candidate(examined: Examined, attempt_id: str) -> Candidate:
    return Candidate(visitor(make_app(examined), examined.people["student"]), attempt_id)


def test_every_item_may_be_read_and_answered_in_any_order(
    examined: Examined, candidate: Candidate, attempt_id: str
) -> None:
    assert [one["number"] for one in candidate.get()["questions"]] == list(range(1, LENGTH + 1))
    for position in (5, 2):
        assert candidate.get(f"/items/{position}")["item"]["position"] == position
        right = right_at(examined.context, attempt_id, position)
        assert candidate.answer(position, right).status_code == 200
    told = candidate.get("/items/2")
    assert told["response"] == right_at(examined.context, attempt_id, 2)
    assert [one["number"] for one in told["questions"] if one["is_answered"]] == [2, 5]
    assert (told["part"], told["parts"]) == (1, 1)
    assert candidate.answer(LENGTH + 1, []).status_code == 409


def test_flags_are_set_and_removed(
    examined: Examined, candidate: Candidate, attempt_id: str
) -> None:
    for flagged in (True, True, False):
        assert candidate.put("/flags/3", {"flagged": flagged}).status_code == 204
        assert candidate.get()["questions"][2]["is_flagged"] is flagged
    assert candidate.put(f"/flags/{LENGTH + 1}", {"flagged": True}).status_code == 409
    assert candidate.put("/flags/3", {"flagged": "yes"}).status_code == 422
    assert not stored(examined.context, attempt_id).flagged


def test_the_result_tells_points_as_exact_fractions_and_no_item(
    examined: Examined, candidate: Candidate, attempt_id: str
) -> None:
    candidate.answer(1, right_at(examined.context, attempt_id, 1))
    assert candidate.client.post(f"{candidate.path}/hand-in").status_code == 200
    (told,) = candidate.get("/result")["forms"]
    form = get_form(examined.context, told["form_digest"])
    assert Fraction(told["points"]) == form.items[0].points
    assert Fraction(told["possible"]) == form.total_points
    assert sum(group["items"] for group in told["sections"]) == LENGTH
    assert "items" not in told
