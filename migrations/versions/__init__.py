"""One script per schema version, in order."""
