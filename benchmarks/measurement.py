"""What the adaptive exams measure and decide, against what is promised: whole exams, simulated.

Banks of 300, 600 and 1,000 items (six dimensions correlated .6, lognormal slopes around 1.2, 60 %
of the items with guessing .2, difficulties N(.25, 1), times around a minute: without constraints
these reproduce the planning table) with four kinds of parameters: true; calibrated by our own
marginal likelihood from 200 or 100 simulated responses an item (60 random items each), slopes
attenuated by the error of b; and provisional (difficulties guessed with error .65, one attenuated
slope, standard errors x 1.2). Exams of the shipped programme: its shares of the dimensions with two
items of play, enemies, at most so many items of a node, its confidence and time limit; 24 to 60
items; D-rule for time, hurrying to uncertain dimensions; one of the three best; exposure at most
.25 per level region, tuned at the largest length. SE <= .60 is asked of every dimension that the
award does not exempt. The composite is in units of its standard deviation in the population, as in
that table. Figures are means of the three levels, exposure and overlap the worst. The engine's
prior is the group's own distribution; what the population's prior, or one around the cut, does to
applicants is printed below.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial

import numpy as np

from certify.psychometrics.calibration import BetaPrior, Calibration, ItemPriors, SlopePrior
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.priors import NormalPrior
from certify.psychometrics.irt import probability
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.provisional import (
    COMMON_SLOPE,
    DIFFICULTY_ERROR_SD,
    SE_INFLATION,
    attenuated_slope,
)
from certify.psychometrics.simulating.populations import (
    BankPlan,
    MadeUpBank,
    conditioned_on_composite,
    draw_bank,
    draw_examinees,
    equicorrelated,
)
from certify.psychometrics.simulating.report import (
    Estimates,
    Exposure,
    blueprint_violations,
)
from certify.psychometrics.simulation import (
    CategoryBounds,
    ContentPlan,
    CorrelatedEap,
    DimensionsPrecise,
    ExamDesign,
    ExposurePolicy,
    PosteriorD,
    RegionEligibility,
    SimulatedExams,
    simulate,
    time_factors,
    tuned_eligibility,
)
from certify.psychometrics.stopping import LengthReached, SideDecided, TimeUsed
from question_bank.skills import load_skill_model
from rubrics.catalogue import load_programme_versions

SEED = 20240603
PROGRAMME = load_programme_versions()[("estorm-comprehensive", 1)]
SKILLS = load_skill_model()
LEVELS = tuple(PROGRAMME.exams)
CUTS = (-0.8, 0.3, 1.3)
SHARES = {
    level: np.array([float(rule.shares[code]) for code in SKILLS.dimension_codes])
    for level, rule in PROGRAMME.exams.items()
}
NODES = tuple(
    sum(node.primary == code for node in SKILLS.nodes.values()) for code in SKILLS.dimension_codes
)
POPULATION = equicorrelated(6, 0.6)
SHORTEST, LONGEST, FIXED, SEATS = 24, 60, 40, 60
LARGEST_SE, MAXIMUM, BEST_OF, FAR = 0.60, 0.25, 3, 0.4
SLACK, HURRY, CROWDING = 2.0, 3.0, 1.6
TUNING_SHARE = 0.5
SMALLEST_SHARE = 5
"""Levels reached by less than a fifth: their most exposed of hundreds of items would be chance."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A row of the promises: what the figure must be at least (or at most), and should be."""

    measure: str
    required: float
    aim: float
    is_least: bool
    key: str

    def holds(self, value: float, bound: float) -> bool:
        """Whether the figure meets the bound, as printed with three digits."""
        return round(value, 3) >= bound if self.is_least else round(value, 3) <= bound


