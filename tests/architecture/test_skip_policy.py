"""The rule that a skip fails continuous integration is itself tried, in a run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import REPOSITORY
from tests.skip_policy import applies

CONFTEST = """
from tests.skip_policy import SkipPolicy, applies
def pytest_configure(config):
    if applies():
        config.pluginmanager.register(SkipPolicy())
"""
SKIPPED_TEST = """
import pytest
def test_passes(): pass
@pytest.mark.skip(reason="Chromium absent: none on the path")
def test_browser(): pass
"""
SKIPPED_IN_FIXTURE = """
import pytest
@pytest.fixture
def server(): pytest.skip("no PostgreSQL")
def test_passes(): pass
def test_rows(server): pass
"""
SKIPPED_FILE = """
import pytest
pytest.importorskip("a_module_that_nobody_has")
def test_never(): pass
"""
EXPECTED_FAILURE = """
import pytest
def test_passes(): pass
@pytest.mark.xfail(reason="later")
def test_fails(): assert False
"""
ACCEPTED_SKIP = """
import pytest
def test_passes(): pass
def test_data(): pytest.skip("shared data absent: ../shared is not a directory")
"""


def run_pytest(folder: Path, test: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "test_made_up.py").write_text(test, encoding="utf-8")
    environment = {
        **os.environ,
        "CI": ci,
        "PYTHONPATH": str(REPOSITORY),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        (SKIPPED_TEST, "Chromium absent: none on the path"),
        (SKIPPED_IN_FIXTURE, "no PostgreSQL"),
        (SKIPPED_FILE, "a_module_that_nobody_has"),
        (EXPECTED_FAILURE, "expected failure: later"),
    ],
    ids=["mark", "fixture", "whole file", "expected failure"],
)
def test_skip_fails_the_run_in_ci_and_names_the_reason(
    tmp_path: Path, test: str, reason: str
) -> None:
    run = run_pytest(tmp_path, test, ci="true")
    assert run.returncode == 1, run.stdout
    assert "skips that fail this run" in run.stdout
    assert reason in run.stdout


def test_skip_passes_outside_ci(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, SKIPPED_TEST, ci="")
    assert run.returncode == 0, run.stdout


def test_accepted_reason_passes_in_ci(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, ACCEPTED_SKIP, ci="true")
    assert run.returncode == 0, run.stdout
    assert "skips that fail" not in run.stdout


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("1", True), ("True", True), ("", False), ("0", False)]
)
def test_ci_is_read_from_the_environment(value: str, expected: bool) -> None:
    assert applies({"CI": value}) is expected


def test_ci_unset_is_no_ci() -> None:
    assert applies({}) is False
