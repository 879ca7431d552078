"""Evaluates an expression of QTI: operands first, then the operator named by the element."""

from collections.abc import Mapping

from question_bank.qti.expressions.arithmetic import ARITHMETIC
from question_bank.qti.expressions.comparing import COMPARING
from question_bank.qti.expressions.containers import CONTAINERS
from question_bank.qti.expressions.logic import LOGIC
from question_bank.qti.expressions.mapping import MAPPING
from question_bank.qti.expressions.mathematics import MATHEMATICS
from question_bank.qti.expressions.operands import Operator
from question_bank.qti.expressions.texts import TEXTS
from question_bank.qti.expressions.variables import VARIABLES
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import Value

OPERATORS: Mapping[str, Operator] = {
    f"qti-{name}": operator
    for table in (
        *(ARITHMETIC, COMPARING, CONTAINERS, LOGIC),
        *(MAPPING, MATHEMATICS, TEXTS, VARIABLES),
    )
    for name, operator in table.items()
}


def evaluate(node: Node, session: ItemSession) -> Value | None:
    """The value of an expression; NULL where an operand has the wrong type, as a lax engine does.

    What is not supported is NULL and noted in the session. Raises UnboundedProcessing.
    """
    operator = OPERATORS.get(node.name)
    if operator is None:
        session.step()
        session.note(node.name)
        return None
    operands = [evaluate(child, session) for child in node.elements]
    session.step(operands)
    return operator(operands, node, session)


def evaluate_first(node: Node, session: ItemSession) -> Value | None:
    """The value of the first expression within a rule; NULL where there is none."""
    inner = node.elements
    return evaluate(inner[0], session) if inner else None


def holds(value: Value | None) -> bool:
    """Whether a condition is met: NULL is not; numbers and texts count as they do in scripts."""
    if value is None or not value.items:
        return False
    first = value.items[0]
    if len(value.items) > 1 or isinstance(first, tuple):
        return True
    return bool(first)
