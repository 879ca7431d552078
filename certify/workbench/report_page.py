"""The report of an analysis as one page: everything inside, Chinese first, English by a switch.

The page needs no server, no script and no other file. Words stand in the template; here is what it
shows, as plain values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from certify.workbench.analysis_tables import TestAnalysis, summary
from certify.workbench.item_flags import ItemFlag, item_flags
from certify.workbench.item_lists import DICHOTOMOUS
from certify.workbench.page_templates import fixed, image, page_template

MOST_PERSONS: Final = 20
MOST_PAIRS: Final = 20
MOST_FINDINGS: Final = 100
PERSON_MISFIT_P: Final = 0.01
_MODEL_NUMBERS: Final = ("model", "a", "b", "c", "steps", "infit", "outfit", "s_x2_p")


@dataclass(frozen=True, slots=True)
class ItemCard:
    """One item as the page shows it."""

    number: int
    item_id: str
    numbers: Mapping[str, float | int | str | None]
    flags: tuple[ItemFlag, ...]
    curve: str
    options_curve: str
    options: tuple[Mapping[str, object], ...]


def report_page(found: TestAnalysis, plots: Mapping[str, bytes], names: "PlotNames") -> bytes:
    """The page as UTF-8; `plots` are SVG files by name."""
    flags = item_flags(found)
    images = {name: image(content) for name, content in plots.items()}
    cards = [_card(found, at, flags, images, names) for at in range(len(found.item_ids))]
    page = page_template("report.html").render(
        file=found.table.file,
        summary=dict(summary(found)),
        cards=cards,
        flagged=sorted(
            (card for card in cards if card.flags),
            key=lambda card: card.flags[0].severity != "serious",
        ),
        images=images,
        pairs=_pairs(found),
        persons=_misfits(found),
        findings=[str(finding) for finding in found.findings[:MOST_FINDINGS]],
        hidden_findings=max(0, len(found.findings) - MOST_FINDINGS),
        has_model=found.model is not None,
        has_options=found.options is not None,
        is_calibrated=found.is_calibrated,
        calibration=found.calibration,
    )
    return page.encode()


@dataclass(frozen=True, slots=True)
class PlotNames:
    """File names of the plots of each item, safe on every system."""

    curves: tuple[str, ...]
    options: tuple[str, ...]

    @classmethod
    def of(cls, item_ids: tuple[str, ...]) -> "PlotNames":
        """item-001-NAME.svg and options-001-NAME.svg, with letters, digits, - and _ only."""
        width = max(3, len(str(len(item_ids))))
        ends = []
        for number, item in enumerate(item_ids, 1):
            plain = "".join(c if c.isalnum() or c in "-_" else "_" for c in item)[:40]
            ends.append(f"{number:0{width}d}-{plain}.svg")
        return cls(tuple(f"item-{end}" for end in ends), tuple(f"options-{end}" for end in ends))


def _card(
    found: TestAnalysis,
    at: int,
    flags: tuple[ItemFlag, ...],
    images: Mapping[str, str],
    names: PlotNames,
) -> ItemCard:
    return ItemCard(
        at + 1,
        found.item_ids[at],
        _numbers(found, at),
        tuple(flag for flag in flags if flag.item == at),
        images.get(names.curves[at], ""),
        images.get(names.options[at], ""),
        _options(found, at),
    )


def _numbers(found: TestAnalysis, at: int) -> Mapping[str, float | int | str | None]:
    classical, model, parameters = found.classical, found.model, found.parameters
    numbers: dict[str, float | int | str | None] = dict.fromkeys(_MODEL_NUMBERS)
    numbers |= {
        "n": int(classical.n[at]),
        "p": float(classical.p[at]),
        "r": float(classical.r_rest[at]),
        "d27": float(classical.d27[at]),
        "alpha": float(classical.alpha_if_deleted[at]),
    }
    row = found.row_of(at)
    if parameters is not None and row is not None:
        items, kind = parameters.items, parameters.models[row]
        numbers |= {"model": kind, "a": float(items.a[row]), "b": float(items.b[row])}
        numbers["c"] = float(items.c[row]) if kind in DICHOTOMOUS else None
        steps = items.thresholds[row] if items.thresholds.shape[1] else np.empty(0)
        numbers["steps"] = ", ".join(fixed(float(b)) for b in steps if np.isfinite(b))
    if model is not None and row is not None:
        raw = model.raw_fit
        numbers |= {
            "infit": float(model.mean_squares.infit[row]),
            "outfit": float(model.mean_squares.outfit[row]),
            "s_x2_p": None if raw is None else float(raw.p_value[row]),
        }
    return numbers


def _options(found: TestAnalysis, at: int) -> tuple[Mapping[str, object], ...]:
    options = found.options
    if options is None:
        return ()
    table = options.table
    return tuple(
        {
            "label": options.labels[option],
            "is_key": bool(option == options.key[at]),
            "count": int(table.count[at, option]),
            "share": float(table.share[at, option]),
            "r": float(table.point_biserial[at, option]),
            "upper": float(table.upper[at, option]),
            "lower": float(table.lower[at, option]),
        }
        for option in options.used(at)
    )


def _pairs(found: TestAnalysis) -> list[tuple[str, str, float]]:
    """The pairs of items that depend most on each other."""
    if found.model is None or found.parameters is None:
        return []
    table, names = found.model.dependence, found.parameters.item_ids
    pairs = [
        (names[j], names[i], float(table[i, j]))
        for i in range(len(table))
        for j in range(i)
        if np.isfinite(table[i, j])
    ]
    return sorted(pairs, key=lambda pair: -pair[2])[:MOST_PAIRS]


def _misfits(found: TestAnalysis) -> list[Mapping[str, object]]:
    """The persons whose answers fit the model least, below one in a hundred."""
    if found.model is None:
        return []
    fit, abilities = found.model.person_fit, found.model.abilities
    unlikely = np.flatnonzero(fit.p_value < PERSON_MISFIT_P)
    worst = unlikely[np.argsort(fit.p_value[unlikely], kind="stable")][:MOST_PERSONS]
    raw = np.nansum(found.table.values, axis=1)
    return [
        {
            "person_id": found.table.person_ids[at],
            "raw": float(raw[at]),
            "theta": float(abilities.theta[at]),
            "se": float(abilities.se[at]),
            "lz": float(fit.statistic[at]),
            "p": float(fit.p_value[at]),
        }
        for at in worst.tolist()
    ]
