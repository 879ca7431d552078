"""The words of import and export: formats and what they can hold, problems. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext

from certify.web.item_words import FIELD_NAMES, TYPE_NAMES, type_name
from certify.web.problem_words import part_words
from question_bank.exchange.problems import Problem, ProblemSeverity


@dataclass(frozen=True, slots=True)
class WrittenFormat:
    """One choice of an export: the format of the exchange, its file's ending, its words."""

    form: str
    suffix: str
    name: LazyString
    hint: LazyString


WRITTEN: dict[str, WrittenFormat] = {
    "xlsx": WrittenFormat(
        "workbook",
        ".xlsx",
        lazy_gettext("Excel workbook"),
        lazy_gettext(
            "To go on writing in a spreadsheet: all types but composite items, with keys, tags, "
            "notes and cases. Pictures stay behind."
        ),
    ),
    "csv": WrittenFormat(
        "workbook",
        ".csv",
        lazy_gettext("CSV table"),
        lazy_gettext("The same columns as one plain table; cases and pictures stay behind."),
    ),
    "qti": WrittenFormat(
        "qti",
        ".zip",
        lazy_gettext("QTI 3.0 package"),
        lazy_gettext(
            "For other item banks and testing systems: every type with scoring, feedback and "
            "pictures."
        ),
    ),
    "qti22": WrittenFormat(
        "qti22",
        ".zip",
        lazy_gettext("QTI 2.2 package"),
        lazy_gettext("For systems that read the older version; as complete as 3.0."),
    ),
    "qti21": WrittenFormat(
        "qti21",
        ".zip",
        lazy_gettext("QTI 2.1 package"),
        lazy_gettext("For systems that read nothing newer than 2.1."),
    ),
    "moodle_xml": WrittenFormat(
        "moodle_xml",
        ".xml",
        lazy_gettext("Moodle XML"),
        lazy_gettext("For Moodle: its question types with feedback, partial points and pictures."),
    ),
    "gift": WrittenFormat(
        "gift",
        ".gift",
        lazy_gettext("GIFT text"),
        lazy_gettext("For Moodle as plain text: choice, blanks, numbers, matching; no pictures."),
    ),
    "aiken": WrittenFormat(
        "aiken",
        ".txt",
        lazy_gettext("Aiken text"),
        lazy_gettext("The plainest: single choice with its key, nothing else."),
    ),
    "yaml": WrittenFormat(
        "yaml",
        ".yaml",
        lazy_gettext("Our own YAML"),
        lazy_gettext("Everything the bank knows of an item but the contents of its files."),
    ),
}
"""What can be exported, the most used first."""

READ_NAMES: dict[str, LazyString] = {
    "workbook": lazy_gettext("Excel, CSV or another spreadsheet"),
    "qti": lazy_gettext("QTI 3.0, 2.2, 2.1 or 1.2"),
    "moodle_xml": lazy_gettext("Moodle XML"),
    "gift": lazy_gettext("GIFT text"),
    "aiken": lazy_gettext("Aiken text"),
    "yaml": lazy_gettext("Our own YAML"),
}
"""What can be imported."""

PROBLEM_SEVERITIES: dict[str, LazyString] = {
    ProblemSeverity.ERROR: lazy_gettext("Not taken over"),
    ProblemSeverity.WARNING: lazy_gettext("Taken over changed"),
    ProblemSeverity.INFO: lazy_gettext("To know"),
}


WRITING_SEVERITIES: dict[str, LazyString] = {
    ProblemSeverity.ERROR: lazy_gettext("Not in the file"),
    ProblemSeverity.WARNING: lazy_gettext("In part"),
    ProblemSeverity.INFO: lazy_gettext("To know"),
}

PART_NAMES: dict[str, LazyString] = {
    **FIELD_NAMES,
    "id": lazy_gettext("No."),
    "answer_key": FIELD_NAMES["answer"],
}
"""What an item has, by the names that problems give."""


def read_name(form: str) -> str:
    return str(READ_NAMES.get(form, form))


def exchange_words(problem: Problem) -> str:
    """What is wrong and what to do, in the language of the page; the place is told beside it."""
    params = {name: parameter_words(name, value) for name, value in problem.params.items()}
    words = gettext(problem.template).format(**params)
    return words[:1].upper() + words[1:]


def parameter_words(name: str, value: object) -> object:
    """Codes of types, formats and parts of an item by their names, anything else as errors tell."""
    code = str(value)
    if name == "type" and code in TYPE_NAMES:
        return type_name(code)
    if name == "format" and code in WRITTEN:
        return str(WRITTEN[code].name)
    if name == "format" and code == "workbook":
        return gettext("Excel or CSV")
    if name == "parts":
        # a long list was cut: its last part is no name any more
        named = [PART_NAMES.get(part, "…") for part in code.removesuffix("…").split(", ")]
        return gettext(", ").join(map(str, named))
    return part_words(name, value)


def writing_severity(severity: str) -> str:
    return str(WRITING_SEVERITIES[severity])


def exchange_severity(severity: str) -> str:
    return str(PROBLEM_SEVERITIES[severity])


def file_size(size: int) -> str:
    """Bytes as people read them."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.1f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"
