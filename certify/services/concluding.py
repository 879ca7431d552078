"""What follows the end of an attempt: its decision, and the certificate where one is awarded.

Both are done once for each attempt, whoever asks first: the candidate who looks at the result, or
the job that looks for what was left.
"""

import logging

from certify.services.context import ServiceContext
from certify.services.deciding import ResultView, decide_if_ended, view_result
from certify.services.holding import held_attempts
from certify.services.issuing import issue_if_awarded

ENDED_AT_ONCE = 200
logger = logging.getLogger(__name__)


def conclude(context: ServiceContext, attempt_id: str) -> bool:
    """Decide an ended attempt and issue its certificate; whether there is a result."""
    is_decided = decide_if_ended(context, attempt_id)
    if is_decided and not _is_held(context, attempt_id):
        issue_if_awarded(context, attempt_id)
    return is_decided


def _is_held(context: ServiceContext, attempt_id: str) -> bool:
    """A certificate would tell the result that the session still holds back."""
    with context.database.reading() as work:
        attempt = work.attempts.get(attempt_id)
        return attempt is not None and bool(held_attempts(work, [attempt]))


def conclude_ended_attempts(context: ServiceContext) -> int:
    """Decide what ended and has no result yet; how many were decided.

    An attempt that cannot be decided is logged and left for the next time; the others go on.
    """
    with context.database.reading() as work:
        waiting = work.results.undecided(ENDED_AT_ONCE)
    return sum(_conclude_or_log(context, attempt_id) for attempt_id in waiting)


def _conclude_or_log(context: ServiceContext, attempt_id: str) -> bool:
    try:
        return conclude(context, attempt_id)
    except Exception:  # whatever is wrong with one exam, the others are decided
        logger.exception("attempt %s was not decided", attempt_id)
        return False


def concluded_result(context: ServiceContext, candidate_id: str, attempt_id: str) -> ResultView:
    """The result of one's own attempt, decided now if nobody did so before.

    Raises NotFound, ResultHeld or ResultNotReady.
    """
    with context.database.reading() as work:
        attempt = work.attempts.get(attempt_id)
    if attempt is not None and attempt.candidate_id == candidate_id and attempt.is_over:
        conclude(context, attempt_id)
    return view_result(context, candidate_id, attempt_id)
