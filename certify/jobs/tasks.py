"""The periodic tasks of an installation."""

from huey import Huey, crontab

from certify.services.calibrating_sessions import work_on_waiting
from certify.services.concluding import conclude_ended_attempts
from certify.services.context import ServiceContext
from certify.services.delivering import close_due_attempts
from certify.services.page_logging import delete_old_evidence
from certify.services.planning_exposure import plan_newest_release


def register_tasks(queue: Huey, context: ServiceContext) -> None:
    """Close attempts at their deadline, decide the ended ones, plan the exams of a new release.

    Calibrations that somebody asked for are worked on, those of a killed worker too.

    Once a night, evidence that was kept long enough is deleted.
    """

    @queue.periodic_task(crontab(minute="*"), name="close_due_attempts")
    def close_due() -> int:
        return close_due_attempts(context)

    @queue.periodic_task(crontab(minute="*"), name="conclude_ended_attempts")
    def conclude_ended() -> int:
        return conclude_ended_attempts(context)

    @queue.periodic_task(crontab(minute="*"), name="plan_newest_release")
    def plan_newest() -> int:
        return plan_newest_release(context)

    @queue.periodic_task(crontab(minute="*"), name="calibrate_sessions")
    def calibrate() -> int:
        return work_on_waiting(context)

    @queue.periodic_task(crontab(hour="3", minute="17"), name="delete_old_evidence")
    def delete_old() -> int:
        return delete_old_evidence(context)
