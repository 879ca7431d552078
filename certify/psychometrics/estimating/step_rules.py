"""Provisional ability while all responses are alike, for adaptive tests that start without a prior.

Dodd (1990), Applied Psychological Measurement 14:355-366. As soon as one response differs, the
maximum likelihood is finite and these rules are over.
"""


def fixed_step(theta: float, *, is_right: bool, step: float = 0.7) -> float:
    """One step of fixed length up after right responses, down after wrong ones.

    Raises ValueError unless step > 0.
    """
    if not step > 0:
        raise ValueError(f"expected a step above 0, found {step}")
    return theta + step if is_right else theta - step


def half_way(theta: float, *, is_right: bool, hardest: float, easiest: float) -> float:
    """Half the way to the hardest difficulty of the bank, or to the easiest.

    Raises ValueError unless easiest < hardest.
    """
    if not easiest < hardest:
        raise ValueError(f"expected easiest < hardest, found {easiest} and {hardest}")
    return 0.5 * (theta + (hardest if is_right else easiest))
