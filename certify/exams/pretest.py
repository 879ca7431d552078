"""Where items are tried out in an adaptive exam, and which ones. Unscored, looking like any other.

Their positions are drawn within the shortest exam, so that every attempt that runs its course has
them; which items, among those of the level or below, is drawn as well, without enemies.
"""

from functools import lru_cache

from certify.exams.attempt import Attempt
from certify.exams.blueprint import ExamBlueprint
from certify.exams.draws import seeded_draw
from certify.exams.pool import ItemPool
from question_bank.item import Item
from question_bank.skills import level_rank

POSITIONS_KEPT = 4096
FIRST_POSITION = 3
"""The first items are scored: a candidate settles in on what counts."""


def pretest_positions(seed: str, blueprint: ExamBlueprint) -> frozenset[int]:
    """Positions (from 1) of the items tried out, drawn without replacement."""
    return _drawn(seed, blueprint.min_items + blueprint.pretest_items, blueprint.pretest_items)


@lru_cache(maxsize=POSITIONS_KEPT)
def _drawn(seed: str, length: int, count: int) -> frozenset[int]:
    left = list(range(FIRST_POSITION, length + 1))
    chosen = set()
    for number in range(min(count, len(left))):
        chosen.add(left.pop(seeded_draw(seed, number, len(left), "pretest position")))
    return frozenset(chosen)


def pretest_item_at(attempt: Attempt, pool: ItemPool, blueprint: ExamBlueprint) -> Item | None:
    """The item to try out next, or None where a scored one comes next."""
    if attempt.terms is None or not pool.pretest_items:
        return None
    seed, position = attempt.terms.seed, len(attempt.served) + 1
    if position not in pretest_positions(seed, blueprint):
        return None
    barred = {served.item_id for served in attempt.served}
    barred |= {enemy for item_id in barred for enemy in pool.enemies_of.get(item_id, ())}
    rank = level_rank(blueprint.level)
    free = [
        item
        for item in pool.pretest_items
        if item.id not in barred and level_rank(item.level) <= rank
    ]
    return free[seeded_draw(seed, position, len(free), "pretest item")] if free else None
