"""Working copies: what somebody typed and did not save yet, kept for that person alone."""

import json
from collections.abc import Mapping
from typing import Any

from certify.errors import InvalidField, Phrase
from certify.services.acting import TEACHER, Actor
from certify.services.context import ServiceContext
from certify.services.ports import WorkingCopy

LONGEST_PLACE = 80
LARGEST_COPY = 2_000_000
"""Characters of a working copy as JSON."""


def save_working_copy(
    context: ServiceContext,
    place: str,
    content: Mapping[str, Any],
    *,
    based_on: int,
    actor: Actor,
) -> WorkingCopy:
    """Keep what is typed, in place of what was kept before.

    `place` is the id of the item, or a word that the page chose for a new one. Raises NotPermitted,
    or InvalidField for what is too large.
    """
    actor.require(TEACHER)
    if not 0 < len(place) <= LONGEST_PLACE:
        expected = Phrase("1 to {highest} characters", {"highest": LONGEST_PLACE})
        raise InvalidField(field="place", expected=expected, found=len(place))
    size = len(json.dumps(content, ensure_ascii=False))
    if size > LARGEST_COPY:
        expected = Phrase("at most {highest} characters", {"highest": LARGEST_COPY})
        raise InvalidField(field="content", expected=expected, found=size)
    copy = WorkingCopy(place, actor.name, content, based_on, context.clock())
    with context.database.writing() as work:
        work.working_copies.save(copy)
        work.commit()
    return copy


def get_working_copy(context: ServiceContext, place: str, *, actor: Actor) -> WorkingCopy | None:
    """One's own working copy at a place, or None. Raises NotPermitted."""
    actor.require(TEACHER)
    with context.database.reading() as work:
        return work.working_copies.get(actor.name, place)


def list_working_copies(context: ServiceContext, *, actor: Actor) -> tuple[WorkingCopy, ...]:
    """One's own working copies, the one touched last first. Raises NotPermitted."""
    actor.require(TEACHER)
    with context.database.reading() as work:
        return work.working_copies.of_author(actor.name)


def discard_working_copy(context: ServiceContext, place: str, *, actor: Actor) -> bool:
    """Forget one's own working copy; False where there was none. Raises NotPermitted."""
    actor.require(TEACHER)
    with context.database.writing() as work:
        was_there = work.working_copies.discard(actor.name, place)
        work.commit()
    return was_there
