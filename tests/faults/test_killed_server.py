"""A server killed in mid-exam loses nothing that it acknowledged, and the clock goes on."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from random import Random
from typing import Any

import pytest

from certify.cli.http_client import ApiClient
from certify.exams.attempt import fold
from certify.services.preparing import DEMO_PASSWORD, prepare_bank, prepare_demo_people
from certify.services.simulating import SimulatedCandidate
from tests.fakes import make_served_installation
from tests.servers import running_server

pytestmark = pytest.mark.faults
PROGRAMME = "estorm-comprehensive"


@pytest.fixture
def prepared(tmp_path: Path) -> Any:
    installation = make_served_installation(tmp_path)
    prepare_bank(installation.context)
    prepare_demo_people(installation.context)
    return installation


def log_in(base: str) -> ApiClient:
    client = ApiClient(f"{base}/api/v1")
    client.log_in("student", DEMO_PASSWORD)
    return client


def test_the_exam_goes_on_after_the_server_was_killed(prepared: Any, tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    candidate = SimulatedCandidate(0.6, Random(11))
    context = prepared.context

    with running_server(data, home) as server:
        client = log_in(server.base)
        attempt = client.post("/attempts", {"programme": PROGRAMME, "level": "proficient"})
        for _ in range(7):
            answer = candidate.answer_current_item(context, attempt["id"])
            attempt = client.answer(attempt, answer)
        draft = candidate.answer_current_item(context, attempt["id"])
        client.save_draft(attempt, draft)
        before = client.get(f"/attempts/{attempt['id']}")
        server.kill()

    with running_server(data, home) as server:
        client = log_in(server.base)
        after = client.get(f"/attempts/{attempt['id']}")
        assert after["state"] == "running"
        assert after["item"] == before["item"]
        assert after["response"] == draft
        assert after["revision"] == before["revision"]
        assert after["remaining_seconds"] < before["remaining_seconds"]
        assert acknowledged_answers(data) == 8
        # starting again leads back to the same attempt, not to a second one
        again = client.post("/attempts", {"programme": PROGRAMME, "level": "proficient"})
        assert again["id"] == attempt["id"]
        while after["state"] == "running":
            after = client.answer(after, candidate.answer_current_item(context, after["id"]))
        result = client.get(f"/attempts/{attempt['id']}/result")
        assert result["credential_id"]


def test_killed_between_every_answer_the_exam_still_ends_whole(
    prepared: Any, tmp_path: Path
) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    candidate = SimulatedCandidate(0.6, Random(12))
    context = prepared.context
    attempt: dict[str, Any] = {}
    for round_number in range(4):
        with running_server(data, home) as server:
            client = log_in(server.base)
            attempt = client.post("/attempts", {"programme": PROGRAMME, "level": "novice"})
            assert attempt["item"]["position"] == round_number + 1
            client.answer(attempt, candidate.answer_current_item(context, attempt["id"]))
            server.kill()
    with context.database.reading() as work:
        stored = work.attempts.get(attempt["id"])
        events = work.attempts.events(attempt["id"])
    assert stored is not None
    assert fold(stored.id, stored.candidate_id, events) == stored
    assert [served.position for served in stored.served] == [1, 2, 3, 4, 5]
    assert sorted(stored.answers) == [1, 2, 3, 4]


def acknowledged_answers(data: Path) -> int:
    with sqlite3.connect(data / "certify.sqlite3") as connection:
        count: int = connection.execute(
            "SELECT count(*) FROM attempt_event WHERE kind = 'answered'"
        ).fetchone()[0]
    return count
