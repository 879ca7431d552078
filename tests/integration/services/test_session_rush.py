"""Many requests at one door: one attempt a seat, whoever comes first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from certify.exams.admission_errors import OtherExamRunning
from certify.services.admitting import enter_session, start_sitting
from certify.services.attempt_history import list_attempts
from certify.services.context import ServiceContext
from certify.services.delivering import start_attempt, view_attempt
from certify.services.ports import Person
from tests.fakes import FakeClock
from tests.integration.services.session_days import HERE, PROGRAMME, open_filled

AT_ONCE = 8


def all_at_once(action: Callable[[int], object]) -> list[object]:
    """What each of several simultaneous calls gave or raised."""
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return action(number)
        except OtherExamRunning as refusal:
            return refusal

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_doors_opened_at_once_lead_to_one_attempt(
    context: ServiceContext, people: dict[str, Person], clock: FakeClock
) -> None:
    """Pains 16 and 19."""
    student = people["student"]
    session = open_filled(context, people["centre"])
    clock.now = session.starts_at
    code = session.code_of("第一考场")
    all_at_once(lambda _: enter_session(context, student.id, session.id, HERE, code=code))
    started = all_at_once(lambda _: start_sitting(context, student.id, session.id, HERE))
    assert len(set(started)) == 1
    (listed,) = list_attempts(context, student.id)
    assert listed["id"] == started[0]
    view = view_attempt(context, student.id, listed["id"])
    assert view.item is not None and view.item.position == 1
    with context.database.reading() as work:
        kinds = [event.kind.value for event in work.attempts.events(listed["id"])]
    assert kinds == ["registered", "admitted", "started", "served"]


def test_a_session_and_another_exam_of_the_programme_do_not_run_both(
    context: ServiceContext, people: dict[str, Person], clock: FakeClock
) -> None:
    student = people["student"]
    session = open_filled(context, people["centre"])
    clock.now = session.starts_at
    enter_session(context, student.id, session.id, HERE, code=session.code_of("第一考场"))

    def begin(number: int) -> object:
        if number % 2:
            return start_sitting(context, student.id, session.id, HERE)
        return start_attempt(context, student.id, PROGRAMME, "novice")

    all_at_once(begin)
    running = [entry for entry in list_attempts(context, student.id) if entry["started_at"]]
    assert len(running) == 1
