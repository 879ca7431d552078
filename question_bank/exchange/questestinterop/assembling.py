"""One `item` of QTI 1.x -> one assessment item of QTI 3.0, as an element tree."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from question_bank.exchange.questestinterop import problem_kinds as kinds
from question_bank.exchange.questestinterop.bodies import body_of
from question_bank.exchange.questestinterop.calculated import calculated_parts
from question_bank.exchange.questestinterop.conditions import Say
from question_bank.exchange.questestinterop.declared import Asked, asked_variables, declaration
from question_bank.exchange.questestinterop.html_nodes import in_blocks
from question_bank.exchange.questestinterop.material import parts_of
from question_bank.exchange.questestinterop.plain_scoring import plain_scoring
from question_bank.exchange.questestinterop.points import SCORE, Points, Worth, worth_of
from question_bank.exchange.questestinterop.processing import (
    FEEDBACK,
    Processing,
    carried_out,
    read_processing,
)
from question_bank.exchange.questestinterop.responses import (
    Kind,
    Response,
    read_responses,
    words_of,
)
from question_bank.exchange.questestinterop.trial import Raw, Trial
from question_bank.exchange.xml_names import xml_names
from question_bank.qti.rule_nodes import decimal_text, outcome, values
from question_bank.qti.tree import Node
from question_bank.scoring import Scoring as OurScoring

MAXSCORE = "MAXSCORE"
_NOTED = (Kind.CHOICE, Kind.ORDER, Kind.HOTSPOT)
_TYPE_FIELDS = (
    "question_type",
    "cc_profile",
    "bbmd_questiontype",
    "qmd_itemtype",
    "qmd_responsetype",
)


@dataclass(frozen=True, slots=True)
class Scoring:
    """Declarations with right responses and mappings, further outcomes, and the scoring rules."""

    responses: tuple[Node, ...]
    rules: tuple[Node, ...]
    worth: Worth
    outcomes: tuple[Node, ...] = ()
    by_hand: bool = False
    shares: OurScoring | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """The assessment item; and, where its points are no decimals, our rule for them."""

    node: Node
    shares: OurScoring | None = None


def converted_item(item: Node, say: Say) -> Converted:
    """The assessment item that says the same as an item of QTI 1.x."""
    metadata = metadata_of(item)
    question_type = next((words_of(metadata[f]) for f in _TYPE_FIELDS if metadata.get(f)), "")
    responses = read_responses(item, question_type)
    if "text_only" in question_type:
        responses = {}
    names = feedback_names(item, responses)
    drawn = calculated_parts(item, responses, metadata, say)
    if drawn is not None:
        body = drawn.filled(body_of(item.child("presentation"), responses))
        node = _item(item, drawn.declarations, drawn.processing, body, _modals(item, names))
        return Converted(node)
    processing = read_processing(item, responses, names, say)
    scored = _scored(item, responses, processing, metadata, say)
    shown = carried_out(processing.feedback) if names else ()
    rules = (*scored.rules, *shown)
    parts = (
        *scored.responses,
        *_score_outcomes(scored, bool(responses)),
        *scored.outcomes,
        *_feedback_outcome(names),
    )
    rp = (Node("qti-response-processing", {}, rules),) if rules else ()
    body = body_of(item.child("presentation"), responses)
    if not responses:
        say(kinds.TEXT_ONLY)
    return Converted(_item(item, parts, rp, body, _modals(item, names)), scored.shares)


def _item(
    item: Node,
    declarations: tuple[Node, ...],
    processing: tuple[Node, ...],
    body: Node,
    modals: Iterator[Node],
) -> Node:
    before = tuple(node for node in processing if node.name == "qti-template-processing")
    after = tuple(node for node in processing if node.name == "qti-response-processing")
    title = item.get("title").strip() or item.get("ident").strip() or "-"
    held = {
        "identifier": item.get("ident").strip() or _identifier_beside(item),
        "title": title,
        "adaptive": "false",
        "time-dependent": "false",
    }
    parts = (*declarations, *before, body, *after, *modals)
    return Node("qti-assessment-item", held, parts)


def _identifier_beside(item: Node) -> str:
    """Blackboard's identifier, which stands in the metadata."""
    found = (node.text.strip() for node in item.walk() if node.name == "bbmd_asi_object_id")
    return next(found, "")


def metadata_of(item: Node) -> dict[str, str]:
    """The metadata fields of an item, by their labels in lower case."""
    fields: dict[str, str] = {}
    for node in item.walk():
        if node.name == "qtimetadatafield":
            label, entry = node.child("fieldlabel"), node.child("fieldentry")
            if label is not None and entry is not None:
                fields.setdefault(label.text.strip().lower(), entry.text.strip())
        elif node.name.startswith(("bbmd_", "qmd_")) and not node.elements:
            fields.setdefault(node.name, node.text.strip())
    return fields


