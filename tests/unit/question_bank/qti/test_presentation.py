"""What a candidate sees: variables printed, feedback and templates shown or hidden."""

from __future__ import annotations

import pytest

from question_bank.qti.definition import to_markup
from question_bank.qti.item_reader import read_item
from question_bank.qti.presentation import present, present_modal_feedback, presentation
from question_bank.qti.processing import process
from question_bank.qti.sitting import begin, respond
from tests.unit.question_bank.qti.sample_items import item, outcome, value


def default(*texts: str) -> str:
    return f"<defaultValue>{''.join(f'<value>{text}</value>' for text in texts)}</defaultValue>"


def template(name: str, base_type: str, *texts: str, cardinality: str = "single") -> str:
    return (
        f'<templateDeclaration identifier="{name}" cardinality="{cardinality}" '
        f'baseType="{base_type}" mathVariable="true">{default(*texts)}</templateDeclaration>'
    )


def shown(body: str, *parts: str) -> str:
    definition = read_item(item(*parts, f"<itemBody>{body}</itemBody>"))
    found = present(definition, begin(definition, 0))
    assert found is not None
    return found.text


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", "2.5"),
        ("format='%.2f'", "2.50"),
        ("format='%i'", "2"),
        ("format='%.3e'", "2.500e+00"),
        ("format='nonsense'", "2.5"),
        ("format='%99999999f'", "2.5"),
    ],
)
def test_number_is_printed_in_its_format(attributes: str, expected: str) -> None:
    found = shown(f"<printedVariable identifier='A' {attributes}/>", template("A", "float", "2.5"))
    assert found == expected


def test_values_of_a_container_are_joined_or_picked() -> None:
    declared = template("A", "integer", "1", "2", cardinality="ordered")
    assert shown("<printedVariable identifier='A'/>", declared) == "1;2"
    assert shown("<printedVariable identifier='A' delimiter=', '/>", declared) == "1, 2"
    assert shown("<printedVariable identifier='A' index='2'/>", declared) == "2"
    assert shown("<printedVariable identifier='A' index='9'/>", declared) == ""


def test_template_variable_in_a_formula_becomes_its_number() -> None:
    math = (
        "<m:math xmlns:m='http://www.w3.org/1998/Math/MathML'><m:mi>A</m:mi><m:mi>x</m:mi></m:math>"
    )
    assert shown(math, template("A", "integer", "7")) == "7x"


def test_template_blocks_show_as_their_variable_says() -> None:
    body = (
        "<templateBlock templateIdentifier='T' identifier='a' showHide='show'>yes</templateBlock>"
        "<templateBlock templateIdentifier='T' identifier='b' showHide='show'>no</templateBlock>"
        "<templateInline templateIdentifier='T' identifier='b' showHide='hide'>too</templateInline>"
    )
    assert shown(body, template("T", "identifier", "a")) == "yestoo"


def test_feedback_shows_once_its_outcome_says_so() -> None:
    feedback = (
        "<feedbackBlock outcomeIdentifier='X' identifier='a' showHide='show'>why</feedbackBlock>"
    )
    modal = (
        "<modalFeedback outcomeIdentifier='X' identifier='a' showHide='show'>well</modalFeedback>"
    )
    rules = (
        "<responseProcessing><setOutcomeValue identifier='X'>"
        f"{value('identifier', 'a')}</setOutcomeValue></responseProcessing>"
    )
    definition = read_item(
        item(outcome("identifier"), f"<itemBody>{feedback}</itemBody>", rules, modal)
    )
    session = begin(definition, 0)
    before = present(definition, session)
    respond(session)
    after = present(definition, session)
    assert before is not None
    assert after is not None
    assert (before.text, after.text) == ("", "why")
    assert [node.text for node in present_modal_feedback(definition, session)] == ["well"]
    markup = to_markup(definition)
    assert presentation(markup).body == before
    assert presentation(markup, outcome=process(markup, {})).body == after
