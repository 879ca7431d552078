"""Small items in QTI markup, put together from parts."""

from __future__ import annotations

from question_bank.qti.processing import QtiOutcome, process

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p2"


def item(*parts: str, attributes: str = 'identifier="i1" title="t"') -> str:
    """An assessment item of QTI 2.2 with these parts."""
    return f'<assessmentItem xmlns="{NAMESPACE}" {attributes}>{"".join(parts)}</assessmentItem>'


def response(base_type: str, cardinality: str = "single", inner: str = "", name: str = "R") -> str:
    """A response declaration."""
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" '
        f'baseType="{base_type}">{inner}</responseDeclaration>'
    )


def outcome(base_type: str, cardinality: str = "single", inner: str = "", name: str = "X") -> str:
    """An outcome declaration."""
    return (
        f'<outcomeDeclaration identifier="{name}" cardinality="{cardinality}" '
        f'baseType="{base_type}">{inner}</outcomeDeclaration>'
    )


def correct(*values: str) -> str:
    """A correct response."""
    listed = "".join(f"<value>{each}</value>" for each in values)
    return f"<correctResponse>{listed}</correctResponse>"


def value(base_type: str, text: object) -> str:
    """A constant."""
    return f'<baseValue baseType="{base_type}">{text}</baseValue>'


def numbers(*found: object) -> str:
    """Constants: integers as integers, the rest as floats."""
    return "".join(value("integer" if isinstance(each, int) else "float", each) for each in found)


def result_of(expression: str, base_type: str = "float", cardinality: str = "single") -> object:
    """What an expression gives, as the outcome of an item that does nothing else."""
    rules = f'<setOutcomeValue identifier="X">{expression}</setOutcomeValue>'
    return scored(
        item(outcome(base_type, cardinality), f"<responseProcessing>{rules}</responseProcessing>")
    ).outcomes["X"]


def scored(markup: str, seed: int = 0, **responses: object) -> QtiOutcome:
    """Score responses to an item."""
    return process(markup, responses, seed=seed)


def template(name: str) -> str:
    """A response processing by template."""
    return f'<responseProcessing template="{name}"/>'


def setting_score(expression: str) -> str:
    """A response processing that sets SCORE."""
    rule = f"<setOutcomeValue identifier='SCORE'>{expression}</setOutcomeValue>"
    return f"<responseProcessing>{rule}</responseProcessing>"


def choice(identifier: str = "RESPONSE", attributes: str = 'maxChoices="1"') -> str:
    """A body with a choice of A and B."""
    return (
        f'<itemBody><choiceInteraction responseIdentifier="{identifier}" {attributes}>'
        '<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice>'
        "</choiceInteraction></itemBody>"
    )


SCORE = outcome("float", name="SCORE")
MAPPING = (
    '<mapping defaultValue="-1" lowerBound="0" upperBound="3">'
    '<mapEntry mapKey="A" mappedValue="2"/><mapEntry mapKey="B" mappedValue="1.5"/></mapping>'
)
