"""How long a 2PL calibration takes, how right it is, and how it grows, beside PyPI mirt.

The yardstick is the package `mirt` of PyPI (extra `bench`) at its best setting: SQUAREM, 41
quadrature points, no standard errors. It runs in a process of its own, with the interpreter named
by --yardstick-python (so it may live in another environment), in turns with ours, on the same data:
the seeded bank and responses of 2,000 and 20,000 persons that the figures are stated for. Without
mirt the rest is measured. Times are medians of CPU milliseconds, one thread each.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.calibration import Calibration
from certify.psychometrics.irt import probability
from certify.psychometrics.item_parameters import ItemParameters

Responses = NDArray[np.int8]

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)
SEED = 20240601
SMALL, LARGE, LARGEST = 2_000, 20_000, 200_000
N_ITEMS = 50
YARDSTICK = """
import sys, time, warnings
import numpy as np
import mirt
warnings.simplefilter("ignore")
data = {path: np.load(path).astype(int) for path in sys.argv[1:]}
print("mirt", mirt.__version__, flush=True)
for path in map(str.strip, sys.stdin):
    start = time.process_time()
    fit = mirt.fit_mirt(
        data[path], model="2PL", n_quadpts=41, accelerate="squarem", compute_standard_errors=False
    )
    print((time.process_time() - start) * 1000, float(fit.log_likelihood), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the result: a number, and what it must be."""

    what: str
    value: float
    unit: str
    goal: str


class Yardstick:
    """PyPI mirt in a process that answers one calibration per line."""

    def __init__(self, python: str, paths: list[Path]) -> None:
        self.process = subprocess.Popen(
            [python, "-c", YARDSTICK, *map(str, paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.version = self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def calibrate(self, path: Path) -> tuple[float, float]:
        """CPU milliseconds and log-likelihood."""
        assert self.process.stdin is not None
        print(path, file=self.process.stdin, flush=True)
        milliseconds, log_likelihood = map(float, self._line().split())
        return milliseconds, log_likelihood

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def seeded() -> tuple[ItemParameters, dict[int, Responses]]:
    """The bank and responses of the stated figures, then more persons from the same stream."""
    rng = np.random.default_rng(SEED)
    a = np.clip(np.exp(rng.normal(0.2, 0.3, N_ITEMS)), 0.4, 3.0)
    bank = ItemParameters.of(a, np.clip(rng.normal(0.0, 1.0, N_ITEMS), -3.0, 3.0))
    responses = {}
    for persons in (SMALL, LARGE):
        p = probability(rng.normal(size=persons), bank)
        responses[persons] = (rng.random(p.shape) < p).astype(np.int8)
    parts = []
    for _ in range(LARGEST // LARGE):
        p = probability(rng.normal(size=LARGE), bank)
        parts.append((rng.random(p.shape) < p).astype(np.int8))
    responses[LARGEST] = np.concatenate(parts)
    return bank, responses


def timed(work: Callable[[], Calibration]) -> tuple[float, Calibration]:
    start = time.process_time()
    fit = work()
    return (time.process_time() - start) * 1000, fit


def quick(responses: Responses) -> Calibration:
    return Calibration("2pl", standard_errors=False).fit(responses)


def beside_yardstick(
    responses: dict[int, Responses], runs: int, yardstick: Yardstick | None, folder: Path
) -> list[Figure]:
    figures = []
    for persons, goal in ((LARGE, ">= 2.5"), (SMALL, ">= 2")):
        name = f"{persons:,} x {N_ITEMS}"
        path = folder / f"{persons}.npy"
        ours, theirs, log_likelihoods = [], [], []
        for _ in range(runs + 1):
            ours.append(timed(lambda persons=persons: quick(responses[persons]))[0])  # type: ignore[misc]
            if yardstick is not None:
                milliseconds, log_likelihood = yardstick.calibrate(path)
                theirs.append(milliseconds)
                log_likelihoods.append(log_likelihood)
        median = statistics.median(ours[1:])
        figures.append(Figure(f"{name}: ours", median, "ms", ""))
        if yardstick is not None:
            median_theirs = statistics.median(theirs[1:])
            figures.append(Figure(f"{name}: mirt", median_theirs, "ms", ""))
            figures.append(Figure(f"{name}: times faster", median_theirs / median, "x", goal))
            exact = Calibration("2pl", points=201, bounds=(-8.0, 8.0), standard_errors=False)
            gap = exact.fit(responses[persons]).log_likelihood_ - log_likelihoods[-1]
            figures.append(Figure(f"{name}: mirt's log-likelihood is off by", abs(gap), "", ""))
    return figures


def rightness(bank: ItemParameters, responses: Responses) -> list[Figure]:
    fit = quick(responses)
    wide = Calibration("2pl", points=201, bounds=(-8.0, 8.0), standard_errors=False).fit(responses)
    gap = abs(fit.log_likelihood_ - wide.log_likelihood_)
    a = float(np.sqrt(np.mean((fit.params_.a - bank.a) ** 2)))
    b = float(np.sqrt(np.mean((fit.params_.b - bank.b) ** 2)))
    milliseconds, _ = timed(lambda: Calibration("2pl").fit(responses))
    return [
        Figure("log-likelihood", fit.log_likelihood_, "", "-505545.2723"),
        Figure("log-likelihood, default grid against 201 points", gap, "", "<= 0.01"),
        Figure("RMSE(a)", a, "", "<= 0.0246"),
        Figure("RMSE(b)", b, "", "<= 0.0262"),
        Figure("with standard errors (Louis)", milliseconds, "ms", ""),
    ]


def growth(responses: dict[int, Responses], runs: int) -> list[Figure]:
    times: dict[int, list[float]] = {LARGE: [], LARGEST: []}
    for _ in range(runs + 1):
        for persons, found in times.items():
            found.append(timed(lambda persons=persons: quick(responses[persons]))[0])  # type: ignore[misc]
    small, large = (statistics.median(found[1:]) for found in times.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return [
        Figure(f"{LARGEST:,} x {N_ITEMS}: ours", large, "ms", ""),
        Figure("cost per person, 200,000 against 20,000", large / small / 10, "x", "<= 1.15"),
        Figure("peak memory of this process", memory, "GB", "< 2"),
    ]


def yardstick_or_none(python: str, paths: list[Path]) -> Yardstick | None:
    found = Yardstick(python, paths)
    if found.version:
        return found
    found.close()
    print("no mirt there: install the extra `bench`, or name an interpreter that has it with "
          "--yardstick-python", file=sys.stderr)  # fmt: skip
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description="Time 2PL calibration, beside PyPI mirt")
    parser.add_argument("--runs", type=int, default=9, help="timed calibrations of each kind")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--yardstick-python", default=sys.executable, help="has PyPI mirt")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs must be at least 1")
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        # libraries read these when they are loaded: start again with them
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})  # noqa: S606
    bank, responses = seeded()
    with tempfile.TemporaryDirectory() as directory:
        paths = [Path(directory) / f"{persons}.npy" for persons in (SMALL, LARGE)]
        for path, persons in zip(paths, (SMALL, LARGE), strict=True):
            np.save(path, responses[persons])
        yardstick = yardstick_or_none(arguments.yardstick_python, paths)
        figures = beside_yardstick(responses, arguments.runs, yardstick, Path(directory))
        if yardstick is not None:
            yardstick.close()
    figures += rightness(bank, responses[LARGE])
    figures += growth(responses, max(3, arguments.runs // 2))
    version = yardstick.version if yardstick else "none"
    if arguments.json:
        rows = [asdict(figure) for figure in figures]
        print(json.dumps({"runs": arguments.runs, "yardstick": version, "figures": rows}))
        return
    print(f"median CPU time of {arguments.runs} runs, one thread; yardstick: {version}")
    for one in figures:
        print(f"{one.what:52}{one.value:16,.4f} {one.unit:4}{one.goal}")


if __name__ == "__main__":
    main()
