"""Raw answers to blanks, orders, matches, essays and markup, as they travel."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.errors import MalformedResponse
from question_bank.interactions import (
    LONGEST_BLANK,
    LONGEST_ESSAY,
    LONGEST_MARKUP_RESPONSE,
    BlanksResponse,
    EssayResponse,
    MarkupResponse,
    MatchResponse,
    OrderResponse,
    parse_response,
)
from tests.factories import make_item

TYPES = ("fill_in", "order", "match", "essay", "composite")


@pytest.mark.parametrize(
    ("item_type", "raw", "response"),
    [
        ("fill_in", {"blanks": {"1": "FOB"}}, BlanksResponse({"1": "FOB"})),
        ("fill_in", {"blanks": {}}, BlanksResponse({})),
        ("order", ["d", "c", "b", "a"], OrderResponse(tuple("dcba"))),
        ("order", [], OrderResponse(())),
        ("match", {"pairs": {"a": "t1", "b": ""}}, MatchResponse(frozenset({("a", "t1")}))),
        ("match", {"pairs": {}}, MatchResponse(frozenset())),
        ("essay", {"text": "方案"}, EssayResponse("方案")),
        ("essay", {"text": ""}, EssayResponse("")),
        ("composite", {"responses": {"R": ["A"]}}, MarkupResponse({"R": ["A"]})),
    ],
)
def test_answer_is_read(item_type: str, raw: object, response: object) -> None:
    assert parse_response(make_item(item_type=item_type), raw) == response


@pytest.mark.parametrize(
    ("item_type", "raw", "message"),
    [
        ("fill_in", "FOB", "blanks"),
        ("fill_in", {"blanks": ["FOB"]}, "blanks"),
        ("fill_in", {"blanks": {"3": "FOB"}}, "blanks out of 1, 2, found '3'"),
        ("fill_in", {"blanks": {"1": 5}}, "a text of at most"),
        ("fill_in", {"blanks": {"1": "x" * (LONGEST_BLANK + 1)}}, "a text of at most"),
        ("order", ["a", "b"], "each option once"),
        ("order", ["a", "a", "b", "c"], "each option once"),
        ("order", ["a", "b", "c", "x"], "option ids out of a, b, c, d"),
        ("order", "abcd", "a list of option ids"),
        ("match", {"pairs": {"x": "t1"}}, "pairs out of a, b, c"),
        ("match", {"pairs": {"a": "t9"}}, "targets out of t1, t2, t3"),
        ("match", {"pairs": [["a", "t1"]]}, "pairs"),
        ("essay", "方案", "text"),
        ("essay", {"text": None}, "text"),
        ("essay", {"text": "x" * (LONGEST_ESSAY + 1)}, "at most 20000 characters"),
        ("composite", {"R": "A"}, "responses"),
        ("composite", {"responses": {1: "A"}}, "responses"),
        ("composite", {"responses": {"R": "x" * LONGEST_MARKUP_RESPONSE}}, "characters"),
    ],
)
def test_answer_of_the_wrong_shape_is_refused(item_type: str, raw: object, message: str) -> None:
    with pytest.raises(MalformedResponse, match=message) as caught:
        parse_response(make_item("01-009", item_type), raw)
    assert "01-009" in str(caught.value)
    assert len(str(caught.value)) < 300


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["1", "a", "t1", "blanks", "pairs", "text", "responses"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(raw=JSON)
def test_any_json_gives_a_response_or_the_rooms_own_error(raw: Any) -> None:
    for item_type in TYPES:
        for answer in (raw, {"blanks": raw}, {"pairs": raw}, {"text": raw}, {"responses": raw}):
            try:
                parse_response(make_item(item_type=item_type), answer)
            except MalformedResponse as error:
                assert error.params["item_id"] == "01-001"
