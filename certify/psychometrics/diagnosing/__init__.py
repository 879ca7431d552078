"""What may be wrong with items, persons, answers and models."""
