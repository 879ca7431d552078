"""Import in two steps: look first, then take over; what is wrong by file, row, column, reason."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.banking import search_items
from certify.services.ports import ItemFilter
from certify.services.uploading import UploadedFile, keep_upload
from certify.web.pages import item_import
from question_bank.exchange.formats import write_items
from tests.authors import WRITER
from tests.examined import Examined
from tests.factories import make_item
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

HEAD = "题型,题干,选项A,选项B,选项C,选项D,答案,技能,等级,解析\n"
GOOD = "单选,熊猫茶叶{0}的包装该写什么？,产地,价格,心情,天气,A,01,新手,产地必须写明。\n"
BAD_KEY = "单选,答案写错的题？,甲,乙,丙,丁,E,01,新手,无。\n"
NO_STEM = "单选,,甲,乙,丙,丁,A,01,新手,无。\n"
THREE_AND_TWO = HEAD + GOOD.format(1) + BAD_KEY + GOOD.format(2) + NO_STEM + GOOD.format(3)


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def send(client: FlaskClient, content: str | bytes, name: str = "题库.csv", **fields: Any) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/items/import", data={"files": (BytesIO(data), name), **fields})


def look(client: FlaskClient, *sent: Any, **fields: Any) -> tuple[str, str]:
    """The address of the upload and what its page says."""
    answer = send(client, *sent, **fields)
    assert answer.status_code == 303
    return answer.location, client.get(answer.location).text


def total(examined: Examined) -> int:
    return search_items(examined.context, ItemFilter()).total


def problem_rows(page: str) -> list[str]:
    return [words_of(row) for row in page.split("<tr>")[2:]]


def test_looking_changes_nothing_and_says_what_would(
    client: FlaskClient, examined: Examined
) -> None:
    before = total(examined)
    _, page = look(client, THREE_AND_TWO)
    words = words_of(page)
    assert "New 3 Changed 0 Unchanged 0 Problems 2" in words
    assert "Excel, CSV or another spreadsheet" in words
    assert total(examined) == before


def test_three_good_and_two_bad_rows_give_exactly_two_problems(client: FlaskClient) -> None:
    _, page = look(client, THREE_AND_TWO)
    rows = problem_rows(page)
    assert len(rows) == 2
    assert "题库.csv 3 答案" in rows[0]
    assert "题库.csv 5 题干" in rows[1]
    assert all("Not taken over" in row for row in rows)


def test_taking_over_stores_drafts_that_are_found_by_search(
    client: FlaskClient, examined: Examined
) -> None:
    before = total(examined)
    address, _ = look(client, THREE_AND_TWO)
    answer = client.post(address, data={"note": "旧题库"})
    assert (answer.status_code, answer.location) == (303, address)
    assert total(examined) == before + 3
    words = words_of(client.get(address).text)
    assert "3 items are in the bank as drafts" in words
    assert client.get("/items?text=熊猫茶叶&status=draft").text.count('name="item" value="') == 3


def test_taking_over_twice_changes_nothing_more(client: FlaskClient, examined: Examined) -> None:
    address, _ = look(client, THREE_AND_TWO)
    client.post(address)
    after = total(examined)
    assert client.post(address).status_code == 303
    assert total(examined) == after
    _, page = look(client, HEAD + GOOD.format(1))
    assert "There is nothing to import" in page


def test_problems_can_be_kept_as_a_table(client: FlaskClient) -> None:
    address, _ = look(client, THREE_AND_TWO)
    answer = client.get(f"{address}/problems.csv")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["File", "Row", "Column"]
    assert [row[:3] for row in rows[1:]] == [["题库.csv", "3", "答案"], ["题库.csv", "5", "题干"]]


def test_problems_are_narrowed_by_their_effect(client: FlaskClient) -> None:
    content = HEAD.replace("解析", "颜色") + GOOD.format(1) + BAD_KEY
    address, page = look(client, content)
    assert len(problem_rows(page)) == 2
    assert len(problem_rows(client.get(f"{address}?severity=info").text)) == 1


def test_problems_are_told_in_chinese(app: Flask, examined: Examined) -> None:
    client = visitor(app, examined.people["teacher"], language="zh")
    _, page = look(client, THREE_AND_TWO)
    for words in ("导入前检查", "立即导入3道试题", "不导入", "题干"):
        assert words in page


def test_defaults_tag_what_comes_without_tags(client: FlaskClient, examined: Examined) -> None:
    gift = "::a:: FOB由谁租船？ {=买方 ~卖方}"
    address, _ = look(client, gift, "quiz.gift", node="T3", level="elite")
    client.post(address)
    (row,) = search_items(examined.context, ItemFilter(author="teacher")).rows
    assert (row.node, row.level) == ("T3", "elite")


def test_a_default_that_does_not_exist_is_refused(client: FlaskClient) -> None:
    answer = send(client, THREE_AND_TWO, node="99")
    assert answer.status_code == 422
    assert 'id="node-error"' in answer.text


def test_no_file_is_refused(client: FlaskClient) -> None:
    answer = client.post("/items/import", data={})
    assert answer.status_code == 422
    assert "Choose at least one file" in answer.text


def test_a_file_that_holds_nothing_is_a_problem_and_no_error(client: FlaskClient) -> None:
    _, page = look(client, b"\x00\x01\x02", "x.xlsx")
    assert "There is nothing to import" in page
    assert len(problem_rows(page)) == 1


def test_a_large_file_tells_how_far_it_is(
    client: FlaskClient, examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_import, "STREAMED_FROM", 1)
    before = total(examined)
    address = send(client, THREE_AND_TWO).location
    running = client.get(address).text
    assert "3 of 3 items compared with the bank" in words_of(running)
    assert f'<meta http-equiv="refresh" content="0; url={address}">' in running
    assert running.rstrip().endswith("</html>")
    assert "Problems 2" in words_of(client.get(address).text)
    running = client.post(address).text
    assert "3 of 3 items compared with the bank" in words_of(running)
    assert total(examined) == before + 3


def test_a_failure_while_it_is_streamed_is_told(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(item_import, "STREAMED_FROM", 1)
    monkeypatch.setattr(item_import, "check_upload", fail)
    page = client.get(send(client, THREE_AND_TWO).location).text
    assert "This did not work, and nothing was changed." in page
    assert "disk full" not in page


def test_files_wait_for_their_sender_alone(client: FlaskClient, examined: Examined) -> None:
    upload = keep_upload(examined.context, [UploadedFile("a.csv", b"x")], actor=WRITER)
    for path in (upload, f"{upload}/problems.csv", "0" * 32):
        assert client.get(f"/items/import/{path}").status_code == 404
    assert client.post(f"/items/import/{upload}").status_code == 404


def test_the_template_is_a_workbook_that_reads(client: FlaskClient) -> None:
    answer = client.get("/items/import/template.xlsx")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.isascii()
    assert "filename*=UTF-8''%E9%A2%98" in disposition
    _, page = look(client, answer.data, "模板.xlsx")
    assert "Problems 0" in words_of(page)


def test_several_files_come_in_one_import(
    client: FlaskClient, examined: Examined, tmp_path: Path
) -> None:
    path = tmp_path / "items.yaml"
    write_items([make_item("imp-1")], path, "yaml")
    files = [(BytesIO(path.read_bytes()), "a.yaml"), (BytesIO(THREE_AND_TWO.encode()), "b.csv")]
    answer = client.post("/items/import", data={"files": files})
    assert "New 4" in words_of(client.get(answer.location).text)


def test_only_teachers_import(app: Flask, examined: Examined) -> None:
    for role in ("student", "auditor", "centre", "administrator"):
        stranger = visitor(app, examined.people[role])
        for path in ("/items/import", "/items/import/template.xlsx", "/items/import/0"):
            assert stranger.get(path).status_code == 403
        assert send(stranger, THREE_AND_TWO).status_code == 403
    assert visitor(app).get("/items/import").status_code == 303
