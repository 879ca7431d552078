"""Which candidate of a session gets which of the parallel forms."""

from __future__ import annotations

from collections import Counter

import pytest

from certify.exams.session_paper import SessionPaper

FORMS = ("a" * 64, "b" * 64, "c" * 64)
PAPER = SessionPaper(FORMS)


def form_at(seat: str, *, paper: SessionPaper = PAPER, room: str = "101", seed: str = "s") -> str:
    return paper.form_of("session-1", room, seat, seed)


@pytest.mark.parametrize(
    "seats", [["7", "8"], ["A-09", "A-10"], ["3排9", "3排10"], ["29号", "30号"]]
)
def test_neighbours_get_different_forms(seats: list[str]) -> None:
    for paper in (PAPER, SessionPaper(FORMS[:2])):
        assert form_at(seats[0], paper=paper) != form_at(seats[1], paper=paper)


def test_every_form_is_given_about_equally_often() -> None:
    counts = Counter(form_at(str(seat)) for seat in range(1, 31))
    assert counts == dict.fromkeys(FORMS, 10)


def test_the_first_form_of_a_room_is_drawn() -> None:
    assert len({form_at("1", room=f"room {n}") for n in range(20)}) == len(FORMS)


def test_a_seat_without_a_number_follows_the_seed() -> None:
    drawn = [form_at("靠窗", seed=f"seed {n}") for n in range(20)]
    assert set(drawn) == set(FORMS)
    assert drawn == [form_at("靠窗", seed=f"seed {n}") for n in range(20)]


def test_one_form_is_for_everybody() -> None:
    assert {form_at(str(n), paper=SessionPaper(FORMS[:1])) for n in range(9)} == {FORMS[0]}


def test_a_seat_of_endless_digits_has_a_form() -> None:
    assert form_at("9" * 10_000) in FORMS
