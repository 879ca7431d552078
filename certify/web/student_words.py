"""What levels, decisions and results mean, in sentences for the person they are about.

Takes codes and numbers as the use cases give them; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from certify.exams.attempt import EndReason
from certify.exams.scoring import DimensionScore
from certify.web.display import number, percent
from certify.web.vocabulary import dimension_name, level_name
from rubrics.level_decision import LevelDecision, Reason
from rubrics.level_scale import BELOW

MEANINGS: dict[str, LazyString] = {
    "novice": lazy_gettext(
        "Knows the basics of foreign trade and shop operation: simple shop building, listing "
        "goods, placing advertisements, and what business buyers expect."
    ),
    "proficient": lazy_gettext(
        "Works independently: builds the shop, selects and lists goods, analyses the market, "
        "serves new and old customers, and runs campaigns that reach their sales targets."
    ),
    "elite": lazy_gettext(
        "Leads: builds and manages a team on several platforms, plans the year and the brand, "
        "and lifts the results of the whole business."
    ),
}

END_REASONS: dict[EndReason, LazyString] = {
    EndReason.CONFIDENT: lazy_gettext(
        "The exam ended because your answers showed clearly enough on which side of the cut you "
        "are. A short exam is neither a good nor a bad sign."
    ),
    EndReason.MAX_ITEMS: lazy_gettext("The exam ended because the largest number was reached."),
    EndReason.POOL_EXHAUSTED: lazy_gettext(
        "The exam ended because no further item of the bank fitted it."
    ),
    EndReason.HANDED_IN: lazy_gettext(
        "The exam ended because you handed it in. The items answered until then count."
    ),
    EndReason.TIME: lazy_gettext(
        "The exam ended because time was up. The answers saved until then count."
    ),
    EndReason.ENDED_BY_INVIGILATOR: lazy_gettext(
        "The exam was ended by the invigilator. The answers saved until then count."
    ),
}

PROBABILITY_WORDS: tuple[tuple[float, LazyString], ...] = (
    (0.95, lazy_gettext("very likely")),
    (0.8, lazy_gettext("likely")),
    (0.65, lazy_gettext("more likely than not")),
    (0.0, lazy_gettext("only slightly more likely than not")),
)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One step of the decision in words, and whether it spoke for the candidate."""

    text: str
    met: bool


def level_meaning(code: str) -> str:
    return str(MEANINGS.get(code, ""))


def end_words(reason: EndReason | None) -> str:
    return str(END_REASONS[reason]) if reason else ""


def is_undecided(decision: LevelDecision) -> bool:
    """Whether there were too few answers for any level, even for none."""
    return any(reason.code == "too_few_answers" for reason in decision.reasons)


def verdict(decision: LevelDecision) -> str:
    """The level in one sentence."""
    if is_undecided(decision):
        return gettext("Too few items were answered to decide on a level.")
    applied, placed, awarded = (
        decision.applied_level,
        decision.placed_level,
        decision.awarded_level,
    )
    if placed == BELOW:
        return gettext("You have not reached a level this time.")
    if awarded == BELOW:
        return gettext(
            "Your answers reach the level “%(level)s”; a condition for the certificate is missing.",
            level=level_name(placed),
        )
    if awarded != placed:
        return gettext(
            "Your answers reach the level “%(placed)s”; the certificate is for “%(awarded)s”.",
            placed=level_name(placed),
            awarded=level_name(awarded),
        )
    if placed != applied:
        return gettext(
            "You have reached the level “%(level)s”, and not yet “%(applied)s”.",
            level=level_name(placed),
            applied=level_name(applied),
        )
    return gettext("You have reached the level “%(level)s”.", level=level_name(placed))


def certainty(decision: LevelDecision, lowest_level: str) -> str:
    """How sure the placement is, in words and as a number."""
    words = next(words for least, words in PROBABILITY_WORDS if decision.probability >= least)
    if decision.placed_level == BELOW:
        return gettext(
            "It is %(words)s that your ability is still below “%(level)s”: "
            "the probability is %(percent)s.",
            words=words,
            level=level_name(lowest_level),
            percent=percent(decision.probability),
        )
    return gettext(
        "It is %(words)s that your ability is at “%(level)s” or above: "
        "the probability is %(percent)s.",
        words=words,
        level=level_name(decision.placed_level),
        percent=percent(decision.probability),
    )


def distance_words(distance: float, level: str) -> str:
    """Where an estimate lies relative to the cut of a level."""
    shown = number(abs(distance), 2)
    if distance >= 0:
        return gettext(
            "%(distance)s above the cut of “%(level)s”", distance=shown, level=level_name(level)
        )
    return gettext(
        "%(distance)s below the cut of “%(level)s”", distance=shown, level=level_name(level)
    )


def dimension_words(score: DimensionScore, level: str, cut: float) -> str:
    """One dimension against what a level asks; a standard error decides what counts as about."""
    if score.theta is None or score.se is None:
        return gettext("Not assessed in this exam")
    name = level_name(level)
    if score.theta - score.se > cut:
        return gettext("Above what “%(level)s” asks", level=name)
    if score.theta + score.se < cut:
        return gettext("Below what “%(level)s” asks", level=name)
    return gettext("About what “%(level)s” asks", level=name)


def reason_line(reason: Reason) -> ReasonLine:
    """One reason of the decision, with the numbers behind it."""
    return ReasonLine(REASON_SENTENCES[reason.code](reason), reason.code == "threshold_reached")


def threshold_reached(reason: Reason) -> str:
    return gettext(
        "“%(level)s”: the probability of being at or above its cut is %(value)s; "
        "at least %(required)s is needed.",
        **chances(reason),
    )


def below_threshold(reason: Reason) -> str:
    return gettext(
        "“%(level)s”: the probability of being at or above its cut is only %(value)s; "
        "at least %(required)s is needed.",
        **chances(reason),
    )


def chances(reason: Reason) -> dict[str, str]:
    return {
        "level": level_name(reason.level),
        "value": percent(reason.value or 0.0),
        "required": percent(reason.required or 0.0),
    }


def experience_missing(reason: Reason) -> str:
    return gettext(
        "“%(level)s”: %(required)s of work experience are asked, your record shows %(found)s. "
        "If the record is wrong, tell your test centre.",
        level=level_name(reason.level),
        required=months(round(reason.required or 0.0)),
        found=months(round(reason.value or 0.0)),
    )


def dimension_below_minimum(reason: Reason) -> str:
    return gettext(
        "“%(level)s”: %(dimension)s is at %(value)s; the least that this level allows in a "
        "dimension is %(required)s.",
        level=level_name(reason.level),
        dimension=dimension_name(reason.dimension or ""),
        value=number(reason.value or 0.0, 2),
        required=number(reason.required or 0.0, 2),
    )


def too_few_answers(reason: Reason) -> str:
    return gettext(
        "%(value)s items were answered; a decision needs at least %(required)s. "
        "Without them no level is decided.",
        value=round(reason.value or 0.0),
        required=round(reason.required or 0.0),
    )


REASON_SENTENCES = {
    "too_few_answers": too_few_answers,
    "threshold_reached": threshold_reached,
    "below_threshold": below_threshold,
    "experience_missing": experience_missing,
    "dimension_below_minimum": dimension_below_minimum,
}


def months(count: int) -> str:
    return str(ngettext("%(num)s month", "%(num)s months", count))
