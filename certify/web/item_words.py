"""The words of the item bank: types, states, Bloom's steps, findings. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from certify.services.shipping import SHIPPED
from certify.web.task_rendering import letter_of
from certify.web.vocabulary import LEVEL_NAMES, STATUS_NAMES, level_name
from question_bank.findings import Finding
from question_bank.item import ItemType, ProvisionalDifficulty
from question_bank.scoring import ScoringRule

TYPE_NAMES: dict[str, LazyString] = {
    ItemType.SINGLE: lazy_gettext("Single choice"),
    ItemType.MULTIPLE: lazy_gettext("Multiple choice"),
    ItemType.TRUE_FALSE: lazy_gettext("True or false"),
    ItemType.NUMERIC: lazy_gettext("Numeric answer"),
    ItemType.FILL_IN: lazy_gettext("Fill in the blanks"),
    ItemType.ORDER: lazy_gettext("Put in order"),
    ItemType.MATCH: lazy_gettext("Match"),
    ItemType.ESSAY: lazy_gettext("Essay"),
    ItemType.COMPOSITE: lazy_gettext("Composite (QTI)"),
}

TYPE_HINTS: dict[str, LazyString] = {
    ItemType.SINGLE: lazy_gettext("Four options, one of them right"),
    ItemType.MULTIPLE: lazy_gettext("Five options, two to four of them right"),
    ItemType.TRUE_FALSE: lazy_gettext("One statement; for the two lower levels"),
    ItemType.NUMERIC: lazy_gettext("The candidate enters a number"),
    ItemType.FILL_IN: lazy_gettext("The candidate writes words or numbers into blanks of the text"),
    ItemType.ORDER: lazy_gettext("The candidate puts steps or amounts into the right order"),
    ItemType.MATCH: lazy_gettext("The candidate chooses a target for each entry"),
    ItemType.ESSAY: lazy_gettext("The candidate writes a text; people mark it"),
}
"""Types that one can write here; a composite item comes out of a file."""

RULE_NAMES: dict[str, LazyString] = {
    ScoringRule.ALL_OR_NOTHING: lazy_gettext("All or nothing"),
    ScoringRule.PARTIAL: lazy_gettext("A share for each right part, none after a fault"),
    ScoringRule.PER_OPTION: lazy_gettext("A share for each right part, less one for each fault"),
    ScoringRule.MAPPED: lazy_gettext("Points for each option, as listed"),
    ScoringRule.PRECEDENCE: lazy_gettext("Share of the pairs in the right order"),
}

_PARTS = (ScoringRule.ALL_OR_NOTHING, ScoringRule.PARTIAL, ScoringRule.PER_OPTION)
RULES_OF: dict[str, tuple[ScoringRule, ...]] = {
    ItemType.SINGLE: (ScoringRule.ALL_OR_NOTHING, ScoringRule.MAPPED),
    ItemType.MULTIPLE: (*_PARTS, ScoringRule.MAPPED),
    ItemType.TRUE_FALSE: (ScoringRule.ALL_OR_NOTHING,),
    ItemType.NUMERIC: (ScoringRule.ALL_OR_NOTHING,),
    ItemType.FILL_IN: (*_PARTS, ScoringRule.MAPPED),
    ItemType.ORDER: (*_PARTS, ScoringRule.PRECEDENCE),
    ItemType.MATCH: (*_PARTS, ScoringRule.MAPPED),
    ItemType.ESSAY: (ScoringRule.ALL_OR_NOTHING,),
    ItemType.COMPOSITE: (),
}
"""The scoring rules that make sense for a type."""

BLOOM_NAMES: dict[str, LazyString] = {
    "remember": lazy_gettext("Remember"),
    "understand": lazy_gettext("Understand"),
    "apply": lazy_gettext("Apply"),
    "analyse": lazy_gettext("Analyse"),
    "evaluate": lazy_gettext("Evaluate"),
}

FIELD_NAMES: dict[str, LazyString] = {
    "level": lazy_gettext("Level"),
    "dimension": lazy_gettext("Dimension"),
    "point": lazy_gettext("Knowledge point"),
    "bloom": lazy_gettext("Bloom step"),
    "work_area": lazy_gettext("Work area"),
    "chapter": lazy_gettext("Chapter"),
    "stem": lazy_gettext("Stem"),
    "node": lazy_gettext("Skill"),
    "type": lazy_gettext("Type of item"),
    "options": lazy_gettext("Options"),
    "targets": lazy_gettext("Targets"),
    "answer": lazy_gettext("Key"),
    "wrong_answers": lazy_gettext("Wrong answers foreseen"),
    "scoring": lazy_gettext("Scoring"),
    "stimulus": lazy_gettext("Case"),
    "stimulus.id": lazy_gettext("Number of the case"),
    "stimulus.title": lazy_gettext("Title of the case"),
    "stimulus.text": lazy_gettext("Text of the case"),
    "files": lazy_gettext("Pictures and files"),
    "markup": lazy_gettext("Structure (QTI)"),
    "shuffle": lazy_gettext("Order of the options"),
    "calibration": lazy_gettext("Calibration"),
    "explanation": lazy_gettext("Explanation"),
    "takeaway": lazy_gettext("Takeaway"),
    "source": lazy_gettext("Source"),
    "expected_seconds": lazy_gettext("Expected time"),
    "difficulty": lazy_gettext("Provisional difficulty"),
    "enemies": lazy_gettext("Enemies"),
    "valid_until": lazy_gettext("Valid until"),
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


def field_name(name: str) -> str:
    """A field of an item in words; of one option or target, which one: `options.b.text`."""
    head, _, rest = name.partition(".")
    if name in FIELD_NAMES:
        return str(FIELD_NAMES[name])
    words = str(FIELD_NAMES.get(head, head))
    part, _, text = rest.partition(".")
    if text == "note":
        return gettext("%(field)s %(part)s, note", field=words, part=part.upper())
    return f"{words} {part.upper()}" if text else words


def basis_words(difficulty: ProvisionalDifficulty) -> str:
    if difficulty.basis == PLACEHOLDER:
        return gettext("starting value; no panel has met yet")
    return difficulty.basis


def finding_words(finding: Finding) -> str:
    """What is wrong and what to do, in the language of the page."""
    return found_words(finding.template, finding.params)


def found_words(template: str, found: Mapping[str, object]) -> str:
    """A sentence about items in the language of the page, its codes in words."""
    params = dict(found)
    if params.get("level") in LEVEL_NAMES:
        params["level"] = level_name(str(params["level"]))
    if "type" in params:
        names = str(params["type"]).split(" + ")
        params["type"] = gettext(", ").join(str(TYPE_NAMES.get(name, name)) for name in names)
    if "options" in params:
        params["options"] = str(params["options"]).upper()
    words = gettext(template).format(**params)
    return words[:1].upper() + words[1:]


def option_letter(place: int) -> str:
    """The letter of a row, counted from 0."""
    return letter_of(place)


def stem_beginning(stem: str, longest: int = 60) -> str:
    """The first words of a stem without Markdown signs, for lists."""
    plain = " ".join(SIGNS.sub(" ", stem.replace("**", "")).split())
    return plain if len(plain) <= longest else f"{plain[:longest]}…"
