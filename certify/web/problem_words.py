"""Words inside foreseen errors: kinds of things, what was expected or found, states.

The rooms below state them in English as parameters of their errors; here they become words of
the page's language. What is not listed, such as names and numbers, is told as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from certify.errors import Phrase
from certify.exams.attempt import AttemptState
from certify.web.vocabulary import ROLE_NAMES, STATUS_NAMES


def N_(words: str) -> str:  # noqa: N802
    """GNU gettext's mark for words that are translated where they are used."""
    return words


PARTS: frozenset[str] = frozenset(
    {
        # kinds of things that may not be found
        N_("Attempt"),
        N_("Bank release"),
        N_("Batch"),
        N_("Blueprint"),
        N_("Certificate"),
        N_("Comment"),
        N_("Exam"),
        N_("Exam session"),
        N_("Exposure plan"),
        N_("File"),
        N_("Item"),
        N_("Node"),
        N_("Answer"),
        N_("Paper"),
        N_("Person"),
        N_("Result"),
        N_("Room"),
        N_("Running attempt"),
        N_("Upload"),
        # what a field should hold, and what it held
        N_("1 to {highest} characters"),
        N_("1 to {highest} files"),
        N_("2 to 64 letters, digits or . _ @ -"),
        N_("a name of 1 to {highest} characters"),
        N_("at least one of {choices}"),
        N_("a reason"),
        N_("at least one tag"),
        N_("at least {lowest} characters"),
        N_("at most {highest} characters"),
        N_("at most {highest} items at once"),
        N_("at most {highest} MB"),
        N_("more"),
        N_("one of {choices}"),
        N_("{count} characters"),
        N_("{lowest} to {highest}"),
        N_("none"),
        N_("a test centre"),
        N_("an end within 24 hours of the beginning"),
        N_("keys of 64 hexadecimal digits"),
        N_("levels of the programme"),
        N_("networks such as 10.1.0.0/16"),
        N_("rooms with different names and their seats"),
        N_("the rooms that candidates sit in"),
        N_("1 to {highest} different forms"),
        N_("a session of the form's level alone"),
        N_("forms without items that people mark"),
        N_("parallel forms of one blueprint and one release"),
        # what the item format asks for
        N_("a date such as 2027-10-31"),
        N_("a finite number"),
        N_("a list"),
        N_("a list of item ids"),
        N_("a list of mappings"),
        N_("a mapping"),
        N_("a node of the skill model"),
        N_("a number"),
        N_("a whole number"),
        N_("text"),
    }
)
"""The English parts that are told in other languages."""
_STATES: Mapping[str, LazyString] = {
    AttemptState.REGISTERED: lazy_gettext("not begun"),
    AttemptState.ADMITTED: lazy_gettext("not begun"),
    AttemptState.PAUSED: lazy_gettext("paused"),
    AttemptState.BREAK: lazy_gettext("in a break"),
    AttemptState.RUNNING: lazy_gettext("running"),
    AttemptState.HANDED_IN: lazy_gettext("handed in"),
    AttemptState.CLOSED: lazy_gettext("time is up"),
    AttemptState.VOIDED: lazy_gettext("voided"),
}


def part_words(name: str, value: object) -> object:
    """The parameter `name` of an error in the language of this request."""
    if isinstance(value, Phrase):
        params = {part: part_words(part, inner) for part, inner in value.params.items()}
        return gettext(value.template).format(**params)
    if name == "state" and value in _STATES:
        return str(_STATES[str(value)])
    if name == "status" and value in STATUS_NAMES:
        return str(STATUS_NAMES[str(value)])
    if name == "role":
        return " / ".join(str(ROLE_NAMES.get(code, code)) for code in str(value).split(" / "))
    if name in ("kind", "expected", "found") and value in PARTS:
        return gettext(str(value))
    return value
