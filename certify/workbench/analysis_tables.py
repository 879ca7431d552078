"""The tables of an analysis as CSV: items, test, scores, pairs, persons, findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.equating import score_moments
from certify.workbench.ability_scoring import flag_names
from certify.workbench.findings import Finding
from certify.workbench.item_analysis import ClassicalStatistics, ModelStatistics
from certify.workbench.item_lists import DICHOTOMOUS
from certify.workbench.option_analysis import OptionStatistics, option_table_bytes
from certify.workbench.parameter_table import ParameterTable, parameter_table_bytes
from certify.workbench.response_table import ResponseTable
from certify.workbench.text_tables import table_bytes

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class TestAnalysis:
    """Everything that is known about a test; None where it could not be had.

    `parameters` and `model` hold the items that have parameters, in the order of the table, and
    `row_of` tells where. `is_calibrated`: they were estimated from these same responses.
    """

    table: ResponseTable
    classical: ClassicalStatistics
    parameters: ParameterTable | None
    model: ModelStatistics | None
    options: OptionStatistics | None
    findings: tuple[Finding, ...]
    is_calibrated: bool
    calibration: Mapping[str, object]

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items in the order of every table."""
        return self.table.item_ids

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """For each item its place among the parameters, -1 where it has none."""
        known = {} if self.parameters is None else self.parameters.positions()
        return np.array([known.get(item, -1) for item in self.item_ids], dtype=np.intp)

    def row_of(self, item: int) -> int | None:
        """The place of one item among the parameters."""
        row = int(self.rows[item])
        return None if row < 0 else row

    def spread(self, values: ArrayLike) -> FloatArray:
        """Values of the items with parameters, over all items; NaN for the others."""
        known = np.append(np.asarray(values, dtype=np.float64), np.nan)
        return np.asarray(known[self.rows])


# the name of the field, which test runners would take for a test
TestAnalysis.__test__ = False  # type: ignore[attr-defined]


def analysis_tables(found: TestAnalysis) -> dict[str, bytes]:
    """All tables by file name."""
    files = {
        "items.csv": _items(found),
        "test.csv": table_bytes(("statistic", "value"), summary(found)),
        "scores.csv": _scores(found.classical),
        "findings.csv": _findings(found.findings),
    }
    if found.options is not None:
        files["options.csv"] = option_table_bytes(found.item_ids, found.options)
    if found.parameters is not None:
        files["params.csv"] = parameter_table_bytes(found.parameters)
    if found.model is not None:
        names = () if found.parameters is None else found.parameters.item_ids
        files["pairs.csv"] = _pairs(names, found.model)
        files["persons.csv"] = _persons(found.table, found.model)
    return files


def summary(found: TestAnalysis) -> list[tuple[str, object]]:
    """Statistics of the whole test by name."""
    classical, model = found.classical, found.model
    raw = classical.raw
    rows: list[tuple[str, object]] = [
        ("persons", len(found.table)),
        ("complete_persons", len(raw)),
        ("items", len(found.item_ids)),
        ("max_score", classical.max_score),
        ("alpha", classical.alpha),
        ("sem", classical.sem),
    ]
    if len(raw) > 1 and np.ptp(raw) > 0:
        moments = score_moments(score_counts(classical))
        rows += [
            ("mean", moments.mean),
            ("sd", float(raw.std(ddof=1))),
            ("lowest", float(raw.min())),
            ("highest", float(raw.max())),
            ("skewness", moments.skewness),
            ("kurtosis", moments.kurtosis),
        ]
    rows += [(name, found.calibration[name]) for name in ("log_likelihood", "aic", "bic")
             if name in found.calibration]  # fmt: skip
    if model is not None:
        rows.append(("empirical_reliability", model.reliability))
        if model.whole is not None:
            fit = model.whole
            rows += [
                ("m2", fit.statistic),
                ("m2_df", fit.df),
                ("m2_p", fit.p_value),
                ("rmsea", fit.rmsea),
                ("rmsea_5", fit.rmsea_low),
                ("rmsea_95", fit.rmsea_high),
                ("srmsr", fit.srmsr),
                ("tli", fit.tli),
                ("cfi", fit.cfi),
            ]
    return rows


