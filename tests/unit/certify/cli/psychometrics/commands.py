"""Running the psychometricians' commands in a folder."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner, Result

from certify.cli.main import main


def run(folder: Path, *arguments: str) -> Result:
    """`certify psychometrics ...`; arguments that name a table are taken from the folder."""
    placed = [
        str(folder / argument) if Path(argument).suffix in (".csv", ".json") else argument
        for argument in arguments
    ]
    return CliRunner().invoke(main, ["psychometrics", *placed])


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table that was written."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def refusal(result: Result) -> str:
    """The one line of a command that did nothing."""
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.splitlines()
    return line


def finding(result: Result) -> str:
    """The one finding of a command that did the rest."""
    assert result.exit_code == 1, result.output
    (line,) = result.stderr.splitlines()
    return line
