"""How long it takes to simulate adaptive exams of 1,000 examinees, beside catsim and PyPI mirt.

30 of 500 2PL items by maximum information, EAP on 41 points (catsim: its own maximum-likelihood
search, as it has no EAP). Building our tables is part of the time. The yardsticks run in a process
of their own, with the interpreter named by --yardstick-python, in turns with ours; catsim's time
for 1,000 is that of fewer in proportion, as it takes one after another. The same exams are
timed with content balance and exposure control on, beside our own without. Times are medians of CPU
milliseconds on one thread; the error of the estimates shows that all measure the same thing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)
os.environ.update(ONE_THREAD)  # before numpy is loaded

import numpy as np  # noqa: E402

from certify.psychometrics.ability import AbilityGrid  # noqa: E402
from certify.psychometrics.item_parameters import ItemParameters  # noqa: E402
from certify.psychometrics.simulating.populations import (  # noqa: E402
    BankPlan,
    draw_bank,
    draw_examinees,
    equicorrelated,
)
from certify.psychometrics.simulation import (  # noqa: E402
    CategoryBounds,
    ContentPlan,
    CorrelatedEap,
    ExamDesign,
    Examinees,
    ExposurePolicy,
    GridEap,
    KullbackLeibler,
    MaximumInformation,
    PosteriorD,
    RegionEligibility,
    SimulatedExams,
    simulate,
)

SEED, N_PERSONS, N_ITEMS, LENGTH, N_POINTS = 20240602, 1000, 500, 30, 41
CUTS = (-0.8, 0.3, 1.3)
CATSIM_PERSONS = 50
CATSIM, MIRT = "catsim", "PyPI mirt, batch"
YARDSTICK = """
import sys, time, warnings
import numpy as np
from importlib.metadata import version
warnings.simplefilter("ignore")
answers, sys.stdout = sys.stdout, sys.stderr  # catsim prints blank lines
folder, count = sys.argv[1], int(sys.argv[2])
a, b = np.load(folder + "/parameters.npy")
theta = np.load(folder + "/theta.npy")
ways = {}
try:
    import mirt
    from mirt.cat import CATEngine
    model = mirt.TwoParameterLogistic(len(a))
    model.set_parameters(discrimination=a, difficulty=b)
    model._is_fitted = True
    def of_mirt():
        engine = CATEngine(model, item_selection="MFI", scoring_method="EAP", se_threshold=1e-6,
                           max_items=30, n_quadpts=41, seed=1)
        start = time.process_time()
        results = engine.run_batch_simulation(theta)
        took = time.process_time() - start
        error = np.array([one.theta for one in results]) - theta
        return took, np.sqrt(np.mean(error ** 2))
    ways["PyPI mirt, batch"] = (of_mirt, version("mirt"))
except ImportError:
    pass
try:
    from catsim.estimation import NumericalSearchEstimator
    from catsim.initialization import FixedPointInitializer
    from catsim.selection import MaxInfoSelector
    from catsim.simulation import Simulator
    from catsim.stopping import TestLengthStopper
    bank = np.column_stack([a, b, np.zeros(len(a)), np.ones(len(a))])
    def of_catsim():
        exams = Simulator(bank, theta[:count], FixedPointInitializer(0), MaxInfoSelector(),
                          NumericalSearchEstimator(), TestLengthStopper(max_items=30), seed=1)
        start = time.process_time()
        exams.simulate(verbose=False)
        return (time.process_time() - start) * len(theta) / count, exams.rmse
    ways["catsim"] = (of_catsim, version("catsim"))
except ImportError:
    pass
