"""`certify psychometrics calibrate`: item parameters from responses."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from certify.bootstrap import connect_scheduler
from certify.cli.psychometrics.answers import (
    INPUT,
    NOT_DONE,
    OUTPUT,
    ignore_option,
    show_findings,
    status_of,
)
from certify.cli.psychometrics.progress import ProgressBars
from certify.services.calibrating import (
    MODELS,
    CalibrationOutcome,
    CalibrationRequest,
    calibrate_file,
    write_calibration,
)


@click.command("calibrate")
@click.argument("responses", type=INPUT)
@click.option("--model", required=True, type=click.Choice(MODELS), help="Model of the items.")
@click.option("--out", required=True, type=OUTPUT, help="PARAMS.csv to write.")
@click.option("--report", type=OUTPUT, help="R.json to write: fit, convergence, population.")
@click.option(
    "--models", type=INPUT, help="CSV with item_id, model for items of another model (mixed tests)."
)
@click.option(
    "--fixed", type=INPUT, help="PARAMS.csv of known items: the others are put on their scale."
)
@click.option("--group", metavar="COLUMN", help="Column of RESPONSES with each person's group.")
@click.option(
    "--reference", metavar="NAME", help="The group that is N(0, 1); else the first by name."
)
@click.option(
    "--dimensions", type=INPUT, help="CSV with item_id, dimension: correlated dimensions."
)
@click.option(
    "--priors",
    "with_priors",
    is_flag=True,
    help="Priors for small samples: log slopes alike, b N(0, 2), c Beta(5, 17), d Beta(17, 2).",
)
@click.option("--scheduler", metavar="URL", help="Dask scheduler, such as tcp://host:8786.")
@ignore_option
@click.pass_context
def calibrate(
    context: click.Context, /, out: Path, report: Path | None, scheduler: str | None, **given: Any
) -> None:
    """Calibrate the items of RESPONSES by marginal maximum likelihood.

    RESPONSES is a wide CSV: first column person_id, then one column per item with whole numbers
    from 0; a blank is a question that was not put. Parameters are on the logistic metric, D = 1.

    \b
    Exit status:
      0  done, nothing to report
      1  done, with findings on stderr: cells, rows or items were left out, or a doubt
      2  not done; where there are persons, R.json still has the counts of every item

    \b
    Example:
      certify psychometrics calibrate responses.csv --model 2pl --out params.csv --report r.json
    """
    with ExitStack() as stack:
        progress = stack.enter_context(ProgressBars())
        executor = stack.enter_context(connect_scheduler(scheduler)) if scheduler else None
        outcome = calibrate_file(CalibrationRequest(executor=executor, **given), progress)
    write_calibration(outcome, out, report)
    show_findings(outcome.findings)
    if outcome.refusal is not None:
        click.echo(f"certify: {outcome.refusal}", err=True)
        if report is not None:
            click.echo(f"The counts of every item are in {report}.")
        context.exit(NOT_DONE)
    _report(outcome, out)
    context.exit(status_of(outcome.findings))


def _report(outcome: CalibrationOutcome, out: Path) -> None:
    found = outcome.report
    click.echo(
        f"Calibrated {found['n_items']} items on {found['n_persons']} persons in "
        f"{found['iterations']} steps: log-likelihood {found['log_likelihood']:.4f}, "
        f"AIC {found['aic']:.2f}, BIC {found['bic']:.2f}."
    )
    click.echo(f"Parameters are in {out}.")
