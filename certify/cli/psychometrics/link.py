"""`certify psychometrics link`: a new calibration on the scale of an old one."""

from pathlib import Path

import click

from certify.cli.psychometrics.answers import INPUT, OUTPUT, show_findings, status_of
from certify.services.linking import LINKING_METHODS, link_files, write_linked


@click.command("link")
@click.argument("base", type=INPUT)
@click.argument("new", type=INPUT)
@click.option(
    "--method", default="stocking-lord", show_default=True, type=click.Choice(LINKING_METHODS)
)
@click.option("--out", required=True, type=OUTPUT, help="PARAMS.csv of NEW on the scale of BASE.")
@click.option("--report", type=OUTPUT, help="JSON with the constants.")
@click.option("--common", type=OUTPUT, help="CSV with the common items side by side.")
@click.option(
    "--exclude", "excluded", multiple=True, metavar="ITEM", help="A common item not to link by."
)
@click.option("--rasch", is_flag=True, help="Only shift the scale: the slope is 1.")
@click.pass_context
def link(
    context: click.Context,
    base: Path,
    new: Path,
    method: str,
    out: Path,
    report: Path | None,
    common: Path | None,
    excluded: tuple[str, ...],
    rasch: bool,
) -> None:
    """Put the parameters NEW on the scale of BASE by the items they have in common.

    Common items have the same item_id in both files. theta_BASE = slope * theta_NEW + intercept.
    Standard errors are rescaled; the uncertainty of the constants is not in them.

    \b
    Exit status:
      0  done, nothing to report
      1  done, with findings on stderr: some items were left out
      2  not done

    \b
    Example:
      certify psychometrics link 2025.csv 2026.csv --method stocking-lord --out linked.csv
    """
    found = link_files(base, new, method, excluded=excluded, rasch=rasch)
    write_linked(found, method, out, report=report, common=common)
    show_findings(found.findings)
    for one in found.dimensions:
        name = f"Dimension {one.name}: slope" if len(found.dimensions) > 1 else "Slope"
        click.echo(
            f"{name} {one.linking.slope:.6f}, intercept {one.linking.intercept:.6f} "
            f"from {len(one.common)} common items."
        )
    click.echo(f"Parameters of {len(found.table)} items are in {out}.")
    context.exit(status_of(found.findings))