GOALS = (
    Goal("applied level, applicants N(cut + .2, .7)", 0.87, 0.895, True, "applicants"),
    Goal("  mean items", 42.0, 42.0, False, "applicants_items"),
    Goal("applied level, general population", 0.915, 0.93, True, "population"),
    Goal("  mean items", 41.0, 38.0, False, "population_items"),
    Goal("applicants at least .4 SD from the cut", 0.98, 0.99, True, "far"),
    Goal("four-level placement, 40 items", 0.78, 0.81, True, "placement"),
    Goal("of those with P >= .95, right", 0.955, 0.97, True, "sure"),
    Goal("claimed - actual, applicants", 0.02, 0.01, False, "claim_applicants"),
    Goal("claimed - actual, population", 0.02, 0.01, False, "claim_population"),
    Goal("claimed - actual, four levels", 0.02, 0.01, False, "claim_placement"),
    Goal("exposure inside any level", 0.30, 0.25, False, "exposure"),
    Goal("overlap, all", 0.20, 0.17, False, "overlap"),
    Goal("overlap, within a level", 0.22, 0.20, False, "overlap_level"),
    Goal("reliability per dimension, 40 items: mean", 0.75, 0.77, True, "reliability"),
    Goal("  lowest dimension, all levels", 0.68, 0.70, True, "reliability_lowest"),
    Goal("  lowest, without exempt dimensions", 0.68, 0.70, True, "reliability_counted"),
    Goal("blueprint violations", 0.0, 0.0, False, "violations"),
)


@dataclass(frozen=True)
class Parameters:
    """What the engine believes about a bank, and by what it inflates standard errors."""

    name: str
    items: ItemParameters
    se_factor: float = 1.0


def made_bank(n_items: int) -> MadeUpBank:
    """A decent bank; the dimensions in proportion to their mean share over the levels."""
    shares = np.mean(list(SHARES.values()), axis=0)
    plan = BankPlan(tuple(shares), elements=NODES, seconds_median=60.0)
    return draw_bank(plan, n_items, np.random.default_rng([SEED, n_items]))


def calibrated(bank: MadeUpBank, responses: int) -> Parameters:
    """2PL, or 3PL with an asymptote held near .2 where guessing is possible; real calibration."""
    items, source = bank.items, np.random.default_rng([SEED, len(bank.items), responses])
    persons = round(len(items) * responses / SEATS)
    theta = draw_examinees(POPULATION, persons, source).theta
    seen = source.random((persons, len(items))).argsort(axis=1)[:, :SEATS]
    right = source.random(seen.shape) < np.take_along_axis(probability(theta, items), seen, 1)
    matrix = np.full((persons, len(items)), np.nan)
    np.put_along_axis(matrix, seen, right.astype(np.float64), axis=1)
    priors = ItemPriors(
        SlopePrior(float(np.log(COMMON_SLOPE)), 0.35), NormalPrior(0.0, 4.0), BetaPrior(41.0, 161.0)
    )
    fit = Calibration(
        ["3pl" if c > 0 else "2pl" for c in items.c],
        priors=priors,
        tolerance=0.01,
    ).fit(matrix, dimension=items.dimension)
    found, error = fit.params_, np.nan_to_num(fit.se_.b)
    guessed = provisional(bank).items  # for items that cannot be calibrated, as all were right
    a, b, c = guessed.a.copy(), guessed.b.copy(), guessed.c.copy()
    a[fit.items_] = [attenuated_slope(*pair) for pair in zip(found.a, error, strict=True)]
    b[fit.items_], c[fit.items_] = found.b, found.c
    believed = ItemParameters.of(a, b, c, dimension=items.dimension, n_dimensions=6)
    return Parameters(f"{responses} responses", believed)


def provisional(bank: MadeUpBank) -> Parameters:
    """Experts' guesses, weakened as the product weakens them."""
    source = np.random.default_rng([SEED, len(bank.items), 1])
    n = len(bank.items)
    guessed = ItemParameters.of(
        np.full(n, attenuated_slope(COMMON_SLOPE, DIFFICULTY_ERROR_SD)),
        bank.items.b + source.normal(0.0, DIFFICULTY_ERROR_SD, n),
        bank.items.c,
        dimension=bank.items.dimension,
        n_dimensions=6,
    )
    return Parameters("provisional", guessed, SE_INFLATION)


def weights_of(level: str) -> np.ndarray:
    """The level's weights, scaled to a composite of standard deviation 1 in the population."""
    share = SHARES[level]
    return np.asarray(share / np.sqrt(share @ POPULATION.covariance @ share))


def cut_of(level: str) -> float:
    """The cut of the level applied for."""
    return CUTS[LEVELS.index(level)]


