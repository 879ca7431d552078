"""The order of options: a permutation, fixed by seed and position, numbers left alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.exams.form import option_order, target_order
from question_bank.answer_key import OrderKey
from question_bank.item import Option
from tests.factories import make_item


def with_texts(*texts: str) -> tuple[Option, ...]:
    return tuple(Option(letter, text) for letter, text in zip("abcde", texts, strict=False))


@given(seed=st.text(max_size=40), position=st.integers(1, 60))
def test_order_is_a_permutation_of_the_options(seed: str, position: int) -> None:
    assert sorted(option_order(make_item(), seed, position)) == list("abcd")
    assert sorted(option_order(make_item(item_type="multiple"), seed, position)) == list("abcde")


@given(seed=st.text(max_size=40), position=st.integers(1, 60))
def test_order_is_the_same_for_the_same_seed_and_position(seed: str, position: int) -> None:
    assert option_order(make_item(), seed, position) == option_order(make_item(), seed, position)


def test_order_differs_between_attempts_and_between_positions() -> None:
    assert len({option_order(make_item(), f"seed {n}", 1) for n in range(50)}) > 10
    assert len({option_order(make_item(), "seed", n) for n in range(50)}) > 10


def test_every_option_comes_first_equally_often() -> None:
    first = Counter(option_order(make_item(), f"seed {n}", 1)[0] for n in range(2000))
    assert set(first) == set("abcd")
    # 500 expected, standard deviation 19
    assert all(400 < count < 600 for count in first.values())


def test_true_false_keeps_its_order() -> None:
    item = make_item(item_type="true_false")
    assert {option_order(item, f"seed {n}", n) for n in range(1, 20)} == {("true", "false")}


def test_number_to_type_has_no_options() -> None:
    assert option_order(make_item(item_type="numeric"), "seed", 1) == ()


@pytest.mark.parametrize(
    "texts",
    [
        ("10", "20", "30", "40"),
        ("2.44%", "2.50%", "2.56%", "40.00%"),
        ("¥100", "¥200", "¥300", "¥400"),
        ("$1,200", "$1,300", "$1,400", "$1,500"),
        ("-5%", "-1%", "1%", "5%"),
        ("３ 天", "５ 天", "７ 天", "９ 天"),
        ("USD 100", "USD 200", "USD 300", "USD 400"),
    ],
)
def test_options_that_are_numbers_keep_their_order(texts: tuple[str, ...]) -> None:
    item = make_item(options=with_texts(*texts))
    assert {option_order(item, f"seed {n}", n) for n in range(1, 20)} == {tuple("abcd")}


def test_one_option_without_a_number_lets_all_be_shuffled() -> None:
    item = make_item(options=with_texts("10", "20", "30", "不确定"))
    assert len({option_order(item, f"seed {n}", 1) for n in range(20)}) > 1


@given(seed=st.text(max_size=40), position=st.integers(1, 60))
def test_an_ordering_item_is_never_served_in_the_right_order(seed: str, position: int) -> None:
    item = make_item(item_type="order")
    assert isinstance(item.answer_key, OrderKey)
    order = option_order(item, seed, position)
    assert sorted(order) == list("abcd")
    assert order != item.answer_key.sequence


def test_an_ordering_item_of_amounts_in_the_order_of_its_key_is_not_served_so() -> None:
    item = make_item(
        item_type="order",
        options=with_texts("1 月", "2 月"),
        answer_key=OrderKey(("a", "b")),
    )
    assert {option_order(item, f"seed {n}", n) for n in range(20)} == {("b", "a")}
    fixed = replace(item, shuffle=False)
    assert option_order(fixed, "seed", 1) == ("b", "a")


def test_an_item_whose_author_says_so_keeps_its_order() -> None:
    item = make_item(shuffle=False)
    assert {option_order(item, f"seed {n}", n) for n in range(1, 20)} == {tuple("abcd")}


def test_both_sides_of_a_matching_item_are_shuffled() -> None:
    item = make_item(item_type="match", options=with_texts("1", "2", "3"))
    assert len({option_order(item, f"seed {n}", 1) for n in range(50)}) > 1
    targets = {target_order(item, f"seed {n}", 1) for n in range(50)}
    assert len(targets) > 1
    assert all(sorted(order) == ["t1", "t2", "t3"] for order in targets)


def test_targets_that_are_amounts_keep_their_order() -> None:
    amounts = tuple(Option(f"t{n}", f"{n} 元") for n in (1, 2, 3))
    item = make_item(item_type="match", targets=amounts)
    assert {target_order(item, f"seed {n}", 1) for n in range(20)} == {("t1", "t2", "t3")}
