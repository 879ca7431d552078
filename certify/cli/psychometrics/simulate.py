"""`certify psychometrics simulate`: an adaptive exam rehearsed with made-up examinees."""

from pathlib import Path
from typing import Any

import click

from certify.cli.psychometrics.answers import INPUT, NUMBERS, show_findings, status_of
from certify.cli.psychometrics.progress import ProgressBars
from certify.services.rehearsing import (
    CRITERIA,
    ExamWishes,
    RehearsalRequest,
    rehearse,
    write_rehearsal,
)

PROBABILITY = click.FloatRange(0.0, 1.0, min_open=True)


@click.command("simulate")
@click.argument("parameters", metavar="PARAMS", type=INPUT)
@click.option(
    "--out",
    "directory",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory for report.json, tables (CSV), plots (SVG) and index.html.",
)
@click.option("--examinees", default=1000, show_default=True, type=click.IntRange(2))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--max-items", default=40, show_default=True, type=click.IntRange(1))
@click.option("--min-items", default=1, show_default=True, type=click.IntRange(1))
@click.option("--stop-se", type=click.FloatRange(0.0, min_open=True), help="Stop at this SE.")
@click.option("--cuts", type=NUMBERS, default=(), help="Cuts between levels, such as -0.8,0.3,1.3.")
@click.option(
    "--confidence", type=PROBABILITY, help="Stop when a level between --cuts has this probability."
)
@click.option(
    "--criterion",
    default=CRITERIA[0],
    show_default=True,
    type=click.Choice(CRITERIA),
    help="How the next item is chosen; several dimensions always use the posterior D-rule.",
)
@click.option("--attributes", type=INPUT, help="CSV with item_id and any columns.")
@click.option("--content", metavar="COLUMN", help="Attribute whose shares every exam keeps.")
@click.option("--enemies", metavar="COLUMN", help="Attribute: items with one mark exclude another.")
@click.option("--max-exposure", "most_exposed", type=PROBABILITY, help="Highest exposure rate.")
@click.option(
    "--best-of", default=1, show_default=True, type=click.IntRange(1), help="Randomesque choice."
)
@click.option("--weights", type=NUMBERS, default=(), help="Of the dimensions in the composite.")
@click.option(
    "--population", type=INPUT, help="R.json of a calibration: where examinees come from."
)
@click.option("--group", metavar="NAME", help="The group of --population to take; else the first.")
@click.pass_context
def simulate(
    context: click.Context,
    /,
    parameters: Path,
    directory: Path,
    examinees: int,
    seed: int,
    attributes: Path | None,
    population: Path | None,
    group: str | None,
    **wishes: Any,
) -> None:
    """Let made-up examinees sit adaptive exams from the items of PARAMS.

    Examinees are N(0, 1) in every dimension unless --population says otherwise, and answer by the
    parameters themselves. Reports bias, RMSE, standard errors, classification accuracy, exposure,
    overlap, length and blueprint violations; the same seed gives the same exams.

    \b
    Exit status:
      0  done, nothing to report
      1  done, with findings on stderr: some items were left out of the bank
      2  not done

    \b
    Example:
      certify psychometrics simulate params.csv --cuts -0.8,0.3,1.3 --confidence 0.95 \\
        --min-items 24 --max-items 60 --max-exposure 0.25 --out simulation
    """
    if wishes["confidence"] is not None and not wishes["cuts"]:
        raise click.UsageError("expected --cuts with --confidence, found none.")
    request = RehearsalRequest(
        parameters, examinees, seed, ExamWishes(**wishes), attributes, population, group
    )
    with ProgressBars() as progress:
        found = rehearse(request, progress)
        files = write_rehearsal(found, directory, progress)
    show_findings(found.findings)
    report: Any = found.report
    click.echo(
        f"Simulated {examinees} exams of {report['length']['mean']:.1f} items on average: "
        f"bias {report['bias']:+.3f}, RMSE {report['rmse']:.3f}, highest exposure "
        f"{report['exposure']['highest']:.2f}."
    )
    click.echo(f"{len(files)} files; open {directory / 'index.html'}.")
    context.exit(status_of(found.findings))
