"""Issued credentials: at most one an attempt, revoked at most once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select, update

from certify.services.ports import CredentialFilter, ListedCredential, Page, StoredCredential
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.repositories.paging import fetch_page
from certify.storage.repositories.people import fold_username
from certify.storage.rows.certificates import credential as credentials
from certify.storage.rows.people import person as people


class SqlCredentials:
    """Implements `CredentialRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, credential: StoredCredential) -> bool:
        """Store it; False where the attempt already has one."""
        values = {
            "credential_id": credential.credential_id,
            "attempt_id": credential.attempt_id,
            "holder_id": credential.holder_id,
            "document": credential.document,
            "pdf": credential.pdf,
            "pdf_sha256": credential.pdf_sha256,
            "issued_at": credential.issued_at,
            "revoked_at": credential.revoked_at,
            "revocation_reason": credential.revocation_reason,
        }
        unique = [credentials.c.attempt_id]
        return insert_unless_taken(self._connection, credentials, values, unique=unique)

    def get(self, credential_id: str) -> StoredCredential | None:
        """The credential of this id, or None."""
        return self._first(credentials.c.credential_id == credential_id)

    def of_attempt(self, attempt_id: str) -> StoredCredential | None:
        """The credential of an attempt, or None."""
        return self._first(credentials.c.attempt_id == attempt_id)

    def of_attempts(self, attempt_ids: Sequence[str]) -> Mapping[str, str]:
        """Credential ids by attempt, of those that have one."""
        if not attempt_ids:
            return {}
        statement = select(credentials.c.attempt_id, credentials.c.credential_id).where(
            credentials.c.attempt_id.in_(list(attempt_ids))
        )
        return {row.attempt_id: row.credential_id for row in self._connection.execute(statement)}

    def of_file(self, pdf_sha256: str) -> str | None:
        """The id of the credential whose PDF has this hash, or None."""
        return self._connection.scalar(
            select(credentials.c.credential_id).where(credentials.c.pdf_sha256 == pdf_sha256)
        )

    def page(self, conditions: CredentialFilter, *, number: int, size: int) -> Page:
        """Credentials as `ListedCredential`, the one issued last first."""
        statement = (
            select(
                credentials.c.credential_id,
                credentials.c.attempt_id,
                people.c.display_name.label("holder_name"),
                people.c.username,
                credentials.c.document,
                credentials.c.issued_at,
                credentials.c.revoked_at,
            )
            .join(people, people.c.id == credentials.c.holder_id)
            .where(*_restrictions(conditions))
        )
        return fetch_page(
            self._connection,
            statement,
            order=[credentials.c.issued_at.desc(), credentials.c.credential_id],
            number=number,
            size=size,
            read=lambda rows: [ListedCredential(**row._mapping) for row in rows],
        )

    def revoke(self, credential_id: str, at: dt.datetime, reason: str) -> bool:
        """Revoke it; False where there is none or it is revoked already."""
        statement = (
            update(credentials)
            .where(credentials.c.credential_id == credential_id, credentials.c.revoked_at.is_(None))
            .values(revoked_at=at, revocation_reason=reason)
        )
        return self._connection.execute(statement).rowcount == 1

    def _first(self, condition: ColumnElement[bool]) -> StoredCredential | None:
        found = self._connection.execute(select(credentials).where(condition)).first()
        return None if found is None else _read(found)


def _restrictions(conditions: CredentialFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if conditions.text:
        found.append(
            or_(
                credentials.c.credential_id.icontains(conditions.text, autoescape=True),
                people.c.display_name.icontains(conditions.text, autoescape=True),
                people.c.username_folded.contains(fold_username(conditions.text), autoescape=True),
            )
        )
    if conditions.issued_from is not None:
        found.append(credentials.c.issued_at >= conditions.issued_from)
    if conditions.issued_before is not None:
        found.append(credentials.c.issued_at < conditions.issued_before)
    if conditions.status == "revoked":
        found.append(credentials.c.revoked_at.is_not(None))
    elif conditions.status == "standing":
        found.append(credentials.c.revoked_at.is_(None))
    return found


def _read(row: Row[Any]) -> StoredCredential:
    return StoredCredential(**row._mapping)
