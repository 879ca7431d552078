"""The same questions to every endpoint: wrong method, login, role, owner, id, token, body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from certify.web.auth import PUBLIC, declared_access
from tests.unit.certify.web.api.house import API, House, Visitor, fresh_attempt

UNKNOWN = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Endpoint:
    """One endpoint. `owned` addresses are 404 for others; `body` is one that would be accepted."""

    method: str
    path: str
    role: str = ""
    body: dict[str, Any] | None = None
    owned: str = ""
    unknown_is_404: bool = True
    is_upload: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def at(self, identifier: str) -> str:
        """The address with an id in place of each variable part."""
        head, _, tail = self.path.partition("{")
        return head + identifier + tail.partition("}")[2] if tail else head


RESPONSE = {"response": [], "final": False, "revision": 1, "idempotency_key": "12345678"}
PERSON = {"display_name": "甲", "roles": ["student"]}
ENDPOINTS = (
    Endpoint("GET", "/csrf-token"),
    Endpoint("POST", "/login", body={"username": "x", "password": "y"}),
    Endpoint("POST", "/logout", "any"),
    Endpoint("GET", "/me", "any"),
    Endpoint("GET", "/programmes"),
    Endpoint("GET", "/attempts", "student"),
    Endpoint("POST", "/attempts", "student", {"programme": "p", "level": "l"}),
    Endpoint("GET", "/attempts/{id}", "student", owned="attempt"),
    Endpoint("PUT", "/attempts/{id}/responses/1", "student", RESPONSE, owned="attempt"),
    Endpoint("GET", "/attempts/{id}/items/1", "student", owned="attempt"),
    Endpoint("PUT", "/attempts/{id}/flags/1", "student", {"flagged": True}, owned="attempt"),
    Endpoint("POST", "/attempts/{id}/pages", "student", owned="attempt"),
    Endpoint("POST", "/attempts/{id}/hand-in", "student", owned="attempt"),
    Endpoint("GET", "/attempts/{id}/result", "student", owned="attempt"),
    Endpoint("POST", "/attempts/{id}/certificate", "student", owned="attempt"),
    Endpoint("GET", "/certificates/{id}.pdf", "student", owned="certificate"),
    Endpoint("GET", "/certificates/{id}"),
    Endpoint("POST", "/certificates/{id}/name-check", body={"name": "甲"}, unknown_is_404=False),
    Endpoint("POST", "/certificates/verify", is_upload=True),
    Endpoint("GET", "/items", "teacher"),
    Endpoint("POST", "/items", "teacher", {"item": {}}),
    Endpoint("GET", "/items/{id}", "teacher"),
    Endpoint("PUT", "/items/{id}", "teacher", {"item": {}, "based_on": 1}, unknown_is_404=False),
    Endpoint("GET", "/items/{id}/versions", "teacher"),
    Endpoint("GET", "/releases", "teacher"),
    Endpoint("POST", "/releases", "teacher", {"title": "t"}),
    Endpoint("GET", "/people", "administrator"),
    Endpoint("POST", "/people", "administrator", {**PERSON, "username": "u", "password": "p"}),
    Endpoint("GET", "/people/{id}", "administrator"),
    Endpoint("PUT", "/people/{id}", "administrator", PERSON),
    Endpoint("PUT", "/people/{id}/password", "administrator", {"password": "long enough"}),
    Endpoint("GET", "/batches", "centre"),
    Endpoint("POST", "/batches", "centre", is_upload=True),
    Endpoint("GET", "/batches/{id}", "centre", owned="batch"),
    Endpoint("GET", "/batches/{id}/files/results.csv", "centre", owned="batch"),
)
PROTECTED = [entry for entry in ENDPOINTS if entry.role]
FOR_ONE_ROLE = [entry for entry in PROTECTED if entry.role != "any"]
OWNED = [entry for entry in ENDPOINTS if entry.owned]
UNSAFE = [entry for entry in ENDPOINTS if entry.method != "GET"]
WITH_BODY = [entry for entry in ENDPOINTS if entry.body is not None]
UPLOADS = [entry for entry in ENDPOINTS if entry.is_upload]
WITH_ID = [entry for entry in ENDPOINTS if "{" in entry.path and entry.unknown_is_404]
USER_OF = {"administrator": "admin", "any": "auditor"}
SECOND_OF = {"student": "student2", "centre": "centre2"}


def user_of(endpoint: Endpoint) -> str:
    return USER_OF.get(endpoint.role, endpoint.role)


def assert_problem(answer: TestResponse, status: int, code: str = "") -> None:
    """The answer is a whole problem document and shows nothing of the inside."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    problem = answer.json
    assert {"type", "title", "status", "detail", "instance", "code"} <= set(problem)
    assert problem["status"] == status
    assert problem["type"] == f"urn:certify:problem:{problem['code']}"
    assert not code or problem["code"] == code
    assert "Traceback" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.fixture(scope="session")
