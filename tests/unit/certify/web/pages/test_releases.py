"""Releases: the check before publishing, the result, and what a release holds."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.banking import list_items
from certify.services.ports import ItemFilter
from certify.services.releasing import list_releases
from certify.web.pages.releases import PAGE_SIZE
from question_bank.item import ItemStatus
from tests.authors import bring
from tests.examined import Examined, spoil_item
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def change_items(
    examined: Examined, status: ItemStatus, conditions: ItemFilter, **changes: object
) -> None:
    for stored in list_items(examined.context, conditions, size=2000).rows:
        data = {**stored.content, **changes}
        bring(examined.context, data, status, based_on=stored.version)


def test_releases_are_listed_with_their_digest(client: FlaskClient, examined: Examined) -> None:
    (release,) = list_releases(examined.context)
    page = client.get("/releases")
    assert release.digest in page.text
    assert "Nothing has changed since the newest release." in page.text


def test_the_check_speaks_chinese(app: Flask, examined: Examined) -> None:
    page = visitor(app, examined.people["teacher"], language="zh").get("/releases").text
    for words in ("下一个发布版", "试题均无错误", "各维度题量充足", "随产品提供"):
        assert words in page


def test_publishing_leads_to_the_new_release(client: FlaskClient, examined: Examined) -> None:
    change_items(examined, ItemStatus.RETIRED, ItemFilter(text="01-001"))
    assert "1 taken out" in words_of(client.get("/releases").text)
    answer = client.post("/releases", data={"title": " 三月 "})
    assert answer.status_code == 303
    newest = list_releases(examined.context)[0]
    assert (newest.title, newest.author) == ("三月", "teacher")
    page = client.get(answer.location).text
    assert "“三月” is published" in page
    assert newest.digest in page
    assert "01-002" in page
    assert "01-001" not in page


@pytest.mark.parametrize("title", ["", "   ", "长" * 81, "a\x07b"])
def test_a_title_that_cannot_be_used_is_refused(
    client: FlaskClient, examined: Examined, title: str
) -> None:
    answer = client.post("/releases", data={"title": title})
    assert answer.status_code == 422
    assert 'id="title-error"' in answer.text
    assert len(list_releases(examined.context)) == 1


def test_an_item_with_an_error_hinders_and_is_named(
    client: FlaskClient, examined: Examined
) -> None:
    spoil_item(examined.context, "01-001", expected_seconds=5)
    page = client.get("/releases").text
    assert "1 error must be corrected" in page
    assert 'href="/items/01-001"' in page
    assert "Not ready to publish" in page
    assert 'name="title"' not in page
    answer = client.post("/releases", data={"title": "三月"})
    assert answer.status_code == 422
    assert "Nothing was published" in answer.text
    assert "01-001" in answer.text
    assert len(list_releases(examined.context)) == 1


def test_a_dimension_that_lacks_items_is_named_with_its_numbers(
    client: FlaskClient, examined: Examined
) -> None:
    change_items(examined, ItemStatus.RETIRED, ItemFilter(dimension="R"))
    words = words_of(client.get("/releases").text)
    assert re.search(r"needs \d+ items, has 0", words)
    assert client.post("/releases", data={"title": "三月"}).status_code == 422
    assert len(list_releases(examined.context)) == 1


def test_a_release_keeps_the_versions_it_was_made_of(
    client: FlaskClient, examined: Examined
) -> None:
    (release,) = list_releases(examined.context)
    change_items(examined, ItemStatus.OPERATIONAL, ItemFilter(text="01-001"), stem="改了？")
    page = client.get(f"/releases/{release.digest}").text
    assert "改了？" not in page
    assert 'href="/items/01-001?version=1"' in page


@pytest.mark.parametrize("digest", ["0" * 64, "new", "%2e%2e"])
def test_an_unknown_release_is_not_found(client: FlaskClient, digest: str) -> None:
    assert client.get(f"/releases/{digest}").status_code == 404


def test_a_page_beyond_the_release_leads_to_its_last(
    client: FlaskClient, examined: Examined
) -> None:
    (release,) = list_releases(examined.context)
    answer = client.get(f"/releases/{release.digest}?page=99")
    assert answer.status_code == 303
    assert answer.location.endswith(f"page={-(-release.item_count // PAGE_SIZE)}")


def test_only_teachers_publish(app: Flask, examined: Examined) -> None:
    for role in ("student", "auditor", "centre", "administrator"):
        answer = visitor(app, examined.people[role]).post("/releases", data={"title": "三月"})
        assert answer.status_code == 403
    assert len(list_releases(examined.context)) == 1


def publish(client: FlaskClient, title: str) -> str:
    answer = client.post("/releases", data={"title": title})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_release_says_what_changed_since_the_one_before(
    client: FlaskClient, examined: Examined
) -> None:
    change_items(examined, ItemStatus.OPERATIONAL, ItemFilter(text="01-001"), stem="改了？")
    change_items(examined, ItemStatus.RETIRED, ItemFilter(text="02-001"))
    words = words_of(client.get(publish(client, "三月")).text)
    assert "0 added, 1 changed, 1 taken out." in words
    newest, first = list_releases(examined.context)
    address = f"/releases/compare?first={first.digest}&second={newest.digest}"
    page = client.get(address).text
    words = words_of(page)
    assert "Taken out 02-001" in words
    assert "01-001 version 1 → 5" in words
    assert "Stem" in words
    assert "<ins>" in page
    assert words_of(client.get("/releases/compare").text) == words


def test_an_item_that_went_into_pretest_shows_both_states(
    client: FlaskClient, examined: Examined
) -> None:
    change_items(examined, ItemStatus.PRETEST, ItemFilter(text="01-001"))
    page = client.get(publish(client, "三月")).text
    assert "1 of them in pretest" in words_of(page)
    words = words_of(client.get("/releases/compare").text)
    assert "Operational → Pretest" in words
    assert "It says the same." in words


def test_a_release_compared_with_itself_holds_the_same(
    client: FlaskClient, examined: Examined
) -> None:
    (release,) = list_releases(examined.context)
    short = release.digest[:8]
    page = client.get(f"/releases/compare?first={short}&second={short}").text
    assert "Both hold the same." in page


@pytest.mark.parametrize("names", ["first=ffffffff", "second=ffffffff", "first=5&second=5"])
def test_comparing_what_does_not_exist_is_not_found(client: FlaskClient, names: str) -> None:
    assert client.get(f"/releases/compare?{names}").status_code == 404


def test_approved_items_that_would_be_left_behind_are_named(
    client: FlaskClient, examined: Examined
) -> None:
    assert "No approved item is left behind" in client.get("/releases").text
    change_items(examined, ItemStatus.APPROVED, ItemFilter(text="01-001"), stem="改了？")
    page = client.get("/releases").text
    assert "1 approved item is not in it yet" in page
    assert 'href="/items?status=approved"' in page


def test_what_the_next_release_changes_is_named(client: FlaskClient, examined: Examined) -> None:
    change_items(examined, ItemStatus.OPERATIONAL, ItemFilter(text="01-001"), stem="改了？")
    words = words_of(client.get("/releases").text)
    assert "What would change 01-001" in words


def test_a_release_in_use_says_so_and_stays(app: Flask, examined: Examined) -> None:
    (release,) = list_releases(examined.context)
    teacher = visitor(app, examined.people["teacher"])
    page = teacher.get(f"/releases/{release.digest}").text
    assert "it can neither be changed nor deleted" in page
    assert "Delete this release" not in page
    manager = visitor(app, examined.people["administrator"])
    assert manager.post(f"/releases/{release.digest}/delete").status_code == 303
    assert list_releases(examined.context) == (release,)


def test_an_administrator_deletes_a_release_that_nobody_used(
    app: Flask, client: FlaskClient, examined: Examined
) -> None:
    address = publish(client, "写错了")
    assert client.post(f"{address}/delete").status_code == 403
    manager = visitor(app, examined.people["administrator"])
    assert manager.post(f"{address}/delete").status_code == 303
    assert len(list_releases(examined.context)) == 1
    assert manager.post(f"{address}/delete").status_code == 404
