"""Stand-ins that tests control: a clock that is set by hand, an installation on a test database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from certify.bootstrap import Installation
from certify.config import load_config
from certify.services.context import ServiceContext


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        """Move forward by a `timedelta` given as its parts."""
        self.now += dt.timedelta(**delta)


class QuickHasher:
    """Stands in for the slow hash, so that people cost nothing."""

    def hash(self, password: str) -> str:
        return f"plain {password}"

    def verify(self, password_hash: str, password: str) -> bool:
        return password_hash == f"plain {password}"


def make_installation(folder: Path, database_url: str = "", **settings: str) -> Installation:
    """`make_served_installation`, but passwords are kept as they are."""
    installation = make_served_installation(folder, database_url, **settings)
    # a cached property: all of the installation uses this context from now on
    vars(installation)["context"] = replace(installation.context, hasher=QuickHasher())
    return installation


def make_served_installation(folder: Path, database_url: str = "", **settings: str) -> Installation:
    """An installation below a temporary folder, migrated, that touches nobody's home.

    As a server in a process of its own sees it.
    """
    environ = {
        "HOME": str(folder / "home"),
        **({"CERTIFY_DATABASE_URL": database_url} if database_url else {}),
        **{f"CERTIFY_{name}": value for name, value in settings.items()},
    }
    installation = Installation(load_config(environ, folder / "data"))
    installation.upgrade_schema()
    return installation


def context_at(installation: Installation, clock: FakeClock) -> ServiceContext:
    """The installation's use cases with a clock of the test's own."""
    return replace(installation.context, clock=clock)
