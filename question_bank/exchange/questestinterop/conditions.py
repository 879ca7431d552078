"""`conditionvar` of QTI 1.x -> an expression of QTI 3.0.

Conditions side by side must all hold; but several texts asked of one typed answer are alternatives,
because no answer is two texts at once, and of an ordered response they are the order.
"""

from collections.abc import Callable, Mapping

from question_bank.exchange.problems import ProblemKind
from question_bank.exchange.questestinterop import problem_kinds as kinds
from question_bank.exchange.questestinterop.areas import area_of, own_text
from question_bank.exchange.questestinterop.open_answers import fits_label
from question_bank.exchange.questestinterop.responses import (
    TYPED,
    Kind,
    Label,
    Response,
    as_number,
)
from question_bank.qti.rule_nodes import (
    all_of,
    any_of,
    constant,
    identifier,
    operator,
    variable,
)
from question_bank.qti.tree import Node

TRUE, FALSE = constant("boolean", "true"), constant("boolean", "false")
Say = Callable[..., None]
"""Takes a kind of problem and its parameters."""
_COMPARED = {"vargt": "gt", "vargte": "gte", "varlt": "lt", "varlte": "lte"}


class Conditions:
    """Writes conditions for the responses of one item; what it cannot say it tells `say`."""

    def __init__(self, responses: Mapping[str, Response], say: Say, scores: bool) -> None:
        self._responses = responses
        self._say: Callable[..., None] = say
        self._scores = scores

    def of(self, conditionvar: Node) -> Node:
        """The expression for everything within a `conditionvar`."""
        return self._together(conditionvar.elements)

    def _together(self, nodes: tuple[Node, ...]) -> Node:
        groups: dict[str, list[Node]] = {}
        for place, node in enumerate(nodes):
            response = self._response(node) if node.name == "varequal" else None
            alone = response is None or node.get("index").strip()
            groups.setdefault(f"#{place}" if alone or not response else response.ident, []).append(
                node
            )
        found = [self._group(group) for group in groups.values()]
        return all_of(found) if found else TRUE

    def _group(self, nodes: list[Node]) -> Node:
        if len(nodes) == 1 and nodes[0].name != "varequal":
            return self._one(nodes[0])
        response = self._response(nodes[0])
        if response is None:
            return FALSE
        if response.kind is Kind.ORDER and not nodes[0].get("index").strip():
            return self._in_order(response, nodes)
        tests = [self._equal(response, node) for node in nodes]
        alternatives = response.kind in TYPED or not response.is_multiple
        return any_of(tests) if alternatives else all_of(tests)

    def _one(self, node: Node) -> Node:
        match node.name:
            case "and" | "conditionvar":
                return self._together(node.elements)
            case "or":
                found = [self._one(child) for child in node.elements]
                return any_of(found) if found else FALSE
            case "not":
                return operator("not", self._together(node.elements))
            case "other":
                return TRUE
            case "unanswered":
                response = self._response(node)
                return (
                    FALSE if response is None else operator("is-null", variable(response.variable))
                )
            case "varequal":
                return self._group([node])
            case _:
                return self._test(node)

    def _test(self, node: Node) -> Node:
        write = _TESTS.get(node.name)
        if write is None:
            self._tell(kinds.UNKNOWN_CONDITION, element=node.name)
            return FALSE
        response = self._response(node)
        return FALSE if response is None else write(self, response, node)

    def _tell(self, kind: ProblemKind, **params: object) -> None:
        if self._scores:
            self._say(kind, **params)

    def _response(self, node: Node) -> Response | None:
        """The response a condition asks for; files that name another mean the one that fits."""
        ident = node.get("respident").strip()
        if ident in self._responses:
            return self._responses[ident]
        held = [each for each in self._responses.values() if each.label(node.text) is not None]
        instead = (held or list(self._responses.values()))[:1]
        if len(self._responses) > 1 and not held:
            instead = []
        if not instead:
            self._tell(kinds.STRAY_RESPONSE, identifier=ident)
            return None
        self._tell(kinds.STRAY_TAKEN, identifier=ident, instead=instead[0].ident)
        return instead[0]

    def _equal(self, response: Response, node: Node) -> Node:
        text = node.text.strip()
        place = node.get("index").strip()
        if place.isdecimal() and response.kind in (Kind.ORDER, Kind.CHOICE):
            label = self._label(response, text)
            at = operator("index", variable(response.variable), n=place)
            return FALSE if label is None else operator("match", at, identifier(label.name))
        return self.equals(response, text, node)

    def equals(self, response: Response, text: str, node: Node) -> Node:
        """The condition that a response is, or holds, what a text says."""
        match response.kind:
            case Kind.TEXT:
                return self._typed(response, text, node)
            case Kind.NUMBER | Kind.SLIDER:
                return self._number(response, text, node)
            case Kind.POINT:
                return self._inside(response, node)
            case Kind.GROUP:
                return self._pair(response, text)
            case Kind.ESSAY | Kind.UPLOAD:
                given = variable(response.variable)
                return operator(
                    "string-match", given, constant("string", text), case_sensitive="false"
                )
        label = self._label(response, text)
        return FALSE if label is None else is_chosen(response, label)

    def _label(self, response: Response, text: str) -> Label | None:
        label = response.label(text)
        if label is None:
            self._tell(kinds.UNKNOWN_ANSWER, answer=text)
        return label

    def _typed(self, response: Response, text: str, node: Node) -> Node:
        """A text; where it names one of several spellings, any of them earns the points."""
        label = response.label(text) if response.labels else None
        if label is None or not label.text:
            sensitive = "true" if node.get("case").strip().lower() == "yes" else "false"
            given = variable(response.variable)
            wanted = constant("string", text)
            return operator("string-match", given, wanted, case_sensitive=sensitive)
        spellings = response.labels if self._scores else (label,)
        return any_of(
            fits_label(response.variable, each, self._tell) for each in spellings if each.text
        )

    def _number(self, response: Response, text: str, node: Node) -> Node:
        number = as_number(text)
        if number is None:
            self._tell(kinds.UNKNOWN_ANSWER, answer=text)
            return FALSE
        right, given = constant("float", number), variable(response.variable)
        margin = as_number(node.get("margin"))
        if margin is None:
            return operator("equal", right, given, tolerance_mode="exact")
        mode = "relative" if node.get("margintype").lower().startswith("percent") else "absolute"
        return operator("equal", right, given, tolerance_mode=mode, tolerance=margin)

    def _compared(self, response: Response, node: Node) -> Node:
        number = as_number(node.text)
        if number is None:
            self._tell(kinds.UNKNOWN_ANSWER, answer=node.text.strip())
            return FALSE
        bound = constant("float", number)
        return operator(_COMPARED[node.name], variable(response.variable), bound)

    def _inside(self, response: Response, node: Node) -> Node:
        area = area_of(node.get("areatype"), node.text)
        if area is None:
            label = response.label(node.text)
            area = area_of(label.node.get("rarea"), own_text(label.node)) if label else None
        if area is None:
            self._tell(kinds.UNKNOWN_ANSWER, answer=node.text.strip())
            return FALSE
        return operator("inside", variable(response.variable), shape=area[0], coords=area[1])

    def _substring(self, response: Response, node: Node) -> Node:
        sensitive = "true" if node.get("case").strip().lower() == "yes" else "false"
        part = constant("string", node.text.strip())
        return operator("substring", part, variable(response.variable), case_sensitive=sensitive)

    def _subset(self, response: Response, node: Node) -> Node:
        """All of the listed values (Exact) or any of them (Partial)."""
        if response.kind is Kind.GROUP:
            return self._pair(response, node.text)
        texts = [text for text in node.text.replace(";", ",").split(",") if text.strip()]
        tests = [self.equals(response, text, node) for text in texts]
        if not tests:
            return FALSE
        partial = node.get("setmatch").strip().lower() == "partial" or not response.is_multiple
        return any_of(tests) if partial else all_of(tests)

    def _pair(self, response: Response, text: str) -> Node:
        labels = [self._label(response, word) for word in text.split(",")]
        if len(labels) != 2 or labels[0] is None or labels[1] is None:
            return FALSE
        pair = constant("directedPair", f"{labels[0].name} {labels[1].name}")
        return operator("member", pair, variable(response.variable))

    def _in_order(self, response: Response, nodes: list[Node]) -> Node:
        labels = [self._label(response, node.text) for node in nodes]
        names = [identifier(label.name) for label in labels if label is not None]
        if len(names) < len(labels):
            return FALSE
        return operator("match", variable(response.variable), operator("ordered", *names))


_TESTS: Mapping[str, Callable[[Conditions, Response, Node], Node]] = {
    **dict.fromkeys(_COMPARED, Conditions._compared),
    "varinside": Conditions._inside,
    "varsubstring": Conditions._substring,
    "varsubset": Conditions._subset,
}


def is_chosen(response: Response, label: Label) -> Node:
    """The condition that a label is chosen, alone or among others, or paired."""
    given = variable(response.variable)
    if response.kind is Kind.ROW:
        return operator("member", constant("directedPair", f"{response.name} {label.name}"), given)
    if response.kind is Kind.CATEGORY:
        return operator("member", constant("directedPair", f"{label.name} {response.name}"), given)
    if response.is_multiple:
        return operator("member", identifier(label.name), given)
    return operator("match", given, identifier(label.name))
