"""`certify psychometrics score`: abilities from responses and parameters."""

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
from certify.services.measuring import METHODS, ScoringRequest, score_file, write_abilities


@click.command("score")
@click.argument("responses", type=INPUT)
@click.option("--params", "parameters", required=True, type=INPUT, help="PARAMS.csv of the items.")
@click.option(
    "--method", default="eap", show_default=True, type=click.Choice(METHODS), help="Estimator."
)
@click.option("--out", required=True, type=OUTPUT, help="THETA.csv to write.")
@click.option("--mean", default=0.0, show_default=True, help="Mean of the normal prior.")
@click.option(
    "--sd",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.0, min_open=True),
    help="Standard deviation of the normal prior.",
)
@click.option(
    "--population",
    type=INPUT,
    help="R.json of a calibration: its population is the prior (correlated dimensions).",
)
@click.option("--group", metavar="NAME", help="The group of --population to take; else the first.")
@ignore_option
@click.pass_context
def score(context: click.Context, /, out: Path, **given: Any) -> None:
    """Measure the persons of RESPONSES with known items.

    THETA.csv has person_id, theta, se, flags (theta_NAME and se_NAME with several dimensions).
    Standard errors: the posterior standard deviation for eap and eapsum; from the expected
    information for map, ml and wle. Flags: no_responses, all_lowest, all_highest, infinite (the
    likelihood has no maximum), not_converged.

    \b
    Exit status:
      0  done, nothing to report
      1  done, with findings on stderr: some cells, rows or items were left out
      2  not done

    \b
    Example:
      certify psychometrics score responses.csv --params params.csv --method eap --out theta.csv
    """
    with ProgressBars() as progress:
        found = score_file(ScoringRequest(**given), progress)
    write_abilities(found, out)
    show_findings(found.findings)
    persons = len(found.abilities.person_ids)
    click.echo(f"Measured {persons} persons with {found.n_items} items. Abilities are in {out}.")
    context.exit(status_of(found.findings))
