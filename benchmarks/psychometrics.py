"""Every speed figure of the measurement engine, one script after the other.

Runs `calibration.py`, `ability.py`, `selection.py` and `simulation.py` with this interpreter, each
in a process of its own on one thread. The yardsticks (PyPI mirt, catsim) come with the extra
`bench`; where they are absent, each script measures the rest and says so. The measurement goals
(accuracy, exposure, reliability) are the business of `measurement.py`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = ("calibration.py", "ability.py", "selection.py", "simulation.py")
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)


def main() -> int:
    """Run them all; 1 if any failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="one JSON object a script")
    given = options.parse_args()
    failed = 0
    for script in SCRIPTS:
        if not given.json:
            print(f"== {script}", flush=True)
        command = [sys.executable, str(Path(__file__).parent / script)]
        result = subprocess.run(
            command + ["--json"] * given.json, env={**os.environ, **ONE_THREAD}, check=False
        )
        failed |= result.returncode != 0
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
