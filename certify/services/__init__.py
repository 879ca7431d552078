"""Use cases: the order of steps and the transaction. No SQL, no HTTP."""
