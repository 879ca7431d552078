"""How abilities are estimated: modes, priors, sum scores, several correlated dimensions."""
