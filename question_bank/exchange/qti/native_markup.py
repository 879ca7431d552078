"""One of our own items as a QTI 3.0 assessment item: declarations, body, processing, feedback.

The explanation is modal feedback, so nobody sees it before an attempt has ended. Knows no version
but 3.0 and no package.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from question_bank.answer_key import NumericKey
from question_bank.exchange.markdown_nodes import block_nodes
from question_bank.exchange.qti.native_blanks import blanks_of, response_names, scored_blanks
from question_bank.exchange.qti.native_bodies import body_of
from question_bank.exchange.qti.native_rules import (
    SCORE,
    ScoredParts,
    is_number,
    scored_choice,
    scored_essay,
    scored_match,
    scored_number,
    scored_order,
)
from question_bank.exchange.xml_names import xml_names
from question_bank.item import Item, ItemType
from question_bank.qti.rule_nodes import (
    choose,
    decimal_text,
    identifier,
    number,
    operator,
    outcome,
    set_outcome,
    variable,
)
from question_bank.qti.tree import Node
from question_bank.response_processing import RESPONSE

FEEDBACK = "FEEDBACK"
EXPLANATION = "EXPLANATION"
TAKEAWAY = "TAKEAWAY"
MAXSCORE = "MAXSCORE"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
CHOICES = (ItemType.SINGLE, ItemType.MULTIPLE, ItemType.TRUE_FALSE)
Names = Mapping[str, str]


def native_item_node(item: Item, stimulus: str = "") -> Node:
    """The element of the whole item.

    `stimulus` is the address of a file that holds the shared case; without one it stands in the
    body. Raises KeyError for an item whose markup alone says what it asks.
    """
    names = part_names(item)
    scored = _SCORED[item.type](item, names)
    notes = dict(_feedback(item, names))
    outcomes = [*_score_outcomes(item), *scored.outcomes, *_feedback_outcome(notes)]
    parts = [
        *scored.responses,
        *outcomes,
        *stimulus_reference(item, stimulus),
        body_of(item, names, stimulus=not stimulus),
        *_processing(item, scored, notes, names),
        *(_modal(name, text) for name, text in notes.items()),
    ]
    attributes = {
        "identifier": item.id,
        "title": item.point or item.id,
        "adaptive": "false",
        "time-dependent": "false",
    }
    return Node("qti-assessment-item", attributes, tuple(parts))


def part_names(item: Item) -> dict[str, str]:
    """The identifiers of options and targets; of a fill-in item, those of its responses."""
    if item.type is ItemType.FILL_IN:
        return response_names(blanks_of(item))
    ids = [option.id for option in (*item.options, *item.targets)]
    names = xml_names(ids, taken=(EXPLANATION, TAKEAWAY))
    pairs = (key.split() for key in item.scoring.mapping if key not in names)
    known = (pair for pair in pairs if len(pair) == 2 and set(pair) <= names.keys())
    return {**names, **{" ".join(pair): " ".join(names[part] for part in pair) for pair in known}}


def _score_outcomes(item: Item) -> Iterator[Node]:
    most = decimal_text(item.scoring.max_points)
    held = {"normal_maximum": most} if most else {}
    if item.type is ItemType.ESSAY:
        held["external_scored"] = "human"
    yield outcome(SCORE, "float", "0", **held)
    yield outcome(MAXSCORE, "float", most or "")


def _feedback_outcome(notes: Mapping[str, str]) -> Iterator[Node]:
    if notes:
        attributes = {"identifier": FEEDBACK, "cardinality": "multiple", "base-type": "identifier"}
        yield Node("qti-outcome-declaration", attributes)


def stimulus_reference(item: Item, address: str) -> Iterator[Node]:
    """The reference to the file of the shared text, where there is one."""
    if address and item.stimulus is not None:
        attributes = {"identifier": "STIMULUS", "href": address, "title": item.stimulus.title}
        if not item.stimulus.title:
            del attributes["title"]
        yield Node("qti-assessment-stimulus-ref", attributes)


def _feedback(item: Item, names: Names) -> Iterator[tuple[str, str]]:
    """Identifier and text of each piece of feedback."""
    told = item.explanation
    if told.text:
        yield EXPLANATION, told.text
    if told.takeaway:
        yield TAKEAWAY, told.takeaway
    for option in item.options:
        if told.option_notes.get(option.id):
            yield names[option.id], told.option_notes[option.id]
    for place, slip in enumerate(told.wrong_answers, start=1):
        if slip.note:
            yield f"SLIP_{place}", slip.note


def _modal(name: str, text: str) -> Node:
    attributes = {"outcome-identifier": FEEDBACK, "identifier": name, "show-hide": "show"}
    content = Node("qti-content-body", {}, block_nodes(text))
    return Node("qti-modal-feedback", attributes, (content,))


def _processing(item: Item, scored: ScoredParts, notes: Names, names: Names) -> Iterator[Node]:
    rules = [*_maximum(item), *scored.rules]
    plain = bool(scored.template) and not notes and len(rules) == len(scored.rules)
    if plain:
        address = f"{TEMPLATES}/{scored.template}.xml"
        yield Node("qti-response-processing", {"template": address})
        return
    rules += _feedback_rules(item, notes, names)
    if rules:
        yield Node("qti-response-processing", {}, tuple(rules))


def _maximum(item: Item) -> Iterator[Node]:
    """Full marks that no decimal says are reckoned."""
    if decimal_text(item.scoring.max_points) is None:
        yield set_outcome(MAXSCORE, number(item.scoring.max_points))


def _feedback_rules(item: Item, notes: Names, names: Names) -> Iterator[Node]:
    """Explanation and notes: of a choice those of the options chosen, else all of them."""
    if not notes:
        return
    chosen = item.type in CHOICES
    optional = {names[option.id] for option in item.options} if chosen else set()
    slips = {f"SLIP_{place}" for place in range(1, len(item.explanation.wrong_answers) + 1)}
    always = [identifier(name) for name in notes if name not in optional and name not in slips]
    shown = [*always, variable(RESPONSE)] if optional & set(notes) else always
    if shown:
        yield set_outcome(FEEDBACK, operator("multiple", *shown))
    for place, slip in enumerate(item.explanation.wrong_answers, start=1):
        if f"SLIP_{place}" in notes:
            key = NumericKey(slip.value, _tolerance(item), 0)
            told = operator("multiple", variable(FEEDBACK), identifier(f"SLIP_{place}"))
            yield choose((is_number(key), [set_outcome(FEEDBACK, told)]))


def _tolerance(item: Item) -> Decimal:
    """How near a named slip has to be met: as near as the key, where that is absolute."""
    key = item.answer_key
    return key.tolerance if isinstance(key, NumericKey) and not key.relative else Decimal(0)


_SCORED: Mapping[ItemType, Callable[[Item, Names], ScoredParts]] = {
    ItemType.SINGLE: scored_choice,
    ItemType.MULTIPLE: scored_choice,
    ItemType.TRUE_FALSE: scored_choice,
    ItemType.NUMERIC: scored_number,
    ItemType.FILL_IN: scored_blanks,
    ItemType.ORDER: scored_order,
    ItemType.MATCH: scored_match,
    ItemType.ESSAY: scored_essay,
}
