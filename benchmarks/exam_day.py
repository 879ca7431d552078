"""An exam day on one small machine: server, database and load share its cores.

The site is served as in production: gunicorn with PostgreSQL, and `certify serve` (waitress) with
SQLite. Measured are answers a second (stored, six dimensions estimated again, next item selected)
beside a bare Flask application that does INSERT, COMMIT and SELECT, served in the same way in the
same run; a start of all at one barrier, with a teacher's edit and release in the middle; people who
think, draft, answer and look at the next page; hand-ins just before the deadline; the page's
weight. After each phase every attempt is read back: acknowledged answers must be there, none
after the end, and state and first item must be those that the engine gives alone.

Options scale it down: --candidates 100 --running 50 --minutes 0.5 --seconds 3 --think 2 6
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from random import Random
from typing import Any

from exam_load.candidates import add_people, exam_at_hand, prepared, sign_in
from exam_load.checking import faults_of, first_items_as_alone, stored_attempts
from exam_load.measuring import Usage
from exam_load.page_weight import weigh
from exam_load.phases import (
    answer_in_a_row,
    bare_in_a_row,
    finish,
    run_exam,
    seats,
    stampede,
)
from exam_load.sites import POSTGRESQL, SQLITE, Server, Site, scratch_site

from certify.services.delivering import close_due_attempts
from certify.storage.address import parse_address

GOALS = {
    "answers": "60 % of the yardstick",
    "start": "all admitted, no error, p99 under 10 s, first item as alone",
    "running": "p99 under 300 ms, no error",
    "deadline": "every acknowledged answer counted, nobody late",
    "page": "under 120 kB; next item under 1 s on slow 3G",
}
MOST_ITEMS = 60


def phase_answers(site: Site, ours: Server, options: argparse.Namespace) -> dict[str, Any]:
    """Alternating rounds of ours and the yardstick."""
    rounds = []
    with site.serving("bare") as bare:
        asyncio.run(bare_in_a_row(bare.port, options.connections, 1.0))
        for number in range(options.rounds + 1):
            # more candidates than connections are prepared where one exam would not last
            made = prepared(
                site.installation(),
                options.connections,
                answered=[0] * options.connections,
                ahead=MOST_ITEMS,
                seed=number,
            )
            taken = seats(made, ours.port)
            rate, latencies = asyncio.run(answer_in_a_row(taken, options.seconds))
            seconds = min(options.seconds, len(latencies.values) / rate if rate else 1.0)
            other, beside = asyncio.run(bare_in_a_row(bare.port, options.connections, seconds))
            # the first round warms both up
            if number:
                rounds.append((rate, other, latencies.told(), beside.told()))
            checked = faults_of(
                stored_attempts(site.installation(), [one.attempt_id for one in made]), made
            )
            if any(checked.values()):
                raise SystemExit(f"answers: {checked}")
    return {
        "answers/s": round(statistics.median(one[0] for one in rounds), 1),
        "yardstick/s": round(statistics.median(one[1] for one in rounds), 1),
        "ratio": round(statistics.median(one[0] / one[1] for one in rounds), 3),
        "ours": rounds[-1][2],
        "yardstick": rounds[-1][3],
    }


def phase_start(site: Site, ours: Server, options: argparse.Namespace) -> dict[str, Any]:
    """All at one barrier, and a teacher who edits and releases meanwhile."""
    installation = site.installation()
    candidates = sign_in(installation, add_people(installation, options.candidates))
    taken = seats(candidates, ours.port)
    teacher = subprocess.Popen(
        [sys.executable, "-m", "exam_load.teacher"],
        env=site.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert teacher.stdin is not None and teacher.stdout is not None
    assert teacher.stdout.readline().strip() == "ready"

    async def edit() -> None:
        assert teacher.stdin is not None
        teacher.stdin.write("now\n")
        teacher.stdin.flush()

    usage = Usage(ours)
    latencies, seconds = asyncio.run(stampede(taken, edit))
    told = usage.told()
    published = teacher.communicate()[0].split()
    ids = [one.attempt_id for one in candidates if one.attempt_id]
    stored = stored_attempts(installation, ids)
    releases = [attempt.started_terms.release_digest for attempt, _ in stored]
    return {
        "candidates": len(candidates),
        "admitted": len(set(ids)),
        "seconds": round(seconds, 2),
        **latencies.told(),
        "first item as alone": first_items_as_alone(installation, stored),
        "on the new release": releases.count(published[0]) if published else 0,
        "released after, s": float(published[1]) if published else None,
        "attempts that do not add up": faults_of(stored, [c for c in candidates if c.attempt_id]),
        **told,
    }


def phase_running(site: Site, ours: Server, options: argparse.Namespace) -> dict[str, Any]:
    """The wanted number for the whole time; then more and more, until it does not hold."""
    found = run_with(site, ours, options, options.running, options.minutes * 60)
    held = options.running if holds(found) else 0
    steps = []
    count = options.running
    while options.step > 1 and held == count:
        count = int(count * options.step)
        step = run_with(site, ours, options, count, options.step_minutes * 60)
        steps.append(step)
        held = count if holds(step) else held
    return {**found, "largest held": held, "steps": steps}


def holds(found: dict[str, Any]) -> bool:
    """Whether every kind of request kept to 300 ms at p99 without a fault."""
    kinds = [found[name] for name in ("draft", "answer", "page")]
    return all(kind["p99 ms"] < 300 and not kind["faults"] for kind in kinds if kind["requests"])


def run_with(
    site: Site, ours: Server, options: argparse.Namespace, count: int, seconds: float
) -> dict[str, Any]:
    """So many running candidates for so long."""
    installation = site.installation()
    source = Random(count)
    ahead = min(MOST_ITEMS, 3 + int(2 * seconds / sum(options.think) * 1.5))
    candidates = prepared(
        installation,
        count,
        answered=[source.randrange(options.answered + 1) for _ in range(count)],
        ahead=ahead,
        seed=count,
    )
    usage = Usage(ours)
    found = asyncio.run(run_exam(seats(candidates, ours.port), seconds, tuple(options.think), 7))
    told = usage.told()
    stored = stored_attempts(installation, [one.attempt_id for one in candidates])
    return {
        "running": count,
        "seconds": seconds,
        **{name: latencies.told() for name, latencies in found.items()},
        **faults_of(stored, candidates),
        **told,
    }


def phase_deadline(site: Site, ours: Server, options: argparse.Namespace) -> dict[str, Any]:
    """Everybody's time ends at about the same moment, and all hand in just before."""
    installation = site.installation()
    count = options.candidates
    ahead_of_deadline = options.spread + 5 + count * 0.02
    begun = time.time()
    limit = exam_at_hand(installation)[0].parts[0].limit_seconds
    candidates = prepared(
        installation,
        count,
        answered=[2] * count,
        ahead=1,
        started_ago=limit - ahead_of_deadline,
    )
    attempts = stored_attempts(installation, [one.attempt_id for one in candidates])
    deadlines = [attempt.deadline_at for attempt, _ in attempts if attempt.deadline_at]
    deadline = min(deadlines).timestamp()
    if deadline - time.time() < options.spread:
        raise SystemExit(f"preparing took {time.time() - begun:.0f} s, longer than foreseen")
    usage = Usage(ours)
    found = asyncio.run(finish(seats(candidates, ours.port), deadline, options.spread, 3))
    told = usage.told()
    after = time.time() - deadline
    while close_due_attempts(installation.context):
        pass
    stored = stored_attempts(installation, [one.attempt_id for one in candidates])
    return {
        "candidates": count,
        "all answered after the deadline by, s": round(after, 2),
        **{name: latencies.told() for name, latencies in found.items()},
        "acknowledged": sum(len(one.acknowledged) for one in candidates),
        "refused as too late": found["answer"].faults["409"],
        "not ended": sum(not attempt.is_over for attempt, _ in stored),
        **faults_of(stored, candidates),
        **told,
    }


