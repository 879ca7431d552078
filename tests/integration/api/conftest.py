"""One installation for generated requests: they may change whatever they reach."""

from __future__ import annotations

import pytest

from tests.unit.certify.web.api.house import House, build_house


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build_house(tmp_path_factory.mktemp("generated"))
