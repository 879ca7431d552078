"""One assessment item of a file -> an Item with its markup, files and problems."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from question_bank.errors import UnboundedProcessing, UnsupportedMarkup
from question_bank.exchange.drafts import draft_item
from question_bank.exchange.problems import Problem
from question_bank.exchange.qti.item_text import has_interactions, html_of, markdown_of, prompt_of
from question_bank.exchange.qti.native_types import NativeForm, native_form
from question_bank.exchange.qti.problem_kinds import (
    ENDLESS,
    NO_BODY,
    NO_IDENTIFIER,
    NO_RULES,
    NOT_SUPPORTED,
    PARTLY_SUPPORTED,
    UNKNOWN_TEMPLATE,
    UNREAD_INTERACTION,
    UNSHOWABLE,
)
from question_bank.exchange.qti.resources import embedded_file
from question_bank.item import Explanation, Item, ItemFile, ItemType, Stimulus
from question_bank.qti.definition import ItemDefinition, to_markup
from question_bank.qti.expressions.custom import shared_operator
from question_bank.qti.processing import process_item
from question_bank.qti.tree import Node
from question_bank.scoring import Scoring

UNSHOWN = frozenset({"qti-custom-interaction", "qti-portable-custom-interaction"})
_CANDIDATE = "candidate"
LONGEST_ID = 64
_UNSAFE = re.compile(r"[^\w.:-]+")
_SAFE = re.compile(rf"[\w.:-]{{1,{LONGEST_ID}}}")


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item and what there is to say about it."""

    item: Item
    problems: tuple[Problem, ...]


def item_of(definition: ItemDefinition, file: str, stimulus: Stimulus | None = None) -> ReadItem:
    """The item that a definition from `file` describes; its resources come later."""
    item_id = safe_identifier(definition, file)
    most, problems = _checked(definition, file, item_id)
    form = native_form(definition, most) if not problems else None
    pictures: dict[str, ItemFile] = {}
    item = draft_item(
        item_id,
        form.type if form else ItemType.COMPOSITE,
        _stem(definition, form),
        source=definition.title,
        explanation=_explanation(definition, form),
        scoring=form.scoring if form else Scoring(max_points=most),
        shuffle=form.shuffle if form else False,
        stimulus=stimulus,
        markup=to_markup(definition),
    )
    if form is not None:
        item = replace(item, options=form.options, targets=form.targets, answer_key=form.answer_key)
    item, pictures = _with_embedded(item)
    problems += list(_remarks(definition, form, file, item_id))
    return ReadItem(replace(item, files=tuple(pictures.values())), tuple(problems))


def safe_identifier(definition: ItemDefinition, file: str) -> str:
    """The file's identifier, made safe where it has to be."""
    stem = file.rpartition("/")[2].rpartition(".")[0]
    for candidate in (definition.identifier, stem if not definition.identifier else ""):
        plain = _UNSAFE.sub("-", candidate).strip("-")
        if candidate and _SAFE.fullmatch(candidate):
            return candidate
        if 0 < len(plain) <= LONGEST_ID:
            return plain
    digest = hashlib.sha256(to_markup(definition).encode("utf-8", "replace")).hexdigest()
    return f"q-{digest[:12]}"


def _checked(definition: ItemDefinition, file: str, item_id: str) -> tuple[Fraction, list[Problem]]:
    """Full marks by a trial of the item's processing, and what the trial met."""
    try:
        outcome = process_item(definition, {})
    except UnsupportedMarkup as error:
        feature = str(error.params["feature"])
        if definition.unknown:
            return Fraction(1), [NOT_SUPPORTED.at(file, item_id=item_id, features=feature)]
        return Fraction(1), [UNKNOWN_TEMPLATE.at(file, item_id=item_id, address=feature)]
    except UnboundedProcessing:
        return Fraction(1), [ENDLESS.at(file, item_id=item_id)]
    unsupported = ", ".join(sorted(_custom(definition)))
    if unsupported:
        problem = PARTLY_SUPPORTED.at(file, item_id=item_id, features=unsupported)
        return outcome.max_points, [problem]
    return outcome.max_points, []


