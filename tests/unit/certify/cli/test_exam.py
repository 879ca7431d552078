"""`certify exam replay`: one attempt, several, all of them, and what is told of each."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from certify.cli.main import main
from certify.services.concluding import concluded_result
from certify.services.delivering import hand_in
from tests.examined import Examined
from tests.integration.services.form_days import (
    SHORT,
    give,
    make_forms,
    open_with,
    paper_of,
    right_at,
    sit_down,
)
from tests.integration.services.sitting import sit_exam

Run = Callable[..., Result]


@pytest.fixture
def run(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> Run:
    config = examined.installation.config
    monkeypatch.setenv("CERTIFY_DATABASE_URL", config.database_url)

    def run_replay(*arguments: str) -> Result:
        words = ["exam", "replay", *arguments, "--data", str(config.data_dir)]
        return CliRunner().invoke(main, words)

    return run_replay


def sit_more(examined: Examined, count: int) -> list[str]:
    """Sit further exams of every level and of abilities far apart, and decide them.

    Every person sits a few; retakes are pooled, which is a case of its own.
    """
    people = [person.id for person in examined.people.values()]
    ids = []
    for number in range(count):
        person = people[number % len(people)]
        level = ("novice", "proficient", "elite")[number % 3]
        theta = -1.5 + number / 5
        ids.append(sit_exam(examined.context, person, level=level, theta=theta, seed=number))
        concluded_result(examined.context, person, ids[-1])
        examined.clock.advance(minutes=5)
    return ids


def spoil(examined: Examined, statement: str) -> None:
    engine = examined.installation.database._engine
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_twenty_attempts_of_the_database_replay_to_identical_decisions(
    run: Run, examined: Examined
) -> None:
    sit_more(examined, 19)
    told = run("--all", "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout) == {
        "attempts": 20,
        "same": 20,
        "different": {},
        "not_replayed": {},
    }


def test_one_attempt_is_told_with_its_estimate(run: Run, examined: Examined) -> None:
    told = run(examined.attempt_id)
    assert told.exit_code == 0
    assert told.stdout.startswith("theta ")
    assert told.stdout.endswith("the same as the record.\n")
    assert json.loads(run(examined.attempt_id, "--json").stdout)["same"] is True


def test_an_attempt_that_differs_is_named_and_the_others_go_on(
    run: Run, examined: Examined
) -> None:
    (other,) = sit_more(examined, 1)
    spoil(
        examined,
        "UPDATE attempt_event SET data = replace(data, '\"correct\": 1', '\"correct\": 0')"
        f" WHERE attempt_id = '{other}'",
    )
    told = run("--all")
    assert told.exit_code == 1
    assert f"{other}: state: another one than the events add up to" in told.stdout
    assert told.stdout.endswith("1 of 2 attempts are the same as their record.\n")


def test_a_decision_that_does_not_follow_from_the_record_is_named(
    run: Run, examined: Examined
) -> None:
    spoil(
        examined,
        "UPDATE attempt_result SET decision = json_set(decision, '$.awarded_level', 'elite')",
    )
    told = run(examined.attempt_id)
    assert told.exit_code == 1
    assert "different: awarded_level: stored elite" in told.stdout


def test_an_attempt_that_cannot_be_replayed_is_told_with_the_reason(
    run: Run, examined: Examined
) -> None:
    told = run(examined.attempt_id, "nobody-knows")
    assert told.exit_code == 2
    assert "nobody-knows: not replayed." in told.stdout
    spoil(examined, "UPDATE attempt_result SET transcript = CAST('{}' AS BLOB)")
    assert run(examined.attempt_id).exit_code == 2
    assert len(json.loads(run("--all", "--json").stdout)["not_replayed"]) == 1


def test_ids_and_all_exclude_each_other(run: Run, examined: Examined) -> None:
    assert run().exit_code == 2
    assert run(examined.attempt_id, "--all").exit_code == 2


def test_a_form_is_told_with_its_points(run: Run, examined: Examined) -> None:
    context = examined.context
    paper = paper_of(make_forms(context, counts=SHORT), is_shuffled=True)
    session = open_with(context, examined.people["centre"], paper)
    student = examined.people["student"]
    attempt_id = sit_down(context, session, student.id)
    give(context, student.id, attempt_id, 1, right_at(context, attempt_id, 1))
    hand_in(context, student.id, attempt_id)
    score = concluded_result(context, student.id, attempt_id).report.forms[0]
    told = run(attempt_id)
    assert told.exit_code == 0, told.output
    assert f"form A ({score.form_digest[:12]}): {score.points} of {score.possible}" in told.output
    (form,) = json.loads(run(attempt_id, "--json").output)["forms"]
    assert form == {
        "digest": score.form_digest,
        "points": str(score.points),
        "possible": str(score.possible),
    }
    reseed = "UPDATE attempt_event SET data = json_set(data, '$.seed', 'other') WHERE kind = "
    spoil(examined, f"{reseed}'started' AND attempt_id = '{attempt_id}'")
    assert run(attempt_id).exit_code == 1
