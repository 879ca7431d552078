"""Accounts over the interface, and what a change means for people who are signed in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.certify.web.api.house import PASSWORD, House, Visitor


def account(username: str, **changes: Any) -> dict[str, Any]:
    return {
        "username": username,
        "display_name": "王小明",
        "password": PASSWORD,
        "roles": ["student"],
        **changes,
    }


def test_an_account_is_created_found_and_used(house: House, admin: Visitor) -> None:
    created = admin.post("/people", account("wang.xm", roles=["student", "teacher"]))
    assert created.status_code == 201, created.text
    person = created.json
    assert person["roles"] == ["student", "teacher"]
    assert "password" not in person
    assert admin.get(f"/people/{person['id']}").json == person
    found = admin.get("/people?text=wang.xm&role=teacher").json
    assert [entry["id"] for entry in found["people"]] == [person["id"]]
    assert house.visitor("wang.xm").get("/me").json["display_name"] == "王小明"


def test_a_taken_user_name_is_a_conflict(admin: Visitor) -> None:
    admin.post("/people", account("twice"))
    refused = admin.post("/people", account("TWICE"))
    assert (refused.status_code, refused.json["code"]) == (409, "username-taken")


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": []},
        {"roles": ["root"]},
        {"password": "short"},
        {"username": "a b"},
        {"experience_months": -1},
        {"display_name": "x" * 61},
        {"is_active": False},
    ],
)
def test_an_account_that_does_not_fit_is_refused(admin: Visitor, changes: dict[str, Any]) -> None:
    assert admin.post("/people", {**account("misfit"), **changes}).status_code == 422


def test_who_becomes_inactive_is_out_at_once(house: House, admin: Visitor) -> None:
    person = admin.post("/people", account("leaving")).json
    visitor = house.visitor("leaving")
    assert visitor.get("/me").status_code == 200
    change = {"display_name": "王小明", "roles": ["student"], "is_active": False}
    assert admin.put(f"/people/{person['id']}", change).json["is_active"] is False
    assert visitor.get("/me").status_code == 401
    again = visitor.post("/login", {"username": "leaving", "password": PASSWORD})
    assert (again.status_code, again.json["code"]) == (401, "wrong-credentials")


def test_who_loses_a_role_is_refused_at_once(house: House, admin: Visitor) -> None:
    person = admin.post("/people", account("moving", roles=["teacher"])).json
    visitor = house.visitor("moving")
    assert visitor.get("/items").status_code == 200
    admin.put(f"/people/{person['id']}", {"display_name": "王小明", "roles": ["student"]})
    assert visitor.get("/items").status_code == 403


def test_a_new_password_replaces_the_old_one(house: House, admin: Visitor) -> None:
    person = admin.post("/people", account("forgetful")).json
    place = f"/people/{person['id']}/password"
    assert admin.put(place, {"password": "short"}).status_code == 422
    assert admin.put(place, {"password": "another long one"}).status_code == 204
    stranger = house.visitor()
    for password, status in ((PASSWORD, 401), ("another long one", 200)):
        body = {"username": "forgetful", "password": password}
        assert stranger.post("/login", body).status_code == status
        stranger = house.visitor()
