"""The tables, one module per subject, all on one `metadata`."""

from certify.storage.rows import (
    audit,
    bank,
    calibrations,
    certificates,
    exams,
    grading,
    integrity,
    papers,
    people,
    practice,
    sessions,
    uploads,
)
from certify.storage.rows.metadata import metadata

__all__ = [
    "audit",
    "bank",
    "calibrations",
    "certificates",
    "exams",
    "grading",
    "integrity",
    "metadata",
    "papers",
    "people",
    "practice",
    "sessions",
    "uploads",
]
