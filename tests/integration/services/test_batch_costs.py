"""What a row of work in bulk costs: statements, counted on both databases."""

from __future__ import annotations

from pathlib import Path

from certify.services.acting import Actor
from certify.services.context import ServiceContext
from certify.services.exchanging import import_files
from certify.services.ports import Person
from certify.services.rostering import import_roster
from certify.services.scheduling import create_session
from question_bank.exchange.formats import write_items
from tests.factories import make_item
from tests.integration.services.session_days import make_draft
from tests.integration.services.test_statements import counted

TEACHER = Actor("teacher", frozenset({"teacher"}))
MOST_A_ROW = 10


def import_cost(context: ServiceContext, folder: Path, count: int, name: str) -> int:
    """Statements of an import of so many new items."""
    file = folder / f"{name}.yaml"
    write_items([make_item(f"{name}-{number}") for number in range(count)], file, "yaml")
    with counted(context) as cost:
        report = import_files(context, [file], actor=TEACHER, apply=True)
    assert len(report.new) == count
    return len(cost.statements)


def test_a_row_of_an_import_costs_no_query_of_its_own(
    context: ServiceContext, tmp_path: Path
) -> None:
    few, many = import_cost(context, tmp_path, 5, "few"), import_cost(context, tmp_path, 45, "many")
    assert many - few < 40


def test_a_seat_of_a_roster_costs_a_handful_of_queries(
    context: ServiceContext, people: dict[str, Person]
) -> None:
    centre = people["centre"]
    costs = []
    for count in (2, 12):
        session = create_session(context, make_draft(context, centre), centre)
        rows = [f"{count}{number:04d},考生,第一考场,{number}" for number in range(1, count + 1)]
        roster = "\n".join(("准考证号,姓名,考场,座位", *rows, ""))
        with counted(context) as cost:
            done = import_roster(context, session.id, roster.encode(), "r.csv", by=centre)
        assert len(done.lines) == count, done.problems
        costs.append(len(cost.statements))
    assert (costs[1] - costs[0]) / 10 <= MOST_A_ROW
