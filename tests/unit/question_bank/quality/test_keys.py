"""Keys that follow a pattern or stand out are told; balanced ones are not."""

from dataclasses import replace

from question_bank.answer_key import ChoiceKey
from question_bank.item import Item, Option
from question_bank.quality.keys import audit_keys
from tests.factories import make_item


def keyed(
    number: int, position: int, *, texts: tuple[str, ...] = ("甲乙", "丙丁", "戊己", "庚辛")
) -> Item:
    options = tuple(Option(letter, text) for letter, text in zip("abcd", texts, strict=True))
    key = ChoiceKey(frozenset(options[position].id))
    return make_item(f"01-{number:03d}", options=options, answer_key=key)


def rules_found(items: list[Item]) -> set[str]:
    return {f"{found.rule} {found.template.split('{')[0]}" for found in audit_keys(items)}


def test_balanced_keys_of_equal_length_pass() -> None:
    assert rules_found([keyed(n, n % 4) for n in range(48)]) == set()


def test_keys_at_one_position() -> None:
    findings = list(audit_keys([keyed(n, 1 if n % 3 else n % 4) for n in range(60)]))
    assert {found.params.get("position") for found in findings} >= {2}


def test_a_long_run_of_equal_positions() -> None:
    items = [keyed(n, 2) for n in range(6)]
    assert [found.params["length"] for found in audit_keys(items)] == [6]


def test_keys_that_are_longest() -> None:
    long = ("甲乙丙丁戊", "甲", "乙", "丙")
    items = [
        keyed(n, n % 4, texts=tuple(long[(place - n) % 4] for place in range(4))) for n in range(48)
    ]
    assert [found.rule for found in audit_keys(items)] == ["OP3"]


def test_statements_that_are_all_false() -> None:
    items = [make_item(f"01-{n:03d}", "true_false") for n in range(50)]
    assert [found.rule for found in audit_keys(items)] == ["TF1"]


def test_the_same_options_right_in_every_multiple_choice() -> None:
    items = [make_item(f"01-{n:03d}", "multiple") for n in range(50)]
    letters = {found.params.get("letter") for found in audit_keys(items) if found.rule == "MC4"}
    assert letters == {"A", "B", "C", "D", "E"}


def test_items_without_a_key_are_left_to_validation() -> None:
    assert rules_found([replace(keyed(n, 0), answer_key=None) for n in range(50)]) == set()
