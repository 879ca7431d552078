"""Exact binomial bounds: what chance alone allows among n items."""

from functools import cache
from math import comb


@cache
def chance_bounds(n: int, numerator: int, denominator: int, per_mille: int = 10) -> tuple[int, int]:
    """The smallest and largest count out of `n` that chance explains, share numerator/denominator.

    Two-sided: each tail beyond the bounds has at most half of `per_mille` thousandths of the
    probability. Exact, in whole numbers.
    """
    total = denominator**n
    weights = [
        comb(n, k) * numerator**k * (denominator - numerator) ** (n - k) for k in range(n + 1)
    ]
    allowed = total * per_mille
    tail, least = 0, 0
    for k in range(n + 1):
        tail += weights[k]
        if tail * 2000 > allowed:
            least = k
            break
    tail, most = 0, n
    for k in range(n, -1, -1):
        tail += weights[k]
        if tail * 2000 > allowed:
            most = k
            break
    return least, most
