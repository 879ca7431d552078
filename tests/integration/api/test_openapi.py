"""The OpenAPI document says what endpoints take and give, and is true for generated input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.unit.certify.web.api.house import House, Visitor

VISITS = (
    ("", set()),
    ("student", {"attempts", "results", "certificates"}),
    ("teacher", {"items"}),
    ("centre", {"batches"}),
    ("admin", {"people"}),
)
"""Who asks what: a stranger everything, the others what their role opens."""
METHODS = ("get", "post", "put", "delete", "patch")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
bounded = settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="session")
def described(house: House) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", house.app)


def operations(house: House) -> Iterator[tuple[str, dict[str, Any]]]:
    document = house.app.test_client().get("/api/openapi.json").get_json()
    for path, entry in document["paths"].items():
        for method in METHODS:
            if method in entry:
                yield f"{method} {path}", entry[method]


def test_the_document_is_openapi_3_1_and_public(house: House) -> None:
    answer = house.app.test_client().get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.get_json()["openapi"].startswith("3.1.")


def test_every_endpoint_is_described(house: House) -> None:
    described = dict(operations(house))
    registered = {
        f"{method.lower()} {rule.rule}"
        for rule in house.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(described) == len(registered)
    for name, operation in described.items():
        assert operation["summary"], name
        assert operation["tags"], name
        assert any(status.startswith("2") for status in operation["responses"]), name


def test_every_refusal_is_a_problem_document(house: House) -> None:
    document = house.app.test_client().get("/api/openapi.json").get_json()
    for name, operation in operations(house):
        for status, answer in operation["responses"].items():
            if status.startswith("4"):
                reference = answer["$ref"].rpartition("/")[2]
                content = document["components"]["responses"][reference]["content"]
                assert list(content) == ["application/problem+json"], (name, status)


def send_generated(case: schemathesis.Case, visitor: Visitor) -> int:
    """Ask as this visitor and compare the answer with the document; its status."""
    cookie = visitor.client.get_cookie("certify_session")
    assert cookie is not None
    answer = case.call_and_validate(
        headers=visitor.headers, cookies={"certify_session": cookie.value}, checks=CHECKS
    )
    return int(answer.status_code)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("username", "tags"), VISITS)
def test_generated_requests_break_nothing(
    house: House, described: BaseSchema, username: str, tags: set[str], mode: GenerationMode
) -> None:
    visitor = house.visitor(username)
    statuses: set[int] = set()
    for result in described.get_all_operations():
        operation = result.ok()
        if tags and not tags & set(operation.tags or ()):
            continue
        if mode is GenerationMode.NEGATIVE and not can_be_wrong(operation):
            continue

        @bounded
        @given(case=operation.as_strategy(generation_mode=mode))
        def generated(case: schemathesis.Case) -> None:
            statuses.add(send_generated(case, visitor))

        generated()
    assert statuses
    assert not username or statuses.isdisjoint({401, 403})


def can_be_wrong(operation: schemathesis.APIOperation) -> bool:
    """Whether there is something to get wrong: a query or a body."""
    return bool(list(operation.query) or list(operation.body))
