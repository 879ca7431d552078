"""Expressions of QTI, each with its value, NULL cases and borders."""

from __future__ import annotations

import math

import pytest

from tests.unit.question_bank.qti.sample_items import numbers, result_of, value

NULL = "<null/>"
ORDERED = "<ordered>{}</ordered>"
MULTIPLE = "<multiple>{}</multiple>"
LETTERS = "".join(value("identifier", letter) for letter in "ABCB")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"<sum>{numbers(1, 2, 3)}</sum>", 6),
        (f"<sum>{numbers('0.1', '0.2')}</sum>", 0.3),
        (f"<sum>{MULTIPLE.format(numbers(1, 2))}{numbers(3)}</sum>", 6),
        (f"<sum>{numbers(1)}{NULL}</sum>", None),
        (f"<product>{numbers(2, '1.5')}</product>", 3),
        (f"<subtract>{numbers(2, 5)}</subtract>", -3),
        (f"<divide>{numbers(7, 2)}</divide>", 3.5),
        (f"<divide>{numbers(7, 0)}</divide>", None),
        (f"<integerDivide>{numbers(-7, 2)}</integerDivide>", -4),
        (f"<integerModulus>{numbers(-7, 2)}</integerModulus>", 1),
        (f"<power>{numbers(2, 10)}</power>", 1024),
        (f"<power>{numbers(2, '0.5')}</power>", math.sqrt(2)),
        (f"<power>{numbers(-8, '0.5')}</power>", None),
        (f"<power>{numbers(0, -1)}</power>", None),
        (f"<power>{numbers(10, 400)}</power>", None),
        (f"<truncate>{numbers('-6.9')}</truncate>", -6),
        (f"<round>{numbers('6.5')}</round>", 7),
        (f"<round>{numbers('-6.5')}</round>", -6),
        (f"<roundTo roundingMode='decimalPlaces' figures='1'>{numbers('1.45')}</roundTo>", 1.5),
        (f"<roundTo roundingMode='decimalPlaces' figures='0'>{numbers('-2.5')}</roundTo>", -3),
        (f"<roundTo roundingMode='significantFigures' figures='2'>{numbers(1250)}</roundTo>", 1300),
        (f"<roundTo roundingMode='significantFigures' figures='0'>{numbers(1250)}</roundTo>", None),
        (f"<roundTo roundingMode='significantFigures' figures='3'>{numbers(0)}</roundTo>", 0),
        (f"<integerToFloat>{numbers(3)}</integerToFloat>", 3),
        (f"<max>{numbers(3, '3.5')}</max>", 3.5),
        (f"<min>{numbers(3, '3.5')}{NULL}</min>", None),
        (f"<gcd>{numbers(12, 18)}</gcd>", 6),
        (f"<lcm>{numbers(4, 6)}</lcm>", 12),
        (f"<mathOperator name='sin'>{numbers(0)}</mathOperator>", 0),
        (f"<mathOperator name='log'>{numbers(1000)}</mathOperator>", math.log10(1000)),
        (f"<mathOperator name='ln'>{numbers(-1)}</mathOperator>", None),
        (f"<mathOperator name='exp'>{numbers(1000)}</mathOperator>", None),
        (f"<mathOperator name='abs'>{numbers('-1.25')}</mathOperator>", 1.25),
        (f"<mathOperator name='signum'>{numbers('-1.25')}</mathOperator>", -1),
        (f"<mathOperator name='floor'>{numbers('-1.25')}</mathOperator>", -2),
        (f"<mathOperator name='ceil'>{numbers('-1.25')}</mathOperator>", -1),
        (f"<mathOperator name='atan2'>{numbers(1, 0)}</mathOperator>", math.pi / 2),
        (f"<mathOperator name='sec'>{numbers(0)}</mathOperator>", 1),
        ("<mathConstant name='pi'/>", math.pi),
        (f"<statsOperator name='mean'>{MULTIPLE.format(numbers(1, 2))}</statsOperator>", 1.5),
        (
            f"<statsOperator name='sampleVariance'>{MULTIPLE.format(numbers(1, 2, 3))}"
            "</statsOperator>",
            1,
        ),
        (f"<statsOperator name='sampleSD'>{MULTIPLE.format(numbers(1))}</statsOperator>", None),
        (f"<statsOperator name='popSD'>{MULTIPLE.format(numbers(1, 3))}</statsOperator>", 1),
        (f"<containerSize>{MULTIPLE.format(LETTERS)}</containerSize>", 4),
        (f"<containerSize>{NULL}</containerSize>", 0),
    ],
)
def test_numbers(expression: str, expected: object) -> None:
    assert result_of(expression) == expected


def match(first: str, second: str) -> str:
    return f"<match>{first}{second}</match>"


def contains(container: str, whole: str, part: str) -> str:
    return f"<contains>{container.format(whole)}{container.format(part)}</contains>"


