"""Simulated responses for calibration tests, the same in every run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.irt import category_probabilities, probability
from certify.psychometrics.item_parameters import ItemParameters

FloatArray = NDArray[np.float64]


def bank(n: int, seed: int, *, lower: float = 0.0) -> ItemParameters:
    """Dichotomous items with slopes around 1.2 and difficulties around 0."""
    rng = np.random.default_rng(seed)
    return ItemParameters.of(np.exp(rng.normal(0.2, 0.25, n)), rng.normal(size=n), lower)


def answered(theta: FloatArray, items: ItemParameters, seed: int) -> NDArray[np.int8]:
    """Responses 0 or 1 of persons with these abilities."""
    p = probability(theta, items)
    return (np.random.default_rng(seed).random(p.shape) < p).astype(np.int8)


def answered_categories(theta: FloatArray, items: ItemParameters, seed: int) -> NDArray[np.int8]:
    """Categories of persons with these abilities."""
    at_most = category_probabilities(theta, items).cumsum(axis=-1)
    draw = np.random.default_rng(seed).random((*at_most.shape[:-1], 1))
    return (draw > at_most).sum(axis=-1).astype(np.int8)


def abilities(n: int, seed: int, mean: float = 0.0, sd: float = 1.0) -> FloatArray:
    """Normal abilities."""
    return np.random.default_rng(seed).normal(mean, sd, n)
