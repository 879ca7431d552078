"""Every error of its own that this room raises. Templates are one line and translatable.

Arrays of the wrong shape or values out of range raise ValueError; the errors here are answers
about data that is well formed.
"""

from typing import ClassVar


class PsychometricsError(Exception):
    """Base of everything this room raises; `params` fill the class's `template`."""

    template: ClassVar[str] = "{reason}"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.template.format(**params))


class ConflictingRequirements(PsychometricsError):
    """No test meets all requirements; `requirements` cannot be met together."""

    template = (
        "Expected a test that meets every requirement, found that these cannot be met together: "
        "{requirements}. Relax one of them, or add items."
    )


class SolverFailed(PsychometricsError):
    """The solver stopped without an answer, neither a test nor a proof that there is none."""

    template = (
        "Expected an optimal test or a proof that there is none, found solver status {status}. "
        "Check the values and bounds for extreme numbers."
    )
