"""Mantel-Haenszel DIF: plain recomputation, ETS classes, purification, and what cannot be had."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics.dif import ets_class, mantel_haenszel


def simulated(
    persons: int, seed: int, harder: dict[int, float] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """20 Rasch items, some harder for the focal group by so many logits; the group is weaker."""
    rng = np.random.default_rng(seed)
    focal = rng.integers(0, 2, persons)
    theta = rng.normal(size=persons) - 0.5 * focal
    b = np.tile(np.linspace(-1.5, 1.5, 20), (persons, 1))
    for item, shift in (harder or {}).items():
        b[:, item] += shift * focal
    return (rng.random(b.shape) < 1 / (1 + np.exp(b - theta[:, None]))).astype(int), focal


def plain(responses: np.ndarray, focal: np.ndarray, item: int) -> tuple[float, float, float]:
    """alpha, chi-square with continuity correction, and the standard error of ln alpha."""
    tables: dict[int, list[int]] = {}
    for row, group in zip(responses.tolist(), focal.tolist(), strict=True):
        cell = 2 * group + (1 - row[item])
        tables.setdefault(sum(row), [0, 0, 0, 0])[cell] += 1
    r = s = gap = variance = pr = ps_qr = qs = 0.0
    for a, b, c, d in tables.values():
        n = a + b + c + d
        if n < 2:
            continue
        r += a * d / n
        s += b * c / n
        gap += a - (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
        pr += (a + d) * a * d / n**2
        ps_qr += ((a + d) * b * c + (b + c) * a * d) / n**2
        qs += (b + c) * b * c / n**2
    error = pr / (2 * r * r) + ps_qr / (2 * r * s) + qs / (2 * s * s)
    return r / s, (abs(gap) - 0.5) ** 2 / variance, math.sqrt(error)


def test_statistics_in_plain_python() -> None:
    responses, focal = simulated(300, 1, {4: 1.0})
    found = mantel_haenszel(responses, focal)
    for item in range(20):
        alpha, chi_square, error = plain(responses, focal, item)
        assert found.odds_ratio[item] == pytest.approx(alpha)
        assert found.delta[item] == pytest.approx(-2.35 * math.log(alpha))
        assert found.se[item] == pytest.approx(2.35 * error)
        assert found.chi_square[item] == pytest.approx(chi_square)


def test_large_dif_is_class_c_and_negative_when_harder_for_the_focal_group() -> None:
    responses, focal = simulated(3000, 2, {3: 1.2})
    found = mantel_haenszel(responses, focal)
    assert found.ets_class[3] == "C"
    assert found.delta[3] < -1.5
    assert found.delta[3] == pytest.approx(-2.35 * 1.2, abs=0.6)


def test_a_weaker_group_alone_is_no_dif() -> None:
    responses, focal = simulated(3000, 3)
    found = mantel_haenszel(responses, focal)
    assert set(found.ets_class) == {"A"}


def test_purification_removes_the_shadow_of_many_dif_items() -> None:
    harder = dict.fromkeys(range(0, 20, 3), 1.3)
    responses, focal = simulated(4000, 4, harder)
    clean = [item for item in range(20) if item not in harder]
    plain_delta = mantel_haenszel(responses, focal).delta[clean]
    purified = mantel_haenszel(responses, focal, purify=True)
    assert np.abs(purified.delta[clean]).mean() < 0.6 * np.abs(plain_delta).mean()
    assert not purified.anchors[list(harder)].any()
    assert purified.anchors[clean].mean() > 0.7


@pytest.mark.parametrize(
    ("delta", "se", "p_value", "expected"),
    [
        (0.9, 0.1, 1e-9, "A"),
        (2.0, 1.5, 0.18, "A"),
        (-1.2, 0.2, 1e-6, "B"),
        (1.6, 0.5, 0.01, "B"),
        (-1.6, 0.2, 1e-9, "C"),
        (math.nan, 0.1, 0.5, ""),
    ],
)
def test_ets_classes(delta: float, se: float, p_value: float, expected: str) -> None:
    assert ets_class(delta, se, p_value) == expected


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_exchanging_the_groups_turns_the_sign(seed: int) -> None:
    responses, focal = simulated(200, seed)
    one, other = mantel_haenszel(responses, focal), mantel_haenszel(responses, 1 - focal)
    np.testing.assert_allclose(one.delta, -other.delta, atol=1e-9)
    np.testing.assert_allclose(one.chi_square, other.chi_square, atol=1e-9)


def test_matching_on_a_given_variable_allows_missing_responses() -> None:
    responses, focal = simulated(400, 5, {2: 1.0})
    level = responses.sum(axis=1) // 4
    gaps = responses.astype(float)
    gaps[:60, 2] = np.nan
    found = mantel_haenszel(gaps, focal, matching=level)
    kept = mantel_haenszel(responses[60:], focal[60:], matching=level[60:])
    assert found.delta[2] == pytest.approx(kept.delta[2])


def test_item_seen_by_too_few_of_a_group_has_a_reason() -> None:
    responses, focal = simulated(100, 6)
    gaps = responses.astype(float)
    gaps[np.flatnonzero(focal)[5:], 1] = np.nan
    found = mantel_haenszel(gaps, focal, matching=responses.sum(axis=1))
    assert np.isnan([found.delta[1], found.p_value[1]]).all()
    assert found.reasons[1] == "fewer than 20 persons in the focal group"
    assert found.ets_class[1] == ""
    assert found.reasons[0] == ""


def test_item_that_everybody_solves_and_one_that_separates_the_groups() -> None:
    responses, focal = simulated(200, 7)
    responses[:, 0] = 1
    responses[:, 1] = 1 - focal
    found = mantel_haenszel(responses, focal)
    assert found.reasons[0] == "no stratum has both groups and both answers"
    assert found.odds_ratio[1] == np.inf
    assert found.p_value[1] < 1e-6
    assert found.reasons[1] == "the odds ratio is infinite or zero"


def test_faults_are_named() -> None:
    responses, focal = simulated(60, 8)
    bad = responses.astype(float)
    bad[2, 3] = 2
    with pytest.raises(ValueError, match="person 2, item 3: expected 0, 1 or NaN, found 2"):
        mantel_haenszel(bad, focal)
    bad[2, 3] = np.nan
    with pytest.raises(ValueError, match="person 2, item 3: raw scores need complete"):
        mantel_haenszel(bad, focal)
    with pytest.raises(ValueError, match=r"one 0 \(reference\) or 1 \(focal\) for each of 60"):
        mantel_haenszel(responses, focal + 1)
    with pytest.raises(ValueError, match="finite matching value"):
        mantel_haenszel(responses, focal, matching=np.full(60, np.nan))
    with pytest.raises(ValueError, match="persons, items"):
        mantel_haenszel(focal, focal)
