"""How right and how repeatable the decisions of a whole session are, as printed with each of them.

Told once a session is closed and its results are shown: then they change no more, and are computed
once per process.
"""

import threading
from dataclasses import dataclass

from certify.exams.exam_session import ExamSession, SessionState
from certify.psychometrics.accuracy import of_posterior
from certify.services.ports import UnitOfWork

FEWEST = 10
"""Exams below which figures of a cohort would say little, and much about each of its members."""


@dataclass(frozen=True, slots=True)
class CohortFigures:
    """Of the decisions of `exams`: mean probabilities that one is right, and comes out again.

    From the posteriors (Rudner's kind of index), so as good as the parameters are.
    """

    exams: int
    accuracy: float
    consistency: float


class CohortShelf:
    """Figures by session, computed once. Safe to share between threads."""

    def __init__(self) -> None:
        self._figures: dict[str, CohortFigures | None] = {}
        self._lock = threading.Lock()

    def figures(self, work: UnitOfWork, session_id: str) -> CohortFigures | None:
        """None outside of sessions, before results are final, and for a handful of exams."""
        if not session_id:
            return None
        if session_id not in self._figures:
            session = work.sessions.get(session_id)
            if session is None or not _is_final(session):
                return None
            found = cohort_figures(work, session_id)
            with self._lock:
                self._figures.setdefault(session_id, found)
        return self._figures[session_id]


def cohort_figures(work: UnitOfWork, session_id: str) -> CohortFigures | None:
    """The figures as the results of a session are now."""
    posteriors = work.results.posteriors_of_session(session_id)
    if len(posteriors) < FEWEST:
        return None
    found = of_posterior([list(one.values()) for one in posteriors]).averaged()
    return CohortFigures(len(posteriors), float(found.accuracy), float(found.consistency))


def _is_final(session: ExamSession) -> bool:
    return session.state is SessionState.CLOSED and not session.holds_results
