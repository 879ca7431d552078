"""Timed adaptive exams as pure state: blueprint, attempt, selection, scoring, transcript."""
