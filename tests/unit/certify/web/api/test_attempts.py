"""Sitting an exam over the interface: what is shown, saved, repeated and refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from certify.errors import AttemptBusy
from certify.exams.errors import CorruptExposurePlan
from certify.services.delivering import change
from tests.unit.certify.web.api.house import LEVEL, PROGRAMME, House, Visitor, fresh_attempt

FORBIDDEN_NAMES = {
    "answer",
    "answer_key",
    "bloom",
    "calibration",
    "correct",
    "difficulty",
    "dimension",
    "enemies",
    "explanation",
    "formula",
    "item_id",
    "key",
    "node",
    "note",
    "parameters",
    "point",
    "release_digest",
    "seed",
    "source",
    "takeaway",
    "theta",
    "tolerance",
}


def names_in(value: Any) -> Iterator[str]:
    """Every name at any depth of a JSON value."""
    if isinstance(value, dict):
        yield from value
        for entry in value.values():
            yield from names_in(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from names_in(entry)


def served_item_of(house: House, attempt_id: str) -> Any:
    """The stored item behind the attempt's current position."""
    with house.context.database.reading() as work:
        record = work.attempts.get(attempt_id)
        assert record is not None and record.current is not None
        return work.items.latest(record.current.item_id)


def some_response(item: dict[str, Any]) -> Any:
    """A well-formed response to an item as it is shown."""
    first = next((option["id"] for option in item["options"]), "")
    target = next((target["id"] for target in item["targets"]), "")
    filled: dict[str, Any] = {
        "numeric": {"value": "3.5"},
        "fill_in": {"blanks": dict.fromkeys(item["blanks"], "甲")},
        "order": [option["id"] for option in item["options"]],
        "match": {"pairs": {first: target}},
        "essay": {"text": "甲"},
    }
    return filled.get(item["type"], [first])


def answer(position: int, revision: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "response": [],
        "final": False,
        "revision": revision,
        "idempotency_key": f"{position:04d}-{revision:04d}",
        **changes,
    }


def test_programmes_are_open_to_everybody(stranger: Visitor) -> None:
    programmes = stranger.get("/programmes").json["programmes"]
    comprehensive = next(entry for entry in programmes if entry["code"] == PROGRAMME)
    assert [level["code"] for level in comprehensive["levels"]] == ["novice", "proficient", "elite"]
    assert comprehensive["levels"][0]["max_items"] > comprehensive["levels"][0]["min_items"] > 0


