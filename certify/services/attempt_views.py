"""An attempt as its candidate sees it: the item at hand, the saved answer, and of a form its map.

Holds neither key, parameter nor explanation.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from certify.errors import NotFound
from certify.exams.adaptive import AdaptiveExam
from certify.exams.attempt import Attempt, AttemptState, ServedItem
from certify.exams.markup_layout import laid_out_body
from certify.exams.pool import ItemPool
from certify.exams.scoring import count_answered
from certify.services.context import ServiceContext
from certify.services.examining import exam_of, programme_of
from certify.services.showing import ItemView, view_item
from question_bank.interactions import is_blank
from rubrics.catalogue import Programme


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One item of a form; `number` counts on the form from 1, `position` in the whole attempt."""

    position: int
    number: int
    section: str
    is_answered: bool
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class FormProgress:
    """A running form part with the map of its items; `number` is the one that is shown."""

    title: str
    number: int
    questions: tuple[FormQuestion, ...]

    @property
    def unanswered(self) -> tuple[FormQuestion, ...]:
        """Those without an answer that says something."""
        return tuple(one for one in self.questions if not one.is_answered)

    @property
    def flagged(self) -> tuple[FormQuestion, ...]:
        """Those marked to come back to."""
        return tuple(one for one in self.questions if one.is_flagged)

    @property
    def current(self) -> FormQuestion:
        """The one that is shown."""
        return self.questions[self.number - 1]

    def neighbour(self, step: int) -> FormQuestion | None:
        """The one so many places on, or None beyond the ends."""
        place = self.number - 1 + step
        return self.questions[place] if 0 <= place < len(self.questions) else None


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt as its candidate sees it. `item` and `response` are of the position shown.

    `answered` counts the scored items with an answer that says something; `client` is the newest
    page that opened the attempt. `part` counts from 1; `form` is there while a form part runs.
    """

    id: str
    programme: Programme
    level: str
    state: AttemptState
    remaining_seconds: float
    limit_seconds: float
    max_items: int
    answered: int
    item: ItemView | None
    response: Any
    revision: int
    client: int
    part: int = 1
    parts: int = 1
    break_over_at: dt.datetime | None = None
    form: FormProgress | None = None


def compose_attempt_view(
    context: ServiceContext, attempt: Attempt, position: int = 0
) -> AttemptView:
    """The view of an attempt that has started; `position` names an item of a running form part.

    By default it is the first item without an answer. Raises NotFound before the start.
    """
    terms = attempt.terms
    if terms is None:
        raise NotFound(kind="Attempt", identifier=attempt.id)
    with context.database.reading() as work:
        exam = exam_of(context, work, terms)
    now = context.clock()
    state = attempt.state_at(now)
    running = state is AttemptState.RUNNING
    form = _progress(attempt, exam, position) if running else None
    served = attempt.current if running else None
    if form is not None:
        served = attempt.served[form.current.position - 1]
    answer = attempt.answers.get(served.position) if served else None
    return AttemptView(
        id=attempt.id,
        programme=programme_of(context, terms.programme_code, terms.programme_version),
        level=terms.level,
        state=state,
        remaining_seconds=attempt.remaining_seconds(now),
        limit_seconds=attempt.part_terms.limit_seconds + attempt.extra_seconds,
        max_items=exam.blueprint.max_items,
        answered=count_answered(attempt),
        item=_item_view(attempt, served, exam.pool) if served else None,
        response=answer.response if answer else None,
        revision=answer.revision if answer else 0,
        client=attempt.client,
        part=attempt.part + 1,
        parts=len(terms.parts),
        break_over_at=attempt.break_over_at,
        form=form,
    )


def _progress(attempt: Attempt, exam: AdaptiveExam, position: int) -> FormProgress | None:
    """None in an adaptive part, which has no map."""
    form = exam.forms.get(attempt.part_terms.form_digest)
    served = attempt.served_in_part()
    if form is None or not served:
        return None
    sections = {entry.item_id: entry.section for entry in form.items}
    questions = tuple(
        FormQuestion(
            position=item.position,
            number=number,
            section=sections[item.item_id],
            is_answered=_is_answered(attempt, item.position),
            is_flagged=item.position in attempt.flagged,
        )
        for number, item in enumerate(served, 1)
    )
    numbers = {one.position: one.number for one in questions}
    first_open = next((one.number for one in questions if not one.is_answered), 1)
    return FormProgress(form.title, numbers.get(position, first_open), questions)


def _is_answered(attempt: Attempt, position: int) -> bool:
    answer = attempt.answers.get(position)
    return answer is not None and not is_blank(answer.response)


def _item_view(attempt: Attempt, served: ServedItem, pool: ItemPool) -> ItemView:
    item = pool.by_id[served.item_id]
    view = view_item(item, served.position, served.option_order, served.target_order)
    if view.body is None or not item.shuffle:
        return view
    seed = attempt.started_terms.seed
    return replace(view, body=laid_out_body(view.body, seed, served.position))
