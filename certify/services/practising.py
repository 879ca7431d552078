"""Practice outside of exams: drills, the mistake book, and items that come back when they are due.

Uses nothing but the items listed for practice, and of those none that a release in use still holds:
keys and explanations are shown after each answer. Reads the last result to find the weak spot;
nothing here reaches an exam.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from certify.errors import NotFound
from certify.exams.form import option_order, target_order
from certify.exams.repetition import repeat
from certify.services.context import ServiceContext
from certify.services.drilling import (
    Answers,
    at_weak_spot,
    mistakes,
    of_node,
    repetition_of,
    weak_spot,
)
from certify.services.filing import FileContent, get_file
from certify.services.ports import StoredPracticeAnswer, UnitOfWork
from certify.services.showing import ItemView, view_item
from certify.services.versioning import read_version
from question_bank.interactions import parse_response
from question_bank.item import Item, ItemStatus, ItemVersion
from question_bank.practice import load_practice_ids
from question_bank.response_processing import score
from question_bank.skills import SkillNode


class Drill(StrEnum):
    """What practice serves: a node, the weak spot, the mistake book, or what is due."""

    NODE = "node"
    WEAK = "weak"
    MISTAKES = "mistakes"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class NodeProgress:
    """A node with items for practice; `known` of them were answered rightly last time."""

    node: SkillNode
    items: int
    answered: int
    known: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """An item of the mistake book with the last answer to it."""

    item: Item
    answer: StoredPracticeAnswer


@dataclass(frozen=True, slots=True)
class PracticeOutline:
    """Where somebody stands. `weak` is the dimension to work on, None without a result; `next_due`
    is when the next item comes back, None where nothing was answered."""

    nodes: tuple[NodeProgress, ...]
    due: int
    mistakes: tuple[Mistake, ...]
    weak: str | None
    next_due: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PracticeTask:
    """An item to answer, laid out for this answer; `number` counts the answers to it from 1."""

    item: Item
    view: ItemView
    number: int


@dataclass(frozen=True, slots=True)
class PracticeFeedback:
    """An answer given, with the item in the layout in which it was answered."""

    answer: StoredPracticeAnswer
    item: Item
    view: ItemView


def outline_practice(context: ServiceContext, person_id: str) -> PracticeOutline:
    """What there is to practise, and how far one is."""
    items, answers = _material(context, person_id)
    now = context.clock()
    return PracticeOutline(
        nodes=tuple(
            _progress(node, items, answers)
            for node in context.skill_model.nodes.values()
            if any(version.item.node == node.code for version in items.values())
        ),
        due=sum(answer.due_at <= now for answer in answers.values()),
        mistakes=tuple(Mistake(items[one.item_id].item, one) for one in mistakes(answers)),
        weak=weak_spot(context, person_id, items),
        next_due=min((answer.due_at for answer in answers.values()), default=None),
    )


def next_task(
    context: ServiceContext, person_id: str, drill: Drill, node: str = ""
) -> PracticeTask | None:
    """The next item of a drill, None where there is nothing to do now. Raises NotFound."""
    items, answers = _material(context, person_id)
    match drill:
        case Drill.NODE:
            chosen = of_node(node, items, answers)
            if not chosen:
                raise NotFound(kind="Node", identifier=node[:20])
        case Drill.WEAK:
            chosen = at_weak_spot(context, person_id, items, answers)
        case Drill.MISTAKES:
            chosen = [one.item_id for one in mistakes(answers)]
        case Drill.DUE:
            now = context.clock()
            due = [one for one in answers.values() if one.due_at <= now]
            chosen = [one.item_id for one in sorted(due, key=lambda one: (one.due_at, one.id))]
    if not chosen:
        return None
    item, before = items[chosen[0]].item, answers.get(chosen[0])
    number = before.number + 1 if before else 1
    return PracticeTask(item, _laid_out(item, person_id, number), number)


def find_task(context: ServiceContext, person_id: str, item_id: str) -> PracticeTask:
    """An item for practice as the person's next answer to it meets it. Raises NotFound."""
    items, answers = _material(context, person_id)
    if item_id not in items:
        raise NotFound(kind="Item", identifier=item_id[:80])
    item, before = items[item_id].item, answers.get(item_id)
    number = before.number + 1 if before else 1
    return PracticeTask(item, _laid_out(item, person_id, number), number)


