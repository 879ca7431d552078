"""Options that several commands share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from certify.bootstrap import Installation
from certify.config import load_config

Command = Callable[..., Any]


def data_option(command: Command) -> Command:
    """`--data DIR`: the data directory, else CERTIFY_DATA, else ./var/data."""
    return click.option(
        "--data",
        "data_dir",
        type=click.Path(path_type=Path, file_okay=False),
        help="Data directory (default: CERTIFY_DATA, else ./var/data).",
    )(command)


def json_option(command: Command) -> Command:
    """`--json`: output for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def open_installation(data_dir: Path | None, **settings: str) -> Installation:
    """The installation that environment and options describe.

    `settings` stand in for CERTIFY_ variables: `port="8080"` for CERTIFY_PORT.
    """
    given = {f"CERTIFY_{name.upper()}": value for name, value in settings.items()}
    return Installation(load_config({**os.environ, **given}, data_dir))
