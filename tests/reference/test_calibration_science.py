"""Calibration of the Science data (4 items, 4 categories) against the R package mirt.

Data: Consumer Protection and Perceptions of Science and Technology, Eurobarometer 38.1, Great
Britain, N = 392, as shipped with mirt. Numbers: R 4.2.2, mirt 1.47, graded response model.
"""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.calibration import Calibration

PATTERNS = """
1111:2 1321:1 1423:1 1431:1 2111:1 2124:1 2211:1 2222:4 2223:2 2231:1 2232:1 2233:1 2243:1 2313:1
2322:2 2323:1 2332:3 2333:3 2334:2 2341:1 2343:2 2421:1 2443:2 2444:1 3111:1 3113:2 3122:2 3123:4
3132:5 3133:5 3134:3 3143:1 3144:1 3212:1 3214:1 3221:1 3222:10 3223:7 3231:1 3232:16 3233:22 3234:5
3241:1 3242:1 3243:3 3244:2 3313:2 3321:1 3322:13 3323:10 3324:2 3331:5 3332:23 3333:52 3334:8
3342:7 3343:13 3344:12 3413:1 3423:1 3432:2 3433:4 3434:4 3441:1 3442:1 3443:6 3444:3 4114:1 4122:1
4124:2 4134:1 4221:1 4223:3 4233:8 4234:2 4242:1 4244:1 4323:1 4332:2 4333:21 4334:3 4342:2 4343:5
4344:8 4432:1 4433:2 4434:3 4442:2 4443:6 4444:12
"""
COUNTED = [entry.split(":") for entry in PATTERNS.split()]
RESPONSES = np.repeat(
    np.array([[int(category) - 1 for category in pattern] for pattern, _ in COUNTED]),
    [int(count) for _, count in COUNTED],
    axis=0,
)

SLOPES = [1.040641584, 1.225832710, 2.300594358, 1.093799537]
THRESHOLDS = [
    [-4.672811174, -2.5360933515, 1.4082241907],
    [-2.385317639, -0.7351170800, 1.8488898966],
    [-2.279921491, -0.9643779423, 0.8552119923],
    [-3.059870146, -0.9063997038, 1.5428155819],
]


def test_the_data_are_the_392_persons() -> None:
    assert RESPONSES.shape == (392, 4)
    assert np.bincount(RESPONSES[:, 0]).tolist() == [5, 32, 266, 89]


def test_graded_response_model() -> None:
    fit = Calibration("grm").fit(RESPONSES)
    assert fit.log_likelihood_ == pytest.approx(-1608.86941312, abs=1e-5)
    assert fit.params_.a == pytest.approx(SLOPES, abs=2e-5)
    assert fit.params_.thresholds == pytest.approx(np.array(THRESHOLDS), abs=2e-5)
    assert fit.report_.n_patterns == 90