def _custom(definition: ItemDefinition) -> set[str]:
    nodes = (definition.response_processing, definition.template_processing)
    return {
        f"customOperator {each.get('class') or each.get('definition')}".strip()
        for node in nodes
        if node is not None
        for each in node.walk()
        if each.name == "qti-custom-operator" and shared_operator(each) is None
    }


def _remarks(
    definition: ItemDefinition, form: NativeForm | None, file: str, item_id: str
) -> Iterator[Problem]:
    if item_id != definition.identifier:
        yield NO_IDENTIFIER.at(file, item_id=item_id, name=item_id)
    unshown = sorted({node.name for node in definition.interactions if node.name in UNSHOWN})
    if unshown:
        yield UNSHOWABLE.at(file, item_id=item_id, features=", ".join(unshown))
    if form is not None and form.is_unscored and form.answer_key is not None:
        yield NO_RULES.at(file, item_id=item_id)
    if definition.body is None or not definition.body.children:
        yield NO_BODY.at(file, item_id=item_id)
    for node in definition.interactions:
        name = node.get("response-identifier").strip()
        if name not in definition.responses and node.name not in UNSHOWN:
            yield UNREAD_INTERACTION.at(file, item_id=item_id, identifier=name)


def _stem(definition: ItemDefinition, form: NativeForm | None) -> str:
    if definition.body is None:
        return ""
    asked = definition.interactions[0] if form is not None else None

    def replaced(node: Node) -> str | None:
        if node.name == "qti-rubric-block" and not _is_for_candidates(node):
            return ""
        if asked is None or node is not asked:
            return None
        if form is not None and form.gap:
            return form.gap
        return "".join(f"<div>{html_of(each)}</div>" for each in prompt_of(node))

    return markdown_of([definition.body], replaced)


def _is_for_candidates(rubric: Node) -> bool:
    views = rubric.get("view").split()
    return not views or _CANDIDATE in views


def _explanation(definition: ItemDefinition, form: NativeForm | None) -> Explanation:
    """Feedback and rubrics as explanation; feedback on one option as that option's note."""
    notes = dict(form.notes) if form is not None else {}
    options = {option.id for option in form.options} if form is not None else set()
    texts = []
    for node in _feedback(definition):
        text = markdown_of(node.children)
        name = node.get("identifier").strip()
        if name in options and node.name == "qti-modal-feedback":
            notes[name] = "\n\n".join(part for part in (notes.get(name, ""), text) if part)
        elif text and text not in texts:
            texts.append(text)
    return Explanation("\n\n".join(texts), option_notes=notes)


def _feedback(definition: ItemDefinition) -> Iterable[Node]:
    if definition.body is not None:
        for node in definition.body.walk():
            within_body = node.name == "qti-feedback-block" and not has_interactions([node])
            if within_body or (node.name == "qti-rubric-block" and not _is_for_candidates(node)):
                yield node
    yield from definition.modal_feedback


_EMBEDDED = re.compile(r"!\[((?:[^\]\\]|\\.)*)\]\(<?(data:[^)>\s]+)>?\)")


def _with_embedded(item: Item) -> tuple[Item, dict[str, ItemFile]]:
    """Pictures within addresses become files of the item."""
    pictures: dict[str, ItemFile] = {}

    def named(found: re.Match[str]) -> str:
        file = embedded_file(found[2])
        if file is None:
            return found[1]
        pictures[file.name] = file
        return f"![{found[1]}]({file.name})"

    def cleared(text: str) -> str:
        return _EMBEDDED.sub(named, text) if "data:" in text else text

    options = tuple(replace(option, text=cleared(option.text)) for option in item.options)
    targets = tuple(replace(target, text=cleared(target.text)) for target in item.targets)
    notes: Mapping[str, str] = {
        name: cleared(text) for name, text in item.explanation.option_notes.items()
    }
    explanation = replace(item.explanation, text=cleared(item.explanation.text), option_notes=notes)
    changed = replace(
        item,
        stem=cleared(item.stem),
        options=options,
        targets=targets,
        explanation=explanation,
    )
    return changed, pictures
