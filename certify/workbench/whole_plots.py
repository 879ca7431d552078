"""Plots of the whole test: information, characteristic curve, scores, map, item scatter."""

from typing import Final

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from certify.psychometrics.irt import expected_score, information
from certify.psychometrics.item_parameters import ItemModel, ItemParameters
from certify.workbench.analysis_tables import TestAnalysis, score_counts
from certify.workbench.drawing import ACCENT, INK, SECOND, SOFT, panels, svg_bytes
from certify.workbench.item_analysis import ClassicalStatistics

FloatArray = NDArray[np.float64]

GRID: Final = np.linspace(-4.0, 4.0, 161)
BINS: Final = np.linspace(-4.0, 4.0, 33)
MOST_NAMED: Final = 60


def whole_plots(found: TestAnalysis) -> dict[str, bytes]:
    """All plots of the whole test that can be drawn, by file name."""
    files = {}
    if len(found.classical.raw):
        files["test-scores.svg"] = _scores(found.classical)
    if np.isfinite(found.classical.r_rest).any():
        files["test-items.svg"] = _scatter(found.classical)
    if found.parameters is not None and len(found.parameters.dimensions) == 1:
        items = found.parameters.items
        files["test-information.svg"] = _information(items)
        files["test-characteristic.svg"] = _characteristic(items)
        if found.model is not None:
            files["test-map.svg"] = _map(items, found.model.abilities.theta)
    return files


def _information(items: ItemParameters) -> bytes:
    """Information (left axis) and standard error (right axis)."""
    figure, (axes,) = panels(5.6, 3.0, beside=0.6)
    told = information(GRID, items).sum(axis=1)
    axes.fill_between(GRID, told, color=ACCENT, alpha=0.12, linewidth=0)
    axes.plot(GRID, told, color=ACCENT)
    axes.set(xlim=(-4, 4), ylim=(0, None), xlabel="θ")
    axes.set_ylabel("I(θ)", color=ACCENT)
    other = axes.twinx()
    with np.errstate(divide="ignore"):
        error = 1.0 / np.sqrt(told)
    other.plot(GRID, error, color=SECOND, linestyle="--")
    other.set(ylim=(0, min(2.0, float(error.max()) * 1.05)))
    other.set_ylabel("SE(θ)", color=SECOND)
    other.grid(visible=False)
    other.spines["right"].set_visible(True)
    return svg_bytes(figure)


def _characteristic(items: ItemParameters) -> bytes:
    figure, (axes,) = panels(5.6, 3.0)
    axes.plot(GRID, expected_score(GRID, items).sum(axis=1), color=ACCENT)
    axes.set(xlim=(-4, 4), ylim=(0, float(items.max_category.sum())), xlabel="θ", ylabel="E(X | θ)")
    return svg_bytes(figure)


def _scores(classical: ClassicalStatistics) -> bytes:
    figure, (axes,) = panels(5.6, 3.0)
    counts = score_counts(classical)
    axes.bar(np.arange(len(counts)), counts, width=0.86, color=ACCENT)
    mean = float(classical.raw.mean())
    axes.axvline(mean, color=SECOND, linestyle="--", linewidth=1.3)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel="X", ylabel="n")
    axes.grid(visible=False, axis="x")
    return svg_bytes(figure)


def _scatter(classical: ClassicalStatistics) -> bytes:
    """Difficulty and discrimination of every item, by its number in the table."""
    figure, (axes,) = panels(5.6, 3.4)
    axes.axhspan(-1, 0.2, color=SECOND, alpha=0.07, linewidth=0)
    axes.axhline(0.2, color=SECOND, linewidth=0.8, linestyle="--")
    is_named = len(classical.p) <= MOST_NAMED
    axes.scatter(classical.p, classical.r_rest, s=130 if is_named else 14, color=ACCENT, alpha=0.16)
    if is_named:
        for at, (x, y) in enumerate(zip(classical.p, classical.r_rest, strict=True), 1):
            if np.isfinite(x) and np.isfinite(y):
                axes.text(x, y, str(at), ha="center", va="center", fontsize=7, color=INK)
    low = float(np.nanmin(classical.r_rest))
    high = float(np.nanmax(classical.r_rest))
    axes.set(xlim=(-0.03, 1.03), ylim=(min(-0.05, low - 0.08), max(0.6, high + 0.08)))
    axes.set(xlabel="p", ylabel="r")
    return svg_bytes(figure)


def _map(items: ItemParameters, theta: FloatArray) -> bytes:
    """Persons above, difficulties and thresholds below, on one scale."""
    figure, (axes,) = panels(5.6, 3.2)
    persons, _ = np.histogram(np.clip(theta, -4, 4), BINS)
    single = items.b[items.model == ItemModel.DICHOTOMOUS]
    locations = np.concatenate([single, items.thresholds[np.isfinite(items.thresholds)]])
    places, _ = np.histogram(np.clip(locations, -4, 4), BINS)
    centres, width = BINS[:-1] + np.diff(BINS) / 2, (BINS[1] - BINS[0]) * 0.9
    axes.bar(centres, persons / max(persons.max(), 1), width=width, color=ACCENT)
    axes.bar(centres, -places / max(places.max(), 1) * 0.8, width=width, color=SECOND)
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.set(xlim=(-4.1, 4.1), ylim=(-0.9, 1.08), xlabel="θ", yticks=[])
    axes.text(-4, 0.96, f"n = {len(theta)}", color=ACCENT, va="top")
    axes.text(-4, -0.84, f"b: {len(locations)}", color=SECOND, va="bottom")
    axes.spines["left"].set_visible(False)
    return svg_bytes(figure)
