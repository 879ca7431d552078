"""The database fixtures give empty databases of their own and leave none behind."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.postgres_servers import PostgresServer, may_create_databases, private_server

NAMES = text("SELECT datname FROM pg_database")


def execute(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def databases(server: PostgresServer) -> set[str]:
    engine = create_engine(server.maintenance_url)
    with engine.connect() as connection:
        names = {str(name) for name in connection.execute(NAMES).scalars()}
    engine.dispose()
    return names


@pytest.mark.parametrize("time", ["first", "second"])
def test_database_is_empty_each_time(database_url: str, time: str) -> None:
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == [], f"{time} use of the fixture"
    engine.dispose()
    execute(database_url, "CREATE TABLE left_over (name TEXT)")


@pytest.mark.integration
def test_two_databases_do_not_meet_and_are_dropped(postgres: PostgresServer) -> None:
    with postgres.fresh_database() as one, postgres.fresh_database() as other:
        execute(one, "CREATE TABLE only_here (name TEXT)")
        engine = create_engine(other)
        assert inspect(engine).get_table_names() == []
        engine.dispose()
        during = databases(postgres)
    names = {one.rsplit("/", 1)[1].partition("?")[0], other.rsplit("/", 1)[1].partition("?")[0]}
    assert names <= during
    assert not names & databases(postgres)


@pytest.mark.integration
def test_database_with_an_open_connection_is_dropped(postgres: PostgresServer) -> None:
    with postgres.fresh_database() as url:
        engine = create_engine(url)
        connection = engine.connect()
        name = connection.execute(text("SELECT current_database()")).scalar_one()
    assert name not in databases(postgres)
    connection.invalidate()
    connection.close()
    engine.dispose()


@pytest.mark.integration
def test_private_server_starts_and_stops() -> None:
    with private_server() as url:
        assert may_create_databases(url)
        with PostgresServer(url).fresh_database() as database:
            execute(database, "CREATE TABLE proof (name TEXT)")
    assert not may_create_databases(url)