def _scored(
    item: Node,
    responses: Mapping[str, Response],
    processing: Processing,
    metadata: Mapping[str, str],
    say: Say,
) -> Scoring:
    asked = asked_variables(responses.values())
    free = any(each.kind in (Kind.ESSAY, Kind.UPLOAD) for each in asked)
    trial = Trial(asked, processing)
    best, raw = trial.best() if trial.names else (dict[str, Raw](), Fraction(0))
    worth = worth_of(metadata, processing, raw, say)
    if raw <= 0 or not asked:
        if asked and not free:
            say(kinds.NO_SCORING)
        return Scoring(_declared(asked, {}), (), worth, by_hand=bool(asked))
    plain = plain_scoring(trial, Points(trial, worth), worth, best[asked[0].name])
    if plain is not None:
        declared = (declaration(asked[0], *plain.inner),)
        return Scoring(declared, plain.rules, worth, (), free, plain.shares)
    return _by_rules(asked, trial, processing, best, worth, free)


def _by_rules(
    asked: tuple[Asked, ...],
    trial: Trial,
    processing: Processing,
    best: Mapping[str, Raw],
    worth: Worth,
    free: bool,
) -> Scoring:
    """The rules of the file, on scores of their own, and SCORE from them."""
    written = {node.get("identifier") for rule in trial.rules for node in rule.walk()} - {""}
    names = [each.name for each in asked]
    used = [name for name in dict.fromkeys((*trial.names, *sorted(written))) if name not in names]
    raw_names = xml_names(used, taken=(SCORE, MAXSCORE, FEEDBACK, *names))
    rules = tuple(_renamed(rule, raw_names) for rule in trial.rules)
    total = worth.rule(tuple(raw_names[name] for name in trial.names))
    outcomes = tuple(
        outcome(raw_names[name], "float", decimal_text(processing.variable(name).default) or "0")
        for name in used
    )
    return Scoring(_declared(asked, best), (*rules, total), worth, outcomes, free)


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    """The same rule with the scores under other names."""
    held = dict(node.attributes)
    if "identifier" in held:
        held["identifier"] = names.get(held["identifier"], held["identifier"])
    children = tuple(
        child if isinstance(child, str) else _renamed(child, names) for child in node.children
    )
    return Node(node.name, held, children, node.namespace)


def _declared(asked: tuple[Asked, ...], best: Mapping[str, Raw]) -> tuple[Node, ...]:
    return tuple(declaration(each, *_correct(best.get(each.name))) for each in asked)


def _correct(raw: Raw) -> Iterator[Node]:
    if raw:
        yield values("qti-correct-response", [raw] if isinstance(raw, str) else raw)


def _score_outcomes(scored: Scoring, asks: bool) -> Iterator[Node]:
    most = decimal_text(scored.worth.points)
    held = {"normal_maximum": most} if most and asks else {}
    if scored.by_hand:
        held["external_scored"] = "human"
    yield outcome(SCORE, "float", "0", **held)
    if asks:
        yield outcome(MAXSCORE, "float", most or str(float(scored.worth.points)))


def _feedback_outcome(names: Mapping[str, str]) -> Iterator[Node]:
    if names:
        held = {"identifier": FEEDBACK, "cardinality": "multiple", "base-type": "identifier"}
        yield Node("qti-outcome-declaration", held)


def feedback_names(item: Node, responses: Mapping[str, Response]) -> dict[str, str]:
    """The identifiers of the feedback; what is shown for one option alone has the option's."""
    idents = [node.get("ident").strip() for node in item.all("itemfeedback")]
    taken = {label.name for each in responses.values() for label in each.labels}
    names = xml_names([ident for ident in idents if ident], taken=taken)
    links = [node for node in item.walk() if node.name == "displayfeedback"]
    uses = Counter(node.get("linkrefid").strip() for node in links)
    for node in item.walk():
        noted = _noted_option(node, responses) if node.name == "respcondition" else None
        if noted is not None and noted[0] in names and uses[noted[0]] == 1:
            names[noted[0]] = noted[1]
    return names


def _noted_option(node: Node, responses: Mapping[str, Response]) -> tuple[str, str] | None:
    """The feedback and the option of a condition that shows one for the other."""
    links, held = node.all("displayfeedback"), node.child("conditionvar")
    if node.child("setvar") is not None:
        return None
    tests = held.elements if held is not None else ()
    if len(links) != 1 or len(tests) != 1 or tests[0].name != "varequal" or len(responses) != 1:
        return None
    response = responses.get(tests[0].get("respident").strip())
    label = response.label(tests[0].text) if response is not None else None
    if response is None or label is None or response.kind not in _NOTED:
        return None
    return links[0].get("linkrefid").strip(), label.name


def _modals(item: Node, names: Mapping[str, str]) -> Iterator[Node]:
    for node in item.all("itemfeedback"):
        name = names.get(node.get("ident").strip())
        content = in_blocks(parts_of(node))
        if name and content:
            held = {"outcome-identifier": FEEDBACK, "identifier": name, "show-hide": "show"}
            yield Node("qti-modal-feedback", held, (Node("qti-content-body", {}, content),))
