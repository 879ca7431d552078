"""Charts for terminals, as plain text."""

from collections.abc import Sequence
from typing import Protocol

LOW, HIGH, WIDTH = -3.0, 3.0, 61


class Estimate(Protocol):
    """The estimate after one item; `theta` and `se` on the logistic metric."""

    @property
    def position(self) -> int: ...
    @property
    def correct(self) -> bool: ...
    @property
    def theta(self) -> float: ...
    @property
    def se(self) -> float: ...


def convergence_chart(steps: Sequence[Estimate], cut: float) -> str:
    """The estimate after each item: one line an item, theta as a dot within its standard error."""
    lines = [f"  θ from {LOW:+.0f} to {HIGH:+.0f};  ● estimate  ─ ±1 SE  ┆ cut {cut:+.2f}"]
    for step in steps:
        mark = "✓" if step.correct else "✗"
        lines.append(
            f"{step.position:3d} {mark} {_row(step, cut)} {step.theta:+.2f} ± {step.se:.2f}"
        )
    return "\n".join(lines)


def _row(step: Estimate, cut: float) -> str:
    cells = [" "] * WIDTH
    for column in range(_column(step.theta - step.se), _column(step.theta + step.se) + 1):
        cells[column] = "─"
    cells[_column(cut)] = "┆"
    cells[_column(step.theta)] = "●"
    return "".join(cells)


def _column(theta: float) -> int:
    inside = min(max(theta, LOW), HIGH)
    return round((inside - LOW) / (HIGH - LOW) * (WIDTH - 1))
