"""Guttman errors by counting pairs, their norm, and steps of polytomous items."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from certify.psychometrics.diagnosing.guttman import guttman_errors

tables = arrays(
    np.int64, st.tuples(st.integers(20, 30), st.integers(2, 6)), elements=st.integers(0, 1)
)


def plain_errors(table: np.ndarray) -> list[int]:
    counts = [int(column.sum()) for column in table.T]
    return [
        sum(
            1
            for i in range(len(counts))
            for j in range(len(counts))
            if counts[i] > counts[j] and row[i] == 0 and row[j] == 1
        )
        for row in table.tolist()
    ]


@settings(deadline=None)
@given(tables)
def test_errors_are_pairs_of_easier_failed_and_harder_passed(table: np.ndarray) -> None:
    found = guttman_errors(table)
    assert found.errors.tolist() == plain_errors(table)
    normed = found.normed[~np.isnan(found.normed)]
    assert ((normed >= 0) & (normed <= 1)).all()


def test_scale_without_errors_and_its_reverse() -> None:
    perfect = np.repeat([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]], 10, axis=0)
    assert guttman_errors(perfect).errors.sum() == 0
    table = np.vstack([perfect, [[0, 0, 1], [0, 1, 1]]])
    found = guttman_errors(table)
    assert found.errors[-2:].tolist() == [2, 2]
    assert found.normed[-2:].tolist() == [1.0, 1.0]
    assert np.isnan(found.normed[[0, -3]]).all()


def test_steps_of_polytomous_items() -> None:
    # popularity of the steps: item 1 at least 1: .8, at least 2: .4; item 2 likewise .6 and .2
    table = np.repeat([[2, 2], [2, 1], [1, 1], [1, 0], [0, 0]], 5, axis=0)
    table = np.vstack([table, [[0, 2]]])
    found = guttman_errors(table, highest=2)
    assert found.errors[:25].sum() == 0
    # passed (2,1) and (2,2); failed the easier (1,1) twice and (1,2) once
    assert found.errors[-1] == 3
    assert np.isnan(found.normed).all()


def test_items_not_administered_make_no_pairs() -> None:
    table = np.repeat([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]], 10, axis=0).astype(float)
    table = np.vstack([table, [[np.nan, 0, 1]]])
    assert guttman_errors(table).errors[-1] == 1


def test_too_few_persons_and_bad_cells() -> None:
    assert np.isnan(guttman_errors(np.zeros((19, 3))).errors).all()
    with pytest.raises(ValueError, match="person 1, item 2: expected a category from 0 to 1"):
        guttman_errors([[0, 1, 0], [0, 1, 3]])
    with pytest.raises(ValueError, match="persons, items"):
        guttman_errors([0, 1])