def owned_ids(house: House, awarded_attempt: str) -> dict[str, str]:
    """Something of each kind that belongs to `student` or `centre`."""
    student, centre = house.visitor("student"), house.visitor("centre")
    graded = centre.upload(
        "/batches",
        answers=("准考证号,1\n001,A\n".encode(), "answers.csv"),
        key=("题号,答案,分值,题型\n1,A,1,单选\n".encode(), "key.csv"),
    )
    assert graded.status_code == 201, graded.text
    issued = student.post(f"/attempts/{awarded_attempt}/certificate")
    return {
        "attempt": awarded_attempt,
        "certificate": issued.json["credential_id"],
        "batch": graded.json["id"],
    }


def operations(house: House) -> Iterator[tuple[str, str]]:
    """Method and address of everything registered below the interface's prefix."""
    for rule in house.app.url_map.iter_rules():
        if rule.rule.startswith(API):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield method, rule.rule.removeprefix(API)


def test_the_checklist_names_every_endpoint(house: House) -> None:
    adapter = house.app.url_map.bind("localhost")
    named = set()
    for endpoint in ENDPOINTS:
        rule, _ = adapter.match(
            API + endpoint.at(UNKNOWN), method=endpoint.method, return_rule=True
        )
        named.add((endpoint.method, rule.rule.removeprefix(API)))
    assert named == set(operations(house))


def test_every_address_of_the_application_declares_who_may_enter(house: House) -> None:
    undeclared = [
        rule.endpoint
        for rule in house.app.url_map.iter_rules()
        if rule.endpoint != "static"
        and declared_access(house.app.view_functions[rule.endpoint]) is None
    ]
    assert undeclared == []


def test_the_checklist_and_the_marks_agree(house: House) -> None:
    adapter = house.app.url_map.bind("localhost")
    for endpoint in ENDPOINTS:
        name, _ = adapter.match(API + endpoint.at(UNKNOWN), method=endpoint.method)
        access = declared_access(house.app.view_functions[name])
        assert (access == PUBLIC) == (endpoint.role == ""), endpoint
        assert endpoint.role in ("", "any") or access == {endpoint.role}, endpoint


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
def test_wrong_method(endpoint: Endpoint, house: House) -> None:
    answer = house.visitor().send("DELETE", endpoint.at(UNKNOWN))
    assert_problem(answer, 405, "method-not-allowed")
    assert endpoint.method in answer.headers["Allow"]


@pytest.mark.parametrize("endpoint", PROTECTED, ids=str)
def test_not_logged_in(endpoint: Endpoint, stranger: Visitor) -> None:
    answer = stranger.send(endpoint.method, endpoint.at(UNKNOWN), endpoint.body)
    assert_problem(answer, 401, "not-signed-in")
    assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("endpoint", PROTECTED, ids=str)
def test_an_expired_login_is_told_before_a_missing_token(
    endpoint: Endpoint, stranger: Visitor
) -> None:
    stranger.token = ""
    answer = stranger.send(endpoint.method, endpoint.at(UNKNOWN), endpoint.body)
    assert_problem(answer, 401, "not-signed-in")


@pytest.mark.parametrize("endpoint", FOR_ONE_ROLE, ids=str)
def test_wrong_role(endpoint: Endpoint, house: House) -> None:
    auditor = house.visitor("auditor")
    answer = auditor.send(endpoint.method, endpoint.at(UNKNOWN), endpoint.body)
    assert_problem(answer, 403, "not-permitted")


@pytest.mark.parametrize("endpoint", OWNED, ids=str)
def test_wrong_owner(endpoint: Endpoint, house: House, owned_ids: dict[str, str]) -> None:
    other = house.visitor(SECOND_OF[endpoint.role])
    answer = other.send(endpoint.method, endpoint.at(owned_ids[endpoint.owned]), endpoint.body)
    unknown = other.send(endpoint.method, endpoint.at(UNKNOWN), endpoint.body)
    assert_problem(answer, 404, "not-found")
    assert set(answer.json) == set(unknown.json)
    assert answer.json["title"] == unknown.json["title"]


