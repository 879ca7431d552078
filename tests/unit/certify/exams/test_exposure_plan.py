"""Exposure plans: draws by seed and region, canonical content, and what was altered."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from certify.exams.errors import CorruptExposurePlan
from certify.exams.exposure_plan import ExposurePlan, read_plan

COUNT = 400


def make_plan(low: float = 0.25, high: float = 0.75) -> ExposurePlan:
    """Two regions; the second half of the items draws with the first item of it."""
    draw_with = np.arange(COUNT)
    draw_with[COUNT // 2 :] = COUNT // 2
    return ExposurePlan(
        item_ids=tuple(f"01-{number:03d}" for number in range(COUNT)),
        cuts=(0.5,),
        probabilities=np.repeat([[low], [high]], COUNT, axis=1),
        draw_with=draw_with,
        maximum=0.25,
    )


def test_a_plan_is_read_back_as_it_was() -> None:
    plan = make_plan(1 / 3, 2 / 3)
    found = read_plan(plan.content, plan.digest)
    assert (found.item_ids, found.cuts, found.maximum) == (plan.item_ids, plan.cuts, plan.maximum)
    np.testing.assert_array_equal(found.draw_with, plan.draw_with)
    np.testing.assert_allclose(found.probabilities, plan.probabilities, atol=5e-5)
    assert (found.content, found.digest) == (plan.content, plan.digest)


def test_the_content_is_canonical_and_hashes_to_the_digest() -> None:
    plan = make_plan()
    assert hashlib.sha256(plan.content).hexdigest() == plan.digest
    again = json.dumps(json.loads(plan.content), sort_keys=True, separators=(",", ":"))
    assert again.encode() == plan.content
    assert make_plan().digest == plan.digest != make_plan(0.26).digest


def test_an_altered_plan_is_refused_with_both_digests() -> None:
    plan = make_plan()
    altered = plan.content.replace(b"0.2500", b"0.9500", 1)
    with pytest.raises(
        CorruptExposurePlan, match=f"{plan.digest}.*{hashlib.sha256(altered).hexdigest()}"
    ):
        read_plan(altered, plan.digest)


def test_an_attempt_draws_the_same_items_again() -> None:
    plan = make_plan()
    np.testing.assert_array_equal(plan.eligible("seed", 0.1), plan.eligible("seed", 0.2))
    assert (plan.eligible("seed", 0.1) != plan.eligible("other", 0.1)).any()


def test_the_region_of_the_estimate_says_how_likely() -> None:
    plan = make_plan()
    alone = COUNT // 2
    below = np.mean([plan.eligible(str(n), 0.0)[:alone].mean() for n in range(100)])
    above = np.mean([plan.eligible(str(n), 1.0)[:alone].mean() for n in range(100)])
    # 20,000 draws each, standard deviation .003
    assert below == pytest.approx(0.25, abs=0.015)
    assert above == pytest.approx(0.75, abs=0.015)


def test_what_is_eligible_stays_so_where_the_probability_is_higher() -> None:
    """One draw an item and attempt: an estimate that moves does not draw anew."""
    plan = make_plan()
    assert not (plan.eligible("seed", 0.0) & ~plan.eligible("seed", 1.0)).any()


def test_items_of_a_case_are_eligible_together() -> None:
    plan = make_plan(0.5, 0.5)
    for seed in range(50):
        together = plan.eligible(str(seed), 0.0)[COUNT // 2 :]
        assert together.all() or not together.any()


def test_sure_and_impossible_are_exactly_that() -> None:
    plan = make_plan(0.0, 1.0)
    assert not plan.eligible("seed", 0.0).any()
    assert plan.eligible("seed", 1.0).all()
