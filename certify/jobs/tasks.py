"""The periodic tasks of an installation."""

from huey import Huey, crontab

from certify.services.context import ServiceContext
from certify.services.delivering import close_overdue_attempts


def register_tasks(queue: Huey, context: ServiceContext) -> None:
    """Close attempts at their deadline, looked after every minute, with no client needed."""

    @queue.periodic_task(crontab(minute="*"), name="close_overdue_attempts")
    def close_overdue() -> int:
        return close_overdue_attempts(context)