@pytest.mark.parametrize("path", ["result", "certificate"])
def test_a_running_attempt_of_somebody_else_looks_like_none(path: str, house: House) -> None:
    attempt = fresh_attempt(house.visitor("student"), house)
    method = "GET" if path == "result" else "POST"
    answer = house.visitor("student2").send(method, f"/attempts/{attempt['id']}/{path}")
    assert_problem(answer, 404, "not-found")


@pytest.mark.parametrize("endpoint", WITH_ID, ids=str)
def test_unknown_id(endpoint: Endpoint, house: House) -> None:
    visitor = house.visitor(user_of(endpoint))
    for identifier in (UNKNOWN, "%00", "a%20b", "x" * 200):
        answer = visitor.send(endpoint.method, endpoint.at(identifier), endpoint.body)
        assert_problem(answer, 404, "not-found")


@pytest.mark.parametrize("endpoint", UNSAFE, ids=str)
@pytest.mark.parametrize("token", ["", "forged"])
def test_missing_csrf_token(endpoint: Endpoint, token: str, house: House) -> None:
    visitor = house.visitor(user_of(endpoint))
    visitor.token = token
    answer = visitor.send(endpoint.method, endpoint.at(UNKNOWN), endpoint.body)
    assert_problem(answer, 400, "csrf-token")


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=str)
def test_bad_body(endpoint: Endpoint, house: House) -> None:
    visitor = house.visitor(user_of(endpoint))
    path = endpoint.at(UNKNOWN)
    assert_problem(visitor.send(endpoint.method, path, {}), 422, "invalid-fields")
    assert_problem(visitor.send(endpoint.method, path, []), 422, "invalid-fields")
    unknown = visitor.send(endpoint.method, path, {**(endpoint.body or {}), "surprise~/": 1})
    assert_problem(unknown, 422, "invalid-fields")
    assert {"pointer": "/surprise~0~1", "detail": "Unknown field."} in unknown.json["errors"]


RAW_BODIES = (
    (b"", "application/json", 400),
    (b"{", "application/json", 400),
    (b'{"a": NaN}', "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"a": ' + b"9" * 5000 + b"}", "application/json", 400),
    (b'{"a": "\xff"}', "application/json", 400),
    (b'{"a": "\\u0000"}', "application/json", 422),
    (b'{"\\ud800": "a"}', "application/json", 422),
    (b" " * 300_000, "application/json", 413),
    (b"a=b", "application/x-www-form-urlencoded", 415),
    (b"{}", "text/plain", 415),
)


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=str)
@pytest.mark.parametrize(("raw", "content_type", "status"), RAW_BODIES)
def test_a_body_that_is_no_json(
    endpoint: Endpoint, raw: bytes, content_type: str, status: int, house: House
) -> None:
    visitor = house.visitor(user_of(endpoint))
    answer = visitor.client.open(
        API + endpoint.at(UNKNOWN),
        method=endpoint.method,
        data=raw,
        content_type=content_type,
        headers=visitor.headers,
    )
    assert_problem(answer, status)


@pytest.mark.parametrize("endpoint", UPLOADS, ids=str)
def test_an_upload_without_its_files(endpoint: Endpoint, house: House) -> None:
    visitor = house.visitor(user_of(endpoint))
    assert_problem(visitor.post(endpoint.path, {}), 415)
    assert_problem(visitor.upload(endpoint.path), 415)
    surplus = visitor.upload(endpoint.path, other=(b"x", "x.csv"))
    assert_problem(surplus, 422, "invalid-fields")
    assert "parameter" in surplus.json["errors"][0]


def test_a_part_of_an_upload_without_a_name(stranger: Visitor) -> None:
    body = b"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--\r\n"
    answer = stranger.client.post(
        f"{API}/certificates/verify",
        data=body,
        content_type="multipart/form-data; boundary=b",
        headers=stranger.headers,
    )
    assert_problem(answer, 400, "bad-request")


def test_a_fault_inside_shows_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("password of the database")

    monkeypatch.setattr("certify.web.api.programmes.list_open_programmes", fail)
    answer = house.visitor().get("/programmes")
    assert_problem(answer, 500, "internal-error")
    assert "password" not in answer.text


def test_an_unknown_address_is_a_problem_too(stranger: Visitor) -> None:
    assert_problem(stranger.get("/nothing"), 404, "not-found")
