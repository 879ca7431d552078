"""How long the next item takes, beside what other packages take for the same in the same run.

Three tasks: the next of 10,000 items by maximum information, with the EAP brought up to date; a
step of MAP and posterior D-rule in six correlated dimensions with 1,000 items, for one person and
for 1,000 in lock-step; and exact shadow tests of 1,000 items under 77 rows, one per item of an
adaptive exam of 30 items. The yardstick of the last is `scipy.optimize.milp` with gap 0, which must
reach the same value at every step; catsim and mirt (from PyPI) are measured where they are
installed. Everything runs in one process on one thread, in turn; times are CPU microseconds per
item, with the 95th percentile over items.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from types import ModuleType
from typing import Protocol, TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.running_posterior import ResponseTable
from certify.psychometrics.irt import information, probability
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.selecting.constraints import (
    AttributeTotal,
    CategoryCounts,
    Constraint,
    EnemyItems,
    TestLength,
)
from certify.psychometrics.selecting.information_table import InformationTable
from certify.psychometrics.selecting.multidimensional_selection import LoadedItems, d_gains
from certify.psychometrics.selecting.multidimensional_tracking import (
    TrackedAbilities,
    TrackedAbility,
)
from certify.psychometrics.shadow import ShadowAssembler

Made = TypeVar("Made")

SEED, POOL_SEED = 20240601, 7
LENGTH = 30
GRID = AbilityGrid.normal()
PRIOR = MultivariatePrior.of(0.6 + 0.4 * np.eye(6))
ELEMENTS = np.array([5, 4, 4, 4, 4, 4])
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMEXPR_MAX_THREADS": "1"}
SAME_VALUE = 1e-6


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the result; the ratios are to the first way of the same task."""

    task: str
    way: str
    items: int
    median_us: float
    mean_us: float
    p95_us: float
    median_ratio: float
    mean_ratio: float
    p95_ratio: float


class Series:
    """CPU microseconds per item of one task, in each way that it was done."""

    def __init__(self, task: str) -> None:
        self.task = task
        self.times: dict[str, list[float]] = {}

    def timed(self, way: str, work: Callable[[], Made], items: int = 1) -> Made:
        start = time.process_time()
        made = work()
        self.times.setdefault(way, []).append((time.process_time() - start) * 1e6 / items)
        return made

    def figures(self) -> Iterator[Figure]:
        first: tuple[float, ...] = ()
        for way, times in self.times.items():
            middle, mean = statistics.median(times), statistics.fmean(times)
            found = (middle, mean, float(np.percentile(times, 95)))
            first = first or found
            ratios = [round(a / b, 2) for a, b in zip(found, first, strict=True)]
            yield Figure(self.task, way, len(times), *(round(v, 1) for v in found), *ratios)


class Exam(Protocol):
    """One adaptive exam in one of the ways."""

    def next_item(self) -> int: ...

    def answer(self, item: int, right: int) -> None: ...


def sit(series: Series, way: str, exam: Exam, right: Callable[[int], int], length: int) -> None:
    """Time every item: choosing it, and taking the answer."""
    for _ in range(length):
        start = time.process_time()
        item = exam.next_item()
        chosen = time.process_time()
        response = right(item)
        answered = time.process_time()
        exam.answer(item, response)
        spent = (chosen - start) + (time.process_time() - answered)
        series.times.setdefault(way, []).append(spent * 1e6)


