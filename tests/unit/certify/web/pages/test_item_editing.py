"""Writing items: two steps, every type, drafts, refusals, pictures, conflicts, working copies."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.administering import add_person
from certify.services.banking import get_item, list_versions
from tests.examined import Examined
from tests.unit.certify.web.pages.form_fields import edit_form, fields_of
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

TYPES = ("single", "multiple", "true_false", "numeric", "fill_in", "order", "match")
ROWS = {"single": 4, "multiple": 5, "order": 5, "match": 4}


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def first_of(client: FlaskClient, item_type: str) -> str:
    listed = client.get(f"/items?type={item_type}").text
    return listed.split('class="row-link" href="/items/')[1].split('"')[0]


# --- the first step ------------------------------------------------------------------------


def test_the_first_step_asks_node_and_type(client: FlaskClient) -> None:
    page = client.get("/items/new")
    assert page.status_code == 200
    assert "Go on to the form" in page.text
    assert "Error:" not in page.text


def test_the_first_step_names_what_is_missing(client: FlaskClient) -> None:
    page = client.get("/items/new?step=form&node=99").text
    assert "Choose the skill that the item asks for" in page
    assert "Choose the type of the item" in page


@pytest.mark.parametrize(
    ("item_type", "field"),
    [
        ("single", 'type="radio" name="correct"'),
        ("multiple", 'type="checkbox" name="correct"'),
        ("true_false", 'name="truth"'),
        ("numeric", 'name="formula"'),
        ("fill_in", 'name="blank_accepted"'),
        ("order", 'name="option_place"'),
        ("match", 'name="option_partner"'),
        ("essay", 'name="reference"'),
    ],
)
def test_the_form_has_the_fields_of_the_type(
    client: FlaskClient, item_type: str, field: str
) -> None:
    page = client.get(f"/items/new?node=09&type={item_type}").text
    assert field in page
    assert page.count('name="option_text"') == ROWS.get(item_type, 0)


def test_only_levels_and_dimensions_of_the_node_are_offered(client: FlaskClient) -> None:
    page = client.get("/items/new?node=07&type=single").text
    assert 'value="elite"' in page
    assert 'value="novice"' not in page
    assert "S Store and goods" in page
    assert '<option value="M">' not in page


def test_the_form_speaks_chinese(app: Flask, examined: Examined) -> None:
    client = visitor(app, examined.people["teacher"], language="zh")
    page = client.get("/items/new?node=01&type=numeric").text
    for word in ("题干", "允许误差", "典型错误答案", "预估难度", "保存为草稿", "送审", "预览"):
        assert word in page


# --- saving --------------------------------------------------------------------------------


def test_a_draft_with_findings_is_saved_and_they_are_shown(
    client: FlaskClient, examined: Examined
) -> None:
    sent = fields_of(
        client.get("/items/new?node=01&type=single").text, stem="新题？", level="novice"
    )
    answer = client.post("/items/new", data=sent)
    assert answer.status_code == 303
    page = words_of(client.get(answer.location).text)
    assert "findings are open" in page
    assert "No answer key; mark what is right" in page
    saved = get_item(examined.context, answer.location.rsplit("/", 1)[1])
    assert (saved.status, saved.version, saved.author) == ("draft", 1, "teacher")


def test_an_item_with_errors_is_not_sent_to_review_and_they_stand_at_its_fields(
    client: FlaskClient,
) -> None:
    sent = fields_of(
        client.get("/items/new?node=01&type=single").text,
        stem="新题？",
        level="novice",
        intent="submit",
        difficulty="0.1",
    )
    answer = client.post("/items/new", data=sent)
    assert answer.status_code == 422
    assert 'href="#options"' in answer.text
    assert 'id="options-error"' in answer.text
    assert 'id="difficulty-error"' in answer.text
    assert "新题？" in answer.text


def test_a_sound_item_is_sent_to_review(client: FlaskClient, examined: Examined) -> None:
    answer = client.post("/items/01-001/edit", data=edit_form(client, intent="submit", note="核对"))
    assert answer.status_code == 303
    assert get_item(examined.context, "01-001").status == "in_review"


@pytest.mark.parametrize("item_type", TYPES)
def test_an_unchanged_form_saves_the_same_item(
    client: FlaskClient, examined: Examined, item_type: str
) -> None:
    item_id = first_of(client, item_type)
    before = get_item(examined.context, item_id)
    answer = client.post(f"/items/{item_id}/edit", data=edit_form(client, item_id))
    assert answer.status_code == 303
    after = get_item(examined.context, item_id)
    assert after.version == before.version + 1
    assert after.item == before.item


def test_fields_that_cannot_be_read_are_refused_and_kept(
    client: FlaskClient, examined: Examined
) -> None:
    sent = edit_form(client, expected_seconds="soon", stem="改过的题干？", status="draft")
    answer = client.post("/items/01-001/edit", data=sent)
    assert answer.status_code == 422
    assert 'id="expected_seconds-error"' in answer.text
    assert 'value="soon"' in answer.text
    assert "改过的题干？" in answer.text
    assert len(list_versions(examined.context, "01-001")) == 1


def test_the_skill_of_an_item_can_be_changed_and_its_type_cannot(
    client: FlaskClient, examined: Examined
) -> None:
    sent = edit_form(client, type="numeric", node="02")
    assert client.post("/items/01-001/edit", data=sent).status_code == 303
    newest = get_item(examined.context, "01-001").item
    assert (newest.type, newest.node) == ("single", "02")


def test_a_level_that_the_new_skill_does_not_have_is_told(client: FlaskClient) -> None:
    answer = client.post("/items/01-001/edit", data=edit_form(client, node="07"))
    assert answer.status_code == 422
    assert 'id="level-error"' in answer.text


@pytest.mark.parametrize("changes", [{"node": "99"}, {"type": "riddle"}, {"node": "", "type": ""}])
def test_a_new_item_of_no_known_kind_is_a_bad_request(
    client: FlaskClient, changes: dict[str, str]
) -> None:
    sent = fields_of(client.get("/items/new?node=01&type=single").text, **changes)
    assert client.post("/items/new", data=sent).status_code == 400
    assert client.post("/items/preview", data=sent).status_code == 400


# --- the preview ---------------------------------------------------------------------------


def test_the_preview_button_saves_nothing_and_keeps_the_input(
    client: FlaskClient, examined: Examined
) -> None:
    sent = edit_form(client, stem="只看一看？", intent="preview")
    answer = client.post("/items/01-001/edit", data=sent)
    assert answer.status_code == 200
    assert answer.text.count("只看一看？") >= 2
    assert len(list_versions(examined.context, "01-001")) == 1


@pytest.mark.parametrize("item_type", TYPES[:4])
def test_the_live_preview_is_a_fragment_with_findings(client: FlaskClient, item_type: str) -> None:
    page = client.get(f"/items/new?node=09&type={item_type}").text
    answer = client.post("/items/preview", data=fields_of(page, stem="**什么**？"))
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "<strong>什么</strong>" in answer.text
    assert "No answer key" in answer.text


def test_the_preview_shows_no_script_of_its_author(client: FlaskClient) -> None:
    page = client.get("/items/new?node=09&type=single").text
    sent = fields_of(page, stem="<img src=x onerror=alert(1)>？", option_text=["<b>甲</b>"] * 4)
    answer = client.post("/items/preview", data=sent)
    assert "<img" not in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("path", ["/items/new", "/items/01-001/edit", "/items/preview"])
def test_only_teachers_write(app: Flask, examined: Examined, path: str) -> None:
    assert visitor(app).post(path).status_code == 303
    assert visitor(app, examined.people["student"]).post(path).status_code == 403
    assert len(list_versions(examined.context, "01-001")) == 1


def test_saving_needs_the_token_of_the_form(app: Flask, client: FlaskClient) -> None:
    sent = edit_form(client)
    app.config["WTF_CSRF_ENABLED"] = True
    token = sent.pop("csrf_token")
    assert client.post("/items/01-001/edit", data=sent).status_code == 400
    sent["csrf_token"] = token
    assert client.post("/items/01-001/edit", data=sent).status_code == 303


# --- rows, pictures, cases -----------------------------------------------------------------


def test_more_rows_are_added_without_saving(client: FlaskClient, examined: Examined) -> None:
    page = client.get("/items/new?node=01&type=order").text
    answer = client.post("/items/new", data=fields_of(page, stem="排序？", intent="rows"))
    assert answer.status_code == 200
    assert answer.text.count('name="option_text"') == ROWS["order"] + 2
    assert "排序？" in answer.text


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(32)


def with_picture(client: FlaskClient, content: bytes = PICTURE, words: str = "销量图") -> Any:
    sent = edit_form(client, intent="picture", picture_words=words).to_dict(flat=False)
    sent["picture"] = (io.BytesIO(content), "销 量(1).png")  # type: ignore[assignment]
    return client.post("/items/01-001/edit", data=sent, content_type="multipart/form-data")


def test_a_picture_is_kept_shown_and_saved_with_the_item(
    app: Flask, client: FlaskClient, examined: Examined
) -> None:
    page = with_picture(client)
    assert page.status_code == 200
    found = re.search(r'<img src="(/items/files/[0-9a-f]{64})" alt="销量图"', page.text)
    assert found is not None
    sent = client.get(found[1])
    assert (sent.data, sent.content_type) == (PICTURE, "image/png")
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert visitor(app, examined.people["student"]).get(found[1]).status_code == 403
    assert client.post("/items/01-001/edit", data=fields_of(page.text)).status_code == 303
    item = get_item(examined.context, "01-001").item
    assert [file.name for file in item.files] == ["销-量-1-.png"]
    removed = edit_form(client, file_remove="销-量-1-.png")
    client.post("/items/01-001/edit", data=removed)
    assert get_item(examined.context, "01-001").item.files == ()


def test_a_picture_without_words_is_refused(client: FlaskClient) -> None:
    answer = with_picture(client, words=" ")
    assert answer.status_code == 422
    assert 'id="picture_words-error"' in answer.text


def test_what_is_no_picture_is_refused(client: FlaskClient) -> None:
    answer = with_picture(client, content=b"<html><script>alert(1)</script>")
    assert answer.status_code == 422
    assert 'id="picture-error"' in answer.text


def test_an_unknown_file_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"/items/files/{'0' * 64}").status_code == 404


# --- working copies ------------------------------------------------------------------------


def test_what_is_typed_is_kept_offered_and_restored(
    client: FlaskClient, examined: Examined
) -> None:
    sent = edit_form(client, stem="还没写完的题干", option_text=["甲", "乙", "丙", "丁"])
    assert client.post("/items/working-copy", data=sent).status_code == 204
    assert "text here that was not saved" in client.get("/items/01-001/edit").text
    restored = client.get("/items/01-001/edit?restore=1").text
    assert "还没写完的题干" in restored
    assert [value for name, value in fields_of(restored).items(multi=True) if name == "option_text"]
    assert len(list_versions(examined.context, "01-001")) == 1
    client.post("/items/01-001/edit", data=fields_of(restored))
    assert "text here that was not saved" not in client.get("/items/01-001/edit").text


def test_a_working_copy_of_a_new_item_can_be_thrown_away(client: FlaskClient) -> None:
    address = "/items/new?node=01&type=single"
    sent = fields_of(client.get(address).text, stem="新题的草稿")
    client.post("/items/working-copy", data=sent)
    assert "新题的草稿" in client.get(f"{address}&restore=1").text
    answer = client.post("/items/working-copy/discard", data=sent)
    assert answer.location == address
    assert "text here that was not saved" not in client.get(address).text


def test_a_working_copy_is_its_authors_alone(
    app: Flask, client: FlaskClient, examined: Examined
) -> None:
    client.post("/items/working-copy", data=edit_form(client, stem="只有我看得到"))
    other = add_person(
        examined.context,
        username="other",
        display_name="周可",
        password="correct horse",
        roles={"teacher"},
    )
    assert "只有我看得到" not in visitor(app, other).get("/items/01-001/edit?restore=1").text
