"""`certify psychometrics`: one module per command."""
