"""What a candidate has sat so far: attempts with what came of them."""

from typing import Any

from certify.services.context import ServiceContext
from certify.services.examining import programme_of
from certify.services.holding import held_attempts


def list_attempts(context: ServiceContext, candidate_id: str) -> tuple[dict[str, Any], ...]:
    """The candidate's attempts, newest first, with levels and certificate where there are any.

    Results that a session holds back are left out.
    """
    with context.database.reading() as work:
        entries = work.attempts.of_candidate(candidate_id)
        ids = [entry.attempt.id for entry in entries]
        held = held_attempts(work, [entry.attempt for entry in entries])
        results = work.results.of_attempts([each for each in ids if each not in held])
        credentials = work.credentials.of_attempts(ids)
    now = context.clock()
    return tuple(
        {
            "id": entry.attempt.id,
            "programme": programme_of(context, entry.programme_code, entry.programme_version),
            "level": entry.level,
            "state": entry.attempt.state_at(now),
            "started_at": entry.attempt.started_at,
            "deadline_at": entry.attempt.deadline_at,
            "ended_at": entry.attempt.ended_at,
            **{
                name: results[entry.attempt.id].decision[name]
                if entry.attempt.id in results
                else None
                for name in ("placed_level", "awarded_level")
            },
            "credential_id": credentials.get(entry.attempt.id),
        }
        for entry in entries
    )
