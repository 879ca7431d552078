"""A test centre grades, reads what is wrong, and takes its files home."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.grading.problems import TEMPLATES, WARNINGS
from certify.services.administering import add_person
from certify.services.grading import grade_bytes
from certify.services.grading_examples import ANSWERS_EXAMPLE, KEY_EXAMPLE, example_files
from certify.services.ports import Person
from certify.web.grading_words import PROBLEM_SENTENCES, WARNING_SENTENCES
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

ASSETS = Path(__file__).resolve().parents[4] / "assets" / "grading"
FILES = ("results.csv", "items.csv", "errors.csv", "summary.json")


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def centre(examined: Examined) -> Person:
    return examined.people["centre"]


@pytest.fixture
def client(app: Flask, centre: Person) -> FlaskClient:
    return visitor(app, centre)


def asset(name: str) -> tuple[bytes, str]:
    return (ASSETS / name).read_bytes(), name


def send(
    client: FlaskClient,
    answers: tuple[bytes, str] | None = None,
    key: tuple[bytes, str] | None = None,
) -> tuple[int, str, str]:
    """Upload two files; status, address, words of the page."""
    form = {
        name: (io.BytesIO(content), filename)
        for name, (content, filename) in {
            "answers": answers or asset("gbk_16_digit_ids_one_broken_row.csv"),
            "key": key or asset("key.csv"),
        }.items()
    }
    page = client.post("/grading", data=form, content_type="multipart/form-data")
    return page.status_code, page.location or "", words_of(page.text)


@pytest.mark.parametrize(
    ("language", "heading"), [("zh", "还没有阅过卷"), ("en", "Nothing graded yet")]
)
def test_the_room_of_a_centre_begins_empty(
    app: Flask, centre: Person, language: str, heading: str
) -> None:
    assert heading in words_of(visitor(app, centre, language).get("/grading").text)


def test_only_centres_enter(app: Flask, examined: Examined) -> None:
    assert visitor(app).get("/grading").location == "/login?next=/grading"
    for role in ("student", "teacher", "auditor", "administrator"):
        client = visitor(app, examined.people[role])
        assert client.get("/grading").status_code == 403
        assert send(client)[0] == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_graded_batch_shows_figures_problems_and_results(
    app: Flask, centre: Person, language: str
) -> None:
    client = visitor(app, centre, language)
    status, address, _ = send(client)
    assert status == 303
    page = client.get(address)
    words = words_of(page.text)
    expected = {
        "zh": ("整行未批改", "单选", "至少需要20名", "下载", "满分"),
        "en": ("row not graded", "single choice", "need at least 20", "Highest possible"),
    }
    for sentence in expected[language]:
        assert sentence in words or sentence == "下载"
    assert '<svg class="histogram"' in page.text
    assert "6.1" in words


def test_the_four_files_are_handed_out_byte_for_byte(client: FlaskClient) -> None:
    _, address, _ = send(client)
    answers, key = asset("gbk_16_digit_ids_one_broken_row.csv"), asset("key.csv")
    expected = grade_bytes(*answers, *key).files()
    for name in FILES:
        answer = client.get(f"{address}/files/{name}")
        assert answer.data == expected[name]
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    results = client.get(f"{address}/files/results.csv")
    assert results.data.startswith(b"\xef\xbb\xbf")
    assert results.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert json.loads(client.get(f"{address}/files/summary.json").data)["graded"] == 5


def test_another_centre_finds_nothing(app: Flask, client: FlaskClient, examined: Examined) -> None:
    _, address, _ = send(client)
    other = add_person(
        examined.context,
        username="other-centre",
        display_name="另一考点",
        password="long enough",
        roles={"centre"},
    )
    stranger = visitor(app, other)
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}/files/results.csv").status_code == 404
    assert "Nothing graded yet" in words_of(stranger.get("/grading").text)


@pytest.mark.parametrize(
    "address", ["/grading/unknown", "/grading/unknown/files/results.csv", "/grading/examples/x.csv"]
)
def test_unknown_things_are_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["view.json", "unknown.csv"])
def test_a_batch_has_four_files_and_no_more(client: FlaskClient, name: str) -> None:
    _, address, _ = send(client)
    assert client.get(f"{address}/files/{name}").status_code == 404


def test_examples_are_graded_as_they_are(client: FlaskClient) -> None:
    files = {name: client.get(f"/grading/examples/{name}").data for name in example_files()}
    assert files == dict(example_files())
    status, address, _ = send(
        client, (files[ANSWERS_EXAMPLE], ANSWERS_EXAMPLE), (files[KEY_EXAMPLE], KEY_EXAMPLE)
    )
    assert status == 303
    assert "No problems" in words_of(client.get(address).text)


@pytest.mark.parametrize(
    ("answers", "key", "named"),
    [
        ("empty_file.csv", "key.csv", "the file is empty"),
        ("spreadsheet_named_csv.csv", "key.csv", "an XLSX, ODS or ZIP file"),
        ("no_heading.csv", "key.csv", "expected a heading row"),
        ("clean.csv", "key_one_question_too_many.csv", "have no column"),
        ("clean.csv", "key_zero_points.csv", "row "),
        ("clean.csv", "empty_file.csv", "the file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_place(
    client: FlaskClient, answers: str, key: str, named: str
) -> None:
    status, _, words = send(client, asset(answers), asset(key))
    assert status == 422
    assert "Nothing was graded" in words
    assert named in words
    assert (key if "key_" in key else answers) in words or key == "empty_file.csv"


def test_every_fault_of_a_key_is_listed(app: Flask, centre: Person) -> None:
    client = visitor(app, centre, "zh")
    status, _, words = send(client, key=asset("key_several_faults.csv"))
    assert status == 422
    assert words.count("key_several_faults.csv：第") >= 5
    assert "cannot be read" not in words


def test_missing_files_are_asked_for(client: FlaskClient) -> None:
    page = client.post("/grading", data={})
    words = words_of(page.text)
    assert page.status_code == 422
    assert "Choose the file with the answers" in words
    assert "Choose the file with the key" in words


def test_a_batch_of_which_nothing_could_be_graded_says_so(client: FlaskClient) -> None:
    _, address, _ = send(client, asset("all_ids_ruined.csv"))
    words = words_of(client.get(address).text)
    assert "None of the rows could be graded" in words
    assert "has rounded" in words


def test_a_path_sent_as_file_name_is_cut_to_the_name(client: FlaskClient) -> None:
    content, _ = asset("clean.csv")
    _, address, _ = send(client, (content, "C:\\exam\\<b>答卷</b>.csv"))
    page = client.get(address).text
    assert "<b>答卷" not in page
    assert "C:" not in words_of(page)


def test_questions_stand_hardest_first_or_as_in_the_paper(client: FlaskClient) -> None:
    key = "题号,答案,分值,题型\n1,A,1,单选\n2,A,1,单选\n"
    rows = "".join(f"{1000 + n},A,{'A' if n % 4 == 0 else 'B'}\n" for n in range(40))
    answers = f"学号,1,2\n{rows}"
    _, address, _ = send(client, (answers.encode(), "a.csv"), (key.encode(), "k.csv"))

    def first_question(query: str) -> str:
        page = client.get(f"{address}{query}").text
        return page.split('<th scope="row" data-label="Question">')[1][0]

    assert first_question("") == "2"
    assert first_question("?order=paper") == "1"
    assert "very easy" in words_of(client.get(address).text)


def test_the_history_has_pages(client: FlaskClient) -> None:
    for _ in range(21):
        send(client)
    page = client.get("/grading").text
    assert "/grading?page=2" in page
    assert "21 entries" in words_of(page)
    assert client.get("/grading?page=2").text.count('<th scope="row"') == 1


def test_every_problem_and_warning_has_its_words() -> None:
    assert set(PROBLEM_SENTENCES) == set(TEMPLATES)
    assert set(WARNING_SENTENCES) == set(WARNINGS)


def test_forms_need_their_token(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(client)[0] == 400
