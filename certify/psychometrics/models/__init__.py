"""Response functions of the three families of models, on plain arrays."""