def test_a_start_is_created_once_and_then_continued(other_student: Visitor) -> None:
    body = {"programme": PROGRAMME, "level": LEVEL}
    first = other_student.post("/attempts", body)
    again = other_student.post("/attempts", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"]
    assert first.headers["Location"].endswith(f"/attempts/{first.json['id']}")
    assert 0 < first.json["remaining_seconds"] <= first.json["limit_seconds"]
    assert other_student.get("/attempts").json["attempts"][0]["id"] == first.json["id"]
    assert other_student.post(f"/attempts/{first.json['id']}/hand-in").json["state"] == "handed_in"


def test_a_candidate_sees_no_key_and_no_parameter(house: House, student: Visitor) -> None:
    attempt = fresh_attempt(student, house)
    for position in range(1, 6):
        shown = student.get(f"/attempts/{attempt['id']}")
        stored = served_item_of(house, attempt["id"])
        assert FORBIDDEN_NAMES.isdisjoint(names_in(shown.json))
        whole = json.dumps(shown.json, ensure_ascii=False)
        secrets = [stored.item_id, stored.content["explanation"], stored.content["source"]]
        secrets += [option.get("note") for option in stored.content.get("options", [])]
        assert not [secret for secret in secrets if secret and secret in whole]
        response = some_response(shown.json["item"])
        saved = student.put(
            f"/attempts/{attempt['id']}/responses/{position}",
            answer(position, response=response, final=True),
        )
        assert FORBIDDEN_NAMES.isdisjoint(names_in(saved.json))


def test_the_stem_comes_as_markdown_and_as_safe_html(house: House, student: Visitor) -> None:
    item = fresh_attempt(student, house)["item"]
    assert item["stem_html"].startswith("<p>")
    assert item["stem"]


def test_a_draft_is_saved_and_shown_again(house: House, student: Visitor) -> None:
    attempt = fresh_attempt(student, house)
    place = f"/attempts/{attempt['id']}"
    item = attempt["item"]
    response = some_response(item)
    saved = student.put(f"{place}/responses/1", answer(1, response=response))
    assert saved.json["saved"] is True
    assert saved.json["revision"] == 1
    assert saved.json["position"] == 1
    shown = student.get(place).json
    assert (shown["response"], shown["revision"]) == (response, 1)


def test_a_repeated_request_changes_nothing(house: House, student: Visitor) -> None:
    attempt = fresh_attempt(student, house)
    place = f"/attempts/{attempt['id']}/responses/1"
    response = some_response(attempt["item"])
    body = answer(1, response=response, final=True)
    first, second = student.put(place, body), student.put(place, body)
    assert first.json["position"] == second.json["position"] == 2


@pytest.mark.parametrize(
    ("position", "changes", "status", "code"),
    [
        (2, {}, 409, "wrong-position"),
        (1, {"revision": 0}, 422, "invalid-fields"),
        (1, {"response": ["no such option"]}, 422, "malformed-response"),
        (1, {"response": "a"}, 422, "invalid-fields"),
        (1, {"response": ["a"] * 51}, 422, "invalid-fields"),
        (1, {"response": {"blanks": {"1": "x" * 201}}}, 422, "invalid-fields"),
        (1, {"response": {"blanks": ["1"]}}, 422, "invalid-fields"),
        (1, {"response": {"pairs": {"a": ["t1"]}}}, 422, "invalid-fields"),
        (1, {"response": {"text": "x" * 20_001}}, 422, "invalid-fields"),
        (1, {"response": {"responses": {"R": {"deep": "x"}}}}, 422, "invalid-fields"),
        (1, {"response": {"responses": {"R": ["a", None]}}}, 422, "malformed-response"),
        (1, {"response": {"value": "1", "key": "1"}}, 422, "invalid-fields"),
        (1, {"idempotency_key": ""}, 422, "invalid-fields"),
        (1, {"final": "yes"}, 422, "invalid-fields"),
        (1, {"score": 1}, 422, "invalid-fields"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    house: House, student: Visitor, position: int, changes: dict[str, Any], status: int, code: str
) -> None:
    attempt = fresh_attempt(student, house)
    place = f"/attempts/{attempt['id']}/responses/{position}"
    refused = student.put(place, {**answer(position), **changes})
    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert served_item_of(house, attempt["id"]).item_id not in refused.text


def test_an_older_answer_does_not_replace_a_newer_one(house: House, student: Visitor) -> None:
    attempt = fresh_attempt(student, house)
    place = f"/attempts/{attempt['id']}/responses/1"
    response = some_response(attempt["item"])
    assert student.put(place, answer(1, revision=5, response=response)).status_code == 200
    late = student.put(place, answer(1, revision=4, response=response))
    assert (late.status_code, late.json["code"]) == (409, "stale-response")


def test_a_page_that_takes_over_shuts_the_older_ones_out(house: House, student: Visitor) -> None:
    attempt = fresh_attempt(student, house)
    place = f"/attempts/{attempt['id']}"
    response = some_response(attempt["item"])
    first, second = student.post(f"{place}/pages"), student.post(f"{place}/pages")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json["client"] == first.json["client"] + 1
    assert second.json["item"] == attempt["item"]
    for body in (
        answer(1, response=response),
        answer(1, response=response, client=first.json["client"]),
    ):
        refused = student.put(f"{place}/responses/1", body)
        assert (refused.status_code, refused.json["code"]) == (409, "older-page")
        assert "Reload this page" in refused.json["detail"]
    body = answer(1, response=response, client=second.json["client"])
    assert student.put(f"{place}/responses/1", body).json["revision"] == 1
    assert student.get(place).json["client"] == second.json["client"]


@pytest.mark.parametrize("client", [-1, "1", 1.5, None])
def test_a_page_without_a_proper_number_is_refused(
    house: House, student: Visitor, client: Any
) -> None:
    attempt = fresh_attempt(student, house)
    body = answer(1, response=some_response(attempt["item"]), client=client)
    refused = student.put(f"/attempts/{attempt['id']}/responses/1", body)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid-fields")


def test_a_page_of_somebody_elses_attempt_is_not_found(
    house: House, student: Visitor, other_student: Visitor
) -> None:
    attempt = fresh_attempt(student, house)
    assert other_student.post(f"/attempts/{attempt['id']}/pages").status_code == 404
    assert student.get(f"/attempts/{attempt['id']}").json["client"] == attempt["client"]


def test_nothing_is_taken_while_the_exam_is_paused(house: House, student: Visitor) -> None:
    attempt = fresh_attempt(student, house)
    place = f"/attempts/{attempt['id']}"
    change(house.context, attempt["id"], lambda work, change: change.pause("drill", "ann"))
    assert student.get(place).json["state"] == "paused"
    assert student.get(place).json["item"] is None
    body = answer(1, response=some_response(attempt["item"]), client=attempt["client"])
    refused = student.put(f"{place}/responses/1", body)
    assert (refused.status_code, refused.json["code"]) == (409, "attempt-not-running")
    change(house.context, attempt["id"], lambda work, change: change.resume("ann"))
    assert student.put(f"{place}/responses/1", body).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (AttemptBusy(attempt_id="a"), 503, "attempt-busy"),
        (CorruptExposurePlan(digest="d", found="f"), 500, "internal-error"),
    ],
)
def test_faults_of_the_server_are_told_as_such(
    house: House,
    student: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
) -> None:
    attempt = fresh_attempt(student, house)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("certify.web.api.attempts.save_response", fail)
    body = answer(1, response=some_response(attempt["item"]))
    refused = student.put(f"/attempts/{attempt['id']}/responses/1", body)
    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert refused.content_type == "application/problem+json"


def test_nothing_is_taken_after_hand_in(house: House, student: Visitor) -> None:
    attempt = fresh_attempt(student, house)
    place = f"/attempts/{attempt['id']}"
    assert student.post(f"{place}/hand-in").json == {"state": "handed_in"}
    assert student.post(f"{place}/hand-in").json == {"state": "handed_in"}
    response = some_response(attempt["item"])
    late = student.put(f"{place}/responses/1", answer(1, response=response))
    assert (late.status_code, late.json["code"]) == (409, "attempt-ended")
    assert student.get(place).json["item"] is None


def test_unknown_programme_and_level_are_told_apart(student: Visitor) -> None:
    assert student.post("/attempts", {"programme": "x", "level": LEVEL}).status_code == 404
    refused = student.post("/attempts", {"programme": PROGRAMME, "level": "master"})
    assert (refused.status_code, refused.json["code"]) == (422, "unknown-level")
