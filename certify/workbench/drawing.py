"""The style of every plot, and a figure as SVG bytes.

Labels are symbols (θ, P, I, SE, X) so that a plot needs no language and no Chinese font; what they
mean is said beside the plot. The same data give the same bytes.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

INK: Final = "#16202a"
SOFT: Final = "#5b6873"
LINE: Final = "#d5dde2"
ACCENT: Final = "#0b4f7a"
SECOND: Final = "#b3570a"
# Six that stay apart for colour-blind eyes; dashes tell them apart without colour.
PALETTE: Final = ("#0b4f7a", "#b3570a", "#16796a", "#8e3fb8", "#6b6413", "#7a1038")
DASHES: Final = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))

# `Any`: the names of settings differ between releases of matplotlib.
_STYLE: Final[Any] = {
    "svg.hashsalt": "certify",
    "svg.fonttype": "path",
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.fontsize": 8,
}


@contextmanager
def drawing_style() -> Iterator[None]:
    """Draw in the house style inside a `with`."""
    with mpl.rc_context(_STYLE):
        yield


def panels(
    width: float, height: float, columns: int = 1, *, above: float = 0.08, beside: float = 0.12
) -> tuple[Figure, list[Axes]]:
    """A figure with panels side by side, and room `above` and `beside` them; all in inches.

    Margins are fixed: to find the best ones takes matplotlib as long as drawing.
    """
    figure = Figure(figsize=(width, height))
    FigureCanvasSVG(figure)
    margins = {
        "left": 0.56 / width,
        "right": 1.0 - beside / width,
        "bottom": 0.46 / height,
        "top": 1.0 - above / height,
    }
    grid = figure.subplots(1, columns, squeeze=False, gridspec_kw={**margins, "wspace": 0.3})
    return figure, list(grid[0])


def legend_above(axes: Axes) -> None:
    """The legend in one row above the panel."""
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 0.97),
        ncols=8,
        handlelength=2.2,
        columnspacing=1.2,
    )


def svg_bytes(figure: Figure) -> bytes:
    """The figure as an SVG file without a date."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    return buffer.getvalue()
