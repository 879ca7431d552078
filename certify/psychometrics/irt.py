"""Curves of a bank: probabilities, expected scores, likelihood derivatives, information.

Logistic metric, D = 1. In every function `theta` is a number or an array of abilities, and the
result has the shape theta.shape + (n_items,) (+ (categories,)). For a multidimensional bank
(`items.n_dimensions` > 1) the last axis of `theta` holds the dimensions, and each item is
evaluated on its own: theta of shape (..., n_dimensions) gives (..., n_items).

Estimating abilities is in `ability`, `ability_modes` and `multidimensional`; other parameter
metrics are in `parametrisation`.
"""

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics.item_parameters import FloatArray, ItemModel, ItemParameters
from certify.psychometrics.models import dichotomous, graded, partial_credit
from certify.psychometrics.models.curves import CategoryCurves

__all__ = [
    "CategoryCurves",
    "FloatArray",
    "ItemModel",
    "ItemParameters",
    "category_curves",
    "category_probabilities",
    "expected_score",
    "information",
    "log_category_probabilities",
    "log_probability",
    "log_response_probability_at",
    "probability",
    "response_ratios",
    "response_ratios_at",
    "test_characteristic_curve",
    "test_information",
]


def probability(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """P(right answer) of dichotomous items, shape theta.shape + (n_items,).

    Raises ValueError if an item has thresholds: there `category_probabilities` is meant.
    """
    _require_dichotomous(items)
    return dichotomous.probability(_on_items(theta, items), items.a, items.b, items.c, items.d)


def log_probability(theta: ArrayLike, items: ItemParameters) -> tuple[FloatArray, FloatArray]:
    """ln P and ln (1 - P) of dichotomous items; finite for any finite logit.

    Not the logarithms of `probability`: where that rounds to one, ln (1 - P) still counts. Raises
    ValueError if an item has thresholds.
    """
    _require_dichotomous(items)
    return dichotomous.log_probability(_on_items(theta, items), items.a, items.b, items.c, items.d)


def category_curves(theta: ArrayLike, items: ItemParameters) -> CategoryCurves:
    """ln P_k and P_k'/P_k, P_k''/P_k, P_k'''/P_k of every category, any mixture of models.

    Arrays of shape theta.shape + (n_items, items.n_categories); see `CategoryCurves`.
    """
    return _curves_at(_on_items(theta, items), items)


def _curves_at(points: FloatArray, items: ItemParameters) -> CategoryCurves:
    if items.is_dichotomous:
        return dichotomous.curves(points, items.a, items.b, items.c, items.d)
    shape = (*np.broadcast_shapes(points.shape, (len(items),)), items.n_categories)
    log_p = np.full(shape, -np.inf)
    ratios = np.zeros((3, *shape))
    for model in ItemModel:
        chosen = np.flatnonzero(items.model == model)
        if len(chosen):
            at = points if points.shape[-1] == 1 else points[..., chosen]
            part = _curves_of(model, at, items.take(chosen))
            width = min(part.log_p.shape[-1], shape[-1])
            log_p[..., chosen, :width] = part.log_p[..., :width]
            for ratio, values in zip(ratios, (part.first, part.second, part.third), strict=True):
                ratio[..., chosen, :width] = values[..., :width]
    return CategoryCurves(log_p, *ratios)


def category_probabilities(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """P(X = k), shape theta.shape + (n_items, n_categories); 0 for categories not there."""
    return np.asarray(np.exp(log_category_probabilities(theta, items)))


def log_category_probabilities(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """ln P(X = k), shape theta.shape + (n_items, n_categories); -inf for categories not there."""
    if items.is_dichotomous:
        log_right, log_wrong = log_probability(theta, items)
        return np.stack([log_wrong, log_right], axis=-1)
    return category_curves(theta, items).log_p


def expected_score(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """E(X | theta) of each item, from 0 to its highest category; theta.shape + (n_items,)."""
    if items.is_dichotomous:
        return probability(theta, items)
    p = category_probabilities(theta, items)
    return np.asarray(p @ np.arange(items.n_categories, dtype=np.float64))


def test_characteristic_curve(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """Expected raw score on all items together, shape theta.shape (no dimension axis)."""
    return np.asarray(expected_score(theta, items).sum(axis=-1))


def information(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """Expected (Fisher) information in theta, theta.shape + (n_items,), never negative.

    I = sum_k P_k'^2 / P_k (Samejima 1969); of a multidimensional bank, in the item's dimension.
    """
    if items.is_dichotomous:
        return dichotomous.information(_on_items(theta, items), items.a, items.b, items.c, items.d)
    return category_curves(theta, items).information()


def test_information(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """Information of all items together, shape theta.shape (unidimensional banks)."""
    if items.n_dimensions > 1:
        raise ValueError(
            f"expected items of one dimension, found {items.n_dimensions}: "
            "information of several dimensions is a matrix"
        )
    return np.asarray(information(theta, items).sum(axis=-1))


# names of the field that test runners would take for tests
test_characteristic_curve.__test__ = False  # type: ignore[attr-defined]
test_information.__test__ = False  # type: ignore[attr-defined]


def response_ratios(
    responses: FloatArray, theta: ArrayLike, items: ItemParameters
) -> tuple[FloatArray, FloatArray]:
    """P_x'/P_x and P_x''/P_x of each observed category x; 0 where x is missing (NaN).

    `responses`, shape (..., n_items), stands beside theta.shape + (n_items,). Sums over the items
    give the derivatives of the log-likelihood: l' = sum r1, l'' = sum (r2 - r1^2).
    """
    missing = np.isnan(responses)
    first, second = response_ratios_at(
        np.where(missing, 0.0, responses), _on_items(theta, items), items
    )
    return np.where(missing, 0.0, first), np.where(missing, 0.0, second)


def response_ratios_at(
    categories: FloatArray, theta: FloatArray, items: ItemParameters
) -> tuple[FloatArray, FloatArray]:
    """The same for `theta` on the item axis: theta[..., i] is the ability that item i meets."""
    if items.is_dichotomous:
        return dichotomous.response_ratios(categories, theta, items.a, items.b, items.c, items.d)
    shape = np.broadcast_shapes(theta.shape, categories.shape)
    first, second = np.empty(shape), np.empty(shape)
    for model in ItemModel:
        chosen = np.flatnonzero(items.model == model)
        if len(chosen):
            at = theta if theta.shape[-1] == 1 else theta[..., chosen]
            part = items.take(chosen)
            first[..., chosen], second[..., chosen] = _ratios_of(
                model, categories[..., chosen], at, part
            )
    return first, second


def log_response_probability_at(
    categories: FloatArray, theta: FloatArray, items: ItemParameters
) -> FloatArray:
    """ln P_x of each observed category, for `theta` on the item axis."""
    if items.is_dichotomous:
        right, wrong = dichotomous.log_probability(theta, items.a, items.b, items.c, items.d)
        return np.where(categories > 0, right, wrong)
    return _of_category(_curves_at(theta, items).log_p, categories)


def _of_category(table: FloatArray, categories: FloatArray) -> FloatArray:
    chosen = np.broadcast_to(categories.astype(np.intp)[..., None], (*table.shape[:-1], 1))
    return np.asarray(np.take_along_axis(table, chosen, axis=-1)[..., 0])


def _on_items(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """Theta with the item axis last: of length 1, or one value per item for several dimensions."""
    points = np.asarray(theta, dtype=np.float64)
    if items.n_dimensions == 1:
        return points[..., None]
    if points.ndim == 0 or points.shape[-1] != items.n_dimensions:
        raise ValueError(
            f"expected theta of {items.n_dimensions} dimensions on its last axis, "
            f"found shape {points.shape}"
        )
    return points[..., items.dimension]


def _curves_of(model: ItemModel, theta: FloatArray, items: ItemParameters) -> CategoryCurves:
    if model is ItemModel.DICHOTOMOUS:
        return dichotomous.curves(theta, items.a, items.b, items.c, items.d)
    if model is ItemModel.GRADED:
        return graded.curves(theta, items.a, items.thresholds)
    return partial_credit.curves(theta, items.a, items.thresholds)


def _ratios_of(
    model: ItemModel, categories: FloatArray, theta: FloatArray, items: ItemParameters
) -> tuple[FloatArray, FloatArray]:
    if model is ItemModel.DICHOTOMOUS:
        return dichotomous.response_ratios(categories, theta, items.a, items.b, items.c, items.d)
    if model is ItemModel.GRADED:
        return graded.response_ratios(categories, theta, items.a, items.thresholds)
    return partial_credit.response_ratios(categories, theta, items.a, items.thresholds)


def _require_dichotomous(items: ItemParameters) -> None:
    if not items.is_dichotomous:
        at = int(np.argmax(items.model != ItemModel.DICHOTOMOUS))
        raise ValueError(f"item {at}: expected a dichotomous item, found one with thresholds")
