"""A student in front of the exam page: what it shows and what is sent from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Any

from flask.testing import FlaskClient

from certify.services.delivering import (
    AttemptView,
    start_attempt,
    view_attempt,
)
from certify.services.simulating import SimulatedCandidate
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import answer_fields

LIMIT_MINUTES = 80
HIDDEN = ("position", "revision", "client", "idempotency_key")
TAKEN_OVER = "The exam was opened again elsewhere. It goes on here now."
NOTICE = "That item was already answered in another window"
PROGRAMME = "estorm-comprehensive"
MOST_EXAMS = 10


@dataclass
class Sitting:
    """A running attempt of the student, and the browser in which it runs."""

    examined: Examined
    client: FlaskClient
    id: str

    @property
    def path(self) -> str:
        return f"/attempts/{self.id}"

    @property
    def view(self) -> AttemptView:
        return view_attempt(self.examined.context, self.examined.people["student"].id, self.id)

    def page(self) -> str:
        answer = self.client.get(f"{self.path}?page={self.view.client}")
        assert answer.status_code == 200
        return answer.text

    def form(self, **changes: Any) -> dict[str, Any]:
        """The page's form, filled in as a candidate would."""
        page = self.page()
        candidate = SimulatedCandidate(0.0, Random(5))
        response = candidate.answer_current_item(self.examined.context, self.id)
        item = self.view.item
        answer = answer_fields(item.type, response) if item else {}
        hidden = {name: field(page, name) for name in HIDDEN}
        return {**hidden, **answer, "intent": "next", **changes}

    def blank_form(self, **changes: Any) -> dict[str, Any]:
        """The page's form, sent without an answer."""
        page = self.page()
        hidden = {name: field(page, name) for name in HIDDEN}
        return {**hidden, "intent": "next", **changes}

    def post(self, form: dict[str, Any]) -> Any:
        return self.client.post(self.path, data=form)

    def go_to(self, item_type: str) -> None:
        """Answer until an item of the type is there; where none comes, begin again."""
        student, context = self.examined.people["student"], self.examined.context
        # single choices come in the lowest exam; which items come is drawn anew each time
        levels = ["novice"] if item_type == "single" else ["proficient", "elite"]
        for number in range(MOST_EXAMS):
            while (item := self.view.item) is not None and item.type != item_type:
                assert self.post(self.form()).status_code == 303
            if item is not None:
                return
            level = levels[number % len(levels)]
            self.id = start_attempt(context, student.id, PROGRAMME, level)
        raise AssertionError(f"no {item_type} item came")


def field(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]
