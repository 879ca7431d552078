"""The tables, one module per subject, all on one `metadata`."""

from certify.storage.rows import (
    audit,
    bank,
    certificates,
    exams,
    grading,
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
    "certificates",
    "exams",
    "grading",
    "metadata",
    "papers",
    "people",
    "practice",
    "sessions",
    "uploads",
]
