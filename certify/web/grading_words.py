"""Grading in words: what stopped a batch, what is wrong with a row, what a statistic warns of.

Grading itself speaks English and gives codes with parameters; here they become sentences in the
language of the page.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from certify.grading.errors import AnswerKeyError, FaultyKey, FileError, GradingError
from certify.grading.problems import BatchWarning, RowProblem
from certify.services.batch_views import ItemLine
from certify.web.i18n import translate_problem

TYPE_NAMES: dict[str, LazyString] = {
    "single": lazy_gettext("single choice"),
    "multiple": lazy_gettext("multiple choice"),
    "true_false": lazy_gettext("true or false"),
    "fill_in": lazy_gettext("fill in"),
    "numeric": lazy_gettext("number"),
}

# What grading states in English inside the parameters of its errors.
FOUND_WORDS: dict[str, LazyString] = {
    "an XLSX, ODS or ZIP file": lazy_gettext("an XLSX, ODS or ZIP file"),
    "an XLS file": lazy_gettext("an XLS file"),
    "a PDF file": lazy_gettext("a PDF file"),
    "binary data or UTF-16 without a byte order mark": lazy_gettext(
        "binary data or UTF-16 without a byte order mark"
    ),
    "an open quotation mark": lazy_gettext("an open quotation mark"),
}

PROBLEM_SENTENCES: dict[str, LazyString] = {
    "broken_row": lazy_gettext(
        "Expected {expected} cells, found {found}. Check commas and quotation marks."
    ),
    "missing_id": lazy_gettext("The identifier is empty. Fill it in."),
    "ruined_number": lazy_gettext(
        "“{value}” is a number that a spreadsheet has rounded. Export the column as text."
    ),
    "id_not_digits": lazy_gettext("“{value}” is not made of digits as the others are."),
    "id_malformed": lazy_gettext("“{value}” has characters that no identifier has."),
    "duplicate_id": lazy_gettext(
        "The same identifier stands in rows {rows} with other answers. Keep the right one."
    ),
    "repeated_row": lazy_gettext("The row repeats row {first_row}, which was graded."),
    "id_length": lazy_gettext(
        "“{value}” has {found} digits where most have {expected}. Are leading zeros lost?"
    ),
    "ruined_attribute": lazy_gettext(
        "“{value}” is a number that a spreadsheet has rounded; the cell was kept as found."
    ),
    "unknown_mark": lazy_gettext(
        "“{value}” is no answer to an item of type {type}: 0 points. Check the sheet."
    ),
    "several_marks": lazy_gettext(
        "“{value}” marks several options of a single-choice item: 0 points. Check the sheet."
    ),
}

WARNING_SENTENCES: dict[str, LazyString] = {
    "rows_above_heading": lazy_gettext("{count} rows above the heading were not graded."),
    "columns_kept": lazy_gettext(
        "Columns that are no question of the key were kept as they are: {columns}."
    ),
    "column_without_heading": lazy_gettext(
        "Column {number} has no heading; its {count} cells were not used."
    ),
    "ids_may_be_rounded": lazy_gettext(
        "Every identifier of 16 digits and more ends in zeros: a spreadsheet may have rounded "
        "them. Compare them with the roster."
    ),
    "key_columns_unused": lazy_gettext("Columns of the key that were not used: {columns}."),
    "too_few_persons": lazy_gettext(
        "{persons} candidates were graded. Item statistics need at least {minimum} and are not "
        "stated."
    ),
    "few_persons": lazy_gettext(
        "{persons} candidates were graded. Item statistics are uncertain below {minimum}."
    ),
    "item_unreadable": lazy_gettext(
        "Question {question}: {count} of {persons} answers are no answers to an item of type "
        "{type}. Check its type in the key."
    ),
    "key_suspected": lazy_gettext(
        "Question {question}: the item-rest correlation is {r_rest}, below zero. Check its answer "
        "in the key."
    ),
    "points_rounded": lazy_gettext(
        "Points such as 1/3 are shown rounded to 6 decimals; totals are computed exactly."
    ),
}

EASY, HARD = 0.9, 0.3
WEAK = 0.2
MOSTLY_UNREADABLE = 0.5


def error_lines(error: GradingError) -> list[str]:
    """One sentence for each fault that stopped the batch."""
    if isinstance(error, FaultyKey):
        return [line for single in error.errors for line in error_lines(single)]
    error.params.update(words_for(error.params))
    return [" ".join(translate_problem(error).splitlines())]


def error_field(error: GradingError, key_name: str) -> str:
    """The upload field that an error belongs to."""
    if isinstance(error, AnswerKeyError):
        return "key"
    return "key" if isinstance(error, FileError) and error.params["file"] == key_name else "answers"


def words_for(params: Mapping[str, object]) -> dict[str, object]:
    """Parameters with codes and English phrases replaced by words of the page's language."""
    replaced: dict[str, object] = {}
    for name, value in params.items():
        if name == "type" and value in TYPE_NAMES:
            replaced[name] = str(TYPE_NAMES[str(value)])
        elif name == "found" and value in FOUND_WORDS:
            replaced[name] = str(FOUND_WORDS[str(value)])
        elif name == "reason":
            replaced[name] = gettext("it cannot be read so")
    return replaced


def problem_words(problem: RowProblem) -> str:
    sentence = PROBLEM_SENTENCES.get(problem.code)
    params = {**problem.params, **words_for(problem.params)}
    return str(sentence).format(**params) if sentence else problem.reason


def warning_words(warning: BatchWarning) -> str:
    sentence = WARNING_SENTENCES.get(warning.code)
    params = {**warning.params, **words_for(warning.params)}
    return str(sentence).format(**params) if sentence else str(warning)


def type_word(code: str) -> str:
    return str(TYPE_NAMES.get(code, code))


def item_flags(item: ItemLine) -> list[tuple[str, str]]:
    """What a teacher should look at: (kind of badge, words), the gravest first."""
    flags = []
    if item.persons and item.unreadable > MOSTLY_UNREADABLE * item.persons:
        flags.append(("error", gettext("type doubtful")))
    if item.r_rest is not None and item.r_rest < 0:
        flags.append(("error", gettext("key doubtful")))
    elif item.r_rest is not None and item.r_rest < WEAK:
        flags.append(("warning", gettext("separates weakly")))
    if item.p is not None and item.p > EASY:
        flags.append(("neutral", gettext("very easy")))
    elif item.p is not None and item.p < HARD:
        flags.append(("neutral", gettext("very hard")))
    return flags
