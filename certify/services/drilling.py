"""Which item of a practice comes next: of a node, of the mistake book, or at the weak spot.

The weak spot is the dimension with the lowest ability in the last result that one may see.
"""

from collections.abc import Mapping, Sequence

from certify.errors import NotFound, ResultHeld, ResultNotReady
from certify.exams.pool import build_pool
from certify.exams.repetition import Repetition
from certify.services.context import ServiceContext
from certify.services.deciding import ResultView, view_result
from certify.services.ports import StoredPracticeAnswer
from question_bank.item import Item, ItemVersion
from question_bank.skills import level_rank

STEP = 0.25
"""Ours: by how much (theta) the difficulty aimed at moves with each answer at the weak spot."""

Answers = Mapping[str, StoredPracticeAnswer]
"""The last answer to each item."""


def repetition_of(answer: StoredPracticeAnswer) -> Repetition:
    """Where the answer left its item."""
    return Repetition(answer.box, answer.mistakes, answer.due_at)


def mistakes(answers: Answers) -> list[StoredPracticeAnswer]:
    """The mistake book: what was wrong last time first, then by the time of the answer."""
    listed = [answer for answer in answers.values() if repetition_of(answer).is_mistake]
    return sorted(listed, key=lambda answer: (answer.correct, answer.answered_at, answer.id))


def of_node(node: str, items: Mapping[str, ItemVersion], answers: Answers) -> list[str]:
    """New items first, the easier levels before the harder; then the one longest ago."""
    ids = [item_id for item_id, version in items.items() if version.item.node == node]
    return sorted(
        ids,
        key=lambda item_id: (
            answers[item_id].id if item_id in answers else 0,
            level_rank(items[item_id].item.level),
            item_id,
        ),
    )


def _last_result(context: ServiceContext, person_id: str) -> ResultView | None:
    """The newest result that its candidate may see."""
    with context.database.reading() as work:
        entries = work.attempts.of_candidate(person_id)
    for entry in entries:
        try:
            return view_result(context, person_id, entry.attempt.id)
        except (NotFound, ResultHeld, ResultNotReady):
            continue
    return None


def _ranked(result: ResultView) -> list[tuple[str, float]]:
    """Assessed dimensions with their ability, the weakest first."""
    found = [(one.code, one.theta) for one in result.report.dimensions if one.theta is not None]
    return sorted(found, key=lambda entry: (entry[1], entry[0]))


def weak_spot(
    context: ServiceContext, person_id: str, items: Mapping[str, ItemVersion]
) -> str | None:
    """The weakest dimension that has items; None without a result."""
    result = _last_result(context, person_id)
    there = {version.item.dimension for version in items.values()}
    ranked = [code for code, _theta in _ranked(result) if code in there] if result else []
    return ranked[0] if ranked else None


def at_weak_spot(
    context: ServiceContext, person_id: str, items: Mapping[str, ItemVersion], answers: Answers
) -> list[str]:
    """Items of the weakest dimension that has some to do, the one of fitting difficulty first.

    The difficulty aimed at begins at the ability of the result and moves with each answer. An item
    rests until it is due; where the whole dimension rests, the next weakest has its turn.
    """
    result = _last_result(context, person_id)
    if result is None:
        return []
    now = context.clock()
    difficulty = _difficulties(context, result, [version.item for version in items.values()])
    for code, theta in _ranked(result):
        mine = [item_id for item_id, version in items.items() if version.item.dimension == code]
        given = [answers[item_id] for item_id in mine if item_id in answers]
        aim = theta + STEP * sum(1 if answer.correct else -1 for answer in given)
        open_now = [i for i in mine if i not in answers or answers[i].due_at <= now]
        if open_now:
            return sorted(open_now, key=lambda i: (i in answers, abs(difficulty[i] - aim), i))
    return []


def _difficulties(
    context: ServiceContext, result: ResultView, items: Sequence[Item]
) -> dict[str, float]:
    """The difficulty (b) of each item on the scale of the result."""
    scale = result.programme.scale
    pool = build_pool(items, context.skill_model.dimension_codes, scale.cuts, scale.correlation)
    found = dict(zip((item.id for item in pool.items), pool.parameters.b.tolist(), strict=True))
    return {item.id: found.get(item.id, 0.0) for item in items}