TRUE, FALSE = value("boolean", "true"), value("boolean", "false")
POINT = value("point", "10 10")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"<and>{TRUE}{NULL}</and>", None),
        (f"<and>{FALSE}{NULL}</and>", False),
        (f"<or>{TRUE}{NULL}</or>", True),
        (f"<or>{FALSE}{NULL}</or>", None),
        (f"<not>{NULL}</not>", None),
        (f"<isNull>{value('string', '')}</isNull>", True),
        (f"<isNull>{MULTIPLE.format('')}</isNull>", True),
        (f"<anyN min='1' max='2'>{TRUE}{NULL}</anyN>", True),
        (f"<anyN min='1' max='1'>{TRUE}{NULL}</anyN>", None),
        (f"<anyN min='2' max='2'>{TRUE}{FALSE}</anyN>", False),
        (match(value("integer", 3), value("float", "3.0")), True),
        (match(value("pair", "A B"), value("pair", "B A")), True),
        (match(value("directedPair", "A B"), value("directedPair", "B A")), False),
        (match(value("string", "A"), value("identifier", "A")), True),
        (match(NULL, NULL), None),
        (match(ORDERED.format(numbers(1, 2)), ORDERED.format(numbers(2, 1))), False),
        (match(MULTIPLE.format(numbers(1, 2, 2)), MULTIPLE.format(numbers(2, 1, 2))), True),
        (match(MULTIPLE.format(numbers(1, 2, 2)), MULTIPLE.format(numbers(2, 1))), False),
        (f"<equal toleranceMode='absolute' tolerance='0.1'>{numbers(1, '1.1')}</equal>", True),
        (
            "<equal toleranceMode='absolute' tolerance='0.1' includeUpperBound='false'>"
            f"{numbers(1, '1.1')}</equal>",
            False,
        ),
        (f"<equal toleranceMode='relative' tolerance='5 10'>{numbers(-10, -11)}</equal>", True),
        (f"<equal toleranceMode='relative' tolerance='5 10'>{numbers(-10, '-9.4')}</equal>", False),
        (f"<equal toleranceMode='absolute'>{numbers(1, 1)}</equal>", None),
        (
            f"<equalRounded roundingMode='decimalPlaces' figures='1'>{numbers('1.04', 1)}"
            "</equalRounded>",
            True,
        ),
        (f"<lt>{numbers(1, 2)}</lt>", True),
        (f"<gte>{numbers(1)}{NULL}</gte>", None),
        (f"<durationLT>{value('duration', 'PT59S')}{value('duration', 60)}</durationLT>", True),
        (f"<inside shape='circle' coords='10,20,10'>{POINT}</inside>", True),
        (f"<inside shape='rect' coords='11,0,20,20'>{POINT}</inside>", False),
        (f"<inside shape='poly' coords='0,0,20,0,20,20'>{POINT}</inside>", True),
        (f"<inside shape='ellipse' coords='0,10,10,1'>{POINT}</inside>", True),
        (f"<member>{value('identifier', 'B')}{MULTIPLE.format(LETTERS)}</member>", True),
        (f"<member>{value('identifier', 'D')}{MULTIPLE.format(LETTERS)}</member>", False),
        (
            contains(ORDERED, numbers(1, 2, 3), numbers(2, 3)),
            True,
        ),
        (
            contains(ORDERED, numbers(1, 2, 3), numbers(1, 3)),
            False,
        ),
        (
            contains(MULTIPLE, numbers(1, 2), numbers(1, 1)),
            False,
        ),
        (
            f"<stringMatch caseSensitive='false'>{value('string', 'Äpfel')}"
            f"{value('string', 'äPFEL')}</stringMatch>",
            True,
        ),
        (
            f"<substring caseSensitive='true'>{value('string', 'el')}{value('string', 'apfel')}"
            "</substring>",
            True,
        ),
        (
            rf"<patternMatch pattern='\d+(\.\d{{2}})?'>{value('string', '12.50')}</patternMatch>",
            True,
        ),
    ],
)
def test_conditions(expression: str, expected: object) -> None:
    assert result_of(expression, "boolean") is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"<delete>{value('identifier', 'B')}{ORDERED.format(LETTERS)}</delete>", ["A", "C"]),
        (f"<repeat numberRepeats='2'>{value('identifier', 'A')}</repeat>", ["A", "A"]),
        (f"<repeat numberRepeats='0'>{value('identifier', 'A')}</repeat>", None),
        (ORDERED.format(NULL), None),
        (ORDERED.format(ORDERED.format(LETTERS) + NULL), ["A", "B", "C", "B"]),
    ],
)
def test_containers(expression: str, expected: object) -> None:
    assert result_of(expression, "identifier", "ordered") == expected


@pytest.mark.parametrize(
    ("position", "expected"), [("1", "A"), ("4", "B"), ("5", None), ("0", None)]
)
def test_index_counts_from_one(position: str, expected: object) -> None:
    expression = f"<index n='{position}'>{ORDERED.format(LETTERS)}</index>"
    assert result_of(expression, "identifier") == expected


def test_number_that_is_no_integer_stays_in_an_integer_outcome() -> None:
    assert result_of(numbers("0.5"), "integer") == 0.5


def test_several_values_are_null_in_a_single_outcome() -> None:
    assert result_of(MULTIPLE.format(LETTERS), "identifier") is None
