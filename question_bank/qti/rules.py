"""Carries out the rules of response processing and template processing."""

from collections.abc import Callable, Iterable, Mapping

from question_bank.qti.expressions.evaluating import evaluate, evaluate_first, holds
from question_bank.qti.expressions.mapping import looked_up
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import XINCLUDE, Node

Rule = Callable[[Node, ItemSession], None]
MOST_TEMPLATE_TRIALS = 100
_CONDITIONAL = ("if", "else-if")


class _Stop(Exception):
    """A rule ended the processing."""


class _Restart(Exception):
    """A template constraint was not met."""


def process_responses(rules: Iterable[Node], session: ItemSession) -> None:
    """Carry out response rules until their end or an exitResponse."""
    try:
        _carry_out(rules, session)
    except _Stop:
        return


def process_templates(rules: Iterable[Node], session: ItemSession) -> None:
    """Carry out template rules; a constraint not met starts again, with further random numbers.

    After 100 trials the last values stay (QTI asks for at least 100).
    """
    listed = tuple(rules)
    for _ in range(MOST_TEMPLATE_TRIALS):
        try:
            _carry_out(listed, session)
        except _Restart:
            session.reset_templates()
            continue
        except _Stop:
            pass
        return
    session.note("templateConstraint")


def _carry_out(rules: Iterable[Node], session: ItemSession) -> None:
    for rule in rules:
        session.step()
        known = RULES.get(rule.name)
        if known is not None:
            known(rule, session)
        else:
            session.note("xi:include" if rule.namespace == XINCLUDE else rule.name)


def _condition(prefix: str) -> Rule:
    """`if`, any number of `else-if`, `else`: the first branch whose condition holds."""
    tested = tuple(f"qti-{prefix}-{word}" for word in _CONDITIONAL)
    otherwise = f"qti-{prefix}-else"

    def carry_out(node: Node, session: ItemSession) -> None:
        for branch in node.elements:
            inner = branch.elements
            if branch.name == otherwise:
                return _carry_out(inner, session)
            if branch.name in tested and inner and holds(evaluate(inner[0], session)):
                return _carry_out(inner[1:], session)
        return None

    return carry_out


def _set_outcome(node: Node, session: ItemSession) -> None:
    session.set_outcome(node.get("identifier").strip(), evaluate_first(node, session))


def _look_up_outcome(node: Node, session: ItemSession) -> None:
    identifier = node.get("identifier").strip()
    source = evaluate_first(node, session)
    declared = session.definition.outcomes.get(identifier)
    if declared is None or declared.table is None:
        session.note(f"lookupOutcomeValue {identifier}")
        return
    session.set_outcome(identifier, looked_up(source, declared.table))


def _set_template(node: Node, session: ItemSession) -> None:
    session.set_template(node.get("identifier").strip(), evaluate_first(node, session))


def _set_correct(node: Node, session: ItemSession) -> None:
    session.set_correct(node.get("identifier").strip(), evaluate_first(node, session))


def _set_default(node: Node, session: ItemSession) -> None:
    session.set_default(node.get("identifier").strip(), evaluate_first(node, session))


def _constrain(node: Node, session: ItemSession) -> None:
    if not holds(evaluate_first(node, session)):
        raise _Restart


def _fragment(node: Node, session: ItemSession) -> None:
    _carry_out(node.elements, session)


def _exit(_node: Node, _session: ItemSession) -> None:
    raise _Stop


RULES: Mapping[str, Rule] = {
    "qti-response-condition": _condition("response"),
    "qti-template-condition": _condition("template"),
    "qti-set-outcome-value": _set_outcome,
    "qti-lookup-outcome-value": _look_up_outcome,
    "qti-set-template-value": _set_template,
    "qti-set-correct-response": _set_correct,
    "qti-set-default-value": _set_default,
    "qti-template-constraint": _constrain,
    "qti-response-processing-fragment": _fragment,
    "qti-exit-response": _exit,
    "qti-exit-template": _exit,
}
