"""The words of the item bank: types, states, Bloom's steps, findings. Decides nothing."""

from __future__ import annotations

import re

from flask_babel import LazyString, gettext, lazy_gettext

from certify.services.banking import SHIPPED
from certify.web.vocabulary import LEVEL_NAMES, level_name
from question_bank.findings import Finding
from question_bank.item import ItemStatus, ItemType, ProvisionalDifficulty

TYPE_NAMES: dict[str, LazyString] = {
    ItemType.SINGLE: lazy_gettext("Single choice"),
    ItemType.MULTIPLE: lazy_gettext("Multiple choice"),
    ItemType.TRUE_FALSE: lazy_gettext("True or false"),
    ItemType.NUMERIC: lazy_gettext("Numeric answer"),
}

TYPE_HINTS: dict[str, LazyString] = {
    ItemType.SINGLE: lazy_gettext("Four options, one of them right"),
    ItemType.MULTIPLE: lazy_gettext("Five options, two to four of them right"),
    ItemType.TRUE_FALSE: lazy_gettext("One statement; for the two lower levels"),
    ItemType.NUMERIC: lazy_gettext("The candidate enters a number"),
}

STATUS_NAMES: dict[str, LazyString] = {
    ItemStatus.DRAFT: lazy_gettext("Draft"),
    ItemStatus.OPERATIONAL: lazy_gettext("Operational"),
    ItemStatus.RETIRED: lazy_gettext("Retired"),
}

STATUS_HINTS: dict[str, LazyString] = {
    ItemStatus.DRAFT: lazy_gettext("In work; stays out of releases. Open findings are allowed."),
    ItemStatus.OPERATIONAL: lazy_gettext("Ready; enters the next release. It must have no error."),
    ItemStatus.RETIRED: lazy_gettext("Stays out of the next release. Its versions are kept."),
}

BLOOM_NAMES: dict[str, LazyString] = {
    "remember": lazy_gettext("Remember"),
    "understand": lazy_gettext("Understand"),
    "apply": lazy_gettext("Apply"),
    "analyse": lazy_gettext("Analyse"),
    "evaluate": lazy_gettext("Evaluate"),
}

FIELD_NAMES: dict[str, LazyString] = {
    "status": lazy_gettext("State"),
    "level": lazy_gettext("Level"),
    "dimension": lazy_gettext("Dimension"),
    "point": lazy_gettext("Knowledge point"),
    "bloom": lazy_gettext("Bloom step"),
    "stem": lazy_gettext("Stem"),
    "explanation": lazy_gettext("Explanation"),
    "takeaway": lazy_gettext("Takeaway"),
    "source": lazy_gettext("Source"),
    "expected_seconds": lazy_gettext("Expected time"),
    "difficulty": lazy_gettext("Provisional difficulty"),
    "basis": lazy_gettext("Basis of the difficulty"),
    "enemies": lazy_gettext("Enemies"),
    "valid_until": lazy_gettext("Valid until"),
    "truth": lazy_gettext("The statement is"),
    "value": lazy_gettext("Right answer"),
    "tolerance": lazy_gettext("Tolerance (±)"),
    "decimals": lazy_gettext("Decimals to round to"),
    "unit": lazy_gettext("Unit"),
    "formula": lazy_gettext("Formula"),
}

PLACEHOLDER = "placeholder"
"""Basis of a difficulty that no panel has judged yet."""
SIGNS = re.compile(r"[*`_#>]+|\|")


def type_name(code: str) -> str:
    return str(TYPE_NAMES[code])


def status_name(code: str) -> str:
    return str(STATUS_NAMES[code])


def bloom_name(code: str) -> str:
    """The step in words; an item from elsewhere may name another one."""
    return str(BLOOM_NAMES.get(code, code))


def author_name(author: str) -> str:
    return gettext("Supplied with the product") if author == SHIPPED else author


def field_value(name: str, value: str) -> str:
    """What stands in a field of the item form, with codes in words."""
    if name == "level" and value:
        return level_name(value)
    names = {"status": STATUS_NAMES, "bloom": BLOOM_NAMES}.get(name, {})
    return str(names.get(value, value)) or "—"


def basis_words(difficulty: ProvisionalDifficulty) -> str:
    if difficulty.basis == PLACEHOLDER:
        return gettext("starting value; no panel has met yet")
    return difficulty.basis


def finding_words(finding: Finding) -> str:
    """What is wrong and what to do, in the language of the page."""
    params = dict(finding.params)
    if params.get("level") in LEVEL_NAMES:
        params["level"] = level_name(str(params["level"]))
    if params.get("type") in TYPE_NAMES:
        params["type"] = type_name(str(params["type"]))
    if "options" in params:
        params["options"] = str(params["options"]).upper()
    words = gettext(finding.template).format(**params)
    return words[:1].upper() + words[1:]


def stem_beginning(stem: str, longest: int = 60) -> str:
    """The first words of a stem without Markdown signs, for lists."""
    plain = " ".join(SIGNS.sub(" ", stem.replace("**", "")).split())
    return plain if len(plain) <= longest else f"{plain[:longest]}…"
