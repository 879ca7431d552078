"""The life of an item as a table: which step leads from which status to which, and who may take it.

Draft -> in review -> approved -> (pretest ->) operational -> retired. Every step makes a new
version. Knows no people: who wrote what is handed in by name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from question_bank.item import ItemStatus


class ItemAction(StrEnum):
    """What makes a version of an item."""

    EDIT = "edit"
    IMPORT = "import"
    TAG = "tag"
    SHIP = "ship"
    """Stored with the product: written and approved elsewhere."""
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PRETEST = "pretest"
    ACTIVATE = "activate"
    RETIRE = "retire"
    RESTORE = "restore"


WRITING_ACTIONS = frozenset({ItemAction.EDIT, ItemAction.IMPORT, ItemAction.TAG})
"""Actions that change what an item says; each leads to a draft, from any status."""
TEACHER = "teacher"


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: from which statuses it leads where, who takes it, and what it asks for.

    `by_another`: not by an author of what is approved. `with_reason`: the note must say why.
    `without_errors`: no finding of severity error may be open.
    """

    action: ItemAction
    sources: frozenset[ItemStatus]
    target: ItemStatus
    role: str = TEACHER
    by_another: bool = False
    with_reason: bool = False
    without_errors: bool = False


_S, _A = ItemStatus, ItemAction
ALIVE = frozenset(ItemStatus) - {ItemStatus.RETIRED}

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_A.SUBMIT, frozenset({_S.DRAFT}), _S.IN_REVIEW, without_errors=True),
    Transition(_A.WITHDRAW, frozenset({_S.IN_REVIEW}), _S.DRAFT),
    Transition(
        _A.APPROVE, frozenset({_S.IN_REVIEW}), _S.APPROVED, by_another=True, without_errors=True
    ),
    Transition(_A.SEND_BACK, frozenset({_S.IN_REVIEW, _S.APPROVED}), _S.DRAFT, with_reason=True),
    Transition(_A.PRETEST, frozenset({_S.APPROVED}), _S.PRETEST, without_errors=True),
    Transition(
        _A.ACTIVATE, frozenset({_S.APPROVED, _S.PRETEST}), _S.OPERATIONAL, without_errors=True
    ),
    Transition(_A.RETIRE, ALIVE, _S.RETIRED),
    Transition(_A.RESTORE, frozenset({_S.RETIRED}), _S.DRAFT),
)
"""Every step but writing, which leads from any status to a draft."""
TRANSITION_OF = {transition.action: transition for transition in TRANSITIONS}

_FORWARD = (_S.DRAFT, _S.IN_REVIEW, _S.APPROVED, _S.OPERATIONAL)
_STEP_FROM = {_S.DRAFT: _A.SUBMIT, _S.IN_REVIEW: _A.APPROVE, _S.APPROVED: _A.ACTIVATE}


@dataclass(frozen=True, slots=True)
class Event:
    """One version in an item's history: who made it, and by what."""

    action: str
    author: str


def transitions_from(status: ItemStatus) -> tuple[Transition, ...]:
    """The steps that an item of this status may take."""
    return tuple(step for step in TRANSITIONS if status in step.sources)


def open_authors(history: Iterable[Event]) -> frozenset[str]:
    """Who wrote what nobody approved yet; `history` is newest first.

    Those who only moved the item on wrote nothing and may approve it. What the product shipped
    was approved elsewhere.
    """
    found = set()
    for event in history:
        if event.action in (ItemAction.APPROVE, ItemAction.SHIP):
            break
        if event.action in WRITING_ACTIONS:
            found.add(event.author)
    return frozenset(found)


def steps_towards(status: ItemStatus, wanted: ItemStatus) -> Sequence[ItemAction]:
    """The steps from one status to another; empty where there is no way forward.

    Pretest lies aside the way: an approved item goes there or becomes operational.
    """
    if status is wanted:
        return ()
    if wanted is _S.RETIRED:
        return (_A.RETIRE,)
    if wanted is _S.DRAFT:
        back = {_S.RETIRED: _A.RESTORE, _S.IN_REVIEW: _A.WITHDRAW}
        return (back[status],) if status in back else ()
    if status is _S.RETIRED:
        return (_A.RESTORE, *steps_towards(_S.DRAFT, wanted))
    if status is _S.PRETEST:
        return (_A.ACTIVATE,) if wanted is _S.OPERATIONAL else ()
    if wanted is _S.PRETEST:
        if status not in _FORWARD[:3]:
            return ()
        return (*steps_towards(status, _S.APPROVED), _A.PRETEST)
    start, end = _FORWARD.index(status), _FORWARD.index(wanted)
    return tuple(_STEP_FROM[stage] for stage in _FORWARD[start:end])
