"""A prepared installation on each database, with people of the demo and a clock set by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from certify.services.context import ServiceContext
from certify.services.ports import Person
from certify.services.preparing import prepare_demo_people
from tests.fakes import FakeClock, context_at, make_installation


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(dt.datetime.now(dt.UTC))


@pytest.fixture
def context(tmp_path: Path, prepared_url: str, clock: FakeClock) -> Iterator[ServiceContext]:
    installation = make_installation(tmp_path, prepared_url)
    yield context_at(installation, clock)
    installation.database.close()


@pytest.fixture
def people(context: ServiceContext) -> dict[str, Person]:
    return {next(iter(person.roles)): person for person in prepare_demo_people(context)}


@pytest.fixture
def student(people: dict[str, Person]) -> Person:
    return people["student"]
