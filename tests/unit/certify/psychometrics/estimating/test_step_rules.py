"""Steps while all responses are alike; catR's numbers are in tests/reference."""

import pytest

from certify.psychometrics.estimating.step_rules import fixed_step, half_way


def test_half_way_never_passes_the_bank() -> None:
    theta = 0.0
    for _ in range(50):
        theta = half_way(theta, is_right=True, hardest=2.5, easiest=-2.0)
    assert theta == pytest.approx(2.5)


def test_steps_without_length_are_refused() -> None:
    with pytest.raises(ValueError, match="step above 0"):
        fixed_step(0.0, is_right=True, step=0.0)
    with pytest.raises(ValueError, match="easiest < hardest"):
        half_way(0.0, is_right=True, hardest=-1.0, easiest=1.0)