def design_of(
    level: str, bank: MadeUpBank, parameters: Parameters, prior: MultivariatePrior
) -> ExamDesign:
    """The whole exam of one level."""
    share, rule = SHARES[level], PROGRAMME.exams[level]
    per_node = np.ceil(CROWDING * share * LONGEST / np.array(NODES)).astype(np.int64)
    content = ContentPlan(
        bank.items.dimension,
        CategoryBounds.proportional(share, LONGEST, slack=SLACK, shortest=SHORTEST),
        is_by_value=True,
        elements=bank.elements,
        most_per_element=np.maximum(np.repeat(per_node, NODES), 2),
        enemies=bank.enemies,
    )
    is_exempt = share <= PROGRAMME.policy.exempt_weight
    precise = DimensionsPrecise(tuple(np.where(is_exempt, np.inf, LARGEST_SE)))
    decided = SideDecided(cut_of(level), rule.stop_confidence)
    stop = (LengthReached(SHORTEST) & decided & precise) | TimeUsed(60.0 * rule.limit_minutes)
    factors = time_factors(bank.seconds)
    return ExamDesign(
        CorrelatedEap(parameters.items, prior),
        PosteriorD.of(parameters.items, factors, variance_power=HURRY),
        LONGEST,
        len(bank.items),
        weights_of(level),
        stop,
        content,
        ExposurePolicy(BEST_OF, RegionEligibility(MAXIMUM, CUTS)),
        parameters.se_factor,
        bank.seconds,
    )


def run(
    design: ExamDesign, bank: MadeUpBank, group: MultivariatePrior, examinees: int
) -> SimulatedExams:
    """Tune the exposure on other examinees of the group, then simulate.

    The same group of people meets every kind of parameters; each level has its own.
    """
    place = round(1e6 * float(design.weights[0]))
    source = np.random.default_rng([SEED, place])
    tuning = draw_examinees(group, round(TUNING_SHARE * examinees), source, pace_sd=0.3)
    counts = tuned_eligibility(design, bank.items, tuning, SEED)
    policy = replace(design.exposure, eligibility=RegionEligibility(MAXIMUM, CUTS, counts))
    people = draw_examinees(group, examinees, source, pace_sd=0.3)
    return simulate(replace(design, exposure=policy), bank.items, people, SEED + 1)


def applicants(level: str) -> MultivariatePrior:
    """Those who apply for a level: composite N(cut + .2, .7)."""
    return conditioned_on_composite(POPULATION, weights_of(level), cut_of(level) + 0.2, 0.7)


def measured(bank: MadeUpBank, parameters: Parameters, examinees: int) -> dict[str, float]:
    """Every figure of one bank and kind of parameters, over the three levels."""
    rows: list[dict[str, float]] = []
    for level in LEVELS:
        group = applicants(level)
        applied = run(design_of(level, bank, parameters, group), bank, group, examinees)
        whole = design_of(level, bank, parameters, POPULATION)
        general = run(whole, bank, POPULATION, examinees)
        forty = run(replace(whole, stopping=None, max_items=FIXED), bank, POPULATION, examinees)
        rows.append({**of_applicants(applied, level), **of_everybody(general, forty, level)})
        rows[-1] |= of_exposure(applied, general)
    together = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    for key in ("exposure", "overlap", "overlap_level"):
        together[key] = max(row[key] for row in rows)
    for key in ("reliability_lowest", "reliability_counted"):
        together[key] = min(row[key] for row in rows)
    together["violations"] = sum(row["violations"] for row in rows)
    return together


def of_applicants(exams: SimulatedExams, level: str) -> dict[str, float]:
    """Decisions about applicants."""
    estimates = Estimates.of(exams)
    decisions = estimates.applied_level(cut_of(level))
    is_far = np.abs(estimates.true_composite - cut_of(level)) >= FAR
    return {
        "applicants": decisions.accuracy,
        "applicants_items": float(exams.length.mean()),
        "far": decisions.among(is_far).accuracy,
        "sure": decisions.among(decisions.claimed >= 0.95).accuracy,
        "claim_applicants": decisions.overclaim,
    }


def of_everybody(general: SimulatedExams, forty: SimulatedExams, level: str) -> dict[str, float]:
    """Decisions about the general population, and exams of 40 items."""
    decisions = Estimates.of(general).applied_level(cut_of(level))
    whole_scale = Estimates.of(forty)
    placement = whole_scale.placement(CUTS)
    reliability = whole_scale.precision().reliability
    counted = reliability[SHARES[level] > PROGRAMME.policy.exempt_weight]
    return {
        "population": decisions.accuracy,
        "population_items": float(general.length.mean()),
        "claim_population": decisions.overclaim,
        "placement": placement.accuracy,
        "claim_placement": placement.overclaim,
        "reliability": float(reliability.mean()),
        "reliability_lowest": float(reliability.min()),
        "reliability_counted": float(counted.min()),
    }


