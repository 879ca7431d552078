"""Canvas's calculated questions: a table of drawn values becomes template variables of QTI 3.0.

The formula itself is not evaluated: the table says the right answer for each row, and one row is
drawn for each candidate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from question_bank.exchange.questestinterop import problem_kinds as kinds
from question_bank.exchange.questestinterop.conditions import Say
from question_bank.exchange.questestinterop.responses import Response, as_number
from question_bank.exchange.xml_names import xml_names
from question_bank.qti.numbers import read_float
from question_bank.qti.rule_nodes import (
    choose,
    constant,
    correct,
    decimal_text,
    number,
    operator,
    outcome,
    response,
    set_outcome,
    variable,
)
from question_bank.qti.tree import Node

ROW, ANSWER = "ROW", "ANSWER"
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Drawn:
    """The parts of an item whose numbers are drawn; `names` are its variables by their marks."""

    declarations: tuple[Node, ...]
    processing: tuple[Node, ...]
    names: Mapping[str, str]

    def filled(self, node: Node) -> Node:
        """The body with the variables printed in place of their marks."""
        children: list[Node | str] = []
        for child in node.children:
            if isinstance(child, Node):
                children.append(self.filled(child))
            else:
                children += self._printed(child)
        return Node(node.name, node.attributes, tuple(children), node.namespace)

    def _printed(self, text: str) -> list[Node | str]:
        parts: list[Node | str] = [text]
        for mark, name in self.names.items():
            parts = [piece for part in parts for piece in _split(part, f"[{mark}]", name)]
        return parts


def _split(part: Node | str, mark: str, name: str) -> list[Node | str]:
    if isinstance(part, Node) or mark not in part:
        return [part]
    pieces: list[Node | str] = []
    for text in part.split(mark):
        pieces += [text, Node("qti-printed-variable", {"identifier": name})]
    return [piece for piece in pieces[:-1] if piece != ""]


def calculated_parts(
    item: Node, responses: Mapping[str, Response], metadata: Mapping[str, str], say: Say
) -> Drawn | None:
    """The parts of a calculated question; None for any other item and for one without values."""
    found = [node for node in item.walk() if node.name == "calculated"]
    if not found or len(responses) != 1:
        return None
    rows = [
        row for node in found[0].walk() if node.name == "var_set" for row in [_row(node)] if row
    ]
    marks = sorted({mark for row in rows for mark in row[0]})
    rows = [row for row in rows if sorted(row[0]) == marks][:MOST_ROWS]
    if not rows:
        say(kinds.NO_VALUES)
        return None
    names = xml_names(marks, taken=(ROW, ANSWER, "RESPONSE", "SCORE", "MAXSCORE"))
    points = read_float(metadata.get("points_possible", "")) or Fraction(1)
    tolerance = next((n.text for n in found[0].walk() if n.name == "answer_tolerance"), "")
    drawing = Node("qti-template-processing", {}, tuple(_drawing(rows, names)))
    scoring = Node("qti-response-processing", {}, (_scoring(tolerance.strip(), points),))
    declared = (
        response("RESPONSE", "single", "float"),
        outcome("SCORE", "float", "0"),
        outcome("MAXSCORE", "float", decimal_text(points) or "1"),
        _template(ROW, "integer"),
        _template(ANSWER, "float"),
        *(_template(name, "string") for name in names.values()),
    )
    return Drawn(declared, (drawing, scoring), names)


def _row(node: Node) -> tuple[dict[str, str], str] | None:
    """The values of one row as written, and its answer; None where the answer is no number."""
    answer = node.child("answer")
    text = as_number(answer.text) if answer is not None else None
    held = {each.get("name").strip(): each.text.strip() for each in node.all("var")}
    return None if text is None else (held, text)


def _template(name: str, base_type: str) -> Node:
    held = {"identifier": name, "cardinality": "single", "base-type": base_type}
    return Node("qti-template-declaration", held)


def _drawing(rows: list[tuple[dict[str, str], str]], names: Mapping[str, str]) -> list[Node]:
    """One row for each candidate; values keep the digits they are written with."""
    place = operator("random-integer", min="1", max=str(len(rows)))
    rules = [_set_template(ROW, place)]
    for mark, name in names.items():
        rules.append(_set_template(name, _at_row("string", [row[mark] for row, _ in rows])))
    rules.append(_set_template(ANSWER, _at_row("float", [answer for _, answer in rows])))
    rules.append(Node("qti-set-correct-response", {"identifier": "RESPONSE"}, (variable(ANSWER),)))
    return rules


def _set_template(name: str, value: Node) -> Node:
    return Node("qti-set-template-value", {"identifier": name}, (value,))


def _at_row(base_type: str, texts: list[str]) -> Node:
    listed = operator("ordered", *(constant(base_type, text) for text in texts))
    return operator("index", listed, n=ROW)


def _scoring(tolerance: str, points: Fraction) -> Node:
    """The answer within the tolerance: a number, or a percentage of the answer."""
    percent = tolerance.endswith("%")
    width = as_number(tolerance.removesuffix("%")) or "0"
    mode = "relative" if percent else "absolute"
    near = operator(
        "equal",
        correct("RESPONSE"),
        variable("RESPONSE"),
        tolerance_mode=mode,
        tolerance=width.lstrip("-+"),
    )
    full, none = set_outcome("SCORE", number(points)), set_outcome("SCORE", number(0))
    return choose((near, [full]), (None, [none]))
