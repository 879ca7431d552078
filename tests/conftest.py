"""Fixtures that any test may use: databases, the browser, and the data beside the checkout."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.postgres_servers import PostgresServer, postgres_server
from tests.skip_policy import SkipPolicy, applies

if TYPE_CHECKING:
    from tests.examined import Examined

REPOSITORY = Path(__file__).resolve().parents[1]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    """In continuous integration, let no skip pass unseen."""
    if applies():
        config.pluginmanager.register(SkipPolicy(), "skip-policy")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder `shared` beside the checkout, with domain papers and test data."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"shared data absent: {folder} is not a directory")
    return folder


@pytest.fixture(scope="session")
def shared_path(shared_data: Path) -> Callable[[str], Path]:
    """A file or folder of the shared data; where it is absent, the test is skipped."""

    def find(name: str) -> Path:
        path = shared_data / name
        if not path.exists():
            pytest.skip(f"shared data absent: {path} does not exist")
        return path

    return find


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run; `fresh_database()` gives as many databases as needed."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database that only this test sees."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.integration)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'certify.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the shipped bank, to be copied."""
    from tests.prepared import prepare_sqlite

    return prepare_sqlite(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="session")
def prepared_postgres(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database with the shipped bank, to be copied."""
    from tests.prepared import prepared_postgres

    with prepared_postgres(postgres, tmp_path_factory.mktemp("prepared")) as name:
        yield name


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.integration)])
def prepared_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the test's own with the shipped bank, on SQLite and PostgreSQL."""
    if request.param == "sqlite":
        from tests.prepared import copy_sqlite

        yield copy_sqlite(request.getfixturevalue("prepared_sqlite"), tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.fresh_database(request.getfixturevalue("prepared_postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def examined_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A folder with an installation where an exam was sat; the attempt's and credential's id."""
    # not above: the tests of the pure rooms do without the whole product
    from tests.examined import make_template

    folder = tmp_path_factory.mktemp("examined")
    return (folder, *make_template(folder))


@pytest.fixture
def examined(examined_template: tuple[Path, str, str], tmp_path: Path) -> Iterator[Examined]:
    """An installation of the test's own, with one certificate issued."""
    from tests.examined import copy_template

    template, attempt_id, credential_id = examined_template
    copied = copy_template(template, tmp_path, attempt_id, credential_id)
    yield copied
    copied.installation.database.close()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium to drive: the one `CERTIFY_CHROMIUM` names, else the first on the path."""
    named = os.environ.get("CERTIFY_CHROMIUM")
    if named:
        if not Path(named).is_file():
            pytest.skip(f"Chromium absent: CERTIFY_CHROMIUM names {named}, which is no file")
        return named
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.skip(f"Chromium absent: none of {', '.join(CHROMIUM_NAMES)} is on the path")
    return found
