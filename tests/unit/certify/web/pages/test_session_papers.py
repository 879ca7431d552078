"""Planning a session with forms: chosen, changed, shown, refused with the reason."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.exams.session_paper import SessionPaper
from certify.services.assembling_papers import get_form
from certify.services.scheduling import get_session
from tests.examined import Examined
from tests.integration.services.form_days import (
    MINUTES,
    SHORT,
    make_forms,
    open_with,
    paper_of,
)
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def centre(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["centre"])


def fields(examined: Examined, **changes: object) -> dict[str, object]:
    begin = examined.clock.now.astimezone(dt.timezone(dt.timedelta(hours=8)))
    return {
        "title": "十一月第一场",
        "exam": "estorm-comprehensive",
        "levels": ["proficient"],
        "starts_at": (begin + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (begin + dt.timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"),
        "late_minutes": "15",
        "rooms": "第一考场 30",
        "result_mode": "held",
        **changes,
    }


def paper_of_session(examined: Examined, location: str) -> SessionPaper | None:
    session_id = location.rsplit("/", 1)[1]
    return get_session(examined.context, session_id, examined.people["centre"]).paper


def test_forms_are_offered_chosen_changed_and_shown(
    examined: Examined, centre: FlaskClient
) -> None:
    assert "assembled forms" not in words_of(centre.get("/sessions/new").text)
    digests = [form.digest for form in make_forms(examined.context, forms=2, counts=SHORT)]
    assert "技能卷, form B" in words_of(centre.get("/sessions/new").text)
    sent = fields(
        examined, forms=digests, order="shuffled", parts="theory_first", break_minutes="15"
    )
    made = centre.post("/sessions/new", data=sent)
    assert made.status_code == 303
    assert paper_of_session(examined, made.location) == SessionPaper(
        tuple(digests), is_shuffled=True, theory_first=True, break_minutes=15
    )
    page = words_of(centre.get(made.location).text)
    assert "技能卷, form A" in page and digests[1][:12] in page
    assert "after an adaptive part and a break of 15 minutes; shuffled" in page

    edit = centre.get(f"{made.location}/edit").text
    assert all(re.search(f'value="{digest}"[^>]* checked', edit) for digest in digests)
    changed = centre.post(f"{made.location}/edit", data=fields(examined, forms=digests[:1]))
    assert changed.status_code == 303
    assert paper_of_session(examined, made.location) == SessionPaper((digests[0],))
    centre.post(f"{made.location}/edit", data=fields(examined))
    assert paper_of_session(examined, made.location) is None
    assert "adaptive" in words_of(centre.get(made.location).text)


def test_what_cannot_be_sat_is_said_at_its_field(examined: Examined, centre: FlaskClient) -> None:
    first = make_forms(examined.context, counts=SHORT)[0].digest
    second = make_forms(examined.context, counts={**SHORT, "single": 6})[0].digest
    for changes, words in (
        ({"forms": [first, second]}, "choose parallel forms of one blueprint and one release"),
        ({"forms": ["f" * 64]}, "choose 1 to 10 different forms"),
        ({"forms": [first], "levels": ["novice"]}, "choose a session of the form's level alone"),
        (
            {"forms": [first], "parts": "theory_first", "break_minutes": "soon"},
            "Enter whole minutes from 0 to 60",
        ),
    ):
        answer = centre.post("/sessions/new", data=fields(examined, **changes))
        assert answer.status_code == 422
        assert words in words_of(answer.text)


def test_a_form_with_an_item_that_no_engine_scores_is_refused(
    examined: Examined, centre: FlaskClient
) -> None:
    (listed,) = make_forms(examined.context, counts=SHORT)
    form = get_form(examined.context, listed.digest)
    first, *others = form.items
    # an essay is in the release and not in the pool of items that are scored at once
    essay = replace(form, items=(replace(first, item_id="essay-1"), *others))
    with examined.context.database.writing() as work:
        assert work.forms.add(replace(listed, digest=essay.digest), essay.content)
        work.commit()
    answer = centre.post("/sessions/new", data=fields(examined, forms=[essay.digest]))
    assert answer.status_code == 422
    assert "choose forms without items that people mark" in words_of(answer.text)


def test_candidates_read_how_long_each_part_is(app: Flask, examined: Examined) -> None:
    forms = make_forms(examined.context, counts=SHORT)
    paper = paper_of(forms, theory_first=True, break_minutes=15)
    session = open_with(examined.context, examined.people["centre"], paper)
    page = visitor(app, examined.people["student"]).get(f"/lobby/{session.id}")
    # ten extra minutes belong to every part
    minutes = get_form(examined.context, forms[0].digest).minutes
    assert minutes == MINUTES
    expected = f"90 minutes + a break of 15 minutes + {minutes + 10} minutes"
    assert expected in words_of(page.text)
