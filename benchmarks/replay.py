"""Attempts of a database computed again: are the decisions the same, and what does it cost?

Simulated candidates of abilities far apart sit exams of every level through the use cases, retakes
among them, and the results are decided. Then every attempt is replayed from the stored events in a
process of its own (`certify exam replay --all`). Ours is the time of a replay; the yardstick is the
time the same exams took to sit (select, store, decide), in the same run: a replay computes all of
that again, without storing.

Options scale it down: --attempts 100
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from exam_load.candidates import add_people
from exam_load.sites import POSTGRESQL, SQLITE, Site, scratch_site

from certify.exams.attempt import AttemptState
from certify.exams.commands import NewAnswer
from certify.services.concluding import concluded_result
from certify.services.context import ServiceContext
from certify.services.delivering import save_response, start_attempt, view_attempt
from certify.services.simulating import SimulatedCandidate
from question_bank.skills import LEVELS

PROGRAMME = "estorm-comprehensive"
SITTINGS = 2
"""Of each person: the second one pools the answers of the first."""


def sit(context: ServiceContext, person_id: str, level: str, theta: float, seed: int) -> str:
    """One whole exam, decided; the level that was reached."""
    candidate = SimulatedCandidate(theta, Random(seed))
    attempt_id = start_attempt(context, person_id, PROGRAMME, level)
    state, position = AttemptState.RUNNING, 1
    while state is AttemptState.RUNNING:
        response = candidate.answer_current_item(context, attempt_id)
        new = NewAnswer(position, response, 1, True, 0, f"benchmark-{position:04d}")
        saved = save_response(context, person_id, attempt_id, new)
        state, position = saved.state, saved.position
    assert view_attempt(context, person_id, attempt_id).state is state
    decided = concluded_result(context, person_id, attempt_id).decision
    return decided.placed_level or "below the lowest"


def sit_all(
    context: ServiceContext, people: list[str], attempts: int
) -> tuple[float, Counter[str]]:
    """Sit that many exams; the seconds, and how many reached which level."""
    reached: Counter[str] = Counter()
    start = time.perf_counter()
    for number in range(attempts):
        person = people[number // SITTINGS]
        theta = -2.0 + 4.0 * (number // SITTINGS % 41) / 40
        reached[sit(context, person, LEVELS[number % len(LEVELS)], theta, number)] += 1
    return time.perf_counter() - start, reached


def replay_all(site: Site) -> tuple[float, dict[str, object]]:
    """`certify exam replay --all --json` in a process of its own; seconds and what it said."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "certify", "exam", "replay", "--all", "--json"]
    ended = subprocess.run(
        [*command, "--data", str(site.folder / "data")],
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    told: dict[str, object] = json.loads(ended.stdout)
    return time.perf_counter() - start, told


def measure(site: Site, attempts: int) -> bool:
    """Print the figures of one database; whether every decision was the same."""
    installation = site.installation()
    people = [person_id for person_id, _ in add_people(installation, -(-attempts // SITTINGS))]
    seconds, reached = sit_all(installation.context, people, attempts)
    installation.database.close()
    replaying, told = replay_all(site)
    print(f"\n{site.kind}: {attempts} attempts, reached: {dict(reached)}")
    print(f"  same decisions: {told['same']} of {told['attempts']}")
    print(f"  different: {told['different']}, not replayed: {told['not_replayed']}")
    print(f"  sat in {seconds:.1f} s ({1000 * seconds / attempts:.0f} ms each)")
    print(f"  replayed in {replaying:.1f} s ({1000 * replaying / attempts:.0f} ms each)")
    print(f"  ratio: {replaying / seconds:.2f} of the time of sitting")
    return told["same"] == attempts


def main() -> None:
    """Measure and print; ends with 1 where a decision differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--attempts", type=int, default=1000)
    parser.add_argument("--sites", nargs="+", choices=(POSTGRESQL, SQLITE), default=[SQLITE])
    parser.add_argument("--database", default="postgresql+psycopg://postgres@127.0.0.1:5432/test")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning")
    good = True
    for kind in options.sites:
        with (
            tempfile.TemporaryDirectory() as folder,
            scratch_site(kind, Path(folder), options.database, 1, 1) as site,
        ):
            good &= measure(site, options.attempts)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
