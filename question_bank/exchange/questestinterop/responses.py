"""What an item of QTI 1.x asks for: its responses, what kind each is, and what it offers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from question_bank.exchange.questestinterop.html_nodes import Parts
from question_bank.exchange.questestinterop.material import parts_of, plain_text
from question_bank.exchange.xml_names import xml_names
from question_bank.qti.numbers import read_float
from question_bank.qti.tree import Node

RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
RESPONSE = "RESPONSE"
NUMBER_TYPES = ("integer", "decimal", "scientific")
COMPARISONS = ("vargt", "vargte", "varlt", "varlte")
_TESTS = (*COMPARISONS, "varequal", "varsubset", "varsubstring", "varinside")


class Kind(StrEnum):
    """How a response is given."""

    CHOICE = "choice"
    ORDER = "order"
    TEXT = "text"
    NUMBER = "number"
    SLIDER = "slider"
    ESSAY = "essay"
    UPLOAD = "upload"
    POINT = "point"
    HOTSPOT = "hotspot"
    DROPDOWN = "dropdown"
    ROW = "row"
    """One line of a matching; its labels are the targets."""
    CATEGORY = "category"
    """One target of a matching; its labels are what is sorted."""
    GROUP = "group"
    """Labels matched with labels of the same response."""


TRUE_WORDS = ("true", "正确", "对", "√")
FALSE_WORDS = ("false", "错误", "错", "×")
MATCHED = (Kind.ROW, Kind.CATEGORY)
TYPED = (Kind.TEXT, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Label:
    """One thing that can be chosen; `name` is its identifier in QTI 3.0."""

    ident: str
    name: str
    parts: Parts
    node: Node

    @property
    def text(self) -> str:
        """Its words."""
        return plain_text(self.parts)


@dataclass(frozen=True, slots=True)
class Response:
    """One response of QTI 1.x; `variable` is the response variable it becomes (a part of)."""

    ident: str
    kind: Kind
    variable: str
    name: str
    labels: tuple[Label, ...]
    prompt: Parts
    node: Node
    is_multiple: bool = False

    def label(self, ident: str) -> Label | None:
        """The label of an ident, or else of that text."""
        wanted = ident.strip()
        exact = (label for label in self.labels if label.ident == wanted)
        alike = (label for label in self.labels if wanted and label.text == wanted)
        return next(exact, None) or next(alike, None)

    @property
    def place(self) -> str:
        """The name between [ ] that marks its place in the text."""
        return self.ident.removeprefix("response_")


def read_responses(item: Node, question_type: str) -> dict[str, Response]:
    """The responses of an item by ident, in the order of the presentation."""
    presentation = item.child("presentation") or Node("")
    nodes = {node.get("ident").strip() or RESPONSE: node for node in _response_nodes(presentation)}
    tests = {
        node.get("respident").strip(): set[str]() for node in item.walk() if node.name in _TESTS
    }
    for node in item.walk():
        if node.name in _TESTS:
            tests[node.get("respident").strip()].add(node.name)
    shown = plain_text(parts_of(presentation))
    kinds = {
        ident: _kind(node, question_type, tests.get(ident, set())) for ident, node in nodes.items()
    }
    kinds = _as_a_whole(nodes, kinds, question_type, shown)
    return _named(nodes, kinds)


def _response_nodes(node: Node) -> Iterator[Node]:
    for child in node.elements:
        if child.name in RESPONSES:
            yield child
        else:
            yield from _response_nodes(child)


def label_nodes(response: Node) -> tuple[Node, ...]:
    """The labels of a response, however deep."""
    return tuple(node for node in response.walk() if node.name == "response_label")


def _holds(node: Node, *names: str) -> bool:
    return any(each.name in names for each in node.walk())


def _kind(node: Node, question_type: str, tests: set[str]) -> Kind:
    """What a response is by itself."""
    if "upload" in question_type or "file_response" in question_type:
        return Kind.UPLOAD
    if _holds(node, "render_slider"):
        return Kind.SLIDER
    if node.name == "response_grp":
        return Kind.GROUP
    if node.get("rcardinality").lower() == "ordered" or "ordering" in question_type:
        return Kind.ORDER
    if node.name == "response_xy" or (_holds(node, "render_hotspot") and "varinside" in tests):
        return Kind.POINT
    if _holds(node, "render_hotspot"):
        return Kind.HOTSPOT
    if node.name == "response_lid" and label_nodes(node) and not _holds(node, "render_fib"):
        return Kind.CHOICE
    return _typed_kind(node, question_type, tests)


def _typed_kind(node: Node, question_type: str, tests: set[str]) -> Kind:
    if "essay" in question_type or not tests:
        return Kind.ESSAY
    types = {
        each.get("fibtype").strip().lower() for each in node.walk() if each.name == "render_fib"
    }
    numeric = node.name == "response_num" or bool(types & set(NUMBER_TYPES))
    return Kind.NUMBER if numeric or tests & set(COMPARISONS) else Kind.TEXT


def _as_a_whole(
    nodes: Mapping[str, Node], kinds: Mapping[str, Kind], question_type: str, shown: str
) -> dict[str, Kind]:
    """Choices that are together something else: blanks, drop-down lists, a matching."""
    chosen = [ident for ident, kind in kinds.items() if kind is Kind.CHOICE]
    together = _kind_together({ident: nodes[ident] for ident in chosen}, question_type, shown)
    return {
        ident: together if ident in chosen and together else kind for ident, kind in kinds.items()
    }


def _kind_together(nodes: Mapping[str, Node], question_type: str, shown: str) -> Kind | None:
    if "fill_in" in question_type or "blank" in question_type:
        return Kind.TEXT
    if "dropdown" in question_type:
        return Kind.DROPDOWN
    if "categorization" in question_type:
        return Kind.CATEGORY
    if "matching" in question_type:
        return Kind.ROW
    if question_type or not nodes:
        return None
    if all(f"[{ident.removeprefix('response_')}]" in shown for ident in nodes):
        return Kind.TEXT if all(map(_spells_one_word, nodes.values())) else Kind.DROPDOWN
    offered = {tuple(label.get("ident") for label in label_nodes(node)) for node in nodes.values()}
    if len(nodes) < 2 or len(offered) > 1:
        return None
    multiple = all(node.get("rcardinality").lower() == "multiple" for node in nodes.values())
    return Kind.CATEGORY if multiple else Kind.ROW


def _spells_one_word(node: Node) -> bool:
    """Whether the labels are spellings of one answer rather than answers to choose from."""
    return len({plain_text(parts_of(label)).casefold() for label in label_nodes(node)}) < 2


def _named(nodes: Mapping[str, Node], kinds: Mapping[str, Kind]) -> dict[str, Response]:
    """Responses with their names in QTI 3.0; all parts of a matching are one variable."""
    separate = [ident for ident in nodes if kinds[ident] not in MATCHED]
    matching = RESPONSE if len(separate) < len(nodes) else ""
    if len(separate) == 1 and not matching:
        names = {separate[0]: RESPONSE}
    else:
        names = xml_names(separate, taken=[matching] if matching else ())
    idents = [label.get("ident") for node in nodes.values() for label in label_nodes(node)]
    labels = _truths(nodes) or xml_names(dict.fromkeys(idents), taken=_TAKEN)
    rows = xml_names(nodes, taken=labels.values())
    return {
        ident: Response(
            ident,
            kinds[ident],
            names.get(ident, matching),
            rows[ident],
            tuple(_labels(node, labels)),
            prompt_of(node),
            node,
            node.get("rcardinality").strip().lower() == "multiple",
        )
        for ident, node in nodes.items()
    }


def _truths(nodes: Mapping[str, Node]) -> dict[str, str]:
    """`true` and `false` for the labels of an item that asks for one of the two."""
    found = [label for node in nodes.values() for label in label_nodes(node)]
    words = [plain_text(parts_of(label)).strip(" .。").casefold() for label in found]
    names = ["true" if word in TRUE_WORDS else "false" for word in words]
    if len(found) != 2 or sorted(names) != ["false", "true"]:
        return {}
    if not all(word in TRUE_WORDS or word in FALSE_WORDS for word in words):
        return {}
    return {label.get("ident"): name for label, name in zip(found, names, strict=True)}


_TAKEN = ("general_fb", "correct_fb", "general_incorrect_fb")


def _labels(node: Node, names: Mapping[str, str]) -> Iterator[Label]:
    seen = set()
    for label in label_nodes(node):
        ident = label.get("ident")
        if ident not in seen:
            seen.add(ident)
            yield Label(ident.strip(), names[ident], parts_of(label), label)


def prompt_of(node: Node) -> Parts:
    """What a response says before it offers anything."""
    return tuple(
        part
        for child in node.elements
        if child.name in ("material", "material_ref")
        for part in parts_of(Node("flow", {}, (child,)))
    )


def words_of(pattern: str) -> str:
    """A question type in one spelling: `Multiple Choice` as `multiple_choice`."""
    return re.sub(r"[^a-z0-9.]+", "_", pattern.strip().lower())


def as_number(text: str) -> str | None:
    """A number as QTI 3.0 writes it; None for anything else."""
    plain = text.strip().replace(" ", "")
    return plain if read_float(plain) is not None else None
