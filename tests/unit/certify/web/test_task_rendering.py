"""An item on the page: everything to answer it, the answer so far, and nothing of its key."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import get_template_attribute
from werkzeug.datastructures import MultiDict

from certify.services.raw_responses import is_blank_response
from certify.services.showing import view_item
from certify.web.task_answers import read_response, response_error
from certify.web.task_rendering import letter_of, render_task
from question_bank.answer_key import (
    AcceptedAnswer,
    AnswerKey,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.interactions import parse_response
from question_bank.item import Explanation, Item, ItemType, Option, Stimulus, WrongAnswer
from tests.factories import make_item, right_response, wrong_response

pytestmark = pytest.mark.usefixtures("page_context")

PLAIN_TYPES = sorted(set(ItemType) - {ItemType.COMPOSITE})
SECRET = "绝密答案"
OTHER_KEYS: dict[str, AnswerKey] = {
    "single": ChoiceKey(frozenset("d")),
    "multiple": ChoiceKey(frozenset("bd")),
    "true_false": ChoiceKey(frozenset({"true"})),
    "numeric": NumericKey(Decimal(77), Decimal(7), 2, "元", SECRET),
    "fill_in": BlanksKey(
        tuple(Blank(n, (AcceptedAnswer(SECRET, Fraction(1, 3), Decimal(7)),), True) for n in "12")
    ),
    "order": OrderKey(tuple("abdc")),
    "match": MatchKey(frozenset({("a", "t3"), ("b", "t2"), ("c", "t1")})),
    "essay": EssayKey(SECRET, 500),
}


def html_of(item: Item, response: Any = None) -> str:
    task = render_task(view_item(item, option_order=[o.id for o in item.options]), response)
    return str(get_template_attribute("exam/task.html", "exam_task")(task))


@pytest.mark.parametrize("item_type", PLAIN_TYPES)
def test_the_page_does_not_change_with_the_key_or_the_explanation(item_type: str) -> None:
    item = make_item(item_type=item_type)
    other = replace(
        item,
        answer_key=OTHER_KEYS[item_type],
        explanation=Explanation(
            SECRET,
            SECRET,
            {option.id: SECRET for option in item.options},
            (WrongAnswer(Decimal(77), SECRET),),
        ),
        source=SECRET,
        point=SECRET,
    )
    assert html_of(item) == html_of(other)
    assert SECRET not in html_of(other)


@pytest.mark.parametrize("item_type", PLAIN_TYPES)
def test_an_answer_that_was_given_stands_on_the_page_again(item_type: str) -> None:
    item = make_item(item_type=item_type)
    assert len({html_of(item), html_of(item, right_response(item))}) == 2
    assert html_of(item, right_response(item)) != html_of(item, wrong_response(item))


def form_of(html: str) -> MultiDict[str, str]:
    """What a browser without scripts would send of the page."""
    sent: MultiDict[str, str] = MultiDict()
    for field in re.findall(r"<input[^>]*>", html):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', field))
        if given["type"] not in ("radio", "checkbox") or " checked" in field:
            sent.add(given["name"], given["value"])
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent.add(name, chosen[1] if chosen else "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.S):
        sent.add(name, text)
    return sent


@pytest.mark.parametrize("item_type", PLAIN_TYPES)
@pytest.mark.parametrize("make_response", [right_response, wrong_response])
def test_a_form_sent_as_it_was_shown_gives_the_same_response(
    item_type: str, make_response: Any
) -> None:
    item = make_item(item_type=item_type)
    response = make_response(item)
    view = view_item(item)
    read = read_response(view, form_of(html_of(item, response)))
    assert response_error(view, read) == ""
    assert parse_response(item, read) == parse_response(item, response)


@pytest.mark.parametrize("item_type", PLAIN_TYPES)
def test_an_untouched_form_is_blank_and_still_a_response(item_type: str) -> None:
    item = make_item(item_type=item_type)
    read = read_response(view_item(item), form_of(html_of(item)))
    assert is_blank_response(read)
    assert response_error(view_item(item), read) == ""
    parse_response(item, read)


def test_an_order_with_a_place_given_twice_is_shown_again_as_typed() -> None:
    item = make_item(item_type="order")
    typed = MultiDict({"place-a": "1", "place-b": "1", "place-c": "2"})
    read = read_response(view_item(item), typed)
    assert response_error(view_item(item), read)
    assert not is_blank_response(read)
    again = form_of(html_of(item, read))
    assert {name: value for name, value in again.items() if value} == typed.to_dict()


def test_an_essay_that_is_too_long_is_refused_in_words() -> None:
    view = view_item(make_item(item_type="essay"))
    assert response_error(view, {"text": "长" * 500}) == ""
    assert response_error(view, {"text": "长" * 501})


def test_a_slip_in_a_number_is_told() -> None:
    view = view_item(make_item(item_type="numeric"))
    assert response_error(view, {"value": "十二"})
    assert response_error(view, {"value": "12"}) == ""


def test_every_blank_of_the_stem_has_a_labelled_field() -> None:
    html = html_of(make_item(item_type="fill_in"))
    assert re.findall(r'name="blank-(\w)"', html) == ["1", "2"]
    assert html.count("aria-label=") == 2
    assert "{{" not in html


def test_the_case_stands_beside_the_item() -> None:
    stimulus = Stimulus("case", "某店铺", "| 月 | 销量 |\n|---|--:|\n| 1 | 20 |")
    html = html_of(make_item(stimulus=stimulus))
    assert '<h2 class="stimulus-title">某店铺</h2>' in html
    assert '<div class="table-scroll" tabindex="0"><table>' in html
    assert "exam-item-split" in html


def test_short_targets_need_no_list_and_rich_or_long_ones_get_one() -> None:
    item = make_item(item_type="match")
    assert "target-list" not in html_of(item)
    rich = replace(item, targets=(*item.targets, Option("t4", r"$\frac{a}{b}$")))
    html = html_of(rich)
    assert 'class="target-list"' in html
    assert "<mfrac>" in html
    assert r"D \frac{a}{b}</option>" in html


def test_options_beyond_the_alphabet_still_have_a_sign() -> None:
    assert [letter_of(place) for place in (0, 25, 26)] == ["A", "Z", "27"]
