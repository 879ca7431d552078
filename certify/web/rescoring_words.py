"""Calibrations of sessions in words: where one stands, why an item kept its parameters."""

from __future__ import annotations

from flask_babel import LazyString, gettext, lazy_gettext

from certify.services.ports import CalibrationRun, RunStage, RunState

RUN_STATES: dict[str, tuple[LazyString, str]] = {
    RunState.WAITING: (lazy_gettext("Waiting to begin"), "info"),
    RunState.RUNNING: (lazy_gettext("Being worked on"), "progress"),
    RunState.STOPPED: (lazy_gettext("Stopped"), "warning"),
    RunState.FAILED: (lazy_gettext("Could not be done"), "error"),
    RunState.READY: (lazy_gettext("To be decided"), "warning"),
    RunState.ACCEPTED: (lazy_gettext("Accepted"), "success"),
    RunState.REJECTED: (lazy_gettext("Rejected"), "neutral"),
}
"""Word and kind of badge."""

KEPT_WORDS: dict[str, LazyString] = {
    "few_responses": lazy_gettext("too few responses"),
    "one_answer": lazy_gettext("all answers right, or all wrong"),
    "few_items": lazy_gettext("too few such items in its dimension"),
    "calibrated_before": lazy_gettext("calibrated before; holds the scale"),
}

FLAG_WORDS: dict[str, LazyString] = {
    "misfit": lazy_gettext("does not fit the curve"),
    "reversed": lazy_gettext("able candidates answer wrongly: check the key"),
}


def stage_words(run: CalibrationRun) -> str:
    """What is being done, and how much of it is."""
    if run.stage is RunStage.ESTIMATING:
        return gettext("The items are being calibrated: pass %(num)s", num=run.done)
    if run.stage is RunStage.RESCORING:
        return gettext("%(done)s of %(total)s exams scored again", done=run.done, total=run.total)
    return gettext("%(done)s of %(total)s exams collected", done=run.done, total=run.total)


def problem_words(run: CalibrationRun) -> str:
    """Why it could not be done."""
    if run.problem is None:
        return ""
    return gettext(str(run.problem["template"])).format(**run.problem["params"])


def kept_words(code: str) -> str:
    """Why an item kept the parameters it had."""
    return str(KEPT_WORDS[code]) if code else ""


def flag_words(code: str) -> str:
    """What speaks against an estimate."""
    return str(FLAG_WORDS[code])
