"""`certify psychometrics dif`: items that work otherwise in one group."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from certify.cli.psychometrics.answers import (
    INPUT,
    OUTPUT,
    ignore_option,
    show_findings,
    status_of,
)
from certify.cli.psychometrics.progress import ProgressBars
from certify.services.comparing import DIF_METHODS, DifRequest, compare_groups, write_dif


@click.command("dif")
@click.argument("responses", type=INPUT)
@click.option("--group", required=True, metavar="COLUMN", help="Column with each person's group.")
@click.option("--method", default="mh", show_default=True, type=click.Choice(DIF_METHODS))
@click.option("--out", required=True, type=OUTPUT, help="CSV to write, one row per item and group.")
@click.option("--reference", metavar="NAME", help="The reference group; else the first by name.")
@click.option(
    "--focal", multiple=True, metavar="NAME", help="A group to compare with it; else all others."
)
@click.option(
    "--params", "parameters", type=INPUT, help="PARAMS.csv: match on ability instead of raw score."
)
@click.option("--purify", is_flag=True, help="Leave items of class B and C out of the raw score.")
@ignore_option
@click.pass_context
def dif(context: click.Context, /, out: Path, **given: Any) -> None:
    """Find items of RESPONSES that are harder for one group at the same ability.

    mh: Mantel-Haenszel with the ETS classes A (negligible), B, C (large); delta below 0 means
    harder for the focal group. logistic: uniform and non-uniform DIF with the change of
    Nagelkerke's R squared (B from .035, C from .070). p_adjusted keeps the false discovery rate.

    \b
    Exit status:
      0  done, nothing to report
      1  done, with findings on stderr: some cells, rows or items were left out
      2  not done

    \b
    Example:
      certify psychometrics dif responses.csv --group gender --method mh --out dif.csv
    """
    with ProgressBars() as progress:
        found = compare_groups(DifRequest(**given), progress)
    write_dif(found, out)
    show_findings(found.findings)
    counted = Counter(found.classes)
    click.echo(
        f"{len(found.rows)} comparisons: {counted['A']} negligible (A), {counted['B']} moderate "
        f"(B), {counted['C']} large (C), {counted['']} not computed. They are in {out}."
    )
    context.exit(status_of(found.findings))
