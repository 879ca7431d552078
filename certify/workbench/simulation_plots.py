"""Plots of simulated exams: estimates, error along the scale, lengths, exposure."""

from typing import Final

import numpy as np
from matplotlib.ticker import MaxNLocator

from certify.workbench.drawing import ACCENT, SECOND, SOFT, legend_above, panels, svg_bytes
from certify.workbench.simulation_results import SimulationResults

GROUPS: Final = 15
FEWEST: Final = 10


def simulation_plots(found: SimulationResults) -> dict[str, bytes]:
    """All plots by file name."""
    return {
        "estimates.svg": _estimates(found),
        "error.svg": _error(found),
        "lengths.svg": _lengths(found),
        "exposure.svg": _exposure(found),
    }


def _estimates(found: SimulationResults) -> bytes:
    """Estimated against true ability, with the cuts."""
    figure, (axes,) = panels(5.6, 3.4)
    estimates = found.estimates
    axes.scatter(estimates.true_composite, estimates.composite, s=5, color=ACCENT, alpha=0.35)
    ends = [float(estimates.true_composite.min()), float(estimates.true_composite.max())]
    axes.plot(ends, ends, color=SECOND, linewidth=1.2)
    for cut in found.cuts:
        axes.axvline(cut, color=SOFT, linewidth=0.8, linestyle="--")
        axes.axhline(cut, color=SOFT, linewidth=0.8, linestyle="--")
    axes.set(xlabel="θ", ylabel="θ̂")
    return svg_bytes(figure)


def _error(found: SimulationResults) -> bytes:
    """Bias, root mean squared error and mean claimed SE in groups along the true ability."""
    figure, (axes,) = panels(5.6, 3.4, above=0.3)
    estimates = found.estimates
    count = max(1, min(GROUPS, len(estimates.composite) // FEWEST))
    order = np.argsort(estimates.true_composite, kind="stable")
    parts = np.array_split(order, count)
    error = estimates.composite - estimates.true_composite
    at = [float(estimates.true_composite[part].mean()) for part in parts]
    axes.plot(at, [float(error[part].mean()) for part in parts], color=ACCENT, label="bias")
    rmse = [float(np.sqrt((error[part] ** 2).mean())) for part in parts]
    axes.plot(at, rmse, color=SECOND, linestyle="--", label="RMSE")
    claimed = [float(estimates.composite_se[part].mean()) for part in parts]
    axes.plot(at, claimed, color=SOFT, linestyle=":", label="SE")
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.set(xlabel="θ")
    legend_above(axes)
    return svg_bytes(figure)


def _lengths(found: SimulationResults) -> bytes:
    figure, (axes,) = panels(5.6, 3.0)
    counts = np.bincount(found.exams.length)
    axes.bar(np.arange(len(counts)), counts, width=0.86, color=ACCENT)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlim=(-0.6, len(counts) - 0.4), xlabel="k", ylabel="n")
    axes.grid(visible=False, axis="x")
    return svg_bytes(figure)


def _exposure(found: SimulationResults) -> bytes:
    """Exposure rates, the highest first."""
    figure, (axes,) = panels(5.6, 3.0)
    rates = np.sort(found.exposure_rates)[::-1]
    places = np.arange(1, len(rates) + 1)
    axes.fill_between(places, rates, step="mid", color=ACCENT, alpha=0.15, linewidth=0)
    axes.step(places, rates, where="mid", color=ACCENT)
    rule = found.exams.design.exposure.eligibility
    if rule is not None:
        axes.axhline(float(np.max(rule.maximum)), color=SECOND, linestyle="--", linewidth=1.2)
    axes.set(xlim=(1, max(len(rates), 2)), ylim=(0, None), xlabel="i", ylabel="P")
    return svg_bytes(figure)
