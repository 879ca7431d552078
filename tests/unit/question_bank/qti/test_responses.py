"""Raw responses as players send them, read as values of the declared type."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.qti.definition import Declaration
from question_bank.qti.processing import plain
from question_bank.qti.responses import number_record, read_response
from question_bank.qti.values import BaseType, Cardinality


def read(base_type: BaseType, raw: object, cardinality: Cardinality = Cardinality.SINGLE) -> object:
    return plain(read_response(Declaration("R", cardinality, base_type), raw))


@pytest.mark.parametrize(
    ("base_type", "raw", "expected"),
    [
        (BaseType.IDENTIFIER, "A", "A"),
        (BaseType.IDENTIFIER, ["A"], "A"),
        (BaseType.IDENTIFIER, ["A", "B"], None),
        (BaseType.IDENTIFIER, {"base": {"identifier": "A"}}, "A"),
        (BaseType.IDENTIFIER, {"base": None}, None),
        (BaseType.STRING, "", None),
        (BaseType.STRING, " x ", " x "),
        (BaseType.INTEGER, "12", 12),
        (BaseType.INTEGER, "１２", 12),
        (BaseType.INTEGER, 12.0, 12),
        (BaseType.INTEGER, "12.5", None),
        (BaseType.INTEGER, "9" * 500, None),
        (BaseType.FLOAT, "1e3", 1000.0),
        (BaseType.FLOAT, ".5", 0.5),
        (BaseType.FLOAT, "1e9999", None),
        (BaseType.FLOAT, "NaN", None),
        (BaseType.FLOAT, float("inf"), None),
        (BaseType.FLOAT, Decimal("0.1"), 0.1),
        (BaseType.FLOAT, Fraction(1, 4), 0.25),
        (BaseType.BOOLEAN, True, True),
        (BaseType.BOOLEAN, "false", False),
        (BaseType.BOOLEAN, "perhaps", None),
        (BaseType.POINT, "10 20", "10 20"),
        (BaseType.POINT, [10, 20.5], "10 20.5"),
        (BaseType.PAIR, ["A", "B"], "A B"),
        (BaseType.DIRECTED_PAIR, "A   B", "A B"),
        (BaseType.DIRECTED_PAIR, "A", None),
        (BaseType.DURATION, "PT1M30S", 90.0),
        (BaseType.FILE, {"name": "a.png", "data": "…"}, "a.png"),
        (BaseType.FLOAT, None, None),
    ],
)
def test_single_values(base_type: BaseType, raw: object, expected: object) -> None:
    assert read(base_type, raw) == expected


@pytest.mark.parametrize(
    ("base_type", "raw", "expected"),
    [
        (BaseType.IDENTIFIER, ["A", "B"], ["A", "B"]),
        (BaseType.IDENTIFIER, "A", ["A"]),
        (BaseType.IDENTIFIER, [], []),
        (BaseType.IDENTIFIER, None, None),
        (BaseType.IDENTIFIER, {"list": {"identifier": ["A"]}}, ["A"]),
        (BaseType.DIRECTED_PAIR, [["A", "B"], "C D"], ["A B", "C D"]),
        (BaseType.DIRECTED_PAIR, ["A B", "C D"], ["A B", "C D"]),
        (BaseType.POINT, [[1, 2], [3, 4]], ["1 2", "3 4"]),
        (BaseType.INTEGER, ["1", "x"], [1]),
    ],
)
def test_containers(base_type: BaseType, raw: object, expected: object) -> None:
    assert read(base_type, raw, Cardinality.MULTIPLE) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12.50", {"floatValue": 12.5, "leftDigits": 2, "rightDigits": 2, "ndp": 2, "nsf": 4}),
        ("0.050", {"floatValue": 0.05, "rightDigits": 3, "nsf": 2}),
        ("1200", {"integerValue": 1200, "nsf": 2, "ndp": 0}),
        ("1.5e3", {"floatValue": 1500.0, "exponent": 3}),
        ("word", {"stringValue": "word", "floatValue": None}),
    ],
)
def test_typed_number_as_a_record(typed: str, expected: dict[str, object]) -> None:
    found = plain(number_record(typed))
    assert isinstance(found, dict)
    assert {name: found[name] for name in expected} == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.sampled_from(BaseType), st.sampled_from(Cardinality), JSON)
def test_anything_is_a_value_or_null(
    base_type: BaseType, cardinality: Cardinality, raw: object
) -> None:
    found = read_response(Declaration("R", cardinality, base_type), raw)
    assert found is None or found.cardinality is cardinality
