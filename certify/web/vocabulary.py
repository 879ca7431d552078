"""The names people see for codes: dimensions, levels, roles, states of items.

One place, so that a code is never shown raw and never named in two ways.
"""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from question_bank.item import ItemStatus

DIMENSIONS: tuple[str, ...] = ("e", "S", "T", "O", "R", "M")

DIMENSION_NAMES: dict[str, LazyString] = {
    "e": lazy_gettext("E-commerce data"),
    "S": lazy_gettext("Store and goods"),
    "T": lazy_gettext("Trade management"),
    "O": lazy_gettext("Overseas market analysis"),
    "R": lazy_gettext("Relationship with customers"),
    "M": lazy_gettext("Marketing"),
}

LEVELS: tuple[str, ...] = ("none", "novice", "proficient", "elite")

LEVEL_NAMES: dict[str, LazyString] = {
    "none": lazy_gettext("Not yet reached"),
    "novice": lazy_gettext("Novice"),
    "proficient": lazy_gettext("Proficient"),
    "elite": lazy_gettext("Elite"),
}

ROLE_NAMES: dict[str, LazyString] = {
    "student": lazy_gettext("Student"),
    "teacher": lazy_gettext("Teacher"),
    "auditor": lazy_gettext("Auditor"),
    "centre": lazy_gettext("Test centre"),
    "administrator": lazy_gettext("Administrator"),
}

STATUS_NAMES: dict[str, LazyString] = {
    ItemStatus.DRAFT: lazy_gettext("Draft"),
    ItemStatus.IN_REVIEW: lazy_gettext("In review"),
    ItemStatus.APPROVED: lazy_gettext("Approved"),
    ItemStatus.PRETEST: lazy_gettext("Pretest"),
    ItemStatus.OPERATIONAL: lazy_gettext("Operational"),
    ItemStatus.RETIRED: lazy_gettext("Retired"),
}


def dimension_name(code: str) -> str:
    return str(DIMENSION_NAMES[code])


def level_name(code: str) -> str:
    return str(LEVEL_NAMES[code])


def role_name(code: str) -> str:
    return str(ROLE_NAMES[code])
