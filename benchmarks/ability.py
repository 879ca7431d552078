"""How long EAP scoring of 100,000 persons on 50 items takes, beside PyPI mirt.

Both score the same responses with the same 2PL parameters on 61 points; the yardstick runs in a
process of its own, with the interpreter named by --yardstick-python (extra `bench`), in turns with
ours. Times are medians of CPU milliseconds on one thread. The largest difference between the two
sets of estimates is printed too: both must measure the same thing.
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
from pathlib import Path

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)
os.environ.update(ONE_THREAD)  # before numpy is loaded

import numpy as np  # noqa: E402

from certify.psychometrics.ability import AbilityGrid, eap  # noqa: E402
from certify.psychometrics.irt import probability  # noqa: E402
from certify.psychometrics.item_parameters import ItemParameters  # noqa: E402

SEED, N_PERSONS, N_ITEMS, N_POINTS = 20240601, 100_000, 50, 61
YARDSTICK = """
import sys, time, warnings
import numpy as np
import mirt
warnings.simplefilter("ignore")
folder = sys.argv[1]
responses = np.load(folder + "/responses.npy").astype(int)
a, b = np.load(folder + "/parameters.npy")
model = mirt.TwoParameterLogistic(len(a))
model.set_parameters(discrimination=a, difficulty=b)
model._is_fitted = True
print("mirt", mirt.__version__, flush=True)
for _ in sys.stdin:
    start = time.process_time()
    scores = mirt.fscores(model, responses, method="EAP", n_quadpts=61)
    print((time.process_time() - start) * 1000, flush=True)
np.save(folder + "/theta.npy", np.ravel(scores.theta))
"""


def made_data() -> tuple[ItemParameters, np.ndarray]:
    """A seeded 2PL bank and the responses of N(0, 1) persons."""
    random = np.random.default_rng(SEED)
    items = ItemParameters.of(random.lognormal(0.0, 0.3, N_ITEMS), random.normal(0, 1, N_ITEMS))
    theta = random.normal(0, 1, N_PERSONS)
    right = random.random((N_PERSONS, N_ITEMS)) < probability(theta, items)
    return items, right.astype(np.int8)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--yardstick-python", default=sys.executable)
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = options.parse_args()
    items, responses = made_data()
    grid = AbilityGrid.normal(count=N_POINTS)
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "responses.npy", responses)
        np.save(Path(folder) / "parameters.npy", np.array([items.a, items.b]))
        peer = subprocess.Popen(
            [given.yardstick_python, "-c", YARDSTICK, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert peer.stdin is not None and peer.stdout is not None
        version = peer.stdout.readline().strip()
        ours, theirs = [], []
        for _ in range(given.rounds):
            start = time.process_time()
            estimate = eap(responses, items, grid)
            ours.append((time.process_time() - start) * 1000)
            if version:
                print(file=peer.stdin, flush=True)
                theirs.append(float(peer.stdout.readline()))
        peer.stdin.close()
        peer.wait()
        result: dict[str, object] = {
            "persons": N_PERSONS,
            "items": N_ITEMS,
            "points": N_POINTS,
            "ours_ms": round(statistics.median(ours), 1),
            "yardstick": version or "absent: install the extra `bench`",
        }
        if theirs:
            difference = np.abs(np.load(Path(folder) / "theta.npy") - estimate.theta).max()
            result |= {
                "yardstick_ms": round(statistics.median(theirs), 1),
                "ratio": round(statistics.median(theirs) / statistics.median(ours), 2),
                "largest_difference": float(f"{difference:.2g}"),
            }
    if given.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:20s} {value}")


if __name__ == "__main__":
    main()
