"""Commands load what they need and no more, so that they begin at once."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from certify.cli.main import COMMANDS, main

HEAVY = {"pandas", "pyarrow", "matplotlib", "flask", "dask", "huey"}
SCRIPT = """
import sys
from importlib import import_module
import certify.cli.main
import_module(sys.argv[1])
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.parametrize("command", ["bank", "db", "user", "exam"])
def test_a_command_on_the_database_loads_no_pages_and_no_tables(command: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, COMMANDS[command]],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not HEAVY & set(ran.stdout.split())


def test_every_command_is_listed_and_an_unknown_one_refused() -> None:
    told = CliRunner().invoke(main, ["--help"]).output
    assert all(f"\n  {name} " in told for name in COMMANDS)
    refused = CliRunner().invoke(main, ["riddle"])
    assert refused.exit_code == 2
    assert "No such command" in refused.output
