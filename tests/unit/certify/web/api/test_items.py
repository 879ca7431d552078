"""Writing items and publishing releases over the interface."""

from __future__ import annotations

from typing import Any

import pytest

from question_bank.shipped import load_shipped_items
from tests.unit.certify.web.api.house import House, Visitor

NODE = "18"


def true_false(**changes: Any) -> dict[str, Any]:
    """A valid new item."""
    return {
        "node": NODE,
        "level": "novice",
        "type": "true_false",
        "stem": "点击率等于点击次数除以曝光次数。",
        "answer": True,
        "explanation": "这是点击率的定义。",
        "expected_seconds": 30,
        "difficulty": {"p": "0.80", "basis": "placeholder"},
        "source": "自编",
        **changes,
    }


def test_items_are_listed_by_page_and_condition(teacher: Visitor) -> None:
    page = teacher.get("/items?size=5&page=2").json
    assert (len(page["items"]), page["page"], page["size"]) == (5, 2, 5)
    assert page["pages"] == -(-page["total"] // 5)
    numeric = teacher.get("/items?type=numeric&level=novice&size=200").json["items"]
    assert numeric
    assert {(item["type"], item["level"]) for item in numeric} == {("numeric", "novice")}
    assert "answer" not in numeric[0]


@pytest.mark.parametrize("query", ["page=0", "size=201", "level=master", "colour=red", "text=%00"])
def test_a_query_that_does_not_fit_is_refused(teacher: Visitor, query: str) -> None:
    refused = teacher.get(f"/items?{query}")
    assert (refused.status_code, refused.json["code"]) == (422, "invalid-fields")


def test_every_shipped_item_can_be_read_and_sent_back(teacher: Visitor) -> None:
    for kind in sorted({item.type for item in load_shipped_items()}):
        item_id = teacher.get(f"/items?type={kind}&status=operational").json["items"][0]["id"]
        read = teacher.get(f"/items/{item_id}").json
        change = {"item": read["item"], "based_on": read["version"], "status": "operational"}
        saved = teacher.put(f"/items/{item_id}", change)
        assert saved.status_code == 200, saved.text
        assert saved.json["item"] == read["item"]
        # what did not change makes no version
        assert saved.json == read


def test_a_new_item_gets_an_id_and_its_findings(teacher: Visitor) -> None:
    created = teacher.post("/items", {"item": true_false(source="")})
    assert created.status_code == 201, created.text
    item = created.json
    assert item["id"].startswith(f"{NODE}-")
    assert (item["version"], item["status"]) == (1, "draft")
    assert "source" in {finding["field"] for finding in item["findings"]}
    assert teacher.get(f"/items/{item['id']}").json == item


def test_what_is_sent_as_operational_waits_for_another_teacher(teacher: Visitor) -> None:
    read = teacher.get("/items/01-001").json
    item = {**read["item"], "takeaway": "先看主体。"}
    change = {"item": item, "based_on": read["version"], "status": "operational"}
    saved = teacher.put("/items/01-001", change).json
    assert (saved["version"], saved["status"]) == (read["version"] + 1, "in_review")
    again = teacher.put("/items/01-001", {**change, "based_on": saved["version"]})
    assert (again.status_code, again.json["code"]) == (403, "own-work")


def test_a_lost_race_is_a_conflict_and_loses_nothing(teacher: Visitor) -> None:
    item = teacher.post("/items", {"item": true_false()}).json
    place = f"/items/{item['id']}"
    first = {"item": true_false(stem="先到。"), "based_on": 1, "status": "draft"}
    assert teacher.put(place, first).json["version"] == 2
    late = teacher.put(place, {**first, "item": true_false(stem="后到。")})
    assert (late.status_code, late.json["code"]) == (409, "edit-conflict")
    versions = teacher.get(f"{place}/versions").json["versions"]
    assert [entry["stem"] for entry in versions] == ["先到。", true_false()["stem"]]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"node": "99"}, 422, "malformed-item"),
        ({"type": "numeric", "answer": {"value": "1"}}, 422, "invalid-fields"),
        ({"answer": ["x" * 60_000]}, 422, "invalid-fields"),
        ({"answer": {"value": "1", "tolerance": "0", "decimals": 2}}, 422, "malformed-item"),
        ({"difficulty": {"p": "1e999999999", "basis": ""}}, 422, "malformed-item"),
        ({"difficulty": {"p": "NaN", "basis": ""}}, 422, "malformed-item"),
        ({"valid_until": "soon"}, 422, "malformed-item"),
        ({"stem": ""}, 422, "invalid-fields"),
        ({"options": [{"id": 1}]}, 422, "invalid-fields"),
        ({"secret": 1}, 422, "invalid-fields"),
        ({"expected_seconds": 10**30}, 422, "invalid-fields"),
    ],
)
def test_an_item_of_a_wrong_shape_is_refused(
    teacher: Visitor, changes: dict[str, Any], status: int, code: str
) -> None:
    refused = teacher.post("/items", {"item": true_false(**changes)})
    assert (refused.status_code, refused.json["code"]) == (status, code), refused.text


def test_a_fault_deep_in_an_item_is_pointed_at(teacher: Visitor) -> None:
    options = [{"id": "a", "text": "甲"}, {"id": "b", "text": 5}]
    refused = teacher.post("/items", {"item": true_false(options=options)})
    assert "/item/options/1/text" in {error["pointer"] for error in refused.json["errors"]}


def test_an_item_cannot_be_saved_under_another_id(teacher: Visitor) -> None:
    item = teacher.post("/items", {"item": true_false()}).json
    change = {"item": true_false(id="18-999"), "based_on": 1, "status": "draft"}
    refused = teacher.put(f"/items/{item['id']}", change)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid-field")
    unknown = teacher.put("/items/18-998", {**change, "item": true_false(id="18-998")})
    assert unknown.status_code == 404


def test_a_release_freezes_the_operational_items(house: House, teacher: Visitor) -> None:
    created = teacher.post("/releases", {"title": "秋季题库"})
    assert created.status_code == 201, created.text
    assert created.json["title"] == "秋季题库"
    newest = teacher.get("/releases").json["releases"][0]
    assert newest == created.json
    assert len(newest["digest"]) == 64


def test_an_item_with_errors_does_not_become_operational(teacher: Visitor) -> None:
    faulty = true_false(stem=" ", explanation="")
    refused = teacher.post("/items", {"item": faulty, "status": "operational"})
    assert (refused.status_code, refused.json["code"]) == (422, "item-not-ready")
    assert "The stem is empty; write the question" in {
        error["detail"] for error in refused.json["errors"] if error["pointer"] == "/item/stem"
    }
    assert teacher.post("/items", {"item": faulty, "status": "draft"}).status_code == 201


def test_the_words_inside_a_refusal_are_translated_too(teacher: Visitor) -> None:
    teacher.client.set_cookie("certify_language", "zh")
    told = teacher.get("/items/99-999").json["detail"]
    assert told == "找不到题目“99-999”。请检查地址，或返回列表。"
    refused = teacher.post("/releases", {"title": "  "})
    assert "应为1至80个字符" in refused.json["detail"]
