"""Every kind of finding of the audit, once. Codes follow the item writing rules."""

from question_bank.quality.report import AuditRule, AuditSeverity

_SEVERE, _MODERATE, _MINOR = AuditSeverity.SEVERE, AuditSeverity.MODERATE, AuditSeverity.MINOR

KEY_POSITION = AuditRule(
    _MODERATE,
    "OP4",
    "{found} of {items} keys stand at position {position}, {least} to {most} are within chance; "
    "move some options",
)
KEY_RUN = AuditRule(
    _MINOR,
    "OP4",
    "{length} items in a row have their key at position {position}; change their order",
)
KEY_LONGEST = AuditRule(
    _MODERATE,
    "OP3",
    "the key is the longest option in {found} of {items} items, at most {most} are within chance; "
    "write longer distractors",
)
KEY_SHORTEST = AuditRule(
    _MODERATE,
    "OP3",
    "the key is the shortest option in {found} of {items} items, at most {most} are within "
    "chance; write shorter distractors",
)
LETTER_SHARE = AuditRule(
    _MINOR,
    "MC4",
    "option {letter} is right in {found} of {items} multiple-choice items, {least} to {most} are "
    "expected; vary which options are right",
)
RIGHT_COUNT = AuditRule(
    _MINOR,
    "MC1",
    "{found} of {items} multiple-choice items have {right} right options, about {expected} are "
    "expected; vary how many are right",
)
TRUE_SHARE = AuditRule(
    _MODERATE,
    "TF1",
    "{found} of {items} true/false statements are true, {least} to {most} are within chance; "
    "balance them",
)
NEAR_DUPLICATE = AuditRule(
    _SEVERE,
    "DUP",
    "stem and key are {percent} % alike with item {other}; rewrite one or retire it",
)
SIMILAR_STEM = AuditRule(
    _MINOR,
    "DUP",
    "the stem is {percent} % alike with item {other}; name them as enemies or rewrite one",
)
DOUBLE_NEGATIVE = AuditRule(
    _SEVERE, "ST3", "double negative in the stem ({words}); ask it positively"
)
NEGATIVE_UNMARKED = AuditRule(
    _MODERATE, "ST3", "negative word without emphasis ({word}); set it in bold, as **{word}**"
)
NEGATIVE_SHARE = AuditRule(
    _MINOR,
    "ST3",
    "{found} of {items} stems are negative, at most {most} are wanted; ask some positively",
)
STATEMENT_ABSOLUTE = AuditRule(
    _MODERATE,
    "TF2",
    "absolute word in a true/false statement ({word}); weaken it or quote the rule",
)
ABSOLUTE_IN_DISTRACTORS = AuditRule(
    _MINOR,
    "OP7",
    "absolute words only in distractors ({words}); a clue: use them in none or in the key as well",
)
HEDGE_IN_KEY = AuditRule(
    _MINOR, "OP7", "a hedging word only in the key ({word}); a clue: use it in none or in all"
)
ECHO_IN_KEY = AuditRule(
    _MINOR, "OP7", "“{words}” of the stem stands only in the key; a clue: reword the key"
)
MIXED_KINDS = AuditRule(
    _MINOR, "OP1", "{numbers} of {options} options are numbers; give options of one kind"
)
MIXED_ENDINGS = AuditRule(
    _MINOR, "7.3", "some options end with a full stop and some do not; choose one style"
)
NUMBERS_UNORDERED = AuditRule(
    _MINOR, "OP5", "numeric options are not in ascending order; order them"
)
FULL_WIDTH_SIGNS = AuditRule(
    _MINOR, "7.2", "full-width digits or letters ({found}); write them in half width"
)
STRAIGHT_QUOTES = AuditRule(_MINOR, "7.8", "straight quotation marks; write “ ”")
STEM_LONG = AuditRule(
    _MINOR, "ST2", "the stem has {found} characters, at most {most} are wanted; shorten it"
)
STIMULUS_LONG = AuditRule(
    _MINOR, "ST2", "the case has {found} characters, at most {most} are wanted; shorten it"
)
READING_TIME = AuditRule(
    _MODERATE,
    "TIME",
    "reading alone takes about {needed} s of {given} s; give more time or shorten the text",
)
NODE_THIN = AuditRule(
    _MODERATE, "COV", "{found} usable items, at least {wanted} are wanted; write more"
)
CELL_EMPTY = AuditRule(_MODERATE, "COV", "no item although the level is ticked; write some")
LEVEL_THIN = AuditRule(
    _SEVERE,
    "COV",
    "programme {blueprint} needs {wanted} items of dimension {dimension}, {found} are usable; "
    "write more",
)
TYPE_SHARE = AuditRule(
    _MINOR,
    "COV",
    "{percent} % of the items are of type {type}, {least} to {most} % are wanted; balance types",
)
OUT_OF_DATE = AuditRule(
    _SEVERE, "10.4", "valid until {date}, which has passed; check the fact or retire the item"
)
TOO_EASY_OR_HARD = AuditRule(
    _MODERATE, "11.7", "{percent} % of {responses} answered rightly; check whether it measures"
)
NOT_DISCRIMINATING = AuditRule(
    _MODERATE, "11.7", "item-rest correlation {found} over {responses} responses; revise it"
)
SUSPECTED_KEY = AuditRule(
    _SEVERE,
    "11.7",
    "item-rest correlation {found} over {responses} responses is negative; check the key first",
)
DEAD_DISTRACTOR = AuditRule(
    _MINOR, "11.7", "option {option} was chosen by {percent} %; write a believable one"
)
DISTRACTOR_ATTRACTS_ABLE = AuditRule(
    _MODERATE,
    "11.7",
    "option {option} is chosen by the able (correlation {found}); check whether it is right",
)
DRIFT = AuditRule(
    _MODERATE,
    "DRIFT",
    "solved by {before} % earlier and {after} % lately, more than chance explains; check for leaks "
    "and for facts that changed",
)

AUDIT_RULES: tuple[AuditRule, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, AuditRule) and value.template
)
"""Every kind, in the order above."""
