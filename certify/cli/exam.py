"""`certify exam`: recompute decided attempts."""

import json
from pathlib import Path

import click

from certify.cli.options import data_option, json_option, open_installation
from certify.services.deciding import replay_attempt

DIFFERENT = 1


@click.group()
def exam() -> None:
    """Recompute exams from their stored record."""


@exam.command("replay")
@click.argument("attempt_id")
@json_option
@data_option
@click.pass_context
def replay(context: click.Context, attempt_id: str, as_json: bool, data_dir: Path | None) -> None:
    """Recompute selection, estimate and score of ATTEMPT_ID and compare them bit for bit.

    \b
    Exit status:
      0  everything is the same
      1  something differs
      2  the attempt cannot be replayed

    \b
    Example:
      certify exam replay 3f0c... --data var/demo
    """
    result = replay_attempt(open_installation(data_dir).context, attempt_id)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "same": not result.differences,
                    "differences": result.differences,
                    "theta": result.report.theta,
                    "se": result.report.se,
                },
                ensure_ascii=False,
            )
        )
    else:
        for difference in result.differences:
            click.echo(f"different: {difference}")
        click.echo(
            f"theta {result.report.theta:+.4f}, se {result.report.se:.4f}: "
            + ("differs from the record." if result.differences else "the same as the record.")
        )
    context.exit(DIFFERENT if result.differences else 0)
