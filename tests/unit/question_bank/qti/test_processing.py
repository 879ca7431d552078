"""Responses in, outcomes and points out: templates, rules, attempts, marking, bounds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from question_bank.errors import MalformedMarkup, UnsupportedMarkup
from question_bank.qti.processing import process
from tests.unit.question_bank.qti.sample_items import (
    MAPPING,
    SCORE,
    choice,
    correct,
    item,
    outcome,
    response,
    scored,
    setting_score,
    template,
    value,
)


@pytest.mark.parametrize(
    "name",
    [
        "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct",
        "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml",
        "match_correct",
        "https://www.imsglobal.org/question/qti_v3p0/rptemplates/CC2_match.xml",
    ],
)
def test_standard_template_is_known_under_any_address(name: str) -> None:
    markup = item(
        response("identifier", inner=correct("A"), name="RESPONSE"), SCORE, template(name)
    )
    assert scored(markup, RESPONSE="A").points == 1
    assert scored(markup, RESPONSE="B").points == 0
    assert scored(markup).points == 0


def test_map_response_counts_each_value_once_and_keeps_its_bounds() -> None:
    declared = response("identifier", "multiple", MAPPING, "RESPONSE")
    markup = item(declared, SCORE, template("map_response"), choice(attributes='maxChoices="0"'))
    assert scored(markup, RESPONSE=["A", "A"]).points == 2
    assert scored(markup, RESPONSE=["A", "B"]).points == 3
    assert scored(markup, RESPONSE=["A", "C"]).points == 1
    assert scored(markup, RESPONSE=["C"]).points == 0
    assert scored(markup, RESPONSE=[]).points == 0
    assert scored(markup).max_points == 3


def test_common_cartridge_template_gives_all_points_and_feedback() -> None:
    markup = item(
        response("identifier", inner=correct("A"), name="RESPONSE"),
        SCORE,
        outcome("float", inner="<defaultValue><value>5</value></defaultValue>", name="MAXSCORE"),
        outcome("identifier", name="FEEDBACKBASIC"),
        template("CC2_match_basic"),
    )
    right = scored(markup, RESPONSE="A")
    assert (right.points, right.max_points) == (5, 5)
    assert right.outcomes["FEEDBACKBASIC"] == "correct"
    assert scored(markup, RESPONSE="B").outcomes["FEEDBACKBASIC"] == "incorrect"


def test_unknown_template_is_an_error_and_not_a_zero() -> None:
    with pytest.raises(UnsupportedMarkup, match="match_nothing"):
        scored(item(SCORE, template("http://example.org/match_nothing")))


def test_element_that_qti_does_not_have_is_an_error() -> None:
    rules = setting_score("<allN/>")
    with pytest.raises(UnsupportedMarkup, match="allN"):
        scored(item(SCORE, rules))


def test_custom_operator_is_null_named_and_marked_by_hand() -> None:
    rules = setting_score("<customOperator class='org.example'/>")
    found = scored(item(SCORE, rules))
    assert found.outcomes["SCORE"] is None
    assert found.unsupported == ("qti-custom-operator org.example",)
    assert found.needs_marking


@pytest.mark.parametrize(
    ("name", "typed", "plain"),
    [
        ("depcp:Trim", " York ", "York"),
        ("depcp:ToAscii", "café", "cafe"),
        ("qade:ParseCommaDecimal", "3,5", "3.5"),
    ],
)
def test_custom_operators_that_makers_share_are_known(name: str, typed: str, plain: str) -> None:
    rules = setting_score(
        f"<customOperator definition='{name}'><variable identifier='R'/></customOperator>"
    ).replace("'SCORE'", "'X'")
    found = scored(item(response("string"), outcome("string"), rules), R=typed)
    assert (found.outcomes["X"], found.unsupported) == (plain, ())


def test_decimal_points_are_exact() -> None:
    mapping = (
        '<mapping><mapEntry mapKey="a" mappedValue="0.1"/>'
        '<mapEntry mapKey="b" mappedValue="0.2"/></mapping>'
    )
    declared = response("identifier", "multiple", mapping, "RESPONSE")
    markup = item(declared, SCORE, template("map_response"))
    assert scored(markup, RESPONSE=["a", "b"]).points == Fraction(3, 10)


@pytest.mark.parametrize(
    ("attributes", "typed", "points"),
    [('caseSensitive="false"', "YORK", 1), ('caseSensitive="true"', "YORK", 0), ("", "york", 1)],
)
def test_mapped_text_minds_its_case_as_told(attributes: str, typed: str, points: int) -> None:
    mapping = f'<mapping><mapEntry mapKey="york" mappedValue="1" {attributes}/></mapping>'
    declared = response("string", inner=mapping, name="RESPONSE")
    assert scored(item(declared, SCORE, template("map_response")), RESPONSE=typed).points == points


def area_item(cardinality: str) -> str:
    mapping = (
        '<areaMapping defaultValue="-1">'
        '<areaMapEntry shape="circle" coords="10,10,5" mappedValue="2"/>'
        '<areaMapEntry shape="rect" coords="0,0,20,20" mappedValue="1"/></areaMapping>'
    )
    declared = response("point", cardinality, mapping, "RESPONSE")
    return item(declared, SCORE, template("map_response_point"))


def test_each_area_counts_once_and_the_first_one_wins() -> None:
    markup = area_item("multiple")
    assert scored(markup, RESPONSE=["10 10", "11 10"]).points == 2
    assert scored(markup, RESPONSE=["10 10", "1 1"]).points == 3
    assert scored(markup, RESPONSE=["99 99"]).points == -1
    assert scored(area_item("single"), RESPONSE=[10, 10]).points == 2


@pytest.mark.parametrize(
    ("kind", "entries", "source", "expected"),
    [
        ("matchTable", [("1", "10", ""), ("2", "20", "")], 2, 20),
        ("matchTable", [("1", "10", "")], 3, 99),
        ("interpolationTable", [("5", "50", ""), ("0", "10", "")], 5, 50),
        (
            "interpolationTable",
            [("5", "50", 'includeBoundary="false"'), ("0", "10", "")],
            5,
            10,
        ),
        ("interpolationTable", [("0", "10", "")], -1, 99),
    ],
)
def test_lookup_tables(
    kind: str, entries: list[tuple[str, str, str]], source: int, expected: int
) -> None:
    listed = "".join(
        f'<{kind}Entry sourceValue="{at}" targetValue="{target}" {more}/>'
        for at, target, more in entries
    )
    table = f'<{kind} defaultValue="99">{listed}</{kind}>'
    rules = (
        "<responseProcessing><lookupOutcomeValue identifier='SCORE'>"
        f"{value('integer', source)}</lookupOutcomeValue></responseProcessing>"
    )
    assert scored(item(outcome("float", inner=table, name="SCORE"), rules)).points == expected


def test_first_branch_that_holds_is_taken_and_exit_ends_it() -> None:
    def setting(points: int) -> str:
        return f"<setOutcomeValue identifier='SCORE'>{value('float', points)}</setOutcomeValue>"

    rules = (
        "<responseProcessing><responseCondition>"
        f"<responseIf><isNull><variable identifier='R'/></isNull>{setting(1)}</responseIf>"
        f"<responseElseIf><gt><variable identifier='R'/>{value('integer', 5)}</gt>{setting(2)}"
        "<exitResponse/></responseElseIf>"
        f"<responseElse>{setting(3)}</responseElse></responseCondition>"
        f"<responseCondition><responseIf><isNull><null/></isNull>"
        "<setOutcomeValue identifier='SCORE'><sum><variable identifier='SCORE'/>"
        f"{value('float', 10)}</sum></setOutcomeValue></responseIf></responseCondition>"
        "</responseProcessing>"
    )
    markup = item(response("integer"), SCORE, rules)
    assert [scored(markup, R=raw).points for raw in (None, 6, "4")] == [11, 2, 13]


RANDOM = item(
    '<templateDeclaration identifier="A" cardinality="single" baseType="integer"/>',
    response("integer", name="RESPONSE"),
    SCORE,
    "<templateProcessing>"
    "<setTemplateValue identifier='A'><randomInteger min='1' max='1000'/></setTemplateValue>"
    f"<templateConstraint><gt><variable identifier='A'/>{value('integer', 500)}</gt>"
    "</templateConstraint>"
    "<setCorrectResponse identifier='RESPONSE'><variable identifier='A'/></setCorrectResponse>"
    "</templateProcessing>",
    template("match_correct"),
)


def test_seed_decides_what_templates_draw() -> None:
    drawn = [scored(RANDOM, seed=seed).templates["A"] for seed in range(20)]
    assert drawn == [scored(RANDOM, seed=seed).templates["A"] for seed in range(20)]
    assert len(set(drawn)) > 10
    assert all(isinstance(number, int) and number > 500 for number in drawn)
    assert scored(RANDOM, seed=3, RESPONSE=drawn[3]).points == 1
    assert scored(RANDOM, seed=3, RESPONSE=drawn[3]).max_points == 1


ADAPTIVE = item(
    response("boolean", name="HINT"),
    SCORE,
    "<responseProcessing>"
    f"<setOutcomeValue identifier='SCORE'><sum><variable identifier='SCORE'/>{value('float', 1)}"
    "</sum></setOutcomeValue>"
    f"<responseCondition><responseIf><gte><variable identifier='numAttempts'/>{value('integer', 2)}"
    "</gte><setOutcomeValue identifier='completionStatus'>"
    f"{value('identifier', 'completed')}</setOutcomeValue></responseIf></responseCondition>"
    "</responseProcessing>",
    attributes='identifier="i" title="t" adaptive="true"',
)


def test_adaptive_item_goes_on_from_the_attempt_before() -> None:
    first = process(ADAPTIVE, {"HINT": True})
    second = process(ADAPTIVE, {}, previous=first)
    assert (first.points, first.is_completed) == (1, False)
    assert (second.points, second.is_completed) == (2, True)


def test_item_that_is_not_adaptive_starts_afresh() -> None:
    markup = ADAPTIVE.replace('adaptive="true"', 'adaptive="false"')
    first = process(markup, {})
    assert process(markup, {}, previous=first).points == 1


def test_modal_feedback_shows_where_its_outcome_says_so() -> None:
    feedback = (
        '<modalFeedback outcomeIdentifier="F" identifier="{0}" showHide="{1}">x</modalFeedback>'
    )
    markup = item(
        outcome("identifier", inner="<defaultValue><value>a</value></defaultValue>", name="F"),
        feedback.format("a", "show"),
        feedback.format("b", "show"),
        feedback.format("c", "hide"),
    )
    assert scored(markup).modal_feedback == ("a", "c")


def test_numeric_outcome_starts_at_zero_and_others_at_null() -> None:
    found = scored(item(SCORE, outcome("identifier", name="F")))
    assert found.outcomes == {"SCORE": 0, "F": None, "completionStatus": "unknown"}


def test_record_response_is_read_from_a_typed_number() -> None:
    rules = (
        "<responseProcessing><setOutcomeValue identifier='SCORE'><fieldValue "
        "fieldIdentifier='ndp'><variable identifier='R'/></fieldValue></setOutcomeValue>"
        "</responseProcessing>"
    )
    markup = item('<responseDeclaration identifier="R" cardinality="record"/>', SCORE, rules)
    assert scored(markup, R="3.140").points == 3


def test_item_of_version_three_reads_alike() -> None:
    markup = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i">'
        '<qti-response-declaration identifier="R" cardinality="single" base-type="integer">'
        "<qti-correct-response><qti-value>4</qti-value></qti-correct-response>"
        "</qti-response-declaration>"
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
        "<qti-response-processing><qti-response-condition><qti-response-if><qti-match>"
        '<qti-variable identifier="R"/><qti-correct identifier="R"/></qti-match>'
        '<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">2'
        "</qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition>"
        "</qti-response-processing></qti-assessment-item>"
    )
    assert scored(markup, R="4").points == 2


def test_document_that_is_no_item_is_refused() -> None:
    with pytest.raises(MalformedMarkup):
        process("<assessmentTest/>", {})
