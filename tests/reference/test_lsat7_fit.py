"""Fit statistics of the LSAT section 7 data against the R package mirt.

Numbers: R 4.2.2, mirt 1.47, 2PL and Rasch models by marginal maximum likelihood (61 points
from -6 to 6); `itemfit`, `personfit` and Q3 with EAP scores, `M2` with its null model,
`residuals(type = "LD")`. Classical statistics: `itemstats`, as printed in mirt's documentation.
"""

import numpy as np
import pytest

from certify.psychometrics import classical
from certify.psychometrics.ability import AbilityGrid, eap
from certify.psychometrics.diagnosing.limited_information import Moments, m2
from certify.psychometrics.diagnosing.local_dependence import pair_dependence, q3
from certify.psychometrics.diagnosing.summed_score_fit import s_x2
from certify.psychometrics.fit import item_fit, person_mean_squares
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.person_fit import lz
from tests.reference.response_data import LSAT7, LSAT7_2PL

GRID = AbilityGrid.normal(lower=-6.0, upper=6.0, count=61)
# zh, outfit, z, infit, z, S-X2, p
ITEM_FIT = np.array(
    [
        [1.43200, 0.77581, -3.14157, 0.95818, -0.70229, 4.75054, 0.09299],
        [6.35234, 0.73678, -7.76519, 0.81599, -6.36124, 14.45345, 0.00073],
        [5.31309, 0.48437, -7.05281, 0.75010, -5.21712, 1.27266, 0.52923],
        [5.80079, 0.85521, -6.56305, 0.88143, -5.80727, 5.23648, 0.07293],
        [0.69675, 0.86623, -1.90252, 0.98922, -0.15413, 0.94094, 0.62471],
    ]
)
# pattern: outfit, z, infit, z, zh
PERSON_FIT = {
    "00000": (0.7119356213, -0.55991858062, 0.7853792686, -0.46081720627, 0.57991441852),
    "00001": (0.6562624378, -1.11177447608, 0.6745630143, -1.06396337867, 1.04342865493),
    "00010": (1.2770908661, 0.90562166727, 1.2911516932, 0.95706372926, -0.91049825057),
    "00011": (1.0615970163, 0.30805411497, 1.0722931025, 0.35538830704, -0.25634495826),
    "00100": (1.4969167761, 1.58347159208, 1.4191616077, 1.50202281515, -1.63699019931),
    "00101": (1.1540045981, 0.51651432037, 1.1207267464, 0.47600742994, -0.39846017833),
    "00110": (1.8791586447, 1.97700815268, 1.6957463027, 1.93292023437, -2.24448644891),
    "00111": (1.4172692180, 0.87764206796, 1.3386837524, 0.85418170908, -0.78902406243),
    "01000": (1.4191900235, 1.37529736981, 1.3982740100, 1.33667101792, -1.41040662307),
    "01001": (1.1491969214, 0.57708538163, 1.1561297346, 0.65025583297, -0.56193277862),
    "01010": (1.8108245099, 2.28693561100, 1.7341390790, 2.36607001809, -2.74652466198),
    "01011": (1.4585809203, 1.14354204654, 1.4357210674, 1.27439666782, -1.26631441312),
    "01100": (1.9871617652, 1.91408847139, 1.7405958252, 1.81023902823, -2.13003517103),
    "01101": (1.4659287399, 0.87510684997, 1.3394588967, 0.78842936423, -0.71852651477),
    "01110": (2.3890868635, 1.85049262730, 1.9406270133, 1.65770689713, -2.02359091135),
    "01111": (1.7118319974, 0.97730353100, 1.3519752777, 0.70056841154, -0.65024340659),
    "10000": (0.8942948961, -0.27033604800, 0.8760959258, -0.34400132251, 0.40107659034),
    "10001": (0.6313137047, -1.36627012044, 0.6501040429, -1.43971571323, 1.31057105381),
    "10010": (1.2846650324, 0.98854818097, 1.2300372010, 0.90254931564, -0.90634819091),
    "10011": (0.8778962072, -0.20631501814, 0.9437038367, -0.07452556549, 0.22718327273),
    "10100": (1.3700496836, 0.93278166969, 1.2501634306, 0.78505698630, -0.77617341716),
    "10101": (0.7175715731, -0.34635570708, 0.8608677437, -0.15116844807, 0.36549863611),
    "10110": (1.6101593749, 1.07257431749, 1.4584013979, 0.99935031056, -0.98106531950),
    "10111": (0.6955441568, -0.14929015909, 0.8974047650, 0.04584369102, 0.23702581671),
    "11000": (1.3719182090, 1.14182400704, 1.3025910404, 1.09158734036, -1.11329172396),
    "11001": (0.9169873618, -0.04794837392, 0.9826435673, 0.07271648190, 0.09536126076),
    "11010": (1.6919498002, 1.43945829153, 1.5620382795, 1.43194556198, -1.53961385049),
    "11011": (1.1530818332, 0.44202964183, 1.1162444205, 0.39063047913, -0.24683138992),
    "11100": (1.6341981755, 1.01387162379, 1.4522213615, 0.91236524524, -0.86706539678),
    "11101": (0.5359926016, -0.29133799425, 0.7786632669, -0.09586751799, 0.38524304463),
    "11110": (1.7811644228, 0.98807845369, 1.4249488335, 0.76026279174, -0.69212760827),
    "11111": (0.1542384131, -0.61313284229, 0.2130579748, -0.95496750386, 0.78226698483),
}
Q3 = [
    [1.000, -0.134, -0.214, -0.012, 0.009],
    [-0.134, 1.000, -0.163, -0.134, -0.125],
    [-0.214, -0.163, 1.000, -0.170, -0.115],
    [-0.012, -0.134, -0.170, 1.000, -0.054],
    [0.009, -0.125, -0.115, -0.054, 1.000],
]
# the pairs (1,2), (1,3), (1,4), (1,5), (2,3), ...
LD_X2 = [0.451, 0.856, 2.578, 2.393, 1.053, 0.266, 1.383, 0.154, 0.003, 0.000]
LD_RESIDUAL = [-0.021, -0.029, 0.051, 0.049, 0.032, -0.016, -0.037, -0.012, -0.002, 0.000]
PRINTED = 5.5e-4
"""Half a unit of the third decimal, the last one printed, and a little for rounding."""


