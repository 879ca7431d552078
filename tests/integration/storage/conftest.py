"""The fixtures of the unit tests of storage."""

from tests.unit.certify.storage.conftest import database

__all__ = ["database"]
