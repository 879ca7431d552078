"""A centre's graded uploads: kept with what their page shows, and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from certify.errors import NotFound
from certify.services.archiving import (
    VIEW_FILE,
    get_batch_file,
    grade_and_keep,
    list_batch_files,
    view_batch,
)
from certify.services.batch_views import BatchView, compose_view, read_view, write_view
from certify.services.grading import grade_bytes
from tests.examined import Examined

ASSETS = Path(__file__).resolve().parents[3] / "assets" / "grading"
ANSWERS = (ASSETS / "gbk_16_digit_ids_one_broken_row.csv").read_bytes()
KEY = (ASSETS / "key.csv").read_bytes()


def view_of(answers: str, key: str) -> BatchView:
    return compose_view(grade_bytes(answers.encode(), "a.csv", key.encode(), "k.csv"))


def paper(questions: int, points: str) -> tuple[str, str]:
    """Candidates 0, 1, 2, ... who have so many questions right, and the key."""
    numbers = range(1, questions + 1)
    key = "题号,答案,分值,题型\n" + "".join(f"{n},A,{points},单选\n" for n in numbers)
    heading = "学号," + ",".join(map(str, numbers)) + "\n"
    rows = "".join(
        f"{1000 + right}," + ",".join("A" if n <= right else "B" for n in numbers) + "\n"
        for right in range(questions + 1)
    )
    return heading + rows, key


def test_the_page_of_a_batch_is_kept_beside_its_four_files(examined: Examined) -> None:
    owner = examined.people["centre"].id
    batch = grade_and_keep(
        examined.context, owner, answers=ANSWERS, answers_name="a.csv", key=KEY, key_name="k.csv"
    )
    files = list_batch_files(examined.context, owner, batch.id)
    assert files == ("results.csv", "items.csv", "errors.csv", "summary.json")
    assert get_batch_file(examined.context, owner, batch.id, "results.csv")[:3] == b"\xef\xbb\xbf"
    view = view_batch(examined.context, owner, batch.id)
    assert view == compose_view(grade_bytes(ANSWERS, "a.csv", KEY, "k.csv"))
    with pytest.raises(NotFound):
        get_batch_file(examined.context, owner, batch.id, VIEW_FILE)


def test_the_page_of_another_centre_is_not_found(examined: Examined) -> None:
    batch = grade_and_keep(
        examined.context,
        examined.people["centre"].id,
        answers=ANSWERS,
        answers_name="a.csv",
        key=KEY,
        key_name="k.csv",
    )
    with pytest.raises(NotFound):
        view_batch(examined.context, examined.people["teacher"].id, batch.id)


def test_a_view_survives_being_written() -> None:
    view = compose_view(grade_bytes(ANSWERS, "a.csv", KEY, "k.csv"))
    assert read_view(write_view(view)) == view
    assert view.problem_count == len(view.problems) > 0
    assert view.candidates[0].total


@pytest.mark.parametrize(
    ("questions", "points", "ranges", "first", "last"),
    [
        (10, "1", 11, ("0", "0"), ("10", "10")),
        (50, "2", 21, ("0", "4"), ("100", "100")),
        (30, "1", 16, ("0", "1"), ("30", "30")),
    ],
)
def test_whole_points_fall_into_ranges_that_do_not_overlap(
    questions: int, points: str, ranges: int, first: tuple[str, str], last: tuple[str, str]
) -> None:
    found = view_of(*paper(questions, points)).distribution
    assert len(found) == ranges
    assert (found[0].low, found[0].high) == first
    assert (found[-1].low, found[-1].high) == last
    assert not any(entry.is_open for entry in found)
    assert sum(entry.count for entry in found) == questions + 1


def test_fractions_of_points_fall_into_half_open_ranges() -> None:
    found = view_of(*paper(4, "0.5")).distribution
    assert [
        (entry.low, entry.high, entry.is_open, entry.count) for entry in found if entry.count
    ] == [
        ("0", "0.1", True, 1),
        ("0.5", "0.6", True, 1),
        ("1", "1.1", True, 1),
        ("1.5", "1.6", True, 1),
        ("2", "2", False, 1),
    ]
