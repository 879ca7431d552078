"""No item makes the engine run away: work is counted, numbers stay small."""

from __future__ import annotations

import pytest

from question_bank.errors import UnboundedProcessing
from tests.unit.question_bank.qti.sample_items import (
    SCORE,
    item,
    response,
    result_of,
    scored,
    setting_score,
    value,
)


def test_endless_nesting_of_repetitions_is_stopped() -> None:
    inner = value("integer", 1)
    for _ in range(6):
        inner = f"<repeat numberRepeats='100'>{inner}</repeat>"
    with pytest.raises(UnboundedProcessing):
        result_of(f"<containerSize>{inner}</containerSize>")


def test_tower_of_powers_is_null_and_not_a_full_memory() -> None:
    inner = value("integer", 10)
    for _ in range(20):
        inner = f"<power>{inner}{value('integer', 9)}</power>"
    assert result_of(inner) is None


@pytest.mark.parametrize(
    "expression",
    [
        "<stringMatch caseSensitive='false'><variable identifier='R'/><variable identifier='R'/>"
        "</stringMatch>",
        "<patternMatch pattern='(a|b|ab)*c'><variable identifier='R'/></patternMatch>",
    ],
)
def test_long_texts_looked_at_too_often_are_stopped(expression: str) -> None:
    markup = item(
        response("string"),
        SCORE,
        setting_score(expression).replace(
            "</responseProcessing>",
            setting_score(expression)[20:-21] * 3000 + "</responseProcessing>",
        ),
    )
    with pytest.raises(UnboundedProcessing):
        scored(markup, R="ab" * 8000)


def test_constraint_that_never_holds_ends() -> None:
    markup = item(
        SCORE,
        "<templateProcessing><templateConstraint><null/></templateConstraint></templateProcessing>",
    )
    assert scored(markup).unsupported == ("templateConstraint",)
