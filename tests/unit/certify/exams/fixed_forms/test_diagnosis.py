"""The bank can give a paper, or the requirements in the way are named with what is missing."""

from __future__ import annotations

from dataclasses import replace

from certify.exams.fixed_forms.blueprint import Attribute, BlockRule, CountRule
from certify.exams.fixed_forms.candidates import find_candidates
from certify.exams.fixed_forms.demands import Demand, DemandKind
from certify.exams.fixed_forms.diagnosis import Diagnosis, Shortfall, diagnose
from question_bank.item import ItemStatus, ItemType
from tests.unit.certify.exams.fixed_forms.bank import (
    as_version,
    counts_of,
    make_bank,
    make_blueprint,
    make_item,
)

BANK = make_bank()


def judge(versions: object = BANK, **changes: object) -> Diagnosis:
    blueprint = make_blueprint(**changes)
    return diagnose(blueprint, find_candidates(blueprint, versions))  # type: ignore[arg-type]


def kinds(diagnosis: Diagnosis) -> set[tuple[str, str, bool]]:
    (conflict,) = diagnosis.conflicts
    return {(s.demand.kind, s.demand.value, s.demand.is_minimum) for s in conflict}


def test_a_bank_that_suffices_is_satisfiable() -> None:
    found = judge()
    assert found.is_satisfiable
    assert found.counts[Attribute.SECTION]["multiple"] == 12
    assert found.blocks == 3


def test_a_rule_that_asks_for_more_than_there_is_is_named_with_both_numbers() -> None:
    found = judge(length=30, rules=(*counts_of(multiple=13), *counts_of(order=5)))
    assert found.conflicts == (
        (Shortfall(Demand(DemandKind.COUNT, "section", "multiple", True, 13), 12, 12),),
        (Shortfall(Demand(DemandKind.COUNT, "section", "order", True, 5), 4, 4),),
    )


def test_a_paper_longer_than_the_bank_is_named() -> None:
    found = judge(length=300, rules=(), minutes=600)
    assert kinds(found) == {("length", "", True)}


def test_missing_blocks_are_named() -> None:
    found = judge(make_bank(blocks=0), rules=())
    assert found.conflicts[0][0] == Shortfall(Demand(DemandKind.BLOCKS, "", "", True, 1), 0, 0)


def test_blocks_that_are_too_small_do_not_count() -> None:
    found = judge(rules=(), blocks=BlockRule(1, 1, 4, 6))
    assert found.blocks == 0
    assert not found.is_satisfiable


def test_time_and_length_that_collide_are_named_with_what_can_be_had() -> None:
    found = judge(rules=(), blocks=BlockRule(), minutes=15)
    assert kinds(found) == {("length", "", True), ("time", "", False)}
    by_kind = {s.demand.kind: s for s in found.conflicts[0]}
    # 90 % of 15 minutes are 810 seconds: 20 items of 40 seconds; 24 items need 960
    assert by_kind[DemandKind.LENGTH].possible == 20
    assert by_kind[DemandKind.TIME].possible == 960


def test_two_rules_that_exclude_each_other_are_the_smallest_conflict() -> None:
    rules = (
        CountRule(Attribute.DIMENSION, "T", 15),
        CountRule(Attribute.NODE, "01", None, 3),
        CountRule(Attribute.NODE, "02", None, 3),
    )
    # of dimension T there are 11 items at node 03, 6 at node 01 and none elsewhere
    found = judge(rules=rules, blocks=BlockRule())
    assert kinds(found) == {("count", "T", True), ("count", "01", False)}
    short = {s.demand.value: s for s in found.conflicts[0]}
    assert (short["T"].present, short["T"].possible) == (17, 14)
    assert short["01"].possible == 4


def test_enemies_count_once() -> None:
    enemies = tuple(f"order-{n:03d}" for n in range(4))
    spoilt = tuple(
        as_version(replace(v.item, enemies=enemies)) if v.item.id in enemies else v for v in BANK
    )
    found = judge(spoilt, length=10, rules=counts_of(order=2), blocks=BlockRule())
    assert found.conflicts == (
        (Shortfall(Demand(DemandKind.COUNT, "section", "order", True, 2), 4, 1),),
    )


def test_required_enemies_are_named() -> None:
    first = as_version(make_item(ItemType.SINGLE, 0, enemies=("single-001",)))
    bank = (first, *[v for v in BANK if v.item.id != first.item.id])
    found = judge(bank, required=frozenset({"single-000", "single-001"}), rules=())
    assert kinds(found) == {("required", "single-000", True), ("required", "single-001", True)}


def test_a_required_item_that_is_not_there_is_missing() -> None:
    found = judge(required=frozenset({"gone-001"}))
    assert found.missing == ("gone-001",)
    assert not found.is_satisfiable


def test_forms_that_together_need_too_much_are_judged_by_their_sum() -> None:
    assert judge(forms=3).is_satisfiable
    found = judge(forms=4)
    assert found.forms == 4
    # four papers of 24 items are more than the bank has
    assert kinds(found) == {("length", "", True)}
    assert found.conflicts[0][0].present == len(BANK) - 2
    assert judge(forms=4, uses=2).is_satisfiable


def test_true_and_false_statements_must_be_there_in_equal_parts() -> None:
    only_true = tuple(
        v for v in BANK if v.item.type is not ItemType.TRUE_FALSE or int(v.item.id[-3:]) % 2
    )
    assert judge(only_true, balance_truth=False).is_satisfiable
    assert ("truth", "most", False) in kinds(judge(only_true, rules=counts_of(true_false=4)))


def test_negative_stems_stay_within_their_share() -> None:
    negative = tuple(
        as_version(make_item(ItemType.SINGLE, n, stem="下列做法中，**不符合**规则的是哪一项？"))
        for n in range(40)
    )
    found = judge(negative, length=20, rules=(), blocks=BlockRule())
    assert kinds(found) == {("length", "", True), ("negative", "", False)}


def test_only_operational_items_of_the_levels_are_candidates() -> None:
    blueprint = make_blueprint(excluded=frozenset({"single-000"}))
    pretest = as_version(make_item(ItemType.SINGLE, 900), ItemStatus.PRETEST)
    other = as_version(make_item(ItemType.SINGLE, 901, level="elite"))
    found = find_candidates(blueprint, [*BANK, pretest, other])
    ids = {item.id for item in found.items}
    assert not ids & {"single-000", "single-900", "single-901", "essay-000"}
    assert len(ids) == len(BANK) - 3
