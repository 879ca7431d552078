"""The installation of this run and people who are signed in to it."""

from __future__ import annotations

import pytest

from tests.unit.certify.web.api.house import House, Visitor, build_house, sit_exam


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build_house(tmp_path_factory.mktemp("house"))


@pytest.fixture
def stranger(house: House) -> Visitor:
    return house.visitor()


@pytest.fixture
def student(house: House) -> Visitor:
    return house.visitor("student")


@pytest.fixture
def other_student(house: House) -> Visitor:
    return house.visitor("student2")


@pytest.fixture
def teacher(house: House) -> Visitor:
    return house.visitor("teacher")


@pytest.fixture
def centre(house: House) -> Visitor:
    return house.visitor("centre")


@pytest.fixture
def admin(house: House) -> Visitor:
    return house.visitor("admin")


@pytest.fixture(scope="session")
def awarded_attempt(house: House) -> str:
    """An attempt of `student` that reached a level."""
    return sit_exam(house.visitor("student"), house, ability=2.5)
