"""The record of blind solving covers the shipped items, and nearly all agree."""

from question_bank.quality.blind_solving import load_blind_solving
from question_bank.shipped import load_shipped_items

SOLVING = load_blind_solving()


def test_every_shipped_item_was_solved_without_the_key() -> None:
    assert set(SOLVING.agreement) == {item.id for item in load_shipped_items()}


def test_at_least_99_percent_were_answered_as_keyed() -> None:
    assert SOLVING.agreed * 100 >= SOLVING.solved * 99


def test_options_alone_hardly_help() -> None:
    guessed, tried = SOLVING.options_alone
    assert tried >= 400
    assert guessed * 100 <= tried * 35


def test_a_part_of_the_record() -> None:
    part = SOLVING.among(["01-001", "no such item"])
    assert (part.solved, set(part.agreement)) == (1, {"01-001"})
    assert part.disagreements == ()
