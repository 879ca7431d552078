"""Integrity reports in words: signals, outcomes, what figures mean and what they cannot prove."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext

from certify.exams.conduct import AnswerChange
from certify.services.integrity_findings import Signal
from certify.services.integrity_reports import NoteOutcome
from certify.web.display import number

INSPECTORS = ("centre", "auditor", "administrator")
"""Roles that see reports: a centre those of its own sessions."""

SIGNAL_NAMES: dict[str, LazyString] = {
    Signal.SIMILAR: lazy_gettext("Shared errors"),
    Signal.FIT: lazy_gettext("Unusual pattern"),
    Signal.RAPID: lazy_gettext("Rapid answers"),
    Signal.AWAY: lazy_gettext("Left the window"),
    Signal.ORIGIN: lazy_gettext("Other browser or network"),
}

OUTCOME_NAMES: dict[str, tuple[LazyString, str]] = {
    NoteOutcome.NO_ACTION: (lazy_gettext("No action"), "success"),
    NoteOutcome.LOOK_CLOSER: (lazy_gettext("Look closer"), "warning"),
    NoteOutcome.REFERRED: (lazy_gettext("Referred"), "info"),
}
"""Word and kind of badge."""

CHANGE_NAMES: dict[str, LazyString] = {
    AnswerChange.TO_RIGHT: lazy_gettext("wrong to right"),
    AnswerChange.TO_WRONG: lazy_gettext("right to wrong"),
    AnswerChange.WRONG_TO_WRONG: lazy_gettext("wrong to wrong"),
}

LANE_NAMES: dict[str, LazyString] = {
    "answers": lazy_gettext("Answering"),
    "away": lazy_gettext("Window left"),
    "offline": lazy_gettext("No connection"),
    "origins": lazy_gettext("New origin"),
    "pages": lazy_gettext("Page opened"),
    "paused": lazy_gettext("Clock stopped"),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure: what it says, how it is computed, and what it cannot prove."""

    name: LazyString
    says: LazyString
    computed: LazyString
    cannot: LazyString


MEANINGS: tuple[Meaning, ...] = (
    Meaning(
        lazy_gettext("Shared errors"),
        lazy_gettext("Two candidates gave the same wrong answers more often than chance explains."),
        lazy_gettext(
            "Of the items that both got wrong, the identical answers are counted against what two "
            "who answer by themselves would share; the chances come from the wrong answers of "
            "candidates of like ability in this session. The tail is exact (generalized binomial "
            "test, van der Linden & Sotaridona 2006, given both wrong). Pairs with fewer than 10 "
            "items in common, or 5 that both got wrong, are not tested. Seats with neighbouring "
            "numbers are tested apart. Of the pairs that are marked, 1 % may be chance (Benjamini "
            "& Hochberg 1995); where nobody copied, about two sessions of a hundred mark any."
        ),
        lazy_gettext(
            "It does not say who copied from whom, nor that anybody did: the same teacher, the "
            "same book or the same misunderstanding lead to the same errors. In adaptive exams two "
            "candidates share few items, so that it finds little there."
        ),
    ),
    Meaning(
        lazy_gettext("Unusual pattern"),
        lazy_gettext(
            "Hard items were solved and easy ones failed, more often than one ability explains."
        ),
        lazy_gettext(
            "lz* (Snijders 2001) on the scored items at the candidate's estimated abilities, from "
            "15 answers on; low is unusual. Of the candidates that are marked, 5 % may be chance. "
            "While parameters are provisional it is shown and marks nobody."
        ),
        lazy_gettext(
            "Illness, a late start, uneven training or a language gap look the same. Adaptive "
            "exams give items near one's ability, which hides much of what could be seen."
        ),
    ),
    Meaning(
        lazy_gettext("Rapid answers"),
        lazy_gettext("Answers came faster than anybody can read the item."),
        lazy_gettext(
            "The threshold of an item is 10 % of its median time, from 3 to 10 seconds (after Wise "
            "& Ma 2012, who take the mean); with fewer than 20 times, of the time its author "
            "expects. Effort is the share of answers that were not rapid (Wise & Kong 2005); "
            "below 90 % it is marked."
        ),
        lazy_gettext(
            "Giving up, running out of time and knowing an item beforehand look alike. Answers "
            "that waited for a lost connection arrive together and may seem rapid or slow."
        ),
    ),
    Meaning(
        lazy_gettext("Left the window"),
        lazy_gettext("The exam was not the window in front."),
        lazy_gettext(
            "Told by the exam page itself, from one second on. Marked from five times, or a minute "
            "in all."
        ),
        lazy_gettext(
            "A message of the system, an input method, a screen reader or an invigilator's help "
            "take the front as well. Whoever uses a second device is not seen, and a page without "
            "scripts tells nothing."
        ),
    ),
    Meaning(
        lazy_gettext("Other browser or network"),
        lazy_gettext("The exam was gone on with in another browser or from another address."),
        lazy_gettext(
            "Seen by the server when a page asks for its state, about twice a minute. Marked from "
            "the second one on."
        ),
        lazy_gettext(
            "A computer that failed and was changed, as the rules allow, or a network that gives "
            "new addresses look the same. Two persons at one computer are not seen."
        ),
    ),
    Meaning(
        lazy_gettext("Changed answers"),
        lazy_gettext("Answers with one option that were changed before going on."),
        lazy_gettext("Counted from the saved answers, with what became of them. Never marked."),
        lazy_gettext("Most people gain by changing answers: second thoughts are no evidence."),
    ),
)


def signal_name(signal: str) -> str:
    return str(SIGNAL_NAMES[signal])


def change_words(changes: tuple[AnswerChange, ...]) -> str:
    return gettext(", ").join(str(CHANGE_NAMES[change]) for change in changes)


def tail_words(probability: float) -> str:
    """A small probability as one reads it; never 0."""
    if probability < 1e-6:
        return f"< 1 / {number(1_000_000, 0)}"
    return number(probability, 4) if probability >= 0.001 else f"1 / {number(1 / probability, 0)}"
