"""The content that comes with the product: enough of it, valid, explained and usable."""

from __future__ import annotations

from collections import Counter

from question_bank.findings import Severity
from question_bank.item import ItemType
from question_bank.shipped import load_shipped_items
from question_bank.skills import load_skill_model
from question_bank.validation import validate_bank

MODEL = load_skill_model()


def test_there_are_three_items_for_each_of_the_34_nodes() -> None:
    counts = Counter(item.node for item in load_shipped_items())
    assert {code: counts[code] for code in MODEL.nodes if counts[code] < 3} == {}
    assert counts.total() >= 102


def test_no_item_has_an_error() -> None:
    findings = validate_bank(load_shipped_items(), MODEL)
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []


def test_every_item_explains_its_key() -> None:
    assert [item.id for item in load_shipped_items() if not item.explanation.text] == []


def test_every_distractor_is_explained() -> None:
    """Choices by a note on each option, numbers by at least one named slip."""
    silent = []
    for item in load_shipped_items():
        if item.type in (ItemType.SINGLE, ItemType.MULTIPLE):
            notes = item.explanation.option_notes
            silent += [item.id for option in item.options if not notes.get(option.id)]
        elif item.type is ItemType.NUMERIC:
            silent += [] if item.explanation.wrong_answers else [item.id]
    assert silent == []


def test_every_type_is_used() -> None:
    by_people = {ItemType.ESSAY, ItemType.COMPOSITE}
    assert {item.type for item in load_shipped_items()} == set(ItemType) - by_people


def test_ids_begin_with_their_node_and_come_in_order() -> None:
    ids = [item.id for item in load_shipped_items()]
    assert ids == sorted(set(ids))
    strays = [i.id for i in load_shipped_items() if i.id.rpartition("-")[0] != i.node]
    assert strays == []


def test_no_item_claims_to_be_calibrated() -> None:
    """Shipped difficulties are experts' guesses until responses say otherwise."""
    assert [item.id for item in load_shipped_items() if item.calibration] == []
