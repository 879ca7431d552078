"""The parts of calibration: data, E-step, M-step, acceleration, standard errors, report."""
