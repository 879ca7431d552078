"""Blueprints and forms: edited, checked at once, assembled, printed; for teachers only."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.acting import acting
from certify.services.assembling_papers import assemble_papers, list_forms
from certify.services.planning_papers import get_blueprint, list_blueprints, save_blueprint
from certify.services.printing_papers import PAPER_FILES
from certify.web.blueprint_form import form_of
from certify.web.information_chart import information_chart
from tests.examined import Examined
from tests.unit.certify.services.test_papers import short_blueprint
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def fields(**changes: str) -> dict[str, object]:
    """What a browser sends for a short paper."""
    form = form_of(short_blueprint())
    sent: dict[str, object] = {**form.values, "levels": list(form.levels), "intent": "check"}
    return {**sent, **changes}


@pytest.fixture
def kept_id(examined: Examined) -> str:
    actor = acting(examined.people["teacher"])
    return save_blueprint(examined.context, short_blueprint(), actor=actor).id


@pytest.fixture
def digest(examined: Examined, kept_id: str) -> str:
    actor = acting(examined.people["teacher"])
    return assemble_papers(examined.context, kept_id, actor=actor, seed="eins")[0].digest


def test_the_starting_points_are_named_ours(
    client: FlaskClient, app: Flask, examined: Examined
) -> None:
    page = words_of(client.get("/items/papers").text)
    assert "None is the official format of an exam." in page
    assert "No blueprint yet" in page
    chinese = visitor(app, examined.people["teacher"], language="zh").get("/items/papers").text
    for words in ("不是任何考试的官方格式", "新手理论卷（自拟蓝图）", "试卷"):
        assert words in chinese


@pytest.mark.parametrize("name", ["novice", "proficient", "elite", "unheard"])
def test_an_editor_begins_with_a_starting_point(client: FlaskClient, name: str) -> None:
    page = client.get(f"/items/papers/new?from={name}")
    assert page.status_code == 200
    assert 'name="min-dimension-T"' in page.text
    assert "Can the bank give it?" in page.text


def test_the_check_says_what_is_in_the_way_with_both_numbers(client: FlaskClient) -> None:
    fine = words_of(client.post("/items/papers/check", data=fields()).text)
    assert "The bank can give this paper" in fine
    scarce = fields(**{"min-node-01": "14", "max-node-01": ""}, excluded="")
    page = client.post("/items/papers/check", data=scarce).text
    assert 'data-count="section-single"' in page
    short = words_of(client.post("/items/papers/check", data=fields(minutes="5")).text)
    assert "The bank cannot give this paper" in short
    assert "Expected time: at most 4.5 minutes, the rest needs" in short
    assert "These requirements cannot be met together" in short


def test_the_check_speaks_chinese(app: Flask, examined: Examined) -> None:
    client = visitor(app, examined.people["teacher"], language="zh")
    many = {"min-section-multiple": "120", "max-section-multiple": "120"}
    sent = fields(**many, length="130", minutes="600")
    page = words_of(client.post("/items/papers/check", data=sent).text)
    assert "题库不能满足" in page
    assert "多选题：至少需要120，现有" in page


def test_numbers_that_cannot_be_read_are_named_beside_the_field(client: FlaskClient) -> None:
    sent = fields(length="viele", offsets="links", points_single="1/0", intent="save")
    answer = client.post("/items/papers/new", data=sent)
    assert answer.status_code == 422
    words = words_of(answer.text)
    assert "Number of items: enter a number instead of “viele”" in words
    assert "Abilities to measure at: enter numbers with blanks between them" in words
    assert "Points of: Single choice: enter a number" in words
    assert 'value="viele"' in answer.text


def test_numbers_that_contradict_are_not_saved(client: FlaskClient, examined: Examined) -> None:
    sent = fields(**{"min-node-01": "5", "max-node-01": "2"}, intent="save")
    answer = client.post("/items/papers/new", data=sent)
    assert answer.status_code == 422
    assert "at least 5 and at most 2 items. Swap the numbers." in words_of(answer.text)
    assert list_blueprints(examined.context).total == 0


def test_saving_leads_to_the_blueprint_and_keeps_every_field(
    client: FlaskClient, examined: Examined
) -> None:
    sent = fields(
        **{"min-chapter-01.1": "1", "unit-dimension": "percent", "max-dimension-S": "60"},
        intent="save",
        information="2 3 2",
        required="",
        balance_truth="yes",
    )
    answer = client.post("/items/papers/new", data=sent)
    assert answer.status_code == 303
    (saved,) = list_blueprints(examined.context).rows
    assert saved.blueprint.target.values == (2.0, 3.0, 2.0)
    shown = form_of(saved.blueprint)
    assert (shown.get("min-chapter-01.1"), shown.get("max-dimension-S")) == ("1", "60")
    page = client.get(answer.location)
    assert "Saved as version 1." in page.text
    assert "Assemble the saved version" in page.text


def test_a_blueprint_changed_meanwhile_is_not_overwritten(
    client: FlaskClient, kept_id: str, examined: Examined
) -> None:
    address = f"/items/papers/blueprints/{kept_id}"
    first = client.post(address, data=fields(intent="save", based_on="1", minutes="90"))
    assert first.status_code == 303
    late = client.post(address, data=fields(intent="save", based_on="1", minutes="70"))
    assert late.status_code == 409
    assert "was changed in the meantime (version 2, yours began at 1)" in words_of(late.text)
    assert 'value="70"' in late.text
    assert get_blueprint(examined.context, kept_id).blueprint.minutes == 90
    assert client.get(f"{address}?version=1").status_code == 200
    assert client.get(f"{address}?version=9").status_code == 404


def test_assembling_leads_to_the_form(
    client: FlaskClient, kept_id: str, examined: Examined
) -> None:
    answer = client.post(f"/items/papers/blueprints/{kept_id}/forms")
    assert answer.status_code == 303
    (form,) = list_forms(examined.context).rows
    page = client.get(answer.location)
    words = words_of(page.text)
    assert form.digest in words
    assert "Information over ability" in words
    assert "Provisional: difficulties are experts' guesses." in words
    assert "<polyline" in page.text
    assert page.text.count('class="row-link" href="/items/') == 14
    assert form.digest[:12] in client.get(f"/items/papers/blueprints/{kept_id}").text
    assert form.digest[:12] in client.get("/items/papers/forms").text
    assert client.get("/items/papers/forms?page=9").status_code == 303


def test_a_paper_that_the_bank_cannot_give_is_refused_with_the_reason(
    client: FlaskClient, examined: Examined
) -> None:
    actor = acting(examined.people["teacher"])
    kept = save_blueprint(examined.context, short_blueprint(minutes=5), actor=actor)
    answer = client.post(f"/items/papers/blueprints/{kept.id}/forms")
    assert answer.status_code == 422
    assert "The newest release cannot give the paper" in words_of(answer.text)
    assert list_forms(examined.context).total == 0


@pytest.mark.parametrize("kind", list(PAPER_FILES))
def test_files_are_downloads(client: FlaskClient, digest: str, kind: str) -> None:
    answer = client.get(f"/items/papers/forms/{digest}/{kind}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data


def test_what_is_unknown_is_not_found(client: FlaskClient, digest: str) -> None:
    for address in (
        "/items/papers/blueprints/none",
        "/items/papers/forms/none",
        "/items/papers/forms/none/paper",
        f"/items/papers/forms/{digest}/photograph",
    ):
        assert client.get(address).status_code == 404
    assert client.post("/items/papers/blueprints/none/forms").status_code == 404
    assert client.post("/items/papers/blueprints/none", data=fields()).status_code == 404
    assert client.get("/items/papers/check").status_code == 405


@pytest.mark.parametrize("role", ["student", "centre", "auditor", "administrator"])
def test_papers_and_keys_are_for_teachers_alone(
    app: Flask, examined: Examined, digest: str, kept_id: str, role: str
) -> None:
    client = visitor(app, examined.people[role])
    for address in (
        "/items/papers",
        "/items/papers/new",
        f"/items/papers/blueprints/{kept_id}",
        "/items/papers/forms",
        f"/items/papers/forms/{digest}",
        f"/items/papers/forms/{digest}/key",
    ):
        assert client.get(address).status_code == 403
    for address in ("new", "check", f"blueprints/{kept_id}", f"blueprints/{kept_id}/forms"):
        assert client.post(f"/items/papers/{address}", data=fields()).status_code == 403


def test_strangers_are_asked_to_sign_in(app: Flask, digest: str) -> None:
    answer = visitor(app).get(f"/items/papers/forms/{digest}/key")
    assert answer.status_code == 303
    assert answer.location.startswith("/login")


def test_pages_hold_no_inline_style_or_script(
    client: FlaskClient, kept_id: str, digest: str
) -> None:
    for address in ("", "/new", f"/blueprints/{kept_id}", f"/forms/{digest}"):
        page = client.get(f"/items/papers{address}").text
        assert "style=" not in page
        assert "onclick" not in page


def test_the_curve_stays_within_its_frame() -> None:
    curve = [(-2 + n / 10, 14 - abs(n - 20) / 2) for n in range(41)]
    chart = information_chart(curve, 0.0, [-0.5, 0.5], [12.0, 13.0], [20.0, 10.0])
    places = [tuple(map(float, pair.split(","))) for pair in chart.line.split()]
    assert all(chart.left <= x <= chart.right and chart.top <= y <= chart.ground for x, y in places)
    assert [tick.value for tick in chart.across] == [-1.0, 0.0, 1.0, 2.0]
    for mark in chart.marks:
        assert mark.goal is not None
        assert chart.top <= mark.goal.y <= chart.ground