def of_exposure(*groups: SimulatedExams) -> dict[str, float]:
    """The worst of several groups, inside the levels reached; small ones do not count."""
    reports = []
    for exams in groups:
        reached = np.searchsorted(CUTS, Estimates.of(exams).composite, side="right")
        fewest = len(exams.length) // SMALLEST_SHARE
        reports.append(Exposure.of(exams, reached, at_least=fewest))
    return {
        "exposure": max(float(np.nanmax(one.region_highest)) for one in reports),
        "overlap": max(one.overlap for one in reports),
        "overlap_level": max(float(np.nanmax(one.region_overlap)) for one in reports),
        "violations": float(sum(blueprint_violations(exams) for exams in groups)),
    }


def with_other_priors(
    bank: MadeUpBank, parameters: Parameters, examinees: int
) -> Iterator[tuple[str, dict[str, float]]]:
    """Applicants, where the engine's prior is the population's, or N(cut, .8)."""
    priors: dict[str, Callable[[str], MultivariatePrior]] = {
        "population's prior": lambda level: POPULATION,
        "prior N(cut, .8)": lambda level: conditioned_on_composite(
            POPULATION, weights_of(level), cut_of(level), 0.8
        ),
    }
    for name, prior in priors.items():
        rows = []
        for level in LEVELS:
            design = design_of(level, bank, parameters, prior(level))
            rows.append(of_applicants(run(design, bank, applicants(level), examinees), level))
        yield name, {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}


def kinds(bank: MadeUpBank, *, is_quick: bool) -> Iterator[Callable[[], Parameters]]:
    """The kinds of parameters; made only when their turn comes."""
    yield lambda: Parameters("true", bank.items)
    yield partial(calibrated, bank, 200)
    if not is_quick:
        yield partial(calibrated, bank, 100)
    yield partial(provisional, bank)


def show(n_items: int, parameters: Parameters, found: dict[str, float]) -> None:
    """One table."""
    is_promised = n_items >= 600 and parameters.name in ("true", "200 responses")
    note = "" if is_promised else " (nothing promised)"
    print(f"\n{n_items} items, parameters: {parameters.name}{note}")
    print(f"  {'':44}{'required':>9}{'aim':>8}{'reached':>9}  holds")
    for goal in GOALS:
        value = found[goal.key]
        verdict = "no"
        if goal.holds(value, goal.required):
            verdict = "aim" if goal.holds(value, goal.aim) else "yes"
        print(f"  {goal.measure:44}{goal.required:9g}{goal.aim:8g}{value:9.3f}  {verdict}")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description="Hold simulated exams against what is promised")
    options.add_argument("--examinees", type=int, default=4000, help="per level and group")
    options.add_argument("--banks", type=int, nargs="+", default=[300, 600, 1000])
    options.add_argument("--quick", action="store_true", help="one bank, fewer examinees")
    options.add_argument("--json", action="store_true", help="print JSON instead of tables")
    given = options.parse_args()
    banks = [600] if given.quick else given.banks
    examinees = 1400 if given.quick else given.examinees
    start, results = time.perf_counter(), []
    for n_items, bank in ((size, made_bank(size)) for size in banks):
        for make in kinds(bank, is_quick=given.quick):
            parameters = make()
            found = measured(bank, parameters, examinees)
            others: dict[str, dict[str, float]] = {}
            if n_items == 600 and parameters.name in ("true", "200 responses"):
                others = dict(with_other_priors(bank, parameters, examinees))
            rows = [
                {**asdict(goal), "reached": value, "holds": goal.holds(value, goal.required)}
                for goal, value in ((goal, found[goal.key]) for goal in GOALS)
            ]
            results.append(
                {"items": n_items, "parameters": parameters.name, "rows": rows, "other": others}
            )
            if given.json:
                continue
            show(n_items, parameters, found)
            for name, row in others.items():
                print(
                    f"  applicants under the {name:20} {row['applicants']:.3f} at "
                    f"{row['applicants_items']:.1f} items, claimed - actual "
                    f"{row['claim_applicants']:+.3f}, right of P >= .95 {row['sure']:.3f}"
                )
    seconds = time.perf_counter() - start
    if given.json:
        print(json.dumps({"examinees": examinees, "seconds": seconds, "results": results}))
    else:
        print(f"\n{examinees} examinees per level and group; {seconds:.0f} s")


if __name__ == "__main__":
    main()
