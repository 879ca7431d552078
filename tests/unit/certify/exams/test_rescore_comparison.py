"""Before and after side by side: what moved is counted once, and the right way round."""

from __future__ import annotations

import pytest

from certify.exams.rescore_comparison import (
    Placing,
    RescoredExam,
    cohort_figures,
    compare_exams,
)

LEVELS = ("none", "novice", "proficient")


def placing(placed: str, awarded: str, theta: float, se: float = 0.3, top: float = 0.7) -> Placing:
    rest = (1.0 - top) / 2
    posterior = {level: top if level == placed else rest for level in LEVELS}
    return Placing(placed, awarded, theta, se, posterior, is_provisional=theta < 0)


def exam(number: int, before: Placing, after: Placing) -> RescoredExam:
    return RescoredExam(f"a{number}", "proficient", before, after)


def test_moves_awards_and_shifts_are_counted() -> None:
    found = compare_exams(
        [
            exam(1, placing("none", "none", -1.0), placing("novice", "novice", -0.5)),
            exam(2, placing("novice", "novice", 0.0), placing("novice", "novice", 0.1)),
            exam(3, placing("proficient", "novice", 0.6), placing("novice", "none", 0.2)),
        ],
        LEVELS,
    )
    assert found.moves == {
        ("none", "novice"): 1,
        ("novice", "novice"): 1,
        ("proficient", "novice"): 1,
    }
    assert (found.changed, found.raised) == (2, 1)
    assert (found.gained, found.lost) == (1, 1)
    assert found.mean_shift == pytest.approx((0.5 + 0.1 - 0.4) / 3)
    assert found.still_provisional == 1


def test_figures_of_a_cohort_follow_from_its_posteriors() -> None:
    found = cohort_figures(
        [placing("none", "none", -1.0, 0.2, 1.0), placing("novice", "novice", 0.0, 0.4, 0.5)],
        LEVELS,
    )
    assert found.accuracy == pytest.approx(0.75)
    assert found.consistency == pytest.approx((1.0 + 0.25 + 2 * 0.0625) / 2)
    assert found.mean_se == pytest.approx(0.3)


def test_nothing_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="at least one exam"):
        compare_exams([], LEVELS)
