"""The exam page as a plain form: what is posted, in whatever order, loses and doubles nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from flask import Flask

from certify.exams.adaptive import AdaptiveExam
from certify.exams.attempt import AttemptState
from certify.services import attempt_views, delivering
from certify.services.acting import acting
from certify.services.administering import add_person
from certify.services.delivering import (
    start_attempt,
)
from certify.services.examining import exam_of
from certify.services.filing import add_file
from certify.services.simulating import SimulatedCandidate
from tests.examined import Examined
from tests.unit.certify.web.pages.exam_pages import (
    LIMIT_MINUTES,
    PROGRAMME,
    Sitting,
)
from tests.unit.certify.web.pages.visiting import answer_fields, make_app, visitor, words_of


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def sitting(app: Flask, examined: Examined) -> Sitting:
    student = examined.people["student"]
    attempt_id = start_attempt(examined.context, student.id, PROGRAMME, "proficient")
    return Sitting(examined, visitor(app, student), attempt_id)


def test_the_page_shows_item_time_and_no_key(sitting: Sitting) -> None:
    page, item = sitting.page(), sitting.view.item
    assert page.count("<h1") == 1
    assert item is not None
    assert f'data-remaining-seconds="{LIMIT_MINUTES * 60}.0"' in page
    assert "Item 1" in page
    for word in ("explanation", "answer_key", "difficulty", "correct"):
        assert word not in page


def test_options_stand_in_the_stored_order_with_letters(sitting: Sitting) -> None:
    sitting.go_to("single")
    page, item = sitting.page(), sitting.view.item
    assert item is not None
    found = re.findall(r'name="answer" value="(\w)" data-letter="(\w)"', page)
    assert found == [(option_id, "ABCD"[n]) for n, (option_id, _) in enumerate(item.options)]


def test_a_number_has_its_unit_and_how_to_round(sitting: Sitting) -> None:
    sitting.go_to("numeric")
    page, item = sitting.page(), sitting.view.item
    assert item is not None
    assert item.unit in page
    assert "Round to" in page


def test_multiple_choice_says_how_many_may_be_right(sitting: Sitting) -> None:
    sitting.go_to("multiple")
    page = sitting.page()
    assert "Two to four of the options are right." in page
    assert page.count('type="checkbox"') == 5


def test_an_answer_leads_to_the_next_item(sitting: Sitting) -> None:
    answer = sitting.post(sitting.form())
    assert (answer.status_code, answer.location) == (303, f"{sitting.path}?page=1")
    assert "Item 2" in sitting.page()


@pytest.mark.parametrize("item_type", ["fill_in", "order", "match"])
def test_an_answer_of_several_parts_is_stored_as_it_was_given(
    sitting: Sitting, item_type: str
) -> None:
    sitting.go_to(item_type)
    view = sitting.view
    candidate = SimulatedCandidate(99.0, Random(5))
    given = candidate.answer_current_item(sitting.examined.context, sitting.id)
    assert view.item is not None
    page = sitting.page()
    for name in answer_fields(item_type, given):
        assert f'name="{name}"' in page
    form = sitting.blank_form(**answer_fields(item_type, given))
    assert sitting.post(form).status_code == 303
    with sitting.examined.context.database.reading() as work:
        attempt = work.attempts.get(sitting.id)
    assert attempt is not None
    assert attempt.answers[view.item.position].response == given


def test_an_order_that_is_not_complete_is_asked_for_again(sitting: Sitting) -> None:
    sitting.go_to("order")
    item = sitting.view.item
    assert item is not None
    first = item.options[0][0]
    answer = sitting.post(sitting.blank_form(**{f"place-{first}": "2"}))
    assert answer.status_code == 422
    assert "Give every entry a place of its own" in answer.text
    assert sitting.view.item == item


def test_a_file_of_another_item_is_not_to_be_had(sitting: Sitting) -> None:
    assert sitting.client.get(f"{sitting.path}/files/picture.png").status_code == 404
    assert sitting.client.get(f"{sitting.path}/files/media/picture.png").status_code == 404


def test_a_picture_of_the_item_at_hand_is_shown_to_its_candidate_alone(
    app: Flask, sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, people = sitting.examined.context, sitting.examined.people
    content = b"\x89PNG\r\n\x1a\n" + bytes(32)
    file = add_file(context, "图.png", content, actor=acting(people["teacher"]))

    def exam_with_pictures(*place: Any) -> AdaptiveExam:
        exam = exam_of(*place)
        items, tried_out = (
            tuple(replace(item, stem="![销量](图.png)", files=(file,)) for item in those)
            for those in (exam.pool.items, exam.pool.pretest_items)
        )
        return replace(exam, pool=replace(exam.pool, items=items, pretest_items=tried_out))

    for module in (delivering, attempt_views):
        monkeypatch.setattr(module, "exam_of", exam_with_pictures)
    found = re.search(r'<img src="([^"]+)" alt="销量"', sitting.page())
    assert found is not None
    picture = sitting.client.get(found[1])
    assert (picture.data, picture.content_type) == (content, "image/png")
    assert visitor(app, people["teacher"]).get(found[1]).status_code == 403
    sitting.client.post(f"{sitting.path}/hand-in")
    assert sitting.client.get(found[1]).status_code == 404


def test_a_blank_answer_is_asked_about_once(sitting: Sitting) -> None:
    blank = sitting.blank_form()
    asked = sitting.post(blank)
    assert asked.status_code == 200
    assert "You have not chosen an answer" in asked.text
    assert 'name="confirm_blank"' in asked.text
    assert sitting.post({**blank, "confirm_blank": "1"}).status_code == 303
    assert "Item 2" in sitting.page()


@pytest.mark.parametrize("typed", ["about 12", "12 元", "1\0", "1e999"])
def test_an_unreadable_number_is_no_answer_yet(sitting: Sitting, typed: str) -> None:
    sitting.go_to("numeric")
    position = sitting.view.item and sitting.view.item.position
    answer = sitting.post(sitting.form(answer=typed))
    assert answer.status_code == 422
    assert "Enter a number without words or units" in answer.text
    assert sitting.view.item and sitting.view.item.position == position


def test_an_option_that_is_not_there_is_refused(sitting: Sitting) -> None:
    sitting.go_to("single")
    answer = sitting.post(sitting.form(answer=["z"]))
    assert answer.status_code == 422
    assert "does not fit" in answer.text
    assert sitting.post(sitting.form(answer=["a", "b"])).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"position": "x"},
        {"revision": ""},
        {"revision": "-1"},
        {"revision": "99999999999999999999"},
        {"idempotency_key": ""},
        {"idempotency_key": "k" * 101},
        {"idempotency_key": "a\0b"},
    ],
)
def test_a_damaged_form_is_refused(sitting: Sitting, changes: dict[str, str]) -> None:
    assert sitting.post(sitting.form(**changes)).status_code == 400
    assert "Item 1" in sitting.page()


def test_the_form_needs_a_token(examined: Examined, sitting: Sitting) -> None:
    app = make_app(examined)
    app.config["WTF_CSRF_ENABLED"] = True
    client = visitor(app, examined.people["student"])
    assert client.post(sitting.path, data=sitting.form()).status_code == 400


def test_handing_in_early_is_confirmed_first(sitting: Sitting) -> None:
    sitting.post(sitting.form())
    page = sitting.client.get(f"{sitting.path}/hand-in")
    assert page.status_code == 200
    assert "ends at once" in words_of(page.text)
    assert sitting.view.state is AttemptState.RUNNING
    for _ in range(2):
        answer = sitting.client.post(f"{sitting.path}/hand-in")
        assert (answer.status_code, answer.location) == (303, f"{sitting.path}/result")
    assert sitting.view.state is AttemptState.HANDED_IN
    assert "because you handed it in" in sitting.client.get(answer.location).text


def test_a_blank_answer_is_not_counted_as_answered(sitting: Sitting) -> None:
    assert sitting.view.answered == 0
    sitting.post(sitting.form())
    assert sitting.view.answered == 1
    sitting.post(sitting.blank_form(confirm_blank="yes"))
    assert sitting.view.item is not None
    assert (sitting.view.item.position, sitting.view.answered) == (3, 1)
    words = words_of(sitting.client.get(f"{sitting.path}/hand-in").text)
    assert "Items answered so far 1 " in words


def test_a_page_that_thinks_time_is_up_does_not_end_a_running_exam(sitting: Sitting) -> None:
    answer = sitting.client.post(f"{sitting.path}/hand-in", data={"reason": "time"})
    assert answer.location == sitting.path
    assert sitting.view.state is AttemptState.RUNNING


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("end", ["", "/hand-in"])
def test_after_the_deadline_everything_leads_to_the_result(
    sitting: Sitting, method: str, end: str
) -> None:
    form = sitting.form()
    sitting.examined.clock.advance(minutes=LIMIT_MINUTES)
    answer = getattr(sitting.client, method)(f"{sitting.path}{end}", data=form)
    assert (answer.status_code, answer.location) == (303, f"{sitting.path}/result")
    assert "because time was up" in sitting.client.get(answer.location).text


def test_the_last_answer_leads_to_the_result(sitting: Sitting) -> None:
    while sitting.view.state is AttemptState.RUNNING:
        answer = sitting.post(sitting.form())
    assert answer.location == f"{sitting.path}/result"
    assert sitting.client.get(sitting.path).location == f"{sitting.path}/result"


@pytest.mark.parametrize(
    ("method", "end"),
    [
        ("get", ""),
        ("post", ""),
        ("get", "/hand-in"),
        ("post", "/hand-in"),
        ("get", "/result"),
        ("post", "/certificate"),
    ],
)
def test_attempts_of_others_and_unknown_ones_are_not_found(
    app: Flask, examined: Examined, sitting: Sitting, method: str, end: str
) -> None:
    other = add_person(
        examined.context,
        username="other",
        display_name="周可",
        password="correct horse",
        roles={"student"},
    )
    assert getattr(visitor(app, other), method)(f"{sitting.path}{end}").status_code == 404
    unknown = f"/attempts/{'0' * 32}{end}"
    assert getattr(sitting.client, method)(unknown).status_code == 404
    assert getattr(visitor(app), method)(f"{sitting.path}{end}").status_code == 303
    teacher = visitor(app, examined.people["teacher"])
    assert getattr(teacher, method)(f"{sitting.path}{end}").status_code == 403
