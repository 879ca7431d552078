"""Pains of an exam that only show when browser, login and exam meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from certify.services.administering import reset_password
from tests.unit.certify.web.api.house import LEVEL, PROGRAMME, House, Visitor, build_house
from tests.unit.certify.web.api.test_attempts import some_response


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = build_house(tmp_path_factory.mktemp("pains"))
    yield made
    made.context.database.close()


def start(visitor: Visitor) -> dict[str, Any]:
    attempt: dict[str, Any] = visitor.post(
        "/attempts", {"programme": PROGRAMME, "level": LEVEL}
    ).json
    return attempt


def answer(visitor: Visitor, attempt: dict[str, Any], revision: int = 1) -> Any:
    """Send a draft to the first item."""
    return visitor.put(
        f"/attempts/{attempt['id']}/responses/1",
        {
            "response": some_response(attempt["item"]),
            "final": False,
            "revision": revision,
            "idempotency_key": f"pains-{revision:04d}",
        },
    )


def test_a_login_that_expires_in_mid_exam_loses_no_answer(house: House) -> None:
    student = house.visitor("student")
    attempt = start(student)
    reset_password(house.context, house.people["student"].id, "another password", actor="admin")
    assert student.get("/attempts").status_code == 401, "the login did not expire"
    assert answer(student, attempt).status_code == 200
    assert student.get(f"/attempts/{attempt['id']}").json["revision"] == 1
    assert student.post(f"/attempts/{attempt['id']}/hand-in").json == {"state": "handed_in"}


def test_a_second_browser_cannot_go_on_editing_after_hand_in(house: House) -> None:
    here, there = house.visitor("student2"), house.visitor("student2")
    attempt = start(here)
    assert start(there)["id"] == attempt["id"]
    assert answer(there, attempt).status_code == 200
    assert here.post(f"/attempts/{attempt['id']}/hand-in").json == {"state": "handed_in"}
    late = answer(there, attempt, revision=2)
    assert (late.status_code, late.json["code"]) == (409, "attempt-ended")
    assert there.post(f"/attempts/{attempt['id']}/pages").json["item"] is None


def test_a_lost_reply_to_the_start_burns_no_attempt(house: House) -> None:
    student = house.visitor("student2")
    # the first reply never arrived: all the browser can do is to ask again
    first, second = start(student), start(student)
    assert first["id"] == second["id"]
    assert second["item"] == first["item"]
    running = [one for one in student.get("/attempts").json["attempts"] if not one["ended_at"]]
    assert len(running) == 1
