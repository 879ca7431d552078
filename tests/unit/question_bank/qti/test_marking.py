"""Who marks an item, and what full marks are."""

from __future__ import annotations

from fractions import Fraction

import pytest

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


def interaction(name: str, inner: str = "") -> str:
    return f'<itemBody><{name} responseIdentifier="RESPONSE">{inner}</{name}></itemBody>'


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((response("string", name="RESPONSE"), interaction("extendedTextInteraction")), True),
        ((response("file", name="RESPONSE"), interaction("uploadInteraction")), True),
        (
            (
                response("string", name="RESPONSE", inner=correct("x")),
                interaction("extendedTextInteraction"),
                template("match_correct"),
            ),
            False,
        ),
        (
            (
                response("string", name="RESPONSE"),
                interaction("extendedTextInteraction"),
                template("match_correct"),
            ),
            True,
        ),
        ((response("identifier", name="RESPONSE"), choice()), False),
        (
            ('<outcomeDeclaration identifier="SCORE" externalScored="human"/>',),
            True,
        ),
    ],
)
def test_marking_by_hand_is_called_for(parts: tuple[str, ...], expected: bool) -> None:
    assert scored(item(*parts), RESPONSE="x").needs_marking is expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            (
                outcome(
                    "float", inner="<defaultValue><value>4</value></defaultValue>", name="MAXSCORE"
                ),
            ),
            4,
        ),
        (
            ('<outcomeDeclaration identifier="SCORE" baseType="float" normalMaximum="2.5"/>',),
            Fraction(5, 2),
        ),
        (
            (
                response("identifier", inner=correct("A"), name="RESPONSE"),
                SCORE,
                template("match_correct"),
            ),
            1,
        ),
        (
            (
                response("identifier", "multiple", MAPPING, "RESPONSE"),
                SCORE,
                template("map_response"),
                choice(),
            ),
            2,
        ),
        ((SCORE,), 1),
    ],
)
def test_full_marks(parts: tuple[str, ...], expected: Fraction) -> None:
    assert scored(item(*parts)).max_points == expected


def test_full_marks_of_an_adaptive_item_may_take_several_attempts() -> None:
    rules = setting_score(f"<sum><variable identifier='SCORE'/>{value('float', 1)}</sum>")
    counting = (
        "<responseCondition><responseIf><lt><variable identifier='numAttempts'/>"
        f"{value('integer', 4)}</lt>{rules[20:-21]}</responseIf></responseCondition>"
    )
    markup = item(
        SCORE,
        f"<responseProcessing>{counting}</responseProcessing>",
        attributes='identifier="i" title="t" adaptive="true"',
    )
    assert scored(markup).max_points == 3


def test_full_marks_are_tried_out_where_no_correct_response_is_given() -> None:
    rules = (
        "<responseProcessing><responseCondition><responseIf>"
        f"<match><variable identifier='RESPONSE'/>{value('identifier', 'B')}</match>"
        f"<setOutcomeValue identifier='SCORE'>{value('float', 5)}</setOutcomeValue>"
        "</responseIf></responseCondition></responseProcessing>"
    )
    markup = item(response("identifier", name="RESPONSE"), SCORE, choice(), rules)
    assert scored(markup, RESPONSE="A").max_points == 5
