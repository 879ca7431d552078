"""The result page says what its decision rests on, and where to learn next."""

from __future__ import annotations

import re

from tests.examined import Examined
from tests.integration.services.sitting import sit_exam
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of


def test_the_result_prints_what_it_rests_on(examined: Examined) -> None:
    client = visitor(make_app(examined), examined.people["student"])
    page = client.get(f"/attempts/{examined.attempt_id}/result").text
    words = words_of(page)
    for sentence in (
        "Your strengths",
        "The nearest cut",
        "none; only this attempt counts",
        "Items tried out",
        "kept: every dimension has its least number of items",
        "Exposure of the items",
        "provisional: values of experts, not calibrated; standard errors times 1.2",
        "Chapters on this dimension",
        "Practise your weak spot",
    ):
        assert sentence in words
    with examined.context.database.reading() as work:
        newest = work.releases.newest()
    assert newest is not None and newest.digest[:12] in words


def test_a_retake_counts_earlier_answers_and_lists_both(examined: Examined) -> None:
    student = examined.people["student"]
    attempt_id = sit_exam(examined.context, student.id, level="proficient", theta=2.0, seed=2)
    client = visitor(make_app(examined), student)
    page = client.get(f"/attempts/{attempt_id}/result").text
    words = words_of(page)
    assert re.search(r"From earlier attempts \d+ items count as well", words)
    assert "All your attempts at this programme" in words
    assert f"/attempts/{examined.attempt_id}/result" in page
