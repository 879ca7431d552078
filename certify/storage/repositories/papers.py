"""Blueprints of papers and the forms assembled from them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from certify.services.ports import Page, StoredBlueprint, StoredForm
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.repositories.paging import fetch_page
from certify.storage.rows.papers import exam_blueprint as blueprints
from certify.storage.rows.papers import exam_form as forms


class SqlBlueprints:
    """Implements `BlueprintRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, blueprint: StoredBlueprint) -> bool:
        """Store a version; False where it is there already."""
        values = {
            "id": blueprint.id,
            "version": blueprint.version,
            "title": blueprint.title,
            "level": blueprint.level,
            "content": dict(blueprint.content),
            "author": blueprint.author,
            "created_at": blueprint.created_at,
        }
        unique = [blueprints.c.id, blueprints.c.version]
        return insert_unless_taken(self._connection, blueprints, values, unique=unique)

    def get(self, blueprint_id: str, version: int) -> StoredBlueprint | None:
        """One version, or None."""
        statement = select(blueprints).where(
            blueprints.c.id == blueprint_id, blueprints.c.version == version
        )
        found = self._connection.execute(statement).first()
        return None if found is None else _read_blueprint(found)

    def newest(self, blueprint_id: str) -> StoredBlueprint | None:
        """The newest version, or None."""
        statement = (
            select(blueprints)
            .where(blueprints.c.id == blueprint_id)
            .order_by(blueprints.c.version.desc())
            .limit(1)
        )
        found = self._connection.execute(statement).first()
        return None if found is None else _read_blueprint(found)

    def page(self, *, number: int, size: int) -> Page:
        """The newest version of each, the one changed last first."""
        newest = (
            select(blueprints.c.id, func.max(blueprints.c.version).label("version"))
            .group_by(blueprints.c.id)
            .subquery()
        )
        statement = select(blueprints).join(
            newest,
            (blueprints.c.id == newest.c.id) & (blueprints.c.version == newest.c.version),
        )
        return fetch_page(
            self._connection,
            statement,
            order=[blueprints.c.created_at.desc(), blueprints.c.id],
            number=number,
            size=size,
            read=_read_blueprints,
        )


class SqlForms:
    """Implements `FormRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, form: StoredForm, content: bytes) -> bool:
        """Store a form; one with the same digest is the same form and stays."""
        values = {
            "digest": form.digest,
            "title": form.title,
            "letter": form.letter,
            "level": form.level,
            "item_count": form.item_count,
            "blueprint_id": form.blueprint_id,
            "blueprint_version": form.blueprint_version,
            "release_digest": form.release_digest,
            "author": form.author,
            "created_at": form.created_at,
            "content": content,
        }
        return insert_unless_taken(self._connection, forms, values, unique=[forms.c.digest])

    def get(self, digest: str) -> StoredForm | None:
        """The form of this digest, or None."""
        found = self._connection.execute(_listed().where(forms.c.digest == digest)).first()
        return None if found is None else _read_form(found)

    def content(self, digest: str) -> bytes | None:
        """What hashes to the digest, or None."""
        return self._connection.scalar(select(forms.c.content).where(forms.c.digest == digest))

    def page(self, *, blueprint_id: str, number: int, size: int) -> Page:
        """Newest first, those of one assembly by letter; an empty blueprint means any."""
        statement = _listed()
        if blueprint_id:
            statement = statement.where(forms.c.blueprint_id == blueprint_id)
        return fetch_page(
            self._connection,
            statement,
            order=[forms.c.created_at.desc(), forms.c.letter, forms.c.digest],
            number=number,
            size=size,
            read=_read_forms,
        )

    def of_release(self, digest: str) -> int:
        """How many forms were made from a release."""
        statement = select(func.count()).where(forms.c.release_digest == digest)
        return self._connection.scalar(statement) or 0


def _listed() -> Select[Any]:
    return select(*(column for column in forms.c if column is not forms.c.content))


def _read_blueprints(rows: Sequence[Row[Any]]) -> list[StoredBlueprint]:
    return [_read_blueprint(row) for row in rows]


def _read_blueprint(row: Row[Any]) -> StoredBlueprint:
    return StoredBlueprint(**row._mapping)


def _read_forms(rows: Sequence[Row[Any]]) -> list[StoredForm]:
    return [_read_form(row) for row in rows]


def _read_form(row: Row[Any]) -> StoredForm:
    return StoredForm(**row._mapping)
