"""The list of items: search with marks, every condition of the address, order, the list to keep."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.banking import get_item
from certify.services.commenting import add_comment
from certify.services.exchanging import TagDefaults
from certify.services.releasing import list_releases
from certify.services.uploading import UploadedFile, apply_upload, keep_upload
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemStatus
from tests.authors import WRITER, bring
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def save(examined: Examined, item_id: str, **changes: object) -> None:
    newest = get_item(examined.context, item_id)
    data = {**item_to_mapping(newest.item), **changes}
    bring(examined.context, data, ItemStatus.DRAFT, based_on=newest.version)


def listed(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="item" value="')[1:]]


def test_what_was_searched_is_marked_in_the_stem(client: FlaskClient, examined: Examined) -> None:
    save(examined, "01-001", stem="说明文字很长。" * 12 + "关于熊猫盲盒的说法，哪一项对？")
    page = client.get("/items?text=熊猫盲盒").text
    assert listed(page) == ["01-001"]
    assert "<mark>熊猫盲盒</mark>" in page
    assert "1 item" in words_of(page)


def test_a_match_outside_the_stem_is_said(client: FlaskClient, examined: Examined) -> None:
    save(examined, "01-001", source="蓝鲸出版社第三版")
    page = client.get("/items?text=蓝鲸出版").text
    assert listed(page) == ["01-001"]
    assert "found in options, explanation or case" in page


def test_an_id_is_found_and_marked(client: FlaskClient) -> None:
    page = client.get("/items?text=01-001").text
    assert listed(page)[0] == "01-001"
    assert "<mark>01</mark>" in page


def test_markup_in_a_search_is_text(client: FlaskClient) -> None:
    page = client.get("/items", query_string={"text": "<b>FOB</b>"}).text
    assert "<b>FOB" not in page
    assert "&lt;b&gt;FOB" in page


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("bloom", "apply", "Bloom step: Apply"),
        ("work_area", "运营", "Work area: 运营"),
        ("chapter", "03.1", "Chapter: 03.1 Shop data"),
        ("author", "writer", "Written by writer"),
        ("findings", "none", "Without findings"),
        ("untagged", "1", "Not fully tagged"),
        ("open_comments", "1", "With open comments"),
        ("changed_since", "2026-11-20", "Changed since 20 November 2026"),
        ("dimension", "O", "Overseas market analysis"),
    ],
)
def test_a_condition_stands_as_a_chip_that_takes_it_away(
    client: FlaskClient, name: str, value: str, said: str
) -> None:
    page = client.get("/items", query_string={name: value, "level": "novice"}).text
    assert f"<span>{said}</span>" in page
    assert 'class="condition-chip" href="/items?level=novice"' in page
    assert '<details class="more-filters" open' in page


def test_the_few_common_conditions_leave_the_others_closed(client: FlaskClient) -> None:
    assert '<details class="more-filters">' in client.get("/items?level=novice").text


def test_items_of_an_author_a_chapter_and_a_work_area(
    client: FlaskClient, examined: Examined
) -> None:
    save(examined, "01-001", chapter="09.9", work_area="直播")
    for asked in ("author=writer", "chapter=09.9", "work_area=直播"):
        assert listed(client.get(f"/items?{asked}").text) == ["01-001"]
    page = client.get("/items").text
    assert "09.9 (1)" in page
    assert "直播 (1)" in page


def test_items_with_open_comments_and_their_number(client: FlaskClient, examined: Examined) -> None:
    add_comment(examined.context, "01-002", "选项太长。", actor=WRITER)
    page = client.get("/items?open_comments=1").text
    assert listed(page) == ["01-002"]
    assert 'data-label="Open comments">1<' in page


def test_items_changed_since_a_day(client: FlaskClient, examined: Examined) -> None:
    examined.clock.advance(days=2)
    save(examined, "01-001", source="新")
    since = examined.clock().date().isoformat()
    assert listed(client.get(f"/items?changed_since={since}").text) == ["01-001"]
    assert client.get("/items?changed_since=9999-99-99").status_code == 200


def test_items_of_a_release(client: FlaskClient, examined: Examined) -> None:
    (release,) = list_releases(examined.context)
    page = client.get(f"/items?release={release.digest}").text
    assert f"In release {release.title}" in words_of(page)
    assert f"{release.item_count} items" in words_of(page)


def test_an_untagged_item_is_listed_and_found_as_such(
    client: FlaskClient, examined: Examined
) -> None:
    sent = UploadedFile("quiz.gift", "::bare:: FOB由谁租船？ {=买方 ~卖方}".encode())
    upload = keep_upload(examined.context, [sent], defaults=TagDefaults(), actor=WRITER)
    apply_upload(examined.context, upload, actor=WRITER)
    page = client.get("/items?untagged=1").text
    assert len(listed(page)) == 1
    assert "none yet" in page


@pytest.mark.parametrize("sort", ["id", "changed", "node", "level", "type", "status"])
def test_the_order_stands_in_the_address_and_turns_round(client: FlaskClient, sort: str) -> None:
    there = listed(client.get(f"/items?node=01&sort={sort}").text)
    back = listed(client.get(f"/items?node=01&sort={sort}&descending=1").text)
    assert there == back[::-1]


def test_a_heading_turns_the_order_round(client: FlaskClient) -> None:
    assert 'href="/items?sort=level"' in client.get("/items").text
    assert 'href="/items?sort=level&amp;descending=1"' in client.get("/items?sort=level").text


def test_the_list_can_be_kept_as_a_table(client: FlaskClient, examined: Examined) -> None:
    save(examined, "01-001", stem="=1+1是几？")
    answer = client.get("/items/list.csv?node=01&sort=id")
    assert answer.headers["Content-Disposition"] == "attachment; filename=items.csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["No.", "Stem", "Skill"]
    assert rows[1][:3] == ["01-001", "'=1+1是几？", "01"]
    assert len(rows) - 1 == len(listed(client.get("/items?node=01").text))


def test_only_teachers_take_the_list(app: Flask, examined: Examined) -> None:
    assert visitor(app).get("/items/list.csv").status_code == 303
    for role in ("student", "auditor", "centre", "administrator"):
        assert visitor(app, examined.people[role]).get("/items/list.csv").status_code == 403
