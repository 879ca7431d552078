"""`certify bank import` and `export`: items in and out of an installation's bank."""

import json
from pathlib import Path

import click

from certify.cli.options import data_option, json_option, open_installation
from certify.services.acting import COMMAND_LINE
from certify.services.exchanging import (
    FORMATS,
    ImportReport,
    Problem,
    TagDefaults,
    export_items,
    import_files,
)
from certify.services.ports import ItemFilter

FINDINGS = 1
NOTHING_CAME = 2
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Format of the files (default: told by name and content).",
)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@format_option
@click.option("--node", default="", help="Skill node for items that come without one, as 01 or T3.")
@click.option("--level", default="", help="Level for items that come without one.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--note", default="", help="What the versions say about the import.")
@data_option
@json_option
@click.pass_context
def import_command(
    context: click.Context,
    files: tuple[Path, ...],
    form: str | None,
    node: str,
    level: str,
    dry_run: bool,
    note: str,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Take items from FILES into the bank, as drafts.

    An item that is there already becomes its next draft where the file says something else; a
    file that was imported before changes nothing. What a file cannot say is listed as problems.

    \b
    Exit status:
      0  everything came over
      1  there are problems; everything else came over
      2  nothing came over

    \b
    Examples:
      certify bank import items.xlsx --dry-run
      certify bank import quiz.gift --node 01 --level novice
      certify bank import package.zip --format qti --json
    """
    report = import_files(
        open_installation(data_dir).context,
        files,
        actor=COMMAND_LINE,
        form=form,
        defaults=TagDefaults(node=node, level=level),
        apply=not dry_run,
        note=note,
    )
    if as_json:
        click.echo(json.dumps(_report_body(report), ensure_ascii=False))
    else:
        _tell_problems(report.problems)
        verb = "would come" if dry_run else "came"
        click.echo(
            f"{len(report.new)} new and {len(report.changed)} changed items {verb} over as drafts, "
            f"{len(report.unchanged)} are unchanged; {len(report.problems)} problems."
        )
    context.exit(_status(report))


@click.command("export")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option("--node", default="", help="Only items of this skill node.")
@click.option("--dimension", default="", help="Only items of this dimension.")
@click.option("--level", default="", help="Only items of this level.")
@click.option("--type", "item_type", default="", help="Only items of this type.")
@click.option("--status", default="", help="Only items whose newest version has this status.")
@click.option("--text", default="", help="Only items with these words.")
@data_option
@json_option
@click.pass_context
def export_command(
    context: click.Context,
    out: Path,
    form: str,
    node: str,
    dimension: str,
    level: str,
    item_type: str,
    status: str,
    text: str,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Write the newest versions of items to OUT.

    \b
    Exit status:
      0  everything was written
      1  the format could not say everything; what it left out is listed
      2  no item meets the conditions, or OUT cannot be written

    \b
    Examples:
      certify bank export bank.xlsx --format workbook
      certify bank export novice.zip --format qti --level novice --status operational
    """
    report = export_items(
        open_installation(data_dir).context,
        out,
        form=form,
        conditions=ItemFilter(
            text=text,
            node=node,
            dimension=dimension,
            level=level,
            type=item_type,
            status=status,
        ),
        actor=COMMAND_LINE,
    )
    if as_json:
        body = {"items": report.items, "problems": [_problem_body(p) for p in report.problems]}
        click.echo(json.dumps(body, ensure_ascii=False))
    else:
        _tell_problems(report.problems)
        click.echo(f"{report.items} items are in {out}; {len(report.problems)} problems.")
    context.exit(NOTHING_CAME if not report.items else FINDINGS if report.problems else 0)


def _status(report: ImportReport) -> int:
    if report.lost and not report.items:
        return NOTHING_CAME
    return FINDINGS if report.problems else 0


def _tell_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        click.echo(f"{problem.severity}: {problem.message}")


def _report_body(report: ImportReport) -> dict[str, object]:
    return {
        "applied": report.is_applied,
        "new": list(report.new),
        "changed": list(report.changed),
        "unchanged": list(report.unchanged),
        "problems": [_problem_body(problem) for problem in report.problems],
    }


def _problem_body(problem: Problem) -> dict[str, object]:
    return {
        "severity": str(problem.severity),
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "item": problem.item_id,
        "message": problem.reason,
    }
