"""What the psychometricians' commands share: options, findings on stderr, exit statuses."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click

CLEAN: Final = 0
WITH_FINDINGS: Final = 1
NOT_DONE: Final = 2
MOST_SHOWN: Final = 20

Command = Callable[..., Any]
INPUT: Final = click.Path(path_type=Path, dir_okay=False)
OUTPUT: Final = click.Path(path_type=Path, dir_okay=False)


class Numbers(click.ParamType):
    """Numbers with commas between them."""

    name = "numbers"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        """The numbers, in order."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"expected numbers with commas between them, found '{value}'.", param, ctx)


NUMBERS: Final = Numbers()


def ignore_option(command: Command) -> Command:
    """`--ignore COLUMN`: columns of the responses that are no items."""
    return click.option(
        "--ignore",
        "ignored",
        multiple=True,
        metavar="COLUMN",
        help="A column of RESPONSES that is no item; may be given more than once.",
    )(command)


def show_findings(findings: Sequence[object]) -> None:
    """One line each on stderr, at most twenty."""
    for finding in findings[:MOST_SHOWN]:
        click.echo(f"certify: {finding}", err=True)
    if len(findings) > MOST_SHOWN:
        click.echo(f"certify: and {len(findings) - MOST_SHOWN} more like these.", err=True)


def status_of(findings: Sequence[object]) -> int:
    """0 or 1."""
    return WITH_FINDINGS if findings else CLEAN
