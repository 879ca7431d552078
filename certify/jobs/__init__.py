"""Background work: what runs later, and where."""
