"""The practice room: drills, feedback with key and explanation, the mistake book."""

from __future__ import annotations

import re
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from certify.services.practising import Drill, PracticeTask, next_task
from certify.services.responding import right_response, wrong_response
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import answer_fields, make_app, visitor, words_of

NODE = "/practice/drill/node?node=10"


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["student"])


def task_of(examined: Examined, drill: Drill = Drill.NODE, node: str = "10") -> PracticeTask:
    task = next_task(examined.context, examined.people["student"].id, drill, node)
    assert task is not None
    return task


def send(client: FlaskClient, task: PracticeTask, right: bool, place: str = NODE) -> TestResponse:
    item = task.item
    response = right_response(item) if right else wrong_response(item, Random(1))
    fields = answer_fields(item.type.value, response)
    return client.post(place, data={"item": item.id, "number": task.number, **fields})


def test_the_room_lists_every_skill_and_the_weak_spot(client: FlaskClient) -> None:
    page = client.get("/practice").text
    assert page.count('class="practice-node"') == 34
    words = words_of(page)
    assert "Work on the weak spot" in words
    assert "What you answer wrongly is collected here." in words


def test_an_item_shows_neither_key_nor_explanation_before_the_answer(
    client: FlaskClient, examined: Examined
) -> None:
    task, page = task_of(examined), client.get(NODE).text
    item = task.item
    assert f'value="{item.id}"' in page
    assert item.explanation.text[:20] not in page
    for note in item.explanation.option_notes.values():
        assert note not in page
    assert "data-correct" not in page


def test_an_answer_leads_to_its_explanation_and_on(client: FlaskClient, examined: Examined) -> None:
    task = task_of(examined)
    answer = send(client, task, right=True)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Your answer is right." in words_of(page)
    assert "Takeaway" in page or "Explanation" in page
    assert 'href="/practice/drill/node?node=10"' in page
    assert task_of(examined).item.id != task.item.id


def test_a_wrong_answer_is_in_the_mistake_book(client: FlaskClient, examined: Examined) -> None:
    task = task_of(examined)
    location = send(client, task, right=False).location
    assert "Your answer is not right." in words_of(client.get(location).text)
    book = client.get("/practice/mistakes").text
    assert "Practise the mistakes" in book
    assert re.search(r"/practice/answers/\d+\?drill=mistakes", book)
    assert f'value="{task.item.id}"' in client.get("/practice/drill/mistakes").text


def test_sending_a_form_twice_is_one_answer(client: FlaskClient, examined: Examined) -> None:
    task = task_of(examined)
    first, again = send(client, task, right=False), send(client, task, right=True)
    assert first.location == again.location


def test_an_empty_answer_is_asked_for(client: FlaskClient, examined: Examined) -> None:
    answer = client.post(NODE, data={"item": task_of(examined).item.id, "number": 1})
    assert answer.status_code == 422
    assert "Answer first" in answer.text


def test_the_weak_spot_is_practised_in_its_dimension(
    client: FlaskClient, examined: Examined
) -> None:
    task = task_of(examined, Drill.WEAK, "")
    page = client.get("/practice/drill/weak").text
    assert f'value="{task.item.id}"' in page
    send(client, task, right=True, place="/practice/drill/weak")
    following = task_of(examined, Drill.WEAK, "")
    assert following.item.dimension == task.item.dimension
    assert following.item.id != task.item.id


def test_nothing_due_says_when_to_come_back(client: FlaskClient, examined: Examined) -> None:
    assert "Begin with a drill by skill." in words_of(client.get("/practice/drill/due").text)
    task = task_of(examined)
    send(client, task, right=False)
    assert "The next item comes back on" in words_of(client.get("/practice/drill/due").text)
    examined.clock.advance(days=1)
    assert f'value="{task.item.id}"' in client.get("/practice/drill/due").text
    assert "Repeat what is due" in client.get("/practice").text


def test_an_item_of_the_exams_is_not_to_be_had(client: FlaskClient, examined: Examined) -> None:
    with examined.context.database.reading() as work:
        item_id = min(work.releases.items_in_use(examined.clock()))
    assert client.post(NODE, data={"item": item_id, "answer": "a"}).status_code == 404
    assert client.get(f"/practice/items/{item_id}/files/a.png").status_code == 404


def test_answers_of_others_are_not_found(
    app: Flask, client: FlaskClient, examined: Examined
) -> None:
    location = send(client, task_of(examined), right=True).location
    assert visitor(app).get(location).status_code == 303
    assert visitor(app, examined.people["teacher"]).get(location).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/practice/drill/everything",
        "/practice/drill/node?node=99",
        "/practice/drill/node",
        "/practice/answers/0",
        "/practice/answers/99999999999999999999999",
    ],
)
def test_unknown_places_are_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_room_is_for_students(app: Flask, examined: Examined) -> None:
    for address in ("/practice", "/practice/mistakes", NODE):
        assert visitor(app).get(address).status_code == 303
        assert visitor(app, examined.people["teacher"]).get(address).status_code == 403
    assert visitor(app, examined.people["student"]).put("/practice").status_code == 405
