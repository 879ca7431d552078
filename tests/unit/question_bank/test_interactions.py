"""Raw answers as they travel, read for each item type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.errors import MalformedResponse
from question_bank.interactions import (
    ChoiceResponse,
    NumericResponse,
    is_blank,
    parse_response,
    read_number,
)
from tests.factories import make_item


@pytest.mark.parametrize(
    ("item_type", "raw", "chosen"),
    [
        ("single", ["b"], {"b"}),
        ("single", [], set()),
        ("single", ("b",), {"b"}),
        ("single", ["b", "b"], {"b"}),
        ("multiple", ["e", "a", "c"], {"a", "c", "e"}),
        ("multiple", ["a", "b", "c", "d", "e"], {"a", "b", "c", "d", "e"}),
        ("multiple", [], set()),
        ("true_false", ["true"], {"true"}),
    ],
)
def test_choice_is_read_as_a_set(item_type: str, raw: object, chosen: set[str]) -> None:
    response = parse_response(make_item(item_type=item_type), raw)
    assert response == ChoiceResponse(frozenset(chosen))


@pytest.mark.parametrize(
    ("item_type", "raw", "message"),
    [
        ("single", "b", "a list of option ids"),
        ("single", b"b", "option ids out of a, b, c, d"),
        ("single", None, "a list of option ids"),
        ("single", {"value": "b"}, "a list of option ids"),
        ("single", 2, "a list of option ids"),
        ("single", ["x"], "found 'x'"),
        ("single", ["B"], "found 'B'"),
        ("single", [1], "found 1"),
        ("single", [["a"]], r"found \['a'\]"),
        ("single", ["a", "b"], "expected one option, found 2"),
        ("true_false", ["true", "false"], "expected one option, found 2"),
        ("true_false", [True], "found True"),
        ("multiple", ["a", "f"], "found 'f'"),
        ("numeric", "12", "number as text"),
        ("numeric", ["12"], "number as text"),
        ("numeric", {"value": 12}, "number as text"),
        ("numeric", {"value": None}, "number as text"),
        ("numeric", {"number": "12"}, "number as text"),
        ("numeric", {"value": "1" * 33}, "at most 32 characters"),
    ],
)
def test_answer_of_the_wrong_shape_is_refused(item_type: str, raw: object, message: str) -> None:
    with pytest.raises(MalformedResponse, match=message) as caught:
        parse_response(make_item("01-009", item_type), raw)
    assert "01-009" in str(caught.value)


def test_message_does_not_repeat_a_long_answer() -> None:
    with pytest.raises(MalformedResponse) as caught:
        parse_response(make_item(item_type="numeric"), {"value": "1" * 10_000})
    assert len(str(caught.value)) < 300
    with pytest.raises(MalformedResponse) as caught:
        parse_response(make_item(), ["x" * 10_000])
    assert len(str(caught.value)) < 300
    with pytest.raises(MalformedResponse) as caught:
        parse_response(make_item(), "x" * 10_000)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("12.50", "12.50"),
        ("１２．５", "12.5"),
        ("－３", "-3"),
        ("−3", "-3"),
        ("+3", "3"),
        ("1,234,567.8", "1234567.8"),
        ("１，２３４", "1234"),
        ("1 234", "1234"),
        ("　12　", "12"),
        ("\t12\n", "12"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("-0", "0"),
    ],
)
def test_number_is_read_as_typed_in_china(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "abc", "12元", "2.5%", "1/2", "½", "10²", "①", "1..2", "--1", "1_000", "."),
        *("NaN", "sNaN", "Infinity", "-inf", "0x10", "1e", "e5"),
    ],
)
def test_text_that_is_no_number_reads_as_none(text: str) -> None:
    assert read_number(text) is None
    response = parse_response(make_item(item_type="numeric"), {"value": text})
    assert response == NumericResponse(text, None)


@pytest.mark.parametrize(
    "text", ["1e32", "1e999999999", "-1e999999999", "1e-999999999", "0e999999999", "0e-999999999"]
)
def test_number_too_large_or_too_fine_to_compare_reads_as_none(text: str) -> None:
    """Comparing 1e-999999999 exactly would need a denominator of a billion digits."""
    assert read_number(text) is None


@given(value=st.decimals(-(10**12), 10**12, places=6))
def test_every_plain_number_is_read_exactly(value: Decimal) -> None:
    assert read_number(str(value)) == value
    assert read_number(f"{value:,f}") == value


@given(raw=st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_any_json_gives_a_response_or_the_rooms_own_error(raw: Any) -> None:
    for item_type in ("single", "multiple", "true_false", "numeric"):
        for answer in (raw, [raw], {"value": raw}):
            try:
                parse_response(make_item(item_type=item_type), answer)
            except MalformedResponse as error:
                assert error.params["item_id"] == "01-001"


@pytest.mark.parametrize("text", ["12,5", "1,23,456", ",5", "1,234,5"])
def test_a_comma_that_may_mean_a_decimal_point_is_not_guessed(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize("raw", [None, [], {"value": ""}, {"value": "  "}, {}])
def test_a_response_without_content_is_blank(raw: object) -> None:
    assert is_blank(raw)


@pytest.mark.parametrize("raw", [["a"], {"value": "0"}, {"value": "about ten"}])
def test_anything_chosen_or_typed_is_not_blank(raw: object) -> None:
    assert not is_blank(raw)
