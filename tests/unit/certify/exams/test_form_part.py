"""What a form part serves: the form as printed, or shuffled by the seed within its sections."""

from __future__ import annotations

from itertools import groupby

from certify.exams.form_part import PlacedItem, placed_items
from tests.unit.certify.exams.form_parts import form_exam, make_form, turned

FORM = make_form()
ITEMS = form_exam().pool.by_id


def placed(seed: str, *, is_shuffled: bool = True, before: int = 0) -> tuple[PlacedItem, ...]:
    return placed_items(FORM, ITEMS, seed=seed, is_shuffled=is_shuffled, served_before=before)


def ids(items: tuple[PlacedItem, ...]) -> list[str]:
    return [item.item_id for item in items]


def test_a_form_is_served_as_printed() -> None:
    found = placed("any", is_shuffled=False)
    assert ids(found) == [entry.item_id for entry in FORM.items]
    assert [item.option_order for item in found] == [entry.option_order for entry in FORM.items]
    assert [item.position for item in found] == list(range(1, len(FORM.items) + 1))


def test_positions_go_on_after_the_parts_before() -> None:
    assert [item.position for item in placed("s", before=7)][:2] == [8, 9]


def test_shuffling_depends_on_the_seed_alone() -> None:
    assert placed("one") == placed("one")
    assert ids(placed("one")) != ids(placed("two"))
    assert sorted(ids(placed("one"))) == sorted(entry.item_id for entry in FORM.items)


def test_sections_stay_in_their_order_when_shuffled() -> None:
    section_of = {entry.item_id: entry.section for entry in FORM.items}
    for seed in ("one", "two", "three"):
        runs = [name for name, _ in groupby(section_of[each] for each in ids(placed(seed)))]
        assert runs == list(dict.fromkeys(entry.section for entry in FORM.items))


def test_items_of_a_case_stay_together_in_their_order() -> None:
    case = [entry.item_id for entry in FORM.items if entry.stimulus]
    assert ids(placed("five"))[-len(case) :] == case


def test_shuffled_options_are_a_permutation_of_the_items() -> None:
    found = placed("one")
    assert all(sorted(item.option_order) == sorted(turned(ITEMS[item.item_id])) for item in found)
    orders = {tuple(placed(f"seed {n}")[0].option_order) for n in range(9)}
    assert len(orders) > 1
