"""What responses show about items, collected from decided attempts on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certify.errors import NotFound
from certify.services.authoring import save_item
from certify.services.banking import get_item, search_items
from certify.services.context import ServiceContext
from certify.services.inspecting import inspect_bank
from certify.services.item_statistics import observe_bank, observe_item
from certify.services.ports import ItemFilter
from question_bank.exchange.native import item_to_mapping
from question_bank.item import Item
from tests.authors import WRITER
from tests.factories import AT, right_response, wrong_response
from tests.fakes import FakeClock, context_at, make_installation
from tests.respondents import add_respondents

ITEM = "01-001"


@pytest.fixture
def context(tmp_path: Path, prepared_url: str) -> Iterator[ServiceContext]:
    installation = make_installation(tmp_path, prepared_url)
    yield context_at(installation, FakeClock(AT))
    installation.database.close()


@pytest.fixture
def item(context: ServiceContext) -> Item:
    return get_item(context, ITEM).item


def ability(number: int) -> float:
    """-2, -1.5, …, 2, -2, …: everybody's turn comes."""
    return -2.0 + 0.5 * (number % 9)


def able_are_right(item: Item) -> Any:
    def reply(number: int) -> tuple[float, Any]:
        theta = ability(number)
        return theta, right_response(item) if theta > 0 else wrong_response(item)

    return reply


def test_an_item_nobody_met_has_no_figures(context: ServiceContext) -> None:
    found = observe_item(context, ITEM)
    assert (found.responses, found.shown, found.correlation) == (0, 0, None)
    assert (found.answers, found.groups, found.exposure) == ((), (), ())
    assert not found.is_enough
    with pytest.raises(NotFound):
        observe_item(context, "99-999")


def test_below_twenty_responses_nothing_is_computed(context: ServiceContext, item: Item) -> None:
    add_respondents(context, item, 19, able_are_right(item))
    found = observe_item(context, ITEM)
    assert (found.responses, found.is_enough) == (19, False)
    assert (found.answers, found.groups, found.periods) == ((), (), ())
    assert found.correlation is None


def test_figures_of_an_item_that_tells_people_apart(context: ServiceContext, item: Item) -> None:
    add_respondents(context, item, 90, able_are_right(item))
    found = observe_item(context, ITEM)
    assert (found.responses, found.right, found.p) == (90, 40, pytest.approx(4 / 9))
    assert found.p_low < 4 / 9 < found.p_high
    assert found.correlation is not None
    assert found.correlation > 0.8
    assert [group.right for group in found.groups] == pytest.approx([0, 0, 2 / 9, 1, 1])
    answers = {one.answer: one for one in found.answers}
    shares = {answer: one.share for answer, one in answers.items()}
    assert set(shares) == {option.id for option in item.options}
    (key,) = right_response(item)
    (other,) = wrong_response(item)
    assert (shares[key], shares[other]) == pytest.approx((4 / 9, 5 / 9))
    assert [one.answer for one in found.answers if one.is_right] == [key]
    assert answers[other].group_shares[0] == pytest.approx(1.0)
    assert [period.responses for period in found.periods] == [45, 45]
    assert (found.is_enough, found.is_sure) == (True, False)


def test_only_the_first_attempt_of_a_person_counts(context: ServiceContext, item: Item) -> None:
    add_respondents(context, item, 2, lambda n: (0.0, wrong_response(item)), person="ann")
    add_respondents(context, item, 1, lambda n: (0.0, right_response(item)), first=5)
    found = observe_item(context, ITEM)
    assert (found.responses, found.right) == (2, 1)
    (exposure,) = found.exposure
    assert (exposure.level, exposure.shown, exposure.attempts, exposure.share) == ("elite", 3, 3, 1)


def test_exposure_counts_attempts_that_did_not_show_the_item(
    context: ServiceContext, item: Item
) -> None:
    other = get_item(context, "01-002").item
    add_respondents(context, item, 1, lambda n: (0.0, right_response(item)))
    add_respondents(context, other, 3, lambda n: (0.0, right_response(other)), first=10)
    add_respondents(
        context, other, 1, lambda n: (0.0, right_response(other)), first=20, level="novice"
    )
    found = {one.level: (one.shown, one.attempts) for one in observe_item(context, ITEM).exposure}
    assert found == {"novice": (0, 1), "elite": (1, 4)}


def test_an_item_shown_and_never_answered_is_shown_only(
    context: ServiceContext, item: Item
) -> None:
    add_respondents(context, item, 1, lambda n: (0.0, None))
    found = observe_item(context, ITEM)
    assert (found.responses, found.shown) == (0, 1)


def test_voided_attempts_do_not_count(context: ServiceContext, item: Item) -> None:
    add_respondents(context, item, 1, lambda n: (0.0, right_response(item)), is_voided=True)
    assert observe_item(context, ITEM).shown == 0


def test_responses_to_another_wording_do_not_count(context: ServiceContext, item: Item) -> None:
    add_respondents(context, item, 3, able_are_right(item))
    save_item(context, {**item_to_mapping(item), "source": "改"}, based_on=1, actor=WRITER)
    assert observe_item(context, ITEM).responses == 3
    save_item(context, {**item_to_mapping(item), "stem": "改了？"}, based_on=2, actor=WRITER)
    found = observe_item(context, ITEM)
    assert (found.responses, found.former) == (0, 3)


def test_typed_answers_are_listed_by_frequency(context: ServiceContext) -> None:
    listed = search_items(context, ItemFilter(type="numeric"), size=1).rows[0]
    numeric = get_item(context, listed.item_id).item
    replies = [right_response(numeric)] * 3 + [{"value": "4.0"}, {"value": "4"}, {"value": " "}]
    add_respondents(context, numeric, 24, lambda n: (ability(n), replies[n % 6]))
    found = observe_item(context, numeric.id)
    assert not found.has_options
    assert [(one.count, one.is_right) for one in found.answers] == [
        (12, True),
        (8, False),
        (4, False),
    ]
    assert found.answers[1].answer == "4"
    assert found.for_audit().options == {}


def test_the_audit_judges_what_enough_people_answered(context: ServiceContext, item: Item) -> None:
    def reply(number: int) -> tuple[float, Any]:
        theta = ability(number)
        return theta, right_response(item) if theta < 0 else wrong_response(item)

    before = {found.rule for found in inspect_bank(context).findings if found.item == ITEM}
    add_respondents(context, item, 100, reply)
    after = {found.rule for found in inspect_bank(context).findings if found.item == ITEM}
    assert after - before
    assert observe_bank(context)[ITEM].for_audit().discrimination < 0
    assert list(observe_bank(context)) == [ITEM]
