"""The assessment and certification engine."""
