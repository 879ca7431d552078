"""The words of an item's life: steps, what made a version, values of fields. Decides nothing."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext

from certify.web.item_words import BLOOM_NAMES, TYPE_NAMES, type_name
from certify.web.vocabulary import DIMENSIONS, LEVEL_NAMES, dimension_name, level_name
from question_bank.lifecycle import ItemAction

MADE_BY: dict[str, LazyString] = {
    ItemAction.EDIT: lazy_gettext("Edited"),
    ItemAction.IMPORT: lazy_gettext("Imported"),
    ItemAction.TAG: lazy_gettext("Tags changed"),
    ItemAction.SHIP: lazy_gettext("Supplied with the product"),
    ItemAction.SUBMIT: lazy_gettext("Sent to review"),
    ItemAction.WITHDRAW: lazy_gettext("Withdrawn from review"),
    ItemAction.APPROVE: lazy_gettext("Approved"),
    ItemAction.SEND_BACK: lazy_gettext("Sent back"),
    ItemAction.PRETEST: lazy_gettext("Put into pretest"),
    ItemAction.ACTIVATE: lazy_gettext("Put into use"),
    ItemAction.RETIRE: lazy_gettext("Retired"),
    ItemAction.RESTORE: lazy_gettext("Restored"),
}
"""What was done when a version came to be."""

STEP_NAMES: dict[str, LazyString] = {
    ItemAction.SUBMIT: lazy_gettext("Send to review"),
    ItemAction.WITHDRAW: lazy_gettext("Withdraw from review"),
    ItemAction.APPROVE: lazy_gettext("Approve"),
    ItemAction.SEND_BACK: lazy_gettext("Send back"),
    ItemAction.PRETEST: lazy_gettext("Put into pretest"),
    ItemAction.ACTIVATE: lazy_gettext("Make operational"),
    ItemAction.RETIRE: lazy_gettext("Retire"),
    ItemAction.RESTORE: lazy_gettext("Restore as a draft"),
}
"""What a button says that takes the step."""

LONGEST_VALUE = 400


def made_by(action: str) -> str:
    """What made a version; an older database may name something else."""
    return str(MADE_BY.get(action, action))


def step_name(action: str) -> str:
    return str(STEP_NAMES[action])


def value_words(value: Any, field: str = "") -> str:
    """A value of a field in words: codes by their names, lists and mappings in a line."""
    if value is None or value == "" or value == [] or value == {}:
        return "—"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dict):
        parts = (f"{name} {value_words(part)}" for name, part in value.items() if part != "")
        return gettext("; ").join(parts)[:LONGEST_VALUE]
    if isinstance(value, list | tuple):
        return gettext(", ").join(map(value_words, value))[:LONGEST_VALUE]
    return code_words(str(value), field)


def code_words(code: str, field: str) -> str:
    """The name of a level, dimension, type or Bloom step; anything else as it stands."""
    if field == "level" and code in LEVEL_NAMES:
        return level_name(code)
    if field == "dimension" and code in DIMENSIONS:
        return f"{code} {dimension_name(code)}"
    if field == "type" and code in TYPE_NAMES:
        return type_name(code)
    return str(BLOOM_NAMES[code]) if field == "bloom" and code in BLOOM_NAMES else code
