"""Exposure plans by digest, and which one a release's exam uses."""

from sqlalchemy import Connection, select

from certify.services.exam_ports import StoredPlan
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.bank import bank_release as releases
from certify.storage.rows.exams import exposure_plan as plans


class SqlExposurePlans:
    """Implements `ExposurePlanRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, plan: StoredPlan) -> bool:
        """Store a plan; False where the release's exam has one already, which stays."""
        values = {
            "digest": plan.digest,
            "release_digest": plan.release_digest,
            "programme_code": plan.programme_code,
            "programme_version": plan.programme_version,
            "level": plan.level,
            "created_at": plan.created_at,
            "content": plan.content,
        }
        unique = [
            plans.c.release_digest,
            plans.c.programme_code,
            plans.c.programme_version,
            plans.c.level,
        ]
        return insert_unless_taken(self._connection, plans, values, unique=unique)

    def digest_for(
        self, release_digest: str, programme_code: str, programme_version: int, level: str
    ) -> str | None:
        """The digest of the plan of one exam, or None where there is none yet."""
        return self._connection.scalar(
            select(plans.c.digest).where(
                plans.c.release_digest == release_digest,
                plans.c.programme_code == programme_code,
                plans.c.programme_version == programme_version,
                plans.c.level == level,
            )
        )

    def newest(
        self, programme_code: str, programme_version: int, level: str
    ) -> tuple[str, str] | None:
        """Digests of the newest release on which an exam is planned, and of the plan, or None."""
        found = self._connection.execute(
            select(plans.c.release_digest, plans.c.digest)
            .join(releases, releases.c.digest == plans.c.release_digest)
            .where(
                plans.c.programme_code == programme_code,
                plans.c.programme_version == programme_version,
                plans.c.level == level,
            )
            .order_by(releases.c.sequence.desc())
            .limit(1)
        ).first()
        return None if found is None else (found.release_digest, found.digest)

    def content(self, digest: str) -> bytes | None:
        """The content of a plan, whichever exam it is of, or None."""
        return self._connection.scalar(
            select(plans.c.content).where(plans.c.digest == digest).limit(1)
        )
