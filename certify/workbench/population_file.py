"""The population in a calibration's report (R.json): the prior that abilities start from."""

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.workbench.errors import BadPopulation
from certify.workbench.findings import listed

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PopulationPrior:
    """N(mean, covariance) over the dimensions, in the order of the parameters."""

    mean: FloatArray
    covariance: FloatArray

    @classmethod
    def standard(cls, n_dimensions: int) -> "PopulationPrior":
        """N(0, I): independent dimensions."""
        return cls(np.zeros(n_dimensions), np.eye(n_dimensions))


def read_population(
    data: bytes, file: str, dimensions: tuple[str, ...], group: str | None
) -> PopulationPrior:
    """The distribution of a group (the first one, if none is named). Raises BadPopulation."""
    try:
        report = json.loads(data)
        groups = report["groups"]
        names = [str(one["name"]) for one in groups]
        if group is not None and group not in names:
            raise BadPopulation(
                file=file, expected=f"the group {group}", found=f"groups {listed(names)}"
            )
        chosen = groups[0 if group is None else names.index(group)]
        order = [report["dimensions"].index(name) for name in dimensions]
        mean = np.array(chosen["mean"], dtype=np.float64)[order]
        covariance = np.array(chosen["covariance"], dtype=np.float64)[np.ix_(order, order)]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadPopulation(
            file=file,
            expected=f"mean and covariance of the dimensions {listed(list(dimensions))}",
            found="a file without them",
        ) from error
    is_symmetric = np.allclose(covariance, covariance.T)
    if not (np.isfinite(mean).all() and is_symmetric and np.linalg.eigvalsh(covariance)[0] > 0):
        raise BadPopulation(
            file=file, expected="a positive definite covariance", found=f"{covariance.tolist()}"
        )
    return PopulationPrior(mean, covariance)
