"""Data for every page of the house, and where the pages are: who sees them, at which address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from certify.exams.exam_session import ExamSession
from certify.services.administering import add_person
from certify.services.concluding import concluded_result
from certify.services.context import ServiceContext
from certify.services.delivering import hand_in
from certify.services.integrity_reports import compute_report
from certify.services.ports import Person, StoredForm
from certify.services.practising import Drill, answer_task, next_task
from certify.services.preparing import DEMO_PASSWORD
from certify.services.releasing import list_releases
from certify.services.responding import wrong_response
from certify.services.rostering import import_roster
from certify.services.scheduling import create_session, open_session
from tests.e2e.mixed_paper import KINDS, make_mixed_forms
from tests.integration.services.form_days import paper_of, sit_down
from tests.integration.services.session_days import ROSTER, make_draft
from tests.integration.services.sitting import PROGRAMME, sit_exam

SECOND = "student2"
NODE = "10"


@dataclass(frozen=True, slots=True)
class Furnished:
    """Addresses by the name of the page; `form_attempt` runs, with an item of each interaction."""

    pages: dict[str, str]
    form_attempt: str
    form_session: ExamSession


def person_of(context: ServiceContext, username: str) -> Person:
    with context.database.reading() as work:
        found = work.people.find(username)
    assert found is not None
    return found[0]


def open_seated(context: ServiceContext, **changes: Any) -> ExamSession:
    """An open session, begun a minute ago, with seats for both students."""
    centre = person_of(context, "centre")
    begin = context.clock() - dt.timedelta(minutes=1)
    end = begin + dt.timedelta(hours=4)
    session = create_session(
        context, make_draft(context, centre, starts_at=begin, ends_at=end, **changes), centre
    )
    roster = ROSTER.replace("王小明,,", f"王小明,{SECOND},")
    import_roster(context, session.id, roster.encode(), "roster.csv", by=centre)
    return open_session(context, session.id, centre)


def furnish(context: ServiceContext) -> Furnished:
    """An exam passed, one running, one in its break, one with a report; practice, papers."""
    student = person_of(context, "student")
    second = add_person(
        context, username=SECOND, display_name="王小明", password=DEMO_PASSWORD, roles={"student"}
    )
    passed = sit_exam(context, student.id, theta=2.0)
    credential = concluded_result(context, student.id, passed).credential_id
    forms = make_mixed_forms(context)
    reported = open_seated(context, title="已考完的一场", paper=paper_of(forms))
    hand_in(context, second.id, sit_down(context, reported, second.id))
    compute_report(context, reported.id, person_of(context, "centre"))
    parts = paper_of(forms, theory_first=True, break_minutes=30)
    resting = sit_down(context, open_seated(context, title="分两部分", paper=parts), second.id)
    hand_in(context, second.id, resting)
    running = open_seated(context, title="混合卷", paper=paper_of(forms))
    attempt_id = sit_down(context, running, student.id)
    ahead = open_seated(context, title="下一场")
    pages = {
        "login": "/login",
        "verify": "/verify",
        "certificate": f"/V/{credential}",
        **student_pages(context, student, passed, ahead),
        **{f"exam-{n}": f"/attempts/{attempt_id}?item={n}" for n in range(1, len(KINDS) + 1)},
        "review": f"/attempts/{attempt_id}/hand-in",
        "break": f"/attempts/{resting}",
        **teacher_pages(context, forms[0]),
        **centre_pages(running, reported, second),
        "audit": "/audit",
        "audit-certificate": f"/audit/certificates/{credential}",
        "audit-trail": "/audit/trail",
        "people": "/people",
        "people-new": "/people/new",
        "person": f"/people/{student.id}",
        "calibrations": f"/calibrations/sessions/{reported.id}",
    }
    return Furnished(pages, attempt_id, running)


def student_pages(
    context: ServiceContext, student: Person, passed: str, ahead: ExamSession
) -> dict[str, str]:
    """Lobby, rules, result, history, practice with one answer that was wrong."""
    task = next_task(context, student.id, Drill.NODE, NODE)
    assert task is not None
    wrong = wrong_response(task.item, Random(1))
    answer = answer_task(context, student.id, task.item.id, task.number, wrong)
    return {
        "home": "/",
        "exams": "/exams",
        "rules": f"/exams/{PROGRAMME}/elite",
        "lobby": f"/lobby/{ahead.id}",
        "result": f"/attempts/{passed}/result",
        "history": "/results",
        "practice": "/practice",
        "practice-task": f"/practice/drill/node?node={NODE}",
        "practice-answer": f"/practice/answers/{answer}",
        "mistakes": "/practice/mistakes",
    }


def teacher_pages(context: ServiceContext, form: StoredForm) -> dict[str, str]:
    """Bank, editor, review, quality, papers, releases."""
    return {
        "items": "/items",
        "item": "/items/01-900",
        "item-edit": "/items/01-900/edit",
        "item-new": "/items/new",
        "item-versions": "/items/01-900/versions",
        "item-statistics": "/items/01-001/statistics",
        "reviews": "/items/reviews",
        "quality": "/items/quality",
        "import": "/items/import",
        "export": "/items/export",
        "papers": "/items/papers",
        "paper-new": "/items/papers/new?from=novice",
        "forms": "/items/papers/forms",
        "form": f"/items/papers/forms/{form.digest}",
        "releases": "/releases",
        "release": f"/releases/{list_releases(context)[0].digest}",
    }


def centre_pages(running: ExamSession, reported: ExamSession, second: Person) -> dict[str, str]:
    """Sessions, roster, board, grading, integrity."""
    return {
        "sessions": "/sessions",
        "session-new": "/sessions/new",
        "session": f"/sessions/{running.id}",
        "roster": f"/sessions/{running.id}/candidates",
        "board": f"/sessions/{running.id}/board",
        "grading": "/grading",
        "integrity": "/integrity",
        "integrity-report": f"/integrity/{reported.id}",
        "integrity-candidate": f"/integrity/{reported.id}/candidates/{second.id}",
    }
