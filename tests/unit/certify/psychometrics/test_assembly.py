"""Parallel forms meet every constraint, share no item, and come close to the target."""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.assembly import TargetInformation, assemble_forms
from certify.psychometrics.errors import ConflictingRequirements
from certify.psychometrics.irt import information
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.selecting.constraints import (
    CategoryCounts,
    EnemyItems,
    ItemSets,
    TestLength,
)

N = 120
SOURCE = np.random.default_rng(9)
BANK = ItemParameters.of(SOURCE.lognormal(0.2, 0.3, N), SOURCE.normal(size=N))
INFORMATION = information(np.array([-1.0, 0.0, 1.0]), BANK).T
DIMENSION = SOURCE.integers(0, 3, N)
CONSTRAINTS = (
    TestLength(12, 12),
    CategoryCounts.of("dimension", DIMENSION, 3, 6),
    EnemyItems.of([[0, 1, 2], [3, 4]]),
)
TARGET = TargetInformation.of(INFORMATION, [2.8, 3.2, 2.8])


def test_forms_meet_constraints_and_target_without_sharing_items() -> None:
    found = assemble_forms(CONSTRAINTS, TARGET, 3)
    everything = np.concatenate(found.forms)
    assert len(set(everything.tolist())) == 36
    for form, reached in zip(found.forms, found.information, strict=True):
        counts = np.bincount(DIMENSION[form], minlength=3)
        assert counts.min() >= 3
        assert counts.max() <= 6
        assert np.isin([0, 1, 2], form).sum() <= 1
        assert np.isin([3, 4], form).sum() <= 1
        assert reached == pytest.approx(INFORMATION[form].sum(axis=0))
    distance = np.abs(found.information - [2.8, 3.2, 2.8]).max()
    assert found.distance == pytest.approx(distance)
    assert distance <= 0.06
    assert found.distance_bound <= found.distance <= found.distance_bound + 0.05 + 1e-9


def test_item_may_stand_in_as_many_forms_as_allowed() -> None:
    found = assemble_forms([TestLength(50, 50)], TARGET, 3, max_uses=2, tolerance=50.0)
    uses = np.bincount(np.concatenate(found.forms), minlength=N)
    assert uses.max() == 2


def test_anchor_items_may_stand_in_every_form_while_others_stand_in_one() -> None:
    anchor = CategoryCounts.of("anchor", np.where(np.arange(N) < 4, 0, -1), 4)
    uses = np.where(np.arange(N) < 4, 3, 1)
    found = assemble_forms([TestLength(20, 20), anchor], TARGET, 3, max_uses=uses, tolerance=9.0)
    counts = np.bincount(np.concatenate(found.forms), minlength=N)
    assert (counts[:4] == 3).all()
    assert counts[4:].max() == 1


def test_items_not_available_stay_out() -> None:
    available = np.arange(N) % 2 == 0
    found = assemble_forms(CONSTRAINTS, TARGET, 1, available=available)
    assert available[found.forms[0]].all()


def test_sets_stay_together_in_every_form() -> None:
    codes = np.where(np.arange(N) < 30, np.arange(N) // 5, -1)
    found = assemble_forms(
        [*CONSTRAINTS[:2], ItemSets(codes, 2, 3, least_sets=1)], TARGET, 2, tolerance=0.5
    )
    for form in found.forms:
        counts = np.bincount(codes[form][codes[form] >= 0], minlength=6)
        assert set(counts.tolist()) <= {0, 2, 3}
        assert counts.any()


def test_weight_asks_for_precision_where_it_matters() -> None:
    target = TargetInformation.of(INFORMATION, [1.0, 9.0, 1.0], [0.0, 1.0, 0.0])
    found = assemble_forms([TestLength(15, 15)], target, 1)
    assert found.information[0, 1] == pytest.approx(9.0, abs=0.06)


def test_contradiction_within_a_form_is_named_as_such() -> None:
    impossible = CategoryCounts.of("type", np.zeros(N, dtype=int), [0, 1])
    with pytest.raises(ConflictingRequirements, match="together: type 1: at least 1\\."):
        assemble_forms([*CONSTRAINTS, impossible], TARGET, 3)


def test_contradiction_between_forms_names_the_forms() -> None:
    scarce = CategoryCounts.of("task", np.where(np.arange(N) < 5, 0, -1), 3)
    with pytest.raises(ConflictingRequirements, match=r"form 1, task 0.*form 2, task 0"):
        assemble_forms([TestLength(12, 12), scarce], TARGET, 2)


def test_no_form_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one form"):
        assemble_forms(CONSTRAINTS, TARGET, 0)


@pytest.mark.parametrize(
    ("target", "weights"), [([1.0, 1.0], 1.0), ([1.0, 1.0, 1.0], [-1.0, 1.0, 1.0])]
)
def test_target_that_does_not_fit_is_refused(target: list[float], weights: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        TargetInformation.of(INFORMATION, target, weights)  # type: ignore[arg-type]
