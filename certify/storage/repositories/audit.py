"""The audit trail."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select

from certify.services.ports import AuditEvent, Page
from certify.storage.repositories.paging import fetch_page
from certify.storage.rows.audit import audit_event as events


class SqlAudit:
    """Implements `AuditRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, event: AuditEvent) -> None:
        """Add an event at the end of the trail."""
        self._connection.execute(
            insert(events).values(
                at=event.at,
                actor=event.actor,
                action=event.action,
                subject=event.subject,
                detail=event.detail,
            )
        )

    def page(self, *, number: int, size: int, about: Sequence[str] = (), action: str = "") -> Page:
        """Events, newest first: with one of `about` as actor or subject, of the kind `action`."""
        statement = select(events)
        if about:
            statement = statement.where(
                or_(events.c.actor.in_(list(about)), events.c.subject.in_(list(about)))
            )
        if action:
            statement = statement.where(
                or_(
                    events.c.action == action,
                    events.c.action.startswith(f"{action}.", autoescape=True),
                )
            )
        return fetch_page(
            self._connection,
            statement,
            order=[events.c.id.desc()],
            number=number,
            size=size,
            read=_read_all,
        )


def _read_all(rows: Sequence[Row[Any]]) -> list[AuditEvent]:
    return [AuditEvent(row.at, row.actor, row.action, row.subject, row.detail) for row in rows]
