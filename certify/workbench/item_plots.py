"""One plot per item: its curves with what was observed, its information, its options."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from certify.psychometrics.irt import category_probabilities, information
from certify.workbench.analysis_tables import TestAnalysis
from certify.workbench.drawing import (
    ACCENT,
    DASHES,
    LINE,
    PALETTE,
    SECOND,
    legend_above,
    panels,
    svg_bytes,
)
from certify.workbench.option_analysis import OptionStatistics

FloatArray = NDArray[np.float64]

GRID: Final = np.linspace(-4.0, 4.0, 161)
LEGEND: Final = 0.28
GROUPS: Final = 10
FEWEST_PER_GROUP: Final = 5


def most_information(found: TestAnalysis) -> float:
    """The most that any single item tells anywhere: the same scale for all plots."""
    if found.parameters is None:
        return 1.0
    items = found.parameters.items.on_one_dimension()
    return float(information(GRID, items).max(initial=0.1))


def item_plot(found: TestAnalysis, at: int, highest_information: float) -> bytes:
    """Response curves (left) and information (right) of one item that has parameters.

    Points show the observed shares of groups of equal size by ability, with one standard error.
    """
    parameters, row = found.parameters, found.row_of(at)
    assert parameters is not None and row is not None  # noqa: S101 - the caller asked
    one = parameters.items.take([row]).on_one_dimension()
    top = int(one.max_category[0])
    figure, (left, right) = panels(5.4, 2.3, 2, above=0.1 if top == 1 else LEGEND)
    curves = category_probabilities(GRID, one)[:, 0]
    shown = [1] if top == 1 else list(range(top + 1))
    for order, category in enumerate(shown):
        colour, dash = PALETTE[order % len(PALETTE)], DASHES[order % len(DASHES)]
        left.plot(GRID, curves[:, category], color=colour, linestyle=dash, label=f"x = {category}")
    if found.model is not None:
        _observed(left, found.table.values[:, at], found.model.abilities.theta, shown)
    if top > 1:
        legend_above(left)
    left.set(xlim=(-4, 4), ylim=(-0.02, 1.02), xlabel="θ", ylabel="P(θ)")
    told = information(GRID, one)[:, 0]
    right.fill_between(GRID, told, color=ACCENT, alpha=0.12, linewidth=0)
    right.plot(GRID, told, color=ACCENT)
    right.set(xlim=(-4, 4), ylim=(0, highest_information * 1.05), xlabel="θ", ylabel="I(θ)")
    return svg_bytes(figure)


def _observed(axes: Axes, responses: FloatArray, theta: FloatArray, shown: Sequence[int]) -> None:
    """Shares of the shown categories in groups of equal size by ability, with one SE."""
    answered = ~np.isnan(responses)
    own, ability = responses[answered], theta[answered]
    count = min(GROUPS, len(own) // FEWEST_PER_GROUP)
    if count < 2:
        return
    parts = np.array_split(np.argsort(ability, kind="stable"), count)
    centres = [float(ability[part].mean()) for part in parts]
    for order, category in enumerate(shown):
        shares = np.array([float((own[part] == category).mean()) for part in parts])
        sizes = np.array([len(part) for part in parts])
        errors = np.sqrt(shares * (1 - shares) / sizes)
        axes.errorbar(
            centres,
            shares,
            yerr=errors,
            fmt="o",
            markersize=3.5,
            color=PALETTE[order % len(PALETTE)] if len(shown) > 1 else SECOND,
            elinewidth=0.9,
            alpha=0.85,
        )


def option_plot(found: OptionStatistics, at: int) -> bytes:
    """Share of each option in groups of rising rest score; the key is the thick line."""
    figure, (axes,) = panels(2.9, 2.2, above=LEGEND)
    score, share = found.curves.rest_score[at], found.curves.share[at]
    used = found.used(at)
    for order, option in enumerate(used):
        is_key = option == found.key[at]
        axes.plot(
            score,
            share[:, option],
            color=PALETTE[order % len(PALETTE)],
            linestyle=DASHES[order % len(DASHES)],
            linewidth=2.6 if is_key else 1.3,
            marker="o",
            markersize=4 if is_key else 3,
            label=f"{found.labels[option]} ✓" if is_key else found.labels[option],
        )
    legend_above(axes)
    axes.set(ylim=(-0.02, 1.02), xlabel="X", ylabel="P")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.axhline(0, color=LINE, linewidth=0.8)
    return svg_bytes(figure)
