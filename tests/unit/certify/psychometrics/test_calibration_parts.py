"""The parts of calibration against what they stand for: sums, derivatives, fixed points."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from certify.psychometrics.calibrating.acceleration import accelerated
from certify.psychometrics.calibrating.category_tables import log_probabilities, scores
from certify.psychometrics.calibrating.coded_responses import coded_cells, collapsed
from certify.psychometrics.calibrating.executors import (
    SerialExecutor,
    ThreadedExecutor,
    blocks_of,
)
from certify.psychometrics.calibrating.expectation import ExpectationStep
from certify.psychometrics.calibrating.fitting import Settings, fitted
from certify.psychometrics.calibrating.item_priors import ItemPriors
from certify.psychometrics.calibrating.observed_information import information_matrix
from certify.psychometrics.calibrating.population import Population, PopulationPlan
from certify.psychometrics.calibrating.preparation import Prepared, prepared
from certify.psychometrics.irt import log_category_probabilities
from certify.psychometrics.item_parameters import ItemParameters
from tests.unit.certify.psychometrics.calibration_data import (
    abilities,
    answered,
    answered_categories,
    bank,
)

FloatArray = NDArray[np.float64]

MIXED = ItemParameters.concatenate(
    [
        bank(3, 1),
        bank(2, 2, lower=0.2),
        ItemParameters.graded([1.5, 1.1], [[-1, 0, 1], [-0.5, 0.7]]),
        ItemParameters.partial_credit([1.2, 0.8], [[-0.6, 0.4], [0.3, -0.2, 0.9]]),
    ]
)
MODELS = ["2pl"] * 3 + ["4pl"] * 2 + ["grm"] * 2 + ["gpcm"] * 2
POINTS = np.linspace(-6.0, 6.0, 61)


def prepared_with(responses: FloatArray, model: str | list[str], **more: object) -> Prepared:
    known = {"groups": None, "dimension": None, "fixed": None, **more}
    return prepared(responses, model, ItemPriors(), **known)  # type: ignore[arg-type]


def mixed_problem() -> tuple[Prepared, FloatArray]:
    responses = answered_categories(abilities(800, 3), MIXED, 4)
    found = prepared_with(responses, MODELS)
    return found, found.problem.plan.working_values(MIXED)


def test_tables_of_working_values_are_the_curves_of_the_bank() -> None:
    found, values = mixed_problem()
    table = log_probabilities(values, found.problem.plan, POINTS)
    expected = np.moveaxis(log_category_probabilities(POINTS, MIXED), 0, -1)
    assert np.exp(table) == pytest.approx(np.exp(expected), abs=1e-12)


def test_working_values_and_parameters_are_inverse() -> None:
    found, values = mixed_problem()
    back = found.problem.plan.parameters(values)
    assert back.a == pytest.approx(MIXED.a)
    assert back.b == pytest.approx(MIXED.b)
    assert back.thresholds == pytest.approx(MIXED.thresholds, nan_ok=True)


def test_scores_are_derivatives_of_the_tables() -> None:
    found, values = mixed_problem()
    plan = found.problem.plan
    values[:, -1] -= 0.05 * plan.free[:, -1]
    table = scores(values, plan, POINTS)
    for v in range(values.shape[1]):
        shift = np.zeros(values.shape)
        shift[:, v] = 1e-6 * plan.free[:, v]
        up, down = (
            np.where(plan.has_category[:, :, None], log_probabilities(at, plan, POINTS), 0.0)
            for at in (values + shift, values - shift)
        )
        used = plan.free[:, v]
        assert table[used, v] == pytest.approx(((up - down) / 2e-6)[used], abs=1e-6)


def test_the_weighted_score_gives_the_same_e_step_as_the_full_grid() -> None:
    responses = answered(abilities(4000, 5), bank(30, 6), 7)
    found = prepared_with(responses, "2pl")
    expect = ExpectationStep(found.data, found.problem.plan, SerialExecutor())
    values, population = found.problem.known.values, Population.standard(1, 1)
    assert expect.has_lattice(values)
    fast = expect._of_scores(values, population, POINTS)
    full = expect._of_grid(values, population, POINTS)
    assert fast.log_likelihood == pytest.approx(full.log_likelihood, abs=1e-4)
    assert fast.items.scored == pytest.approx(full.items.scored, abs=1e-3)
    assert fast.items.answered[0] == pytest.approx(full.items.answered[0], abs=1e-3)


def test_partial_credit_has_a_weighted_score_as_well() -> None:
    items = ItemParameters.partial_credit(
        np.full(8, 0.8), np.tile([-0.5, 0.5], (8, 1)) + np.linspace(-1, 1, 8)[:, None]
    )
    found = prepared_with(answered_categories(abilities(3000, 8), items, 9), "gpcm")
    expect = ExpectationStep(found.data, found.problem.plan, SerialExecutor())
    values, population = found.problem.known.values, Population.standard(1, 1)
    fast = expect._of_scores(values, population, POINTS)
    full = expect._of_grid(values, population, POINTS)
    assert fast.log_likelihood == pytest.approx(full.log_likelihood, abs=1e-4)
    assert fast.items.scored == pytest.approx(full.items.scored, abs=1e-3)


def test_louis_information_is_the_curvature_of_the_likelihood() -> None:
    groups = np.repeat([0, 1], 400)
    found, _ = mixed_problem()
    cells = answered_categories(abilities(800, 3), MIXED, 4).astype(float)
    cells[::3, 1] = np.nan
    found = prepared_with(cells, MODELS[:3] + ["3pl"] * 2 + MODELS[5:], groups=groups)
    settings = Settings(1e-7, 500, 61, (-6.0, 6.0), "auto", None, SerialExecutor())
    fit = fitted(found.problem, found.data, settings)
    information, counted = information_matrix(found.problem, fit)
    free = int(counted.sum())
    centre = found.problem.packed(fit.estimates)
    place = np.flatnonzero(counted[found.problem.plan.free])
    place = np.concatenate([place, np.arange(len(centre) - 2, len(centre))])

    def likelihood(point: FloatArray) -> float:
        at = found.problem.unpacked(point)
        return fit.expect(at.values, at.population, fit.points).log_likelihood

    rng = np.random.default_rng(0)
    for _ in range(6):
        direction = rng.normal(size=free + 2)
        step = np.zeros(len(centre))
        step[place] = 1e-3 * direction
        ends = likelihood(centre + step) + likelihood(centre - step)
        curvature = -(ends - 2.0 * likelihood(centre)) / 1e-6
        assert direction @ information @ direction == pytest.approx(curvature, rel=2e-3)


def test_executors_add_in_the_order_of_blocks() -> None:
    responses = answered(abilities(3000, 10), bank(20, 11), 12)
    found = prepared_with(responses, "3pl")
    values, population = found.problem.known.values, Population.standard(1, 1)
    plan = found.problem.plan
    serial, threaded = (
        ExpectationStep(found.data, plan, executor, block_size=500)(values, population, POINTS)
        for executor in (SerialExecutor(), ThreadedExecutor(3))
    )
    assert serial.log_likelihood == threaded.log_likelihood
    assert (serial.items.per_point() == threaded.items.per_point()).all()
    with pytest.raises(ValueError, match="at least one thread"):
        ThreadedExecutor(0)


def test_blocks_keep_groups_apart() -> None:
    cells = coded_cells(answered(abilities(100, 13), bank(6, 14), 15))
    data = collapsed(cells, np.arange(100) % 2, 2)
    blocks = blocks_of(data, 7)
    assert {block.group for block in blocks} == {0, 1}
    assert max(len(block.cells) for block in blocks) <= 7
    counted = sum(len(b.cells) if b.counts is None else b.counts.sum() for b in blocks)
    assert counted == 100


def test_wide_patterns_collapse_by_their_bytes() -> None:
    rows = np.random.default_rng(1).integers(0, 2, (5, 90))
    data = collapsed(coded_cells(np.tile(rows, (40, 1))), np.zeros(200, dtype=np.intp), 1)
    assert len(data.cells) == 5
    assert data.counts.tolist() == [40.0] * 5


def test_acceleration_finds_the_fixed_point_of_a_slow_map() -> None:
    pull = np.diag([0.5, 0.9, 0.99, 0.999])
    goal = np.array([1.0, -2.0, 3.0, 0.5])

    def step(x: FloatArray) -> tuple[float, FloatArray]:
        away = x - goal
        return -float(away @ away), goal + pull @ away

    end = accelerated(step, np.zeros(4), lambda _: True, tolerance=1e-9, max_steps=100)
    assert end.converged
    assert end.steps < 12
    assert end.point == pytest.approx(goal, abs=1e-8)


def test_acceleration_takes_plain_steps_where_others_are_improper() -> None:
    def step(x: FloatArray) -> tuple[float, FloatArray]:
        return -float(x @ x), 0.5 * x

    end = accelerated(step, np.ones(2), lambda _: False, tolerance=1e-6, max_steps=100)
    assert end.converged
    assert end.steps > 20


def test_a_correlation_matrix_is_maximised_with_its_diagonal_held() -> None:
    plan = PopulationPlan(np.zeros((1, 3), dtype=bool), np.zeros((1, 3), dtype=bool))
    scatter = np.array([[1.3, 0.5, 0.2], [0.5, 0.8, 0.3], [0.2, 0.3, 1.1]])
    found = plan.maximised(
        np.array([10.0]), np.zeros((1, 3)), 10 * scatter[None], Population.standard(1, 3)
    ).covariances[0]
    assert np.diagonal(found) == pytest.approx(np.ones(3))
    inverse = np.linalg.inv(found)
    gradient = inverse @ scatter @ inverse - inverse
    assert gradient[np.tril_indices(3, -1)] == pytest.approx(np.zeros(3), abs=1e-8)
