"""Candidates in bulk: accounts, login sessions, running attempts, and what they will answer.

Accounts are inserted with one password hash, and login sessions signed with the installation's own
secret: 3,000 logins would measure nothing but argon2. What a candidate will answer is computed
beforehand with the engine itself, so that the load need not look for keys while it runs, and the
course of every attempt can be compared afterwards with the one computed alone.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from flask import session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy import create_engine, insert

from certify.bootstrap import Installation
from certify.exams.adaptive import AdaptiveExam
from certify.exams.attempt import Attempt
from certify.exams.commands import NewAnswer, Transition
from certify.exams.terms import ExamTerms, PartTerms
from certify.services.administering import find_login
from certify.services.delivering import THEORY, advance
from certify.services.examining import blueprint_of, exam_of, open_programme_of
from certify.services.planning_exposure import release_in_force
from certify.services.ports import AttemptEntry
from certify.services.responding import right_response, wrong_response
from certify.storage.address import parse_address
from certify.storage.rows.people import person, person_role
from question_bank.interactions import parse_response
from question_bank.response_processing import score

PROGRAMME, LEVEL = "estorm-comprehensive", "proficient"
BATCH = 500


@dataclass
class Candidate:
    """One person with a login session, and the responses of the exam in their order."""

    person_id: str
    name: str
    cookie: str
    token: str
    attempt_id: str = ""
    client: int = 0
    position: int = 1
    responses: list[Any] = field(default_factory=list)
    acknowledged: dict[int, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """What identifies the candidate."""
        return {"Cookie": self.cookie, "X-CSRFToken": self.token}


def add_people(installation: Installation, count: int) -> list[tuple[str, str]]:
    """Ids and names of new candidates, inserted in bulk."""
    context = installation.context
    password_hash = context.hasher.hash("exam day")
    now = context.clock()
    made = [(context.new_id(), f"考生{number:05d}") for number in range(count)]
    engine = create_engine(parse_address(installation.config.database_url))
    with engine.begin() as connection:
        connection.execute(
            insert(person),
            [
                {
                    "id": person_id,
                    "username": f"load-{person_id}",
                    "username_folded": f"load-{person_id}",
                    "display_name": name,
                    "password_hash": password_hash,
                    "experience_months": 24,
                    "is_active": True,
                    "created_at": now,
                }
                for person_id, name in made
            ],
        )
        roles = [{"person_id": person_id, "role": "student"} for person_id, _ in made]
        connection.execute(insert(person_role), roles)
    engine.dispose()
    return made


def sign_in(
    installation: Installation, people: Sequence[tuple[str, str]], attempts: Sequence[str] = ()
) -> list[Candidate]:
    """A login session for each, with the exam pass of an attempt where there is one."""
    app = installation.web_application
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    found = find_login(installation.context, people[0][0])
    assert found is not None
    now = dt.datetime.now(dt.UTC).timestamp()
    candidates = []
    for number, (person_id, name) in enumerate(people):
        with app.test_request_context():
            token = generate_csrf()
            session.update(_user_id=person_id, _fresh=True, _permanent=True)
            session.update(login_stamp=found[1], renewed_at=now)
            if attempts:
                session["exam_pass"] = [attempts[number], person_id, name]
            cookie = f"certify_session={serializer.dumps(dict(session))}"
        candidates.append(Candidate(person_id, name, cookie, token))
    return candidates


def begin_attempts(
    installation: Installation,
    people: Sequence[tuple[str, str]],
    *,
    started_ago: float,
    answered: Sequence[int],
    source: Random,
) -> list[Attempt]:
    """Running attempts of these people, `answered` items into the exam, stored in bulk."""
    context = installation.context
    begun_at = context.clock() - dt.timedelta(seconds=started_ago)
    terms, exam = exam_at_hand(installation)
    made: list[Transition] = []
    for (person_id, _), count in zip(people, answered, strict=True):
        own = replace(terms, seed=secrets.token_hex(16))
        transition = Transition(Attempt(context.new_id(), person_id), begun_at)
        transition.start(own)
        advance(transition, exam)
        transition.connect()
        for _ in range(count):
            answer_next(transition, exam, source)
        made.append(transition)
    for start in range(0, len(made), BATCH):
        with context.database.writing() as work:
            for transition in made[start : start + BATCH]:
                entry = AttemptEntry(
                    transition.attempt, terms.programme_code, terms.programme_version, LEVEL
                )
                assert work.attempts.create(entry, transition.events)
            work.commit()
    return [transition.attempt for transition in made]


def exam_at_hand(installation: Installation) -> tuple[ExamTerms, AdaptiveExam]:
    """The terms of an attempt begun now, and what it draws from."""
    context = installation.context
    programme = open_programme_of(context, PROGRAMME)
    blueprint = blueprint_of(programme, LEVEL)
    with context.database.writing() as work:
        release, plan = release_in_force(work, programme, LEVEL)
        terms = ExamTerms(
            programme_code=programme.code,
            programme_version=programme.version,
            level=LEVEL,
            release_digest=release,
            seed="",
            parts=(PartTerms(THEORY, blueprint.limit_seconds),),
            exposure_digest=plan,
        )
        exam = exam_of(context, work, terms)
        work.commit()
    return terms, exam


def answer_next(transition: Transition, exam: AdaptiveExam, source: Random) -> Any:
    """Answer the current item with a final response, rightly or wrongly; the response."""
    served = transition.attempt.current
    assert served is not None
    item = exam.pool.by_id[served.item_id]
    is_right = source.random() < 0.6
    response = right_response(item) if is_right else wrong_response(item, source)
    client, key = transition.attempt.client, f"foreseen-{served.position:04d}"
    new = NewAnswer(served.position, response, 1, True, client, key)
    transition.answer(new, int(score(item, parse_response(item, response)).is_correct))
    advance(transition, exam)
    return response


def foresee(attempt: Attempt, exam: AdaptiveExam, most: int, source: Random) -> list[Any]:
    """The next responses of an attempt, for the items that will be served: at most so many."""
    return list(_foreseen(attempt, exam, most, source))


def _foreseen(attempt: Attempt, exam: AdaptiveExam, most: int, source: Random) -> Iterator[Any]:
    started = attempt.started_at
    assert started is not None
    transition = Transition(attempt, started)
    for _ in range(most):
        if transition.attempt.is_over:
            return
        yield answer_next(transition, exam, source)


def prepared(
    installation: Installation,
    count: int,
    *,
    answered: Sequence[int],
    ahead: int,
    started_ago: float = 60.0,
    seed: int = 1,
) -> list[Candidate]:
    """Candidates in running attempts, signed in, who know what they will answer next."""
    source = Random(seed)
    people = add_people(installation, count)
    attempts = begin_attempts(
        installation, people, started_ago=started_ago, answered=answered, source=source
    )
    _, exam = exam_at_hand(installation)
    candidates = sign_in(installation, people, [attempt.id for attempt in attempts])
    for candidate, attempt in zip(candidates, attempts, strict=True):
        candidate.attempt_id = attempt.id
        candidate.client = attempt.client
        candidate.position = len(attempt.served)
        candidate.responses = foresee(attempt, exam, ahead, source)
    return candidates
