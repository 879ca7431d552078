"""Answers in practice: added, never changed, and the last one of each item."""

from __future__ import annotations

from dataclasses import replace

from certify.services.ports import StoredPracticeAnswer
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, add_people, later, make_item

ANSWER = StoredPracticeAnswer("p1", "01-001", 1, 1, ["a"], False, 1, 1, later(9), AT)


def prepare(database: SqlDatabase) -> None:
    add_people(database, "p1", "p2")
    with database.writing() as work:
        for item_id in ("01-001", "01-002"):
            work.items.add_version(make_item(item_id), previous=0)
        work.commit()


def test_the_last_answer_to_each_item_is_found(database: SqlDatabase) -> None:
    prepare(database)
    second = replace(
        ANSWER, number=2, correct=True, response={"value": "1.5"}, answered_at=later(1)
    )
    other = replace(ANSWER, item_id="01-002")
    with database.writing() as work:
        kept = [work.practice.add(one) for one in (ANSWER, second, other)]
        work.commit()
    with database.reading() as work:
        assert work.practice.latest_of("p1") == {"01-001": kept[1], "01-002": kept[2]}
        assert work.practice.latest_of("p2") == {}
        assert kept[0] is not None
        assert work.practice.get(kept[0].id) == kept[0]
        assert work.practice.get(9999) is None


def test_two_answers_of_one_number_are_one(database: SqlDatabase) -> None:
    prepare(database)
    with database.writing() as work:
        assert work.practice.add(ANSWER) is not None
        assert work.practice.add(replace(ANSWER, correct=True)) is None
        work.commit()
