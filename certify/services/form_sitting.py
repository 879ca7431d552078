"""What a candidate does in a form part besides answering: marking items to come back to."""

from certify.exams.commands import Transition
from certify.exams.errors import OlderPage
from certify.services.context import ServiceContext
from certify.services.delivering import change_own
from certify.services.ports import UnitOfWork


def flag_item(
    context: ServiceContext,
    candidate_id: str,
    attempt_id: str,
    position: int,
    *,
    flagged: bool,
    client: int,
) -> None:
    """Mark an item of the running form part, or take the mark away; repeating changes nothing.

    Raises NotFound, OlderPage from a page that another one replaced, WrongPosition for an item
    that is not open, AttemptEnded or AttemptNotRunning.
    """

    def mark(work: UnitOfWork, transition: Transition) -> None:
        if client < transition.attempt.client:
            raise OlderPage(newest=transition.attempt.client, found=client)
        transition.flag(position, flagged)

    change_own(context, candidate_id, attempt_id, mark)
