"""`certify psychometrics assemble`: parallel fixed forms from a calibrated bank."""

from pathlib import Path
from typing import Any

import click

from certify.cli.psychometrics.answers import INPUT, NUMBERS, OUTPUT, show_findings, status_of
from certify.cli.psychometrics.progress import ProgressBars
from certify.services.assembling import AssemblyRequest, assemble_files, write_forms


@click.command("assemble")
@click.argument("parameters", metavar="PARAMS", type=INPUT)
@click.option("--length", required=True, type=click.IntRange(1), help="Items of each form.")
@click.option("--forms", default=1, show_default=True, type=click.IntRange(1), help="Forms.")
@click.option("--out", required=True, type=OUTPUT, help="FORMS.csv: form, position, item_id, ...")
@click.option("--report", type=OUTPUT, help="JSON with the information reached.")
@click.option(
    "--points",
    type=NUMBERS,
    default="-1,0,1",
    show_default=True,
    help="Abilities at which information is compared.",
)
@click.option(
    "--target",
    type=NUMBERS,
    default=(),
    help="Information wanted at each point; else length x the mean item of the bank.",
)
@click.option("--attributes", type=INPUT, help="CSV with item_id and any columns.")
@click.option(
    "--constraints", type=INPUT, help="CSV with attribute, value, minimum, maximum; see above."
)
@click.option("--enemies", metavar="COLUMN", help="Attribute: items with one mark exclude another.")
@click.option("--sets", metavar="COLUMN", help="Attribute: items around one stimulus.")
@click.option(
    "--set-items",
    nargs=2,
    type=click.IntRange(1),
    default=(1, 1),
    help="Least and most items of a set that is used.",
)
@click.option(
    "--max-uses", default=1, show_default=True, type=click.IntRange(1), help="Forms per item."
)
@click.option(
    "--seconds",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0.1),
    help="Time for the search; the best forms found so far are taken then.",
)
@click.pass_context
def assemble(context: click.Context, /, out: Path, report: Path | None, **given: Any) -> None:
    """Assemble parallel forms from the items of PARAMS by exact 0/1 programming.

    Every form meets all constraints, and the largest distance of any form's information from the
    target is as small as can be. A constraint with a value bounds how many items have it
    (type,single,10,20); one without a value bounds a sum (seconds,,,3600). The attributes
    `dimension` and `model` are known from PARAMS. Where the requirements contradict one another
    the command names those that cannot be met together.

    \b
    Exit status:
      0  done, nothing to report
      1  done, with findings on stderr: some items were left out of the bank
      2  not done

    \b
    Example:
      certify psychometrics assemble params.csv --length 40 --forms 2 --attributes items.csv \\
        --constraints blueprint.csv --enemies enemies --out forms.csv
    """
    if given["target"] and len(given["target"]) != len(given["points"]):
        raise click.BadParameter(
            f"expected {len(given['points'])} numbers, one for each of --points, "
            f"found {len(given['target'])}.",
            param_hint="'--target'",
        )
    with ProgressBars() as progress:
        done = assemble_files(AssemblyRequest(**given), progress)
    write_forms(done, out, report)
    show_findings(done.findings)
    for number, reached in enumerate(done.found.information.tolist(), 1):
        told = ", ".join(
            f"{value:.2f} at {point:g}" for value, point in zip(reached, done.points, strict=True)
        )
        click.echo(f"Form {number}: information {told}.")
    click.echo(
        f"Largest distance from the target {done.found.distance:.4f}; no forms come closer than "
        f"{done.found.distance_bound:.4f}. They are in {out}."
    )
    context.exit(status_of(done.findings))
