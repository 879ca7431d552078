"""Item response theory on plain arrays: no items, no web, no database. Logistic metric, D = 1."""
