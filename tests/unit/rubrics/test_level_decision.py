"""From an estimate to a level: placed by evidence, awarded by rules, every reason stated."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.errors import UnknownLevel
from rubrics.level_decision import (
    AwardPolicy,
    DimensionEvidence,
    LevelDecision,
    Reason,
    decide_level,
)
from rubrics.level_scale import BELOW, Level, LevelScale

SCALE = LevelScale(
    "test",
    1,
    "provisional",
    "未达标",
    "Not yet reached",
    0.6,
    (
        Level("novice", "新手", "Novice", -0.8, 0),
        Level("proficient", "成熟", "Proficient", 0.3, 12),
        Level("elite", "精英", "Elite", 1.3, 60),
    ),
)
POLICY = AwardPolicy(threshold=0.5, dimension_margin=1.0, exempt_weight=0.05)


def decide(
    theta: float,
    applied: str = "elite",
    *,
    se: float = 0.3,
    policy: AwardPolicy = POLICY,
    dimensions: tuple[DimensionEvidence, ...] = (),
    months: int = 600,
    answered: int = 24,
) -> LevelDecision:
    return decide_level(
        SCALE,
        policy,
        applied_level=applied,
        theta=theta,
        se=se,
        dimensions=dimensions,
        experience_months=months,
        answered=answered,
        least_answered=24,
    )


def evidence(theta: float | None, weight: float = 0.2, enough: bool = True) -> DimensionEvidence:
    return DimensionEvidence("O", theta, weight, enough)


def steps(decision: LevelDecision) -> list[tuple[str, str]]:
    return [(reason.code, reason.level) for reason in decision.reasons]


def test_level_reached_is_placed_and_awarded() -> None:
    decision = decide(1.6)
    assert (decision.placed_level, decision.awarded_level) == ("elite", "elite")
    assert steps(decision) == [("threshold_reached", "elite")]
    assert decision.probability == pytest.approx(0.8413447, abs=1e-6)
    assert decision.distance_to_cut == pytest.approx(0.3)
    assert decision.threshold == 0.5
    assert math.fsum(decision.posterior.values()) == pytest.approx(1)


def test_nothing_reached_is_none() -> None:
    decision = decide(-2.0, "proficient")
    assert (decision.placed_level, decision.awarded_level) == (BELOW, BELOW)
    assert steps(decision) == [("below_threshold", "proficient"), ("below_threshold", "novice")]
    assert decision.probability == decision.posterior[BELOW]
    assert decision.probability > 0.99
    assert decision.distance_to_cut == pytest.approx(-2.3)


def test_lower_level_is_placed_when_the_applied_one_is_missed() -> None:
    decision = decide(0.5)
    assert (decision.placed_level, decision.awarded_level) == ("proficient", "proficient")
    assert steps(decision) == [("below_threshold", "elite"), ("threshold_reached", "proficient")]
    assert decision.probability == pytest.approx(0.7475075, abs=1e-6)
    assert decision.distance_to_cut == pytest.approx(-0.8)


@pytest.mark.parametrize("applied", ["novice", "proficient"])
def test_no_level_above_the_one_applied_for_is_placed(applied: str) -> None:
    decision = decide(3.0, applied)
    assert (decision.placed_level, decision.awarded_level) == (applied, applied)
    assert steps(decision) == [("threshold_reached", applied)]
    assert decision.posterior["elite"] > 0.99


def test_threshold_is_inclusive() -> None:
    assert decide(1.3).placed_level == "elite"
    assert decide(math.nextafter(1.3, 0)).placed_level == "proficient"


def test_reasons_carry_the_probability_and_what_was_required() -> None:
    strict = AwardPolicy(threshold=0.8, dimension_margin=None, exempt_weight=0.05)
    (missed, reached) = decide(1.4, policy=strict).reasons
    assert missed == Reason("below_threshold", "elite", pytest.approx(0.6305587), 0.8)
    assert reached.value == pytest.approx(1, abs=1e-3)
    assert reached.required == 0.8


def test_missing_experience_lowers_the_award_but_not_the_placement() -> None:
    decision = decide(2.5, months=59)
    assert (decision.placed_level, decision.awarded_level) == ("elite", "proficient")
    assert decision.reasons[1] == Reason("experience_missing", "elite", 59.0, 60.0)
    assert decision.probability == pytest.approx(1, abs=1e-4)


def test_experience_exactly_met_is_enough() -> None:
    assert decide(2.5, months=60).awarded_level == "elite"


def test_no_experience_leaves_the_lowest_level() -> None:
    assert decide(2.5, months=0).awarded_level == "novice"
    assert decide(0.9, "proficient", months=0).awarded_level == "novice"


def test_weak_dimension_hinders_the_award_down_to_the_level_that_it_carries() -> None:
    decision = decide(2.0, dimensions=(evidence(0.0),))
    assert (decision.placed_level, decision.awarded_level) == ("elite", "proficient")
    assert decision.reasons[1] == Reason(
        "dimension_below_minimum", "elite", 0.0, pytest.approx(0.3), "O"
    )


def test_dimension_exactly_at_the_minimum_is_enough() -> None:
    minimum = 1.3 - 1.0
    assert decide(2.0, dimensions=(evidence(minimum),)).awarded_level == "elite"
    below = math.nextafter(minimum, -1)
    assert decide(2.0, dimensions=(evidence(below),)).awarded_level == "proficient"


@pytest.mark.parametrize(
    "dimension",
    [
        evidence(-3.0, weight=0.05),
        evidence(-3.0, weight=0.0),
        evidence(-3.0, enough=False),
        evidence(None, enough=False),
        evidence(None),
    ],
    ids=["exempt weight", "no weight", "too little evidence", "not assessed", "no estimate"],
)
def test_dimension_without_weight_or_evidence_does_not_hinder(dimension: DimensionEvidence) -> None:
    assert decide(2.0, dimensions=(dimension,)).awarded_level == "elite"


def test_weight_just_above_the_exempt_one_counts() -> None:
    assert decide(2.0, dimensions=(evidence(-0.5, weight=0.0501),)).awarded_level == "proficient"


def test_programme_without_a_dimension_rule_ignores_dimensions() -> None:
    free = AwardPolicy(threshold=0.5, dimension_margin=None, exempt_weight=0.05)
    assert decide(2.0, policy=free, dimensions=(evidence(-5.0),)).awarded_level == "elite"


def test_every_hindrance_is_stated() -> None:
    decision = decide(2.0, dimensions=(evidence(-5.0), evidence(-4.0)), months=0)
    codes = [reason.code for reason in decision.reasons if reason.level == "elite"]
    assert codes == ["threshold_reached", "experience_missing", *["dimension_below_minimum"] * 2]
    assert (decision.placed_level, decision.awarded_level) == ("elite", BELOW)


@given(
    theta=st.floats(-4, 4),
    se=st.floats(0.05, 1.5),
    applied=st.sampled_from(["novice", "proficient", "elite"]),
    threshold=st.floats(0.5, 0.95),
    months=st.integers(0, 120),
    weakest=st.floats(-4, 4),
)
def test_award_never_exceeds_placement_nor_placement_the_application(
    theta: float, se: float, applied: str, threshold: float, months: int, weakest: float
) -> None:
    policy = AwardPolicy(threshold, 1.0, 0.05)
    decision = decide(
        theta, applied, se=se, policy=policy, dimensions=(evidence(weakest),), months=months
    )
    awarded, placed = SCALE.rank(decision.awarded_level), SCALE.rank(decision.placed_level)
    assert awarded <= placed <= SCALE.rank(applied)
    if decision.placed_level != BELOW:
        assert decision.probability >= threshold


@pytest.mark.parametrize("applied", ["master", BELOW])
def test_application_for_an_unknown_level_is_refused(applied: str) -> None:
    with pytest.raises(UnknownLevel):
        decide(1.0, applied)


@pytest.mark.parametrize("numbers", [{"theta": math.nan}, {"theta": 2.0, "se": math.nan}])
def test_estimate_that_is_no_number_is_never_a_level(numbers: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        decide(**numbers)


def test_too_few_answers_decide_nothing_however_good_they_are() -> None:
    decision = decide(3.0, answered=23)
    assert (decision.placed_level, decision.awarded_level) == (BELOW, BELOW)
    assert decision.reasons == (Reason("too_few_answers", "elite", 23.0, 24.0),)
    assert decide(3.0, answered=24).awarded_level == "elite"
