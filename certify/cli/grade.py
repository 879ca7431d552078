"""`certify grade`: a mock test's answers and key in, four result files out."""

import json
from pathlib import Path
from typing import Final

import click

from certify.services.grading import (
    GradedBatch,
    GradingError,
    grade_files,
    write_batch,
)

CLEAN: Final = 0
WITH_PROBLEMS: Final = 1
NOT_GRADED: Final = 2


@click.command("grade")
@click.argument("answers", type=click.Path(path_type=Path))
@click.option(
    "--key",
    "key_path",
    required=True,
    type=click.Path(path_type=Path),
    help="Answer key: CSV with 题号, 答案, 分值, 题型 (question, answer, points, type).",
)
@click.option(
    "--out",
    "directory",
    required=True,
    type=click.Path(path_type=Path),
    help="Directory for results.csv, items.csv, errors.csv and summary.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_context
def grade(
    context: click.Context, answers: Path, key_path: Path, directory: Path, as_json: bool
) -> None:
    """Grade the answer file ANSWERS (CSV, one row per candidate).

    UTF-8, UTF-16 and GBK/GB18030 are recognised. Rows that cannot be graded are never
    dropped: they stand in errors.csv with row, column and reason.

    \b
    Example:
      certify grade answers.csv --key key.csv --out results

    \b
    Exit status:
      0  everything graded, no problems
      1  graded, with problems in errors.csv
      2  not graded
    """
    try:
        batch = grade_files(answers, key_path)
        write_batch(batch, directory)
    except GradingError as error:
        click.echo(f"certify grade: {error}", err=True)
        context.exit(NOT_GRADED)
    if as_json:
        click.echo(json.dumps(dict(batch.summary), ensure_ascii=False))
    else:
        _report(batch, directory)
    if batch.graded == 0:
        click.echo(
            f"certify grade: {answers.name}: none of {batch.reported} rows could be graded; "
            f"see the reasons in {directory / 'errors.csv'}",
            err=True,
        )
        context.exit(NOT_GRADED)
    context.exit(WITH_PROBLEMS if batch.problems else CLEAN)


def _report(batch: GradedBatch, directory: Path) -> None:
    summary = batch.summary
    click.echo(
        f"Graded {batch.graded} of {summary['rows_in']} rows "
        f"({summary['encoding']}, {summary['questions']} questions, "
        f"{summary['max_points']} points)."
    )
    if summary["mean"] is not None:
        click.echo(f"Mean {summary['mean']:.2f} points.")
    if batch.problems:
        click.echo(
            f"{batch.reported} rows not graded, {summary['cell_problems']} other problems: "
            f"see {directory / 'errors.csv'}."
        )
    for warning in batch.warnings:
        click.echo(f"Warning: {warning}.")
    click.echo(f"Results are in {directory}.")
