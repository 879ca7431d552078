"""How long the pairs of a session of 3,000 candidates take, beside a plain loop over the pairs.

Two sessions are made up: a fixed form of 60 items that everybody sits, and adaptive exams of 40 of
600 items. Ours tests every pair with enough items in common for shared errors
(`psychometrics.diagnosing.shared_errors`). The yardstick is the same test as one would write it
down: a loop over pairs and items in Python with the exact tail by recursion. It is run on the
pairs of a few candidates and scaled up to all of them; its p-values are compared with ours. Also
printed: the share of honest pairs below .001, and what is found of copiers that were planted. Times
are CPU seconds on one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ.update(ONE_THREAD)  # before numpy is loaded

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from certify.psychometrics.diagnosing.option_choice import GROUPS  # noqa: E402
from certify.psychometrics.diagnosing.shared_errors import (  # noqa: E402
    LARGEST_P,
    RIGHT,
    UNSEEN,
    SharedErrors,
    match_chances,
    shared_errors,
)

SEED, WRONG_OPTIONS, COPIERS, COPIED = 20261120, 3, 30, 0.7
FEWEST_COMMON, FEWEST_WRONG = 10, 5
ERROR_RATE = 0.01

Answers = NDArray[np.intp]


def made_session(persons: int, items: int, seen: int) -> tuple[Answers, NDArray[np.float64]]:
    """Honest answers to `seen` of `items` each; with fewer than all, those near one's ability."""
    random = np.random.default_rng(SEED)
    theta, difficulty = random.normal(0, 1, persons), random.normal(0, 1, items)
    right = random.random((persons, items)) < 1 / (1 + np.exp(difficulty - theta[:, None]))
    shares = random.dirichlet(np.ones(WRONG_OPTIONS) * 3, (GROUPS, items)).cumsum(axis=2)
    group = np.argsort(np.argsort(theta)) * GROUPS // persons
    wrong = (random.random((persons, items, 1)) > shares[group]).sum(axis=2)
    answers = np.where(right, RIGHT, np.minimum(wrong, WRONG_OPTIONS - 1))
    if seen < items:
        worth = -np.abs(theta[:, None] - difficulty) + random.gumbel(0, 1, (persons, items))
        unseen = np.argsort(np.argsort(-worth, axis=1), axis=1) >= seen
        answers[unseen] = UNSEEN
    return answers.astype(np.intp), theta


def plant_copiers(answers: Answers, theta: NDArray[np.float64]) -> set[tuple[int, int]]:
    """Let weak candidates copy from those after them in the list; the pairs."""
    random = np.random.default_rng(SEED + 1)
    weak = random.permutation(np.flatnonzero(theta < -0.3))[: 2 * COPIERS].reshape(-1, 2)
    for source, copier in weak:
        copied = random.random(answers.shape[1]) < COPIED
        both = copied & (answers[source] != UNSEEN) & (answers[copier] != UNSEEN)
        answers[copier, both] = answers[source, both]
    return {(int(min(pair)), int(max(pair))) for pair in weak}


def plain_tail(chances: list[float], successes: int) -> float:
    """P(S >= s), one trial after the other."""
    distribution = [1.0] + [0.0] * len(chances)
    for trial, chance in enumerate(chances, start=1):
        for hits in range(trial, 0, -1):
            distribution[hits] += chance * (distribution[hits - 1] - distribution[hits])
        distribution[0] *= 1.0 - chance
    return sum(distribution[successes:])


def plain_pairs(
    answers: Answers, theta: NDArray[np.float64], first: int
) -> tuple[dict[tuple[int, int], float], int]:
    """The pairs of the first candidates with all after them; and how many were looked at."""
    groups = (np.argsort(np.argsort(theta)) * GROUPS // len(theta)).tolist()
    options = np.full(answers.shape[1], WRONG_OPTIONS)
    chances = match_chances(answers, np.array(groups), options).tolist()
    rows = answers.tolist()
    found, looked = {}, 0
    for one in range(first):
        for other in range(one + 1, len(rows)):
            looked += 1
            common, trials, identical = 0, [], 0
            table = chances[groups[one]][groups[other]]
            for item, (left, right) in enumerate(zip(rows[one], rows[other], strict=True)):
                if left == UNSEEN or right == UNSEEN:
                    continue
                common += 1
                if left >= 0 and right >= 0:
                    trials.append(table[item])
                    identical += left == right
            if common >= FEWEST_COMMON and len(trials) >= FEWEST_WRONG:
                found[one, other] = plain_tail(trials, identical)
    return found, looked


def measured(name: str, persons: int, items: int, seen: int, loop: int) -> dict[str, object]:
    """One session: ours, the yardstick, honest error rate and copiers found."""
    answers, theta = made_session(persons, items, seen)
    options = np.full(items, WRONG_OPTIONS)
    start = time.process_time()
    ours = shared_errors(answers, theta, options)
    seconds = time.process_time() - start
    start = time.process_time()
    plain, looked = plain_pairs(answers, theta, loop)
    plain_seconds = (time.process_time() - start) * (persons * (persons - 1) / 2) / looked
    planted = plant_copiers(answers, theta)
    near = np.array(sorted(planted))
    return {
        "session": name,
        "pairs": persons * (persons - 1) // 2,
        "tests": ours.tests,
        "ours_seconds": round(seconds, 2),
        "yardstick": f"plain Python loop, {looked} pairs scaled up",
        "yardstick_seconds": round(plain_seconds, 1),
        "ratio": round(plain_seconds / seconds, 1),
        "largest_difference_of_p": largest_difference(ours, plain),
        "honest_below_.001": round(len(ours.p_value) / max(ours.tests, 1), 5),
        "honest_marked": int((ours.adjusted_p <= ERROR_RATE).sum()),
        "copiers_found": found_of(shared_errors(answers, theta, options), planted),
        "copiers_found_as_neighbours": found_of(
            shared_errors(answers, theta, options, neighbours=near), planted
        ),
        "copiers": len(planted),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def largest_difference(ours: SharedErrors, plain: dict[tuple[int, int], float]) -> float:
    """Of the p-values of pairs that both have; a pair that only one keeps counts as 1."""
    kept = dict(
        zip(zip(ours.first.tolist(), ours.second.tolist(), strict=True), ours.p_value, strict=True)
    )
    last = max((pair[0] for pair in plain), default=-1)
    expected = {pair: p for pair, p in plain.items() if p <= LARGEST_P}
    found = {pair: float(p) for pair, p in kept.items() if pair[0] <= last}
    if expected.keys() != found.keys():
        return 1.0
    return max((abs(found[pair] - p) for pair, p in expected.items()), default=0.0)


def found_of(found: SharedErrors, planted: set[tuple[int, int]]) -> int:
    """How many planted pairs are marked."""
    marked = found.adjusted_p <= ERROR_RATE
    pairs = zip(found.first[marked].tolist(), found.second[marked].tolist(), strict=True)
    return len(planted & set(pairs))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--persons", type=int, default=3000)
    options.add_argument("--loop", type=int, default=20, help="candidates of the plain loop")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = options.parse_args()
    results = [
        measured("fixed form, 60 items", given.persons, 60, 60, given.loop),
        measured("adaptive, 40 of 600 items", given.persons, 600, 40, given.loop),
    ]
    if given.json:
        print(json.dumps(results))
        return
    for result in results:
        for name, value in result.items():
            print(f"{name:28s} {value}")
        print()


if __name__ == "__main__":
    main()