def answer_task(
    context: ServiceContext, person_id: str, item_id: str, number: int, response: Any
) -> int:
    """Score and store an answer; its id. The same number again gives the answer that is stored.

    Raises NotFound or MalformedResponse.
    """
    with context.database.writing() as work:
        version = _practice_items(context, work).get(item_id)
        if version is None:
            raise NotFound(kind="Item", identifier=item_id[:80])
        before = work.practice.latest_of(person_id).get(item_id)
        if before is not None and number <= before.number:
            # a double click, or a page that was sent again
            return before.id
        new = _answered(version, person_id, before, response, context.clock())
        stored = work.practice.add(new) or work.practice.latest_of(person_id)[item_id]
        work.commit()
    return stored.id


def view_feedback(context: ServiceContext, person_id: str, answer_id: int) -> PracticeFeedback:
    """One's own answer with its item. Raises NotFound for anybody else's."""
    with context.database.reading() as work:
        answer = work.practice.get(answer_id)
        if answer is None or answer.person_id != person_id:
            raise NotFound(kind="Answer", identifier=answer_id)
        version = _practice_items(context, work).get(answer.item_id)
    if version is None:
        # taken out of practice since: its key may no longer be shown
        raise NotFound(kind="Answer", identifier=answer_id)
    view = _laid_out(version.item, person_id, answer.number)
    return PracticeFeedback(answer, version.item, view)


def view_practice_file(context: ServiceContext, item_id: str, name: str) -> FileContent:
    """A picture of an item for practice. Raises NotFound for any other file."""
    with context.database.reading() as work:
        version = _practice_items(context, work).get(item_id)
    for file in version.item.files if version else ():
        if file.name == name:
            return get_file(context, file.digest)
    raise NotFound(kind="File", identifier=name[:80])


def _material(context: ServiceContext, person_id: str) -> tuple[Mapping[str, ItemVersion], Answers]:
    with context.database.reading() as work:
        items = _practice_items(context, work)
        answers = work.practice.latest_of(person_id)
    return items, {item_id: answer for item_id, answer in answers.items() if item_id in items}


def _practice_items(context: ServiceContext, work: UnitOfWork) -> Mapping[str, ItemVersion]:
    """Approved items listed for practice that no release in use holds."""
    ids = load_practice_ids() - work.releases.items_in_use(context.clock())
    stored = work.items.latest_of(sorted(ids))
    operational = ItemStatus.OPERATIONAL.value
    return {
        item_id: read_version(context, one)
        for item_id, one in sorted(stored.items())
        if one.status == operational
    }


def _answered(
    version: ItemVersion,
    person_id: str,
    before: StoredPracticeAnswer | None,
    response: Any,
    now: dt.datetime,
) -> StoredPracticeAnswer:
    item = version.item
    correct = score(item, parse_response(item, response)).is_correct
    place = repeat(repetition_of(before) if before else None, correct, now)
    return StoredPracticeAnswer(
        person_id=person_id,
        item_id=item.id,
        version=version.version,
        number=before.number + 1 if before else 1,
        response=response,
        correct=correct,
        box=place.box,
        mistakes=place.mistakes,
        due_at=place.due_at,
        answered_at=now,
    )


def _laid_out(item: Item, person_id: str, number: int) -> ItemView:
    """Shuffled anew for each answer, so that nobody learns a letter by heart."""
    seed = f"{person_id}:{item.id}"
    return view_item(
        item, number, option_order(item, seed, number), target_order(item, seed, number)
    )


def _progress(node: SkillNode, items: Mapping[str, ItemVersion], answers: Answers) -> NodeProgress:
    ids = [item_id for item_id, version in items.items() if version.item.node == node.code]
    given = [answers[item_id] for item_id in ids if item_id in answers]
    return NodeProgress(node, len(ids), len(given), sum(answer.correct for answer in given))
