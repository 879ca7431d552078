"""Results that a session holds back: decided, but shown to nobody until they are released."""

from collections.abc import Iterable

from certify.errors import ResultHeld
from certify.exams.attempt import Attempt
from certify.services.ports import UnitOfWork


def held_attempts(work: UnitOfWork, attempts: Iterable[Attempt]) -> frozenset[str]:
    """The ids of those attempts whose results are held."""
    listed = list(attempts)
    sessions = {attempt.session_id for attempt in listed if attempt.session_id}
    held = work.sessions.holding(sorted(sessions))
    return frozenset(attempt.id for attempt in listed if attempt.session_id in held)


def require_released(work: UnitOfWork, attempt: Attempt) -> None:
    """Raises ResultHeld."""
    if held_attempts(work, [attempt]):
        raise ResultHeld()
