"""What simulated exams showed, as numbers and tables."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.exposure import exposure_rates
from certify.psychometrics.simulating.report import Estimates, Exposure, blueprint_violations
from certify.psychometrics.simulation import SimulatedExams
from certify.workbench.parameter_table import ParameterTable
from certify.workbench.text_tables import table_bytes

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class SimulationResults:
    """The exams, the bank they were drawn from, and the cuts of the levels."""

    exams: SimulatedExams
    parameters: ParameterTable
    cuts: tuple[float, ...]
    seed: int

    @property
    def estimates(self) -> Estimates:
        """True and estimated abilities at the end."""
        return Estimates.of(self.exams)

    @property
    def exposure_rates(self) -> FloatArray:
        """Share of the examinees who saw each item."""
        return exposure_rates(self.exams.administered)


def simulation_report(found: SimulationResults) -> dict[str, Any]:
    """All figures by name."""
    exams = found.exams
    estimates = found.estimates
    precision = estimates.precision()
    regions = np.searchsorted(np.array(found.cuts), estimates.true_composite, side="right")
    exposure = Exposure.of(exams, regions.astype(np.intp))
    report: dict[str, Any] = {
        "examinees": len(exams.length),
        "items": exams.design.n_items,
        "seed": found.seed,
        "length": {
            "mean": float(exams.length.mean()),
            "sd": float(exams.length.std()),
            "lowest": int(exams.length.min()),
            "highest": int(exams.length.max()),
        },
        "stopped_by_rule": float(exams.is_decided.mean()),
        "bias": precision.bias,
        "rmse": precision.rmse,
        "mean_se": precision.se,
        "dimensions": [
            {
                "name": name,
                "bias": float(precision.dimension_bias[at]),
                "rmse": float(precision.dimension_rmse[at]),
                "mean_se": float(precision.dimension_se[at]),
                "reliability": float(precision.reliability[at]),
            }
            for at, name in enumerate(found.parameters.dimensions)
        ],
        "exposure": {
            "highest": exposure.highest,
            "overlap": exposure.overlap,
            "unused_items": exposure.unused,
            "highest_by_level": exposure.region_highest.tolist(),
            "overlap_by_level": exposure.region_overlap.tolist(),
        },
        "blueprint_violations": blueprint_violations(exams),
    }
    if found.cuts:
        placement = estimates.placement(found.cuts)
        report["classification"] = {
            "cuts": list(found.cuts),
            "accuracy": placement.accuracy,
            "claimed_accuracy": placement.claimed_accuracy,
            "by_cut": [
                {
                    "cut": cut,
                    "accuracy": estimates.applied_level(cut).accuracy,
                    "claimed_accuracy": estimates.applied_level(cut).claimed_accuracy,
                }
                for cut in found.cuts
            ],
        }
    return report


def examinees_bytes(found: SimulationResults) -> bytes:
    """examinees.csv: true and estimated ability, length, level reached and true level."""
    estimates, exams = found.estimates, found.exams
    cuts = np.array(found.cuts)
    names = found.parameters.dimensions if len(found.parameters.dimensions) > 1 else ()
    heading = ["examinee", "length", "true_theta", "theta", "se", "true_level", "level"]
    for name in names:
        heading += [f"true_theta_{name}", f"theta_{name}", f"se_{name}"]
    rows = []
    for at in range(len(exams.length)):
        truth, theta = estimates.true_composite[at], estimates.composite[at]
        row: list[object] = [
            at + 1,
            int(exams.length[at]),
            truth,
            theta,
            estimates.composite_se[at],
            int(np.searchsorted(cuts, truth, side="right")) if found.cuts else None,
            int(np.searchsorted(cuts, theta, side="right")) if found.cuts else None,
        ]
        for d in range(len(names)):
            row += [estimates.true_theta[at, d], estimates.theta[at, d], estimates.se[at, d]]
        rows.append(row)
    return table_bytes(heading, rows)


def exposure_bytes(found: SimulationResults) -> bytes:
    """exposure.csv: how often each item was given."""
    rates = found.exposure_rates
    given = found.exams.administered.sum(axis=0)
    rows = [
        (item, found.parameters.dimensions[dimension], int(count), rate)
        for item, dimension, count, rate in zip(
            found.parameters.item_ids,
            found.parameters.items.dimension.tolist(),
            given.tolist(),
            rates.tolist(),
            strict=True,
        )
    ]
    return table_bytes(("item_id", "dimension", "given", "exposure_rate"), rows)


def answers_bytes(found: SimulationResults) -> bytes:
    """responses.csv: the answers as a wide response table, blank where an item was not given."""
    exams = found.exams
    table = np.full((len(exams.items), exams.design.n_items + 1), -1, dtype=np.int64)
    table[np.arange(len(exams.items))[:, None], exams.items] = exams.responses
    rows = (
        [f"s{person + 1}", *(None if value < 0 else value for value in row)]
        for person, row in enumerate(table[:, :-1].tolist())
    )
    return table_bytes(("person_id", *found.parameters.item_ids), rows)
