"""Scores an assessment item: responses in, outcomes and points out.

`process` is the door for items kept as markup. It never fetches anything and always comes to an
end. What is not supported gives NULL, is named in the outcome and calls for marking by hand; an
element that QTI does not have is an error, because nobody can say what its author meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from question_bank.qti.definition import ItemDefinition
from question_bank.qti.feedback import shown_modal_feedback
from question_bank.qti.full_marks import full_marks
from question_bank.qti.item_reader import read_item
from question_bank.qti.marking import needs_marking
from question_bank.qti.numbers import to_double
from question_bank.qti.responses import read_response
from question_bank.qti.session import COMPLETION_STATUS
from question_bank.qti.sitting import SCORE, begin, points_of, respond
from question_bank.qti.values import (
    Cardinality,
    Scalar,
    Value,
    write_scalar,
)

COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class QtiOutcome:
    """What became of one attempt at an item.

    `outcomes` are plain values: numbers, booleans, texts, "A B" for pairs and points, lists for
    containers, None for NULL; `values` are the same, exact and typed. `templates` are the template
    variables that the seed gave, `modal_feedback` the identifiers shown, `unsupported` what was
    met and not understood.
    """

    outcomes: Mapping[str, object]
    points: Fraction
    max_points: Fraction
    needs_marking: bool = False
    modal_feedback: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    templates: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, Value | None] = field(default_factory=dict)
    attempt: int = 1

    @property
    def is_completed(self) -> bool:
        """Whether an adaptive item says that no further attempt follows."""
        return self.outcomes.get(COMPLETION_STATUS) == COMPLETED


def process(
    markup: str,
    responses: Mapping[str, object],
    *,
    seed: int = 0,
    previous: QtiOutcome | None = None,
) -> QtiOutcome:
    """Score responses to an item kept as markup.

    `responses` are raw values by response identifier, None where nothing was answered; where one is
    missing, the response keeps its default.
    `seed` decides what template processing draws. `previous` is the outcome of the attempt before
    at the same item: an adaptive item goes on from there. Raises a MarkupError where the markup
    cannot be read, UnsupportedMarkup and UnboundedProcessing where its rules cannot be carried out.
    """
    return process_item(read_item(markup), responses, seed=seed, previous=previous)


def process_item(
    definition: ItemDefinition,
    responses: Mapping[str, object],
    *,
    seed: int = 0,
    previous: QtiOutcome | None = None,
) -> QtiOutcome:
    """`process` for an item that has been read already."""
    attempt = 1 if previous is None else previous.attempt + 1
    session = begin(definition, seed)
    if previous is not None and definition.adaptive:
        session.outcomes.update(previous.values)
    for name, declared in definition.responses.items():
        answered = name in responses
        session.responses[name] = (
            read_response(declared, responses[name]) if answered else session.defaults[name]
        )
    session.start_attempt(attempt)
    respond(session)
    return QtiOutcome(
        outcomes={name: plain(value) for name, value in session.outcomes.items()},
        points=points_of(session.outcomes.get(SCORE)),
        max_points=full_marks(definition, session, seed),
        needs_marking=needs_marking(definition) or bool(session.unsupported),
        modal_feedback=shown_modal_feedback(definition, session),
        unsupported=tuple(session.unsupported),
        templates={name: plain(value) for name, value in session.templates.items()},
        values=dict(session.outcomes),
        attempt=attempt,
    )


def plain(value: Value | None) -> object:
    """A value as JSON knows it."""
    if value is None:
        return None
    if value.cardinality is Cardinality.RECORD:
        return {name: plain(inner) for name, inner in value.fields.items()}
    items = [_plain_scalar(item) for item in value.items]
    if value.is_container:
        return items
    return items[0] if items else None


def _plain_scalar(item: Scalar) -> bool | int | float | str:
    if isinstance(item, Fraction):
        return to_double(item)
    return item if isinstance(item, (bool, int, str)) else write_scalar(item)
