"""The standard response processing templates of QTI and Common Cartridge, as rules.

A file names a template by an address whose last part is its name; hosts, versions and the suffix
`.xml` vary and are not looked at. Nothing is ever fetched.
"""

from collections.abc import Mapping

from question_bank.qti.tree import Node

RESPONSE = "RESPONSE"


def _variable(identifier: str) -> Node:
    return Node("qti-variable", {"identifier": identifier})


def _of_response(name: str) -> Node:
    return Node(name, {"identifier": RESPONSE})


def _constant(base_type: str, text: str) -> Node:
    return Node("qti-base-value", {"base-type": base_type}, (text,))


def _set(identifier: str, value: Node) -> Node:
    return Node("qti-set-outcome-value", {"identifier": identifier}, (value,))


def _condition(condition: Node, then: tuple[Node, ...], otherwise: tuple[Node, ...]) -> Node:
    branches = [Node("qti-response-if", {}, (condition, *then))]
    if otherwise:
        branches.append(Node("qti-response-else", {}, otherwise))
    return Node("qti-response-condition", {}, tuple(branches))


_ONE = _set("SCORE", _constant("float", "1"))
_NONE = _set("SCORE", _constant("float", "0"))
_ALL = _set("SCORE", _variable("MAXSCORE"))
_IS_RIGHT = Node("qti-match", {}, (_variable(RESPONSE), _of_response("qti-correct")))
_IS_EMPTY = Node("qti-is-null", {}, (_variable(RESPONSE),))
_IS_FULL = Node(
    "qti-equal", {"tolerance-mode": "exact"}, (_variable("MAXSCORE"), _variable("SCORE"))
)


def _told(identifier: str, text: str) -> Node:
    return _set(identifier, _constant("identifier", text))


_MAPPED = _condition(_IS_EMPTY, (_NONE,), (_set("SCORE", _of_response("qti-map-response")),))

_MATCHED = _condition(_IS_RIGHT, (_ONE,), (_NONE,))
_MAPPED_POINT = _condition(
    _IS_EMPTY, (_NONE,), (_set("SCORE", _of_response("qti-map-response-point")),)
)

TEMPLATES: Mapping[str, tuple[Node, ...]] = {
    "match_correct": (_MATCHED,),
    "map_response": (_MAPPED,),
    "map_response_point": (_MAPPED_POINT,),
    "cc2_match": (_MATCHED,),
    "cc2_match_basic": (
        _condition(
            _IS_RIGHT,
            (_ALL, _told("FEEDBACKBASIC", "correct")),
            (_told("FEEDBACKBASIC", "incorrect"),),
        ),
    ),
    "cc2_map_response": (
        _MAPPED,
        _condition(_IS_FULL, (_told("FEEDBACK", "correct"),), (_told("FEEDBACK", "incorrect"),)),
    ),
}
"""Source: the templates published with QTI 3.0 (purl.imsglobal.org/spec/qti/v3p0/rptemplates)."""


def template_name(node: Node) -> str:
    """The name of the template that a response processing refers to; empty where it has none."""
    address = node.get("template").strip() or node.get("template-location").strip()
    name = address.rstrip("/").rpartition("/")[2].rpartition("#")[2].lower()
    return name.removesuffix(".xml").replace("-", "_")
