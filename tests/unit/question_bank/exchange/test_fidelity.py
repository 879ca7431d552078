"""Two items are compared part by part, whatever their options are called."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from question_bank.answer_key import ChoiceKey, MatchKey
from question_bank.exchange.fidelity import different_parts, problems_of_writing, relabelled
from question_bank.item import Explanation, Item, Option
from tests.factories import make_item
from tests.unit.question_bank.exchange.native_items import items, one_of_each


@given(item=items())
def test_item_is_like_itself(item: Item) -> None:
    assert different_parts(item, item) == []
    assert relabelled(relabelled(item)) == relabelled(item)


def test_names_of_options_do_not_matter() -> None:
    item = make_item()
    renamed = replace(
        item,
        options=tuple(Option(f"choice-{option.id}", option.text) for option in item.options),
        answer_key=ChoiceKey(frozenset({"choice-b"})),
        explanation=replace(
            item.explanation,
            option_notes={f"choice-{n}": v for n, v in item.explanation.option_notes.items()},
        ),
    )
    assert different_parts(item, renamed) == []
    wrong = replace(renamed, answer_key=ChoiceKey(frozenset({"choice-a"})))
    assert different_parts(item, wrong) == ["answer_key"]


def test_order_of_targets_does_not_matter() -> None:
    item = one_of_each()[6]
    first, second, third = item.targets
    turned = (Option("t1", third.text), Option("t2", second.text), Option("t3", first.text))
    pairs = frozenset({("a", "t3"), ("b", "t2"), ("c", "t1")})
    assert different_parts(item, replace(item, targets=turned, answer_key=MatchKey(pairs))) == []


def test_every_loss_is_named() -> None:
    item = make_item()
    assert different_parts(item, replace(item, stem="x", explanation=Explanation(""))) == [
        "stem",
        "explanation",
    ]


def test_item_that_does_not_come_back_is_named() -> None:
    (problem,) = problems_of_writing([make_item()], [], "GIFT")
    assert (problem.severity, problem.item_id) == ("error", "01-001")
    assert "GIFT cannot hold this item" in problem.reason