print(";".join(name + ";" + v for name, (_, v) in ways.items()), file=answers, flush=True)
for line in sys.stdin:
    took, error = ways[line.strip()][0]()
    print(took * 1000, error, file=answers, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One way of simulating; `goal` is the least ratio to ours, or the largest to our plain one."""

    task: str
    way: str
    median_ms: float
    rmse: float
    ratio: float
    goal: float | None
    holds: bool | None


class Yardsticks:
    """The process that times the other libraries; `versions` names those it could import."""

    def __init__(self, python: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [python, "-c", YARDSTICK, str(folder), str(CATSIM_PERSONS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        words = self._out.readline().strip().split(";")
        self.versions = dict(zip(words[::2], words[1::2], strict=False))

    def time(self, way: str) -> tuple[float, float]:
        """CPU milliseconds and error."""
        print(way, file=self._in, flush=True)
        took, error = self._out.readline().split()
        return float(took), float(error)

    def close(self) -> None:
        self._in.close()
        self._process.wait()


def plain(items: ItemParameters, people: Examinees) -> SimulatedExams:
    """Maximum information and EAP, nothing else."""
    grid = AbilityGrid.normal(lower=-5.0, upper=5.0, count=N_POINTS)
    design = ExamDesign(GridEap(items, grid), MaximumInformation.of(items), LENGTH, len(items))
    return simulate(design, items, people, SEED)


def guarded(items: ItemParameters, categories: np.ndarray, people: Examinees) -> SimulatedExams:
    """Five content categories in proportion, eligibility per region, one of the three best."""
    shares = np.bincount(categories) / len(items)
    grid = AbilityGrid.normal(lower=-5.0, upper=5.0, count=N_POINTS)
    design = ExamDesign(
        GridEap(items, grid),
        MaximumInformation.of(items, categories),
        LENGTH,
        len(items),
        content=ContentPlan(categories, CategoryBounds.proportional(shares, LENGTH)),
        exposure=ExposurePolicy(3, RegionEligibility(0.25, CUTS)),
    )
    return simulate(design, items, people, SEED)


def by_kullback_leibler(items: ItemParameters, people: Examinees) -> SimulatedExams:
    """Another criterion, which looks at every item."""
    grid = AbilityGrid.normal(lower=-5.0, upper=5.0, count=N_POINTS)
    criterion = KullbackLeibler.of(items, grid.points)
    return simulate(
        ExamDesign(GridEap(items, grid), criterion, LENGTH, len(items)), items, people, SEED
    )


def six_dimensions() -> Callable[[], SimulatedExams]:
    """D-rule and multidimensional EAP with dimension shares, eligibility and randomesque choice."""
    source = np.random.default_rng(SEED)
    shares = (0.15, 0.2, 0.2, 0.1, 0.15, 0.2)
    bank = draw_bank(BankPlan(shares, elements=(1,) * 6), N_ITEMS, source)
    prior = equicorrelated(6, 0.6)
    people = draw_examinees(prior, N_PERSONS, source)
    bounds = CategoryBounds.proportional(shares, LENGTH, slack=1.0)

    def run() -> SimulatedExams:
        design = ExamDesign(
            CorrelatedEap(bank.items, prior),
            PosteriorD.of(bank.items),
            LENGTH,
            N_ITEMS,
            weights=np.array(shares),
            content=ContentPlan(bank.items.dimension, bounds, is_by_value=True),
            exposure=ExposurePolicy(3, RegionEligibility(0.25, CUTS)),
        )
        return simulate(design, bank.items, people, SEED)

    return run


def measure(rounds: int, python: str) -> tuple[list[Figure], dict[str, str]]:
    """All ways in turns."""
    source = np.random.default_rng(SEED)
    items = ItemParameters.of(source.lognormal(0.1, 0.3, N_ITEMS), source.normal(0, 1, N_ITEMS))
    people = Examinees.of(source.normal(0, 1, N_PERSONS))
    categories = source.integers(0, 5, N_ITEMS).astype(np.intp)
    ours: dict[str, Callable[[], SimulatedExams]] = {
        "ours": partial(plain, items, people),
        "ours, content and exposure": partial(guarded, items, categories, people),
        "ours, Kullback-Leibler": partial(by_kullback_leibler, items, people),
        "ours, six dimensions, content and exposure": six_dimensions(),
    }
    times: dict[str, list[float]] = {}
    errors: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "parameters.npy", np.array([items.a, items.b]))
        np.save(Path(folder) / "theta.npy", people.theta[:, 0])
        yardsticks = Yardsticks(python, Path(folder))
        for _ in range(rounds):
            for way, run in ours.items():
                start = time.process_time()
                exams = run()
                times.setdefault(way, []).append((time.process_time() - start) * 1000)
                w = exams.design.weights
                errors[way] = float(np.sqrt(np.mean(((exams.theta - exams.true_theta) @ w) ** 2)))
            for way in yardsticks.versions:
                took, errors[way] = yardsticks.time(way)
                times.setdefault(way, []).append(took)
        yardsticks.close()
    return figures(times, errors), yardsticks.versions


def figures(times: dict[str, list[float]], errors: dict[str, float]) -> list[Figure]:
    """Ratios to our plain exams, and whether the goals are met."""
    median = {way: statistics.median(series) for way, series in times.items()}
    first = median["ours"]
    goals = {CATSIM: 200.0, MIRT: 5.0}
    found = []
    for way, value in median.items():
        ratio, goal, holds = value / first, goals.get(way), None
        if goal is not None:
            holds = ratio >= goal
        elif way == "ours, content and exposure":
            goal, holds = 3.0, ratio <= 3.0
        task = f"{N_PERSONS} examinees, {LENGTH} of {N_ITEMS} items"
        found.append(
            Figure(task, way, round(value, 2), round(errors[way], 3), round(ratio, 2), goal, holds)
        )
    return found


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description="Time simulated exams beside other libraries")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--yardstick-python", default=sys.executable)
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = options.parse_args()
    if given.rounds < 1:
        options.error("--rounds must be at least 1")
    found, versions = measure(given.rounds, given.yardstick_python)
    missing = [name for name in (CATSIM, MIRT) if name not in versions]
    if given.json:
        rows = [asdict(one) for one in found]
        print(json.dumps({"rounds": given.rounds, "libraries": versions, "figures": rows}))
        return
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"{found[0].task}, {given.rounds} rounds; {named or 'no yardstick installed'}")
    print(f"{'':44}{'median CPU ms':>14}{'ratio':>10}{'goal':>7}{'holds':>7}{'RMSE':>7}")
    for one in found:
        goal = "" if one.goal is None else f"{one.goal:g}"
        holds = "" if one.holds is None else ("yes" if one.holds else "no")
        print(
            f"{one.way:44}{one.median_ms:14.1f}{one.ratio:10.2f}{goal:>7}{holds:>7}{one.rmse:7.3f}"
        )
    for name in missing:
        print(f"{name}: not measured, it is not installed beside {given.yardstick_python}")


if __name__ == "__main__":
    main()
