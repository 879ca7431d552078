"""What validation may find in an item: every kind of fault once, and a fault found in one item.

Messages are templates with parameters, so that a page can tell them in its own language.
`validation` decides what is found; nothing here judges.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from question_bank.item import Item


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one item: where, what, and what to do."""

    severity: Severity
    item_id: str
    rule: str
    field: str
    template: str
    params: Mapping[str, object]

    @property
    def message(self) -> str:
        """The template with its parameters, in English."""
        return self.template.format(**self.params)


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of finding: the item writing rule, the field of the item to mend, the sentence."""

    severity: Severity
    rule: str
    field: str
    template: str

    def found_in(self, item: Item, **params: object) -> Finding:
        """This fault in an item; the parameters fill the template."""
        return Finding(self.severity, item.id, self.rule, self.field, self.template, params)


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

NO_KEY = Fault(_ERROR, "KEY", "answer_key", "no answer key; mark what is right")
KEY_OF_OTHER_TYPE = Fault(
    _ERROR, "KEY", "answer_key", "the key does not fit the type {type}; key it again"
)
RULE_OF_OTHER_TYPE = Fault(
    _ERROR,
    "KEY",
    "scoring",
    "the scoring rule {rule} does not fit the type {type}; choose another rule",
)
KEY_NAMES_NO_OPTION = Fault(
    _ERROR, "KEY", "answer_key", "the key names an option that does not exist; correct the key"
)
KEY_COUNT = Fault(
    _ERROR, "MC1", "answer_key", "expected {fewest} to {most} right options, found {found}"
)
ORDER_INCOMPLETE = Fault(
    _ERROR, "KEY", "answer_key", "the right order must name each option once; correct the order"
)
PAIRS_INCOMPLETE = Fault(
    _ERROR, "KEY", "answer_key", "each option needs exactly one target; complete the pairs"
)
BLANKS_DIFFER = Fault(
    _ERROR,
    "KEY",
    "stem",
    "the stem marks the blanks {marked}, the key has {keyed}; make them agree",
)
BLANK_WITHOUT_ANSWER = Fault(
    _ERROR, "KEY", "answer_key", "blank {blank} accepts no answer in full; give one"
)
TOO_FEW_OPTIONS = Fault(_ERROR, "OP1", "options", "expected {expected} options, found {found}")
OTHER_OPTION_COUNT = Fault(_WARNING, "OP1", "options", TOO_FEW_OPTIONS.template)
OPTION_EMPTY = Fault(_ERROR, "OP1", "options", "an option is empty; write it or remove it")
OPTIONS_ALIKE = Fault(_ERROR, "OP1", "options", "two options say the same; change one of them")
OPTION_IDS_ALIKE = Fault(
    _ERROR, "OP1", "options", "two options have the same id; rename one of them"
)
OPTION_ABOUT_OPTIONS = Fault(
    _ERROR, "OP6", "options", "an option refers to the other options; write a real option"
)
OPTION_LENGTHS = Fault(
    _WARNING,
    "OP2",
    "options",
    "options of {shortest} to {longest} characters; make their lengths alike",
)
STEM_EMPTY = Fault(_ERROR, "ST1", "stem", "the stem is empty; write the question")
STEM_HALF_WIDTH = Fault(
    _WARNING, "7.8", "stem", "half-width punctuation in Chinese text; use full width"
)
KEY_BOUNDS = Fault(
    _ERROR,
    "NU2",
    "answer_key",
    "tolerance must be 0 or more and decimals 0 to {most}; correct them",
)
WRONG_ANSWER_RIGHT = Fault(
    _ERROR,
    "NU3",
    "wrong_answers",
    "the named wrong answer {value} would be marked right; correct it",
)
FORMULA_UNREADABLE = Fault(
    _ERROR,
    "NU3",
    "formula",
    "the formula is not arithmetic: {formula}; use numbers and + - * / ** ( )",
)
FORMULA_BY_ZERO = Fault(
    _ERROR, "NU3", "formula", "the formula divides by zero: {formula}; correct it"
)
FORMULA_OTHER_VALUE = Fault(
    _ERROR, "NU3", "formula", "the formula gives {computed}, the key says {keyed}"
)
NOT_TAGGED = Fault(
    _ERROR, "TAG", "node", "not tagged yet; choose the node, the dimension and the level"
)
LEVEL_NOT_ASKED = Fault(
    _ERROR, "TAG", "level", "node {node} is not asked at level {level}; choose another level"
)
DIMENSION_WITHOUT_WEIGHT = Fault(
    _ERROR,
    "TAG",
    "dimension",
    "node {node} has no weight on dimension {dimension}; correct the tag",
)
TRUE_FALSE_TOO_HIGH = Fault(
    _WARNING, "TF4", "level", "true/false is for the two lower levels; use another type"
)
TIME_OUT_OF_RANGE = Fault(
    _ERROR, "TIME", "expected_seconds", "expected time {found} s; give {least} to {most} s"
)
DIFFICULTY_OUT_OF_RANGE = Fault(
    _ERROR,
    "DIF",
    "difficulty",
    "difficulty {found}; give a share between {chance} (chance) and 1",
)
CALIBRATION_OUT_OF_RANGE = Fault(
    _ERROR,
    "CAL",
    "calibration",
    "slope {slope}, asymptote {asymptote}; calibrate again (a > 0, 0 <= c < 1)",
)
MARKUP_UNREADABLE = Fault(
    _ERROR, "QTI", "markup", "the markup cannot be used ({reason}); import the item again"
)
MARKUP_ASKS_NOTHING = Fault(
    _ERROR, "QTI", "markup", "the markup has no interaction; import an item that asks something"
)
MARKUP_NOT_SHOWN = Fault(
    _ERROR,
    "QTI",
    "markup",
    "{interaction} cannot be shown in an exam; ask it in another way",
)
MARKUP_NOT_SCORED = Fault(
    _ERROR, "QTI", "markup", "not scored by itself: {parts}; replace these parts of the rules"
)
NO_EXPLANATION = Fault(_WARNING, "EXP", "explanation", "no explanation; say why the key is right")
OPTIONS_WITHOUT_NOTE = Fault(_WARNING, "EXP", "options", "options without a note: {options}")
NO_SOURCE = Fault(_WARNING, "SRC", "source", "no source; name the instrument or knowledge point")
FILE_MISSING = Fault(
    _ERROR, "FILE", "files", "file {name} is missing; upload it or remove its name from the texts"
)
UNKNOWN_ENEMY = Fault(
    _WARNING,
    "1.3",
    "enemies",
    "enemy item {enemy} does not exist; correct or remove the reference",
)

FAULTS: tuple[Fault, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Fault)
)
"""Every kind, in the order above."""
