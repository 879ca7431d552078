"""The seeded 2PL data of 20,000 persons and 50 items behind the stated figures.

Log-likelihood: the converged value on 61 points -6..6 and on 201 points -8..8 (both -505545.2723).
Recovery: maximum likelihood has RMSE(a) .0244 and RMSE(b) .0261 on these data; the goals are .0246
and .0262. The draws, in this order: slopes, difficulties, then theta and responses of 2,000 and of
20,000 persons.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from certify.psychometrics.calibration import Calibration, ThreadedExecutor
from certify.psychometrics.irt import probability
from certify.psychometrics.item_parameters import ItemParameters


@pytest.fixture(scope="module")
def seeded() -> tuple[ItemParameters, NDArray[np.int8]]:
    rng = np.random.default_rng(20240601)
    a = np.clip(np.exp(rng.normal(0.2, 0.3, 50)), 0.4, 3.0)
    items = ItemParameters.of(a, np.clip(rng.normal(0.0, 1.0, 50), -3.0, 3.0))
    for persons in (2_000, 20_000):
        p = probability(rng.normal(size=persons), items)
        responses = (rng.random(p.shape) < p).astype(np.int8)
    return items, responses


def test_likelihood_and_recovery(seeded: tuple[ItemParameters, NDArray[np.int8]]) -> None:
    items, responses = seeded
    fit = Calibration("2pl", standard_errors=False).fit(responses)
    assert fit.log_likelihood_ == pytest.approx(-505545.2723, abs=1e-3)
    assert np.sqrt(np.mean((fit.params_.a - items.a) ** 2)) <= 0.0246
    assert np.sqrt(np.mean((fit.params_.b - items.b) ** 2)) <= 0.0262


def test_threads_give_the_same_digits(seeded: tuple[ItemParameters, NDArray[np.int8]]) -> None:
    _, responses = seeded
    serial = Calibration("2pl", standard_errors=False).fit(responses)
    threaded = Calibration("2pl", standard_errors=False, executor=ThreadedExecutor(2))
    assert (threaded.fit(responses).params_.a == serial.params_.a).all()