def bank(n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Slopes lognormal(0.2, 0.3) within 0.4 to 3, difficulties N(0, 1) within -3 to 3."""
    a = np.clip(np.exp(rng.normal(0.2, 0.3, n)), 0.4, 3.0)
    return a, np.clip(rng.normal(size=n), -3.0, 3.0)


class TableExam:
    """Ours: the ranked table and the running posterior."""

    def __init__(self, table: InformationTable, responses: ResponseTable) -> None:
        self.table, self.responses = table, responses
        self.available = np.ones(len(table.items), dtype=bool)
        self.posterior, self.theta = responses.prior, 0.0

    def next_item(self) -> int:
        item = int(self.table.best(self.theta, self.available)[0])
        self.available[item] = False
        return item

    def answer(self, item: int, right: int) -> None:
        self.posterior = self.responses.after(self.posterior, item, right)
        self.theta = float(self.responses.estimate(self.posterior)[0])


class ScanningExam(TableExam):
    """The same, looking at every item."""

    def next_item(self) -> int:
        values = np.where(self.available, information(self.theta, self.table.items), -1.0)
        item = int(values.argmax())
        self.available[item] = False
        return item


class CatsimExam:
    """catsim: maximum information and its numerical search for the ability."""

    def __init__(self, catsim: ModuleType, items: ItemParameters) -> None:
        table = np.column_stack([items.a, items.b, items.c, items.d])
        self.bank = catsim.ItemBank(table)
        self.selector = importlib.import_module("catsim.selection").MaxInfoSelector()
        self.estimator = importlib.import_module("catsim.estimation").NumericalSearchEstimator()
        self.given: list[int] = []
        self.right: list[bool] = []
        self.theta = 0.0

    def next_item(self) -> int:
        return int(
            self.selector.select(
                item_bank=self.bank, administered_items=self.given, est_theta=self.theta
            )
        )

    def answer(self, item: int, right: int) -> None:
        self.given.append(item)
        self.right.append(bool(right))
        self.theta = self.estimator.estimate(
            item_bank=self.bank,
            administered_items=self.given,
            response_vector=self.right,
            est_theta=self.theta,
        )


class MirtExam:
    """mirt (PyPI), one dimension or several, through its engine."""

    def __init__(self, engine: object) -> None:
        self.engine = engine

    def next_item(self) -> int:
        return int(self.engine.select_next_item())  # type: ignore[attr-defined]

    def answer(self, item: int, right: int) -> None:
        self.engine.administer_item(right)  # type: ignore[attr-defined]


def next_of_many(exams: int, peers: dict[str, ModuleType]) -> Series:
    rng = np.random.default_rng(SEED)
    items = ItemParameters.of(*bank(10_000, rng))
    table, responses = InformationTable.of(items), ResponseTable.of(items, GRID)
    series = Series("next of 10,000")
    for number in range(exams):
        truth = rng.normal()
        draws = np.random.default_rng(number).random(10_000) < probability(truth, items)

        def right(item: int, draws: FloatArray = draws) -> int:
            return int(draws[item])

        ours, scan = TableExam(table, responses), ScanningExam(table, responses)
        sit(series, "ours, ranked table", ours, right, LENGTH)
        sit(series, "ours, looking at all", scan, right, LENGTH)
        if (ours.available != scan.available).any():
            raise SystemExit("the table chose other items than the scan")
        if number < 2 and "catsim" in peers:
            sit(series, "catsim", CatsimExam(peers["catsim"], items), right, LENGTH)
        if number < 2 and "mirt" in peers:
            model = peers["mirt"].TwoParameterLogistic(len(items))
            model.set_parameters(discrimination=items.a, difficulty=items.b)
            model._is_fitted = True
            engine = importlib.import_module("mirt.cat").CATEngine(
                model, se_threshold=1e-3, max_items=LENGTH + 1, n_quadpts=61
            )
            sit(series, "mirt", MirtExam(engine), right, LENGTH)
    return series


class SixDimensionalExam:
    """Ours: tracked MAP and the posterior D-rule."""

    def __init__(self, items: LoadedItems) -> None:
        self.items = items
        self.ability = TrackedAbility(items, PRIOR, LENGTH)
        self.available = np.ones(len(items))

    def next_item(self) -> int:
        gains = d_gains(self.items, self.ability.theta, self.ability.covariance)
        gains *= self.available
        item = int(gains.argmax())
        self.available[item] = 0.0
        return item

    def answer(self, item: int, right: int) -> None:
        self.ability.record(item, right)


def lock_step(items: LoadedItems, draws: FloatArray) -> None:
    """1,000 persons, 30 items each."""
    persons = np.arange(len(draws))
    abilities = TrackedAbilities(items, PRIOR, len(draws), LENGTH)
    for _ in range(LENGTH):
        gains = d_gains(items, abilities.theta, abilities.covariance)
        gains[abilities.administered] = -1.0
        chosen = gains.argmax(axis=1)
        abilities.record(chosen, draws[persons, chosen])


def six_dimensions(exams: int, peers: dict[str, ModuleType]) -> tuple[Series, Series]:
    rng = np.random.default_rng(SEED)
    a, b = bank(1000, rng)
    items = ItemParameters.of(a, b, dimension=rng.integers(0, 6, 1000), n_dimensions=6)
    loaded = LoadedItems.of(items)
    single, batch = Series("six dimensions, one person"), Series("six dimensions, 1,000 persons")
    truth = rng.multivariate_normal(PRIOR.mean, PRIOR.covariance, 1000)
    draws = (rng.random((1000, 1000)) < probability(truth, items)).astype(np.float64)
    for number in range(exams):

        def right(item: int, row: FloatArray = draws[number]) -> int:
            return int(row[item])

        sit(single, "ours", SixDimensionalExam(loaded), right, LENGTH)
    for _ in range(3):
        batch.timed("ours, in lock-step", lambda: lock_step(loaded, draws), 1000 * LENGTH)
    if "mirt" in peers:
        pattern = (loaded.slopes != 0).astype(np.float64)
        model = peers["mirt"].MultidimensionalModel(
            1000, 6, model_type="confirmatory", loading_pattern=pattern
        )
        model.set_parameters(slopes=loaded.slopes, intercepts=loaded.intercept)
        model._is_fitted = True
        engine = importlib.import_module("mirt.cat").MCATEngine(
            model,
            scoring_method="MAP",
            trace_threshold=1e-6,
            max_items=LENGTH,
            initial_covariance=PRIOR.covariance,
        )
        sit(single, "mirt", MirtExam(engine), lambda item: int(draws[0, item]), LENGTH - 1)
        engine.reset()
        batch.timed("mirt, its batch", lambda: engine.run_batch_simulation(truth[:2]), 2 * LENGTH)
    return single, batch


def shadow_pool() -> tuple[ItemParameters, list[Constraint]]:
    """1,000 items, six dimensions, 25 elements, 40 enemy sets, seconds and key positions."""
    rng = np.random.default_rng(POOL_SEED)
    n = 1000
    items = ItemParameters.of(*bank(n, rng))
    dimension = rng.choice(6, n, p=[0.22, 0.20, 0.18, 0.16, 0.14, 0.10])
    first = np.cumsum(ELEMENTS) - ELEMENTS
    element = first[dimension] + (rng.random(n) * ELEMENTS[dimension]).astype(np.intp)
    seconds, position = np.exp(rng.normal(4.0, 0.4, n)), rng.integers(0, 4, n)
    enemies = [rng.choice(n, rng.integers(2, 6), replace=False) for _ in range(40)]
    return items, [
        TestLength(LENGTH, LENGTH),
        CategoryCounts.of("dimension", dimension, [5, 5, 4, 4, 3, 3], [8, 8, 7, 7, 6, 6]),
        CategoryCounts.of("element", element, np.arange(25) % 2 == 0, 3),
        EnemyItems.of(enemies),
        AttributeTotal("seconds", seconds, maximum=LENGTH * 55.0),
        CategoryCounts.of("key position", position, 5, 11),
    ]


def shadow_tests(exams: int) -> tuple[Series, float]:
    """The series, and the largest difference from the value that scipy reaches."""
    items, constraints = shadow_pool()
    n = len(items)
    assembler = ShadowAssembler(n, constraints, information(0.0, items))
    programme = assembler.programme
    matrix = csc_array((programme.values, programme.row_index, programme.starts))
    rows = LinearConstraint(matrix, programme.lower, programme.upper)
    responses = ResponseTable.of(items, GRID)
    series, furthest = Series(f"shadow test, {programme.n_rows} rows"), 0.0
    for number in range(exams):
        rng = np.random.default_rng(number)
        right = rng.random(n) < probability(rng.normal(), items)
        posterior, given = responses.prior, np.zeros(n)
        for _ in range(LENGTH):
            values = information(responses.estimate(posterior)[0], items)
            administered = np.flatnonzero(given)
            found = series.timed("ours", lambda v=values, g=administered: assembler.assemble(v, g))
            other = series.timed(
                "scipy.optimize.milp",
                lambda v=values, g=given: milp(
                    -v,
                    constraints=rows,
                    integrality=np.ones(n),
                    bounds=Bounds(g, 1.0),
                    options={"mip_rel_gap": 0.0},
                ),
            )
            furthest = max(furthest, abs(found.value + other.fun))
            item = int(found.free[0])
            given[item] = 1.0
            posterior = responses.after(posterior, item, int(right[item]))
    return series, furthest


def installed_peers() -> dict[str, ModuleType]:
    found = {}
    for name in ("catsim", "mirt"):
        try:
            found[name] = importlib.import_module(name)
        except ImportError:
            continue
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Time item selection, beside other packages")
    parser.add_argument("--exams", type=int, default=3, help="exams of 30 items in each way")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    if arguments.exams < 1:
        parser.error("--exams must be at least 1")
    peers = installed_peers()
    shadow, difference = shadow_tests(arguments.exams)
    if difference > SAME_VALUE:
        raise SystemExit(f"the values of shadow tests differ by {difference:g}")
    every = [next_of_many(arguments.exams, peers), *six_dimensions(arguments.exams, peers), shadow]
    figures = [figure for series in every for figure in series.figures()]
    libraries = {name: version(name) for name in ("numpy", "highspy", "scipy", *peers)}
    if arguments.json:
        rows = [asdict(figure) for figure in figures]
        print(
            json.dumps(
                {"libraries": libraries, "objective_difference": difference, "figures": rows}
            )
        )
        return
    print(", ".join(" ".join(pair) for pair in libraries.items()))
    print(f"{'CPU microseconds per item':52}{'median':>10}{'mean':>10}{'p95':>10}", end="")
    print(f"{'ratios':>14}")
    for one in figures:
        print(f"{one.task:30}{one.way:22}", end="")
        print(f"{one.median_us:10.1f}{one.mean_us:10.1f}{one.p95_us:10.1f}", end="")
        print(f"{one.median_ratio:10.1f}{one.mean_ratio:10.1f}{one.p95_ratio:10.1f}")
    print(f"largest difference between the values of shadow tests: {difference:.1e}")


if __name__ == "__main__":
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        # numeric libraries read this when they are loaded
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})  # noqa: S606
    main()
