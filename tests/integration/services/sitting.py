"""A simulated candidate sits a whole exam through the use cases."""

from __future__ import annotations

from random import Random

from certify.exams.attempt import AttemptState
from certify.exams.commands import NewAnswer
from certify.services.context import ServiceContext
from certify.services.delivering import save_response, start_attempt, view_attempt
from certify.services.simulating import SimulatedCandidate

PROGRAMME = "estorm-comprehensive"


def answer_once(
    context: ServiceContext, candidate_id: str, attempt_id: str, candidate: SimulatedCandidate
) -> bool:
    """Give one final answer; whether the exam is still running afterwards."""
    view = view_attempt(context, candidate_id, attempt_id)
    assert view.item is not None
    acknowledgement = save_response(
        context,
        candidate_id,
        attempt_id,
        NewAnswer(
            position=view.item.position,
            response=candidate.answer_current_item(context, attempt_id),
            revision=view.revision + 1,
            is_final=True,
            client=view.client,
            idempotency_key=f"{attempt_id}-{view.item.position}",
        ),
    )
    return acknowledgement.state is AttemptState.RUNNING


def sit_exam(
    context: ServiceContext,
    candidate_id: str,
    *,
    level: str = "proficient",
    theta: float = 1.2,
    seed: int = 1,
) -> str:
    """Sit an exam to its end; the attempt's id."""
    attempt_id = start_attempt(context, candidate_id, PROGRAMME, level)
    candidate = SimulatedCandidate(theta, Random(seed))
    while answer_once(context, candidate_id, attempt_id, candidate):
        pass
    return attempt_id