def eap_scores() -> np.ndarray:
    return eap(LSAT7, LSAT7_2PL, GRID).theta


def test_item_mean_squares_and_zh() -> None:
    fit = item_fit(LSAT7, LSAT7_2PL, eap_scores())
    found = np.column_stack([fit.zh, fit.outfit, fit.outfit_z, fit.infit, fit.infit_z])
    np.testing.assert_allclose(found, ITEM_FIT[:, :5], atol=1e-4)


def test_s_x2() -> None:
    fit = s_x2(LSAT7, LSAT7_2PL, GRID)
    np.testing.assert_allclose(fit.s_x2, ITEM_FIT[:, 5], atol=1e-4)
    np.testing.assert_allclose(fit.p_value, ITEM_FIT[:, 6], atol=1e-5)
    np.testing.assert_allclose(fit.rmsea, [0.03710, 0.07895, 0.0, 0.04025, 0.0], atol=1e-5)
    assert fit.df.tolist() == [2] * 5


@pytest.mark.parametrize("moments", list(Moments))
def test_m2_and_its_indices(moments: Moments) -> None:
    # for items of two categories M2, M2* and C2 are the same statistic
    fit = m2(LSAT7, LSAT7_2PL, GRID, moments=moments)
    assert fit.df == 5
    assert fit.statistic == pytest.approx(11.938412, abs=1e-4)
    assert fit.p_value == pytest.approx(0.035641, abs=1e-5)
    assert fit.rmsea == pytest.approx(0.03727, abs=1e-5)
    assert (fit.rmsea_low, fit.rmsea_high) == pytest.approx((0.008955, 0.064967), abs=1e-5)
    assert fit.srmsr == pytest.approx(0.031963, abs=1e-5)
    assert (fit.tli, fit.cfi) == pytest.approx((0.936927, 0.968463), abs=1e-5)


def test_q3() -> None:
    np.testing.assert_allclose(q3(LSAT7, LSAT7_2PL, eap_scores()), Q3, atol=PRINTED)


def test_pair_dependence() -> None:
    found = pair_dependence(LSAT7, LSAT7_2PL, GRID)
    above = np.triu_indices(5, 1)
    np.testing.assert_allclose(found.x2[above], LD_X2, atol=PRINTED)
    np.testing.assert_allclose(found.residual[above], LD_RESIDUAL, atol=PRINTED)


def test_person_fit_of_all_patterns() -> None:
    patterns = np.array([[int(bit) for bit in pattern] for pattern in PERSON_FIT])
    theta = eap(patterns, LSAT7_2PL, GRID).theta
    fit = person_mean_squares(patterns, LSAT7_2PL, theta)
    found = np.column_stack([fit.outfit, fit.outfit_z, fit.infit, fit.infit_z, fit.zh])
    np.testing.assert_allclose(found, list(PERSON_FIT.values()), atol=1e-5)
    np.testing.assert_allclose(lz(patterns, LSAT7_2PL, theta).statistic, fit.zh)


def test_rasch_mean_squares() -> None:
    # mirt's Rasch model has slopes of one and theta ~ N(0, 1.022647)
    items = ItemParameters.of(np.ones(5), [-1.868260, -0.791004, -1.460976, -0.521505, -1.992970])
    grid = AbilityGrid.normal(sd=1.022647**0.5, lower=-6.0, upper=6.0, count=61)
    fit = item_fit(LSAT7, items, eap(LSAT7, items, grid).theta)
    expected = [
        [0.744, -3.596, 0.939, -1.025],
        [0.758, -7.499, 0.826, -6.302],
        [0.711, -5.419, 0.860, -3.201],
        [0.770, -8.875, 0.818, -7.961],
        [0.797, -2.572, 0.994, -0.080],
    ]
    found = np.column_stack([fit.outfit, fit.outfit_z, fit.infit, fit.infit_z])
    np.testing.assert_allclose(found, expected, atol=PRINTED)


def test_classical_statistics() -> None:
    assert classical.cronbach_alpha(LSAT7) == pytest.approx(0.453, abs=PRINTED)
    assert classical.standard_error_of_measurement(LSAT7) == pytest.approx(0.886, abs=PRINTED)
    np.testing.assert_allclose(
        classical.difficulty(LSAT7, np.ones(5)), [0.828, 0.658, 0.772, 0.606, 0.843]
    )
    np.testing.assert_allclose(
        classical.item_rest_correlation(LSAT7), [0.246, 0.247, 0.313, 0.223, 0.175], atol=PRINTED
    )
    np.testing.assert_allclose(
        classical.alpha_if_deleted(LSAT7), [0.396, 0.394, 0.345, 0.415, 0.438], atol=PRINTED
    )
