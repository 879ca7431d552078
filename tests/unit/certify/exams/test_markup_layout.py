"""Choices of QTI markup: shuffled where the markup says so, and nothing else moves."""

from __future__ import annotations

from certify.exams.markup_layout import laid_out_body
from question_bank.qti.tree import Node


def choices(*names: str, **attributes: str) -> tuple[Node, ...]:
    return tuple(
        Node("qti-simple-choice", {"identifier": name, **attributes}, (name,)) for name in names
    )


def order_in(body: Node) -> str:
    return body.text


def interaction(**attributes: str) -> Node:
    """A body with a prompt, six choices, and a last one that is fixed."""
    prompt = Node("qti-prompt", {}, ())
    inner = (prompt, *choices(*"abcdef"), *choices("z", fixed="true"))
    named = {"response-identifier": "R", **attributes}
    return Node("qti-item-body", {}, (Node("qti-choice-interaction", named, inner),))


def test_choices_of_markup_are_shuffled_where_it_says_so() -> None:
    body = interaction(shuffle="true")
    seen = {order_in(laid_out_body(body, f"seed {n}", 1)) for n in range(50)}
    assert len(seen) > 10
    assert all(sorted(order) == list("abcdefz") and order[-1] == "z" for order in seen)
    assert laid_out_body(body, "seed", 1) == laid_out_body(body, "seed", 1)


def test_choices_of_markup_keep_their_order_otherwise() -> None:
    for body in (interaction(), interaction(shuffle="false")):
        assert laid_out_body(body, "seed", 1) == body


def test_both_sets_of_a_match_are_shuffled_each_by_itself() -> None:
    sets = tuple(
        Node(
            "qti-simple-match-set",
            {},
            tuple(
                Node("qti-simple-associable-choice", {"identifier": name}, (name,))
                for name in names
            ),
        )
        for names in ("abcd", "wxyz")
    )
    named = {"response-identifier": "R", "shuffle": "true"}
    body = Node("qti-item-body", {}, (Node("qti-match-interaction", named, sets),))
    for number in range(20):
        order = order_in(laid_out_body(body, f"seed {number}", 1))
        assert (sorted(order[:4]), sorted(order[4:])) == (list("abcd"), list("wxyz"))
