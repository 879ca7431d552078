"""The yardstick: a bare Flask application that inserts, commits and selects with SQLAlchemy Core.

The same engine settings, the same server and the same number of rows read and written as an
answer has at the least: one row in, one row out, as JSON.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from typing import Any

import waitress
from flask import Flask, request
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select

from certify.storage.address import parse_address
from certify.storage.engine import make_engine

ADDRESS = "EXAM_DAY_BARE_DATABASE"
metadata = MetaData()
answer = Table(
    "bare_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt_id", Text, nullable=False),
    Column("response", Text, nullable=False),
)


def make_app(address: str) -> Flask:
    """The application on a database that has the table."""
    app = Flask(__name__)
    engine = make_engine(parse_address(address))
    served = count(1)

    @app.put("/answers/<attempt_id>")
    def put_answer(attempt_id: str) -> dict[str, Any]:
        body = request.get_json()
        with engine.connect() as connection:
            added = connection.execute(
                insert(answer).values(attempt_id=attempt_id, response=body["response"])
            )
            connection.commit()
            row = connection.execute(
                select(answer).where(answer.c.id == added.inserted_primary_key[0])
            ).one()
        return {"saved": True, "id": row.id, "attempt": row.attempt_id, "served": next(served)}

    return app


def make_tables(address: str) -> None:
    """The table, empty."""
    engine = make_engine(parse_address(address))
    metadata.create_all(engine)
    engine.dispose()


if ADDRESS in os.environ:
    app = make_app(os.environ[ADDRESS])

if __name__ == "__main__":
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8, ident="")
