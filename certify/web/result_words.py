"""What a result rests on, in rows for its page: items, blueprint, exposure, parameters, release.

Takes the engine's report; decides nothing.
"""

from __future__ import annotations

from flask_babel import gettext, ngettext

from certify.exams.scoring import ScoreReport
from certify.services.cohort_figures import CohortFigures
from certify.web.display import percent

Row = tuple[str, str]
SHOWN_DIGITS = 12
"""Of a release's digest; all of it stands in the record for recalculation."""


def basis_rows(
    report: ScoreReport, release_digest: str, calibration_digest: str = "", uncalibrated: int = 0
) -> list[Row]:
    """Names with their values, in the order to show.

    `uncalibrated` items kept provisional parameters in the calibration that is named.
    """
    return [
        (gettext("From earlier attempts"), _earlier(report.pooled_items)),
        (gettext("Items tried out"), _tried_out(report.pretest_items)),
        (gettext("Blueprint"), _blueprint(report.blueprint_kept)),
        (gettext("Exposure of the items"), _exposure(report.not_eligible, report.max_exposure)),
        (gettext("Parameters of the items"), _parameters(report, uncalibrated)),
        (gettext("Bank release"), release_digest[:SHOWN_DIGITS]),
        *([(gettext("Calibration"), calibration_digest[:SHOWN_DIGITS])] * bool(calibration_digest)),
    ]


def cohort_rows(cohort: CohortFigures | None) -> list[Row]:
    """What holds for all decisions of the session together; nothing where that is not known."""
    if cohort is None:
        return []
    return [
        (
            gettext("Decisions of this session that are right (by the model)"),
            percent(cohort.accuracy),
        ),
        (
            gettext("Decisions that would come out again (by the model)"),
            percent(cohort.consistency),
        ),
    ]


def _earlier(count: int) -> str:
    if not count:
        return gettext("none; only this attempt counts")
    return str(ngettext("%(num)s item counts as well", "%(num)s items count as well", count))


def _tried_out(count: int) -> str:
    if not count:
        return gettext("none")
    return str(ngettext("%(num)s item, not scored", "%(num)s items, not scored", count))


def _blueprint(kept: bool) -> str:
    if kept:
        return gettext("kept: every dimension has its least number of items")
    return gettext("not kept: a dimension has fewer items than it should")


def _exposure(not_eligible: int, maximum: float | None) -> str:
    if maximum is None:
        return gettext("not limited in this exam")
    if not_eligible:
        return gettext(
            "limit %(limit)s; %(count)s items were given although they were not drawn, as no "
            "other fitted",
            limit=percent(maximum),
            count=not_eligible,
        )
    return gettext("kept: no item goes to more than %(limit)s of a level", limit=percent(maximum))


def _parameters(report: ScoreReport, uncalibrated: int) -> str:
    if uncalibrated:
        return str(
            ngettext(
                "calibrated on the answers of the session, but for %(num)s item with too few of "
                "them; the standard error is wider for it",
                "calibrated on the answers of the session, but for %(num)s items with too few of "
                "them; the standard error is wider for them",
                uncalibrated,
            )
        )
    if report.parameter_status == "provisional":
        return gettext("provisional: values of experts, not calibrated; standard errors times 1.2")
    return str(
        ngettext(
            "calibrated on at least %(num)s response per item",
            "calibrated on at least %(num)s responses per item",
            report.least_responses,
        )
    )