def score_counts(classical: ClassicalStatistics) -> NDArray[np.intp]:
    """How many complete persons have each raw score 0..max."""
    return np.bincount(classical.raw.astype(np.intp), minlength=classical.max_score + 1)


def _items(found: TestAnalysis) -> bytes:
    classical, model, parameters = found.classical, found.model, found.parameters
    columns: list[tuple[str, Sequence[object]]] = [
        ("item_id", found.item_ids),
        ("n", classical.n.tolist()),
        ("highest", classical.highest.tolist()),
        ("p", classical.p.tolist()),
        ("r_rest", classical.r_rest.tolist()),
        ("d27", classical.d27.tolist()),
        ("alpha_if_deleted", classical.alpha_if_deleted.tolist()),
    ]
    if parameters is not None:
        items = parameters.items
        models = [None if row < 0 else parameters.models[row] for row in found.rows.tolist()]
        single = [name in DICHOTOMOUS for name in parameters.models]
        numbers = {
            "a": items.a,
            "b": items.b,
            "c": np.where(single, items.c, np.nan),
            "d": np.where(single, items.d, np.nan),
        }
        if model is not None:
            fit = model.mean_squares
            numbers |= {
                "outfit": fit.outfit,
                "outfit_z": fit.outfit_z,
                "infit": fit.infit,
                "infit_z": fit.infit_z,
            }
            if model.raw_fit is not None:
                raw = model.raw_fit
                numbers |= {
                    "s_x2": raw.s_x2,
                    "s_x2_df": raw.df.astype(np.float64),
                    "s_x2_p": raw.p_value,
                    "s_x2_rmsea": raw.rmsea,
                }
        columns.append(("model", models))
        columns += [(name, found.spread(values).tolist()) for name, values in numbers.items()]
    names, values = zip(*columns, strict=True)
    return table_bytes(names, zip(*values, strict=True))


def _scores(classical: ClassicalStatistics) -> bytes:
    counts = score_counts(classical).tolist()
    total = max(len(classical.raw), 1)
    below = np.concatenate([[0], np.cumsum(counts)])
    rows = [
        (score, count, count / total, (below[score] + 0.5 * count) / total)
        for score, count in enumerate(counts)
    ]
    return table_bytes(("raw_score", "persons", "share", "percentile_rank"), rows)


def _pairs(item_ids: Sequence[str], model: ModelStatistics) -> bytes:
    """The strongest dependence first."""
    rows = [
        (item_ids[i], item_ids[j], model.dependence[i, j])
        for i in range(len(item_ids))
        for j in range(i)
        if not np.isnan(model.dependence[i, j])
    ]
    rows.sort(key=lambda row: -abs(row[2]))
    return table_bytes(("item_1", "item_2", "q3_less_mean"), rows)


def _persons(table: ResponseTable, model: ModelStatistics) -> bytes:
    answered = (~np.isnan(table.values)).sum(axis=1).tolist()
    raw = np.nansum(table.values, axis=1).tolist()
    squares = model.person_mean_squares
    rows = zip(
        table.person_ids,
        answered,
        raw,
        model.abilities.theta.tolist(),
        model.abilities.se.tolist(),
        model.person_fit.statistic.tolist(),
        model.person_fit.p_value.tolist(),
        squares.outfit.tolist(),
        squares.infit.tolist(),
        model.guttman.tolist(),
        [flag_names(code) for code in model.abilities.flags.tolist()],
        strict=True,
    )
    heading = (
        "person_id", "answered", "raw_score", "theta", "se", "lz_star", "lz_star_p", "outfit",
        "infit", "guttman_normed", "flags",
    )  # fmt: skip
    return table_bytes(heading, rows)


def _findings(findings: Sequence[Finding]) -> bytes:
    rows = [(one.file, one.row, one.column, one.code, one.reason) for one in findings]
    return table_bytes(("file", "row", "column", "code", "reason"), rows)