def phase_page(site: Site, ours: Server, options: argparse.Namespace) -> dict[str, Any]:
    """The page of one item."""
    candidates = prepared(site.installation(), 1, answered=[3], ahead=1)

    def look() -> Coroutine[Any, Any, dict[str, Any]]:
        return weigh(seats(candidates, ours.port)[0])

    return asyncio.run(look())


PHASES: dict[str, Callable[[Site, Server, argparse.Namespace], dict[str, Any]]] = {
    "answers": phase_answers,
    "start": phase_start,
    "running": phase_running,
    "deadline": phase_deadline,
    "page": phase_page,
}


def measure(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    """All wanted phases on one kind of site."""
    found: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory(prefix="exam-day-") as folder,
        scratch_site(
            kind, Path(folder), options.database, options.workers, options.threads
        ) as site,
        site.serving("ours") as ours,
    ):
        for name in options.phases:
            load = os.getloadavg()[0]
            found[name] = {**PHASES[name](site, ours, options), "load before": round(load, 1)}
            show(kind, name, found[name])
    return found


def show(kind: str, name: str, found: dict[str, Any]) -> None:
    """One phase as lines of text."""
    print(f"\n{kind}, {name} (goal: {GOALS[name]})", file=sys.stderr)
    for key, value in found.items():
        print(f"  {key}: {value}", file=sys.stderr)


def arguments() -> argparse.Namespace:
    """The command line; what is not given has the size of a whole exam day."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--sites", nargs="+", choices=(POSTGRESQL, SQLITE), default=[POSTGRESQL, SQLITE])
    add("--phases", nargs="+", choices=tuple(PHASES), default=list(PHASES))
    add("--database", default="postgresql+psycopg://postgres@127.0.0.1:5432/test")
    add("--workers", type=int, default=2, help="processes of gunicorn")
    add("--threads", type=int, default=4, help="threads of each")
    add("--connections", type=int, default=16, help="busy connections of the answers phase")
    add("--rounds", type=int, default=5, help="of the answers phase")
    add("--seconds", type=float, default=10, help="the longest round of the answers phase")
    add("--candidates", type=int, default=3000, help="who start and hand in at once")
    add("--running", type=int, default=2000, help="who think and answer")
    add("--minutes", type=float, default=10)
    add("--think", type=float, nargs=2, default=[30, 90], metavar="SECONDS")
    add("--answered", type=int, default=10, help="most items answered before")
    add("--step", type=float, default=1.25, help="more candidates each step; 1 for no steps")
    add("--step-minutes", type=float, default=3)
    add("--spread", type=float, default=5, help="seconds before the deadline")
    add("--json", type=Path, help="write the figures there as well")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    options = arguments()
    parse_address(options.database)
    # ended from outside, it still drops its databases and stops its servers
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * max(options.candidates, options.running * 2) + 500
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, wanted)), hard))
    figures = {
        "machine": {"cores": os.cpu_count(), "load at the beginning": os.getloadavg()},
        "options": {name: str(value) for name, value in vars(options).items()},
        **{kind: measure(kind, options) for kind in options.sites},
    }
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    if options.json:
        options.json.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
