"""From an estimate to a level, with every reason stated. Pure arithmetic on plain numbers.

A level is placed when the posterior probability of being at or above its cut reaches the award
threshold; never above the level applied for, because the exam was built and stopped for that one.
It is awarded when, beyond that, dimension minima and experience are met.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rubrics.level_scale import BELOW, LevelScale


@dataclass(frozen=True, slots=True)
class AwardPolicy:
    """`threshold`: least P(at or above the cut). `dimension_margin`: how far (theta) a dimension
    may lie below the cut, None for no such rule; dimensions with a weight of at most
    `exempt_weight` are exempt."""

    threshold: float
    dimension_margin: float | None
    exempt_weight: float


@dataclass(frozen=True, slots=True)
class DimensionEvidence:
    """One dimension's estimate, its weight at the level applied for, and whether it suffices."""

    code: str
    theta: float | None
    weight: float
    is_sufficient: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the decision: a stable code, the level, and the numbers behind it."""

    code: str
    level: str
    value: float | None = None
    required: float | None = None
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class LevelDecision:
    """What was decided. `placed_level` is where the evidence puts the candidate, `awarded_level`
    what the rules grant; either may be BELOW ("none")."""

    applied_level: str
    placed_level: str
    awarded_level: str
    posterior: dict[str, float]
    probability: float
    distance_to_cut: float
    threshold: float
    reasons: tuple[Reason, ...]


def decide_level(
    scale: LevelScale,
    policy: AwardPolicy,
    *,
    applied_level: str,
    theta: float,
    se: float,
    dimensions: Sequence[DimensionEvidence],
    experience_months: int,
    answered: int,
    least_answered: int,
) -> LevelDecision:
    """Place and award.

    With fewer than `least_answered` answers nothing is placed: the estimate would be mostly the
    prior, and handing in an empty exam would earn a level. `probability` is P(at or above the
    cut) of the placed level, or of being below the lowest cut where none is placed;
    `distance_to_cut` is theta minus the applied cut.

    Raises UnknownLevel for an applied level that the scale does not have.
    """
    reasons: list[Reason] = []
    placed = awarded = BELOW
    candidates = [lv for lv in scale.levels if scale.rank(lv.code) <= scale.rank(applied_level)]
    if answered < least_answered:
        reasons.append(
            Reason("too_few_answers", applied_level, float(answered), float(least_answered))
        )
        candidates = []
    for level in reversed(candidates):
        reached = scale.probability_at_or_above(level.code, theta, se)
        if reached < policy.threshold:
            reasons.append(Reason("below_threshold", level.code, reached, policy.threshold))
            continue
        reasons.append(Reason("threshold_reached", level.code, reached, policy.threshold))
        placed = level.code if placed == BELOW else placed
        hindrances = _hindrances(level.code, scale, policy, dimensions, experience_months)
        reasons.extend(hindrances)
        if not hindrances:
            awarded = level.code
            break
    posterior = scale.posterior(theta, se)
    return LevelDecision(
        applied_level=applied_level,
        placed_level=placed,
        awarded_level=awarded,
        posterior=posterior,
        probability=(
            posterior[BELOW]
            if placed == BELOW
            else scale.probability_at_or_above(placed, theta, se)
        ),
        distance_to_cut=theta - scale.level(applied_level).cut,
        threshold=policy.threshold,
        reasons=tuple(reasons),
    )


def _hindrances(
    code: str,
    scale: LevelScale,
    policy: AwardPolicy,
    dimensions: Sequence[DimensionEvidence],
    experience_months: int,
) -> list[Reason]:
    level = scale.level(code)
    found = []
    if experience_months < level.experience_months:
        required = float(level.experience_months)
        found.append(Reason("experience_missing", code, float(experience_months), required))
    if policy.dimension_margin is None:
        return found
    required = level.cut - policy.dimension_margin
    for dimension in dimensions:
        if dimension.weight <= policy.exempt_weight or not dimension.is_sufficient:
            continue
        if dimension.theta is not None and dimension.theta < required:
            found.append(
                Reason("dimension_below_minimum", code, dimension.theta, required, dimension.code)
            )
    return found
