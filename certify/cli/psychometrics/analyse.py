"""`certify psychometrics analyse`: a test from all sides, as tables, plots and one page."""

from pathlib import Path
from typing import Any

import click

from certify.cli.psychometrics.answers import INPUT, ignore_option, show_findings, status_of
from certify.cli.psychometrics.progress import ProgressBars
from certify.services.analysing import AnalysisRequest, analyse_file, write_analysis


@click.command("analyse")
@click.argument("responses", type=INPUT)
@click.option("--key", type=INPUT, help="CSV with item_id, key: RESPONSES holds chosen options.")
@click.option(
    "--params", "parameters", type=INPUT, help="PARAMS.csv; else the items are calibrated (2PL)."
)
@click.option(
    "--out",
    "directory",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory for the tables (CSV), plots (SVG) and index.html.",
)
@click.option(
    "--missing",
    "blanks",
    default="not-given",
    show_default=True,
    type=click.Choice(["not-given", "wrong"]),
    help="What a blank means.",
)
@ignore_option
@click.pass_context
def analyse(context: click.Context, /, directory: Path, **given: Any) -> None:
    """Look at the test in RESPONSES from all sides.

    Writes items.csv, test.csv, scores.csv, pairs.csv, persons.csv, findings.csv, params.csv (and
    options.csv with a key), one plot per item, plots of the whole test, and index.html: a page in
    Chinese and English that needs no other file. Options may be letters or numbers.

    \b
    Exit status:
      0  done, nothing to report
      1  done, with findings on stderr: some cells, rows or items were left out, or a doubtful key
      2  not done

    \b
    Example:
      certify psychometrics analyse responses.csv --key key.csv --out report
    """
    with ProgressBars() as progress:
        found = analyse_file(AnalysisRequest(**given), progress)
        files = write_analysis(found, directory, progress)
    show_findings(found.findings)
    click.echo(
        f"Analysed {len(found.item_ids)} items and {len(found.table)} persons: {len(files)} files. "
        f"Open {directory / 'index.html'}."
    )
    context.exit(status_of(found.findings))
