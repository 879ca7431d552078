"""Grading uploads over the interface."""

from __future__ import annotations

import pytest

from tests.unit.certify.web.api.house import House, Visitor

KEY = "题号,答案,分值,题型\n1,A,1,单选\n2,BC,2,多选\n"
ANSWERS = "准考证号,姓名,1,2\n00123,张三,A,BC\n00124,李四,B,BC\n"


def test_a_batch_is_graded_and_its_files_are_handed_out(house: House, centre: Visitor) -> None:
    graded = centre.upload(
        "/batches",
        answers=(ANSWERS.encode("gb18030"), "考试/答案.csv"),
        key=(KEY.encode(), ""),
    )
    assert graded.status_code == 201, graded.text
    batch = graded.json
    assert batch["answers_name"] == "答案.csv"
    assert batch["key_name"] == "key.csv"
    assert (batch["summary"]["rows_in"], batch["summary"]["graded"]) == (2, 2)
    assert batch["files"] == ["results.csv", "items.csv", "errors.csv", "summary.json"]
    assert centre.get(f"/batches/{batch['id']}").json == batch
    listed = centre.get("/batches").json
    assert batch["id"] in [entry["id"] for entry in listed["batches"]]
    results = centre.get(f"/batches/{batch['id']}/files/results.csv")
    assert results.mimetype == "text/csv"
    assert results.data.decode("utf-8-sig").splitlines()[1].startswith("00123,张三,3")
    assert results.headers["Content-Disposition"].startswith("attachment")
    summary = centre.get(f"/batches/{batch['id']}/files/summary.json")
    assert summary.json == batch["summary"]


@pytest.mark.parametrize("name", ["people.csv", "..%2fsummary.json", "%2e%2e", "results.csv%00"])
def test_only_files_of_the_batch_are_handed_out(centre: Visitor, name: str) -> None:
    batch = centre.upload(
        "/batches", answers=(ANSWERS.encode(), "a.csv"), key=(KEY.encode(), "k.csv")
    ).json
    assert centre.get(f"/batches/{batch['id']}/files/{name}").status_code == 404


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\xff\xfe\x00\xd8", b"a\n" * 10, bytes(999)]
)
def test_files_that_cannot_be_graded_are_refused(centre: Visitor, content: bytes) -> None:
    before = centre.get("/batches").json["total"]
    for files in (
        {"answers": (content, "a.csv"), "key": (KEY.encode(), "k.csv")},
        {"answers": (ANSWERS.encode(), "a.csv"), "key": (content, "k.csv")},
    ):
        refused = centre.upload("/batches", **files)
        assert refused.status_code == 422, refused.text
        assert refused.json["detail"]
    assert centre.get("/batches").json["total"] == before
