"""`certify bank release` and `diff`: what went out of the bank, and how releases differ."""

import json
from pathlib import Path
from typing import Any

import click

from certify.cli.options import data_option, json_option, open_installation
from certify.services.acting import COMMAND_LINE
from certify.services.releasing import (
    FieldDifference,
    ReleaseComparison,
    compare_releases,
    publish_release,
)

DIFFERENT = 1
LONGEST_LINE = 200
MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


@click.command("release")
@click.option("--title", required=True, help="What this release is called.")
@data_option
def release(title: str, data_dir: Path | None) -> None:
    """Freeze what is operational or in pretest into a new release for the next attempts.

    Attempts that are running keep the release they began with.

    \b
    Example:
      certify bank release --title "2026 autumn"
    """
    context = open_installation(data_dir).context
    published = publish_release(context, title=title, actor=COMMAND_LINE)
    click.echo(f"Release {published.digest[:12]} with {published.item_count} items is current.")


@click.command("diff")
@click.argument("first", metavar="R1")
@click.argument("second", metavar="R2")
@data_option
@json_option
@click.pass_context
def diff(
    context: click.Context, first: str, second: str, data_dir: Path | None, as_json: bool
) -> None:
    """Tell what changed from release R1 to release R2.

    A release is named by its digest or at least the first six characters of it.

    \b
    Exit status:
      0  both hold the same
      1  they differ
      2  a release is not there

    \b
    Example:
      certify bank diff 3f9c21a4 b07e55d1
    """
    compared = compare_releases(open_installation(data_dir).context, first, second)
    if as_json:
        click.echo(json.dumps(_comparison_body(compared), ensure_ascii=False))
    else:
        _tell_comparison(compared)
    context.exit(0 if compared.is_empty else DIFFERENT)


def _tell_comparison(compared: ReleaseComparison) -> None:
    for sign, versions in (("+", compared.added), ("-", compared.removed)):
        for version in versions:
            click.echo(f"{sign} {version.item.id} v{version.version}")
    for change in compared.changed:
        before, after = change.before, change.after
        click.echo(f"~ {change.item_id} v{before.version} -> v{after.version}")
        if before.status is not after.status:
            click.echo(f"    status: {before.status} -> {after.status}")
        for difference in change.differences:
            click.echo(f"    {_line(difference)}")
    click.echo(
        f"{len(compared.added)} added, {len(compared.removed)} removed, "
        f"{len(compared.changed)} changed."
    )


def _line(difference: FieldDifference) -> str:
    """A text with [-what went-] and {+what came+}, anything else as before and after."""
    if difference.pieces:
        marked = (MARKS[piece.kind].format(piece.text) for piece in difference.pieces)
        told = "".join(marked)
    else:
        told = f"{difference.before!r} -> {difference.after!r}"
    told = " ".join(told.split())
    shown = told if len(told) <= LONGEST_LINE else f"{told[:LONGEST_LINE]}…"
    return f"{difference.field}: {shown}"


def _comparison_body(compared: ReleaseComparison) -> dict[str, Any]:
    return {
        "first": compared.first.digest,
        "second": compared.second.digest,
        "added": [version.item.id for version in compared.added],
        "removed": [version.item.id for version in compared.removed],
        "changed": [
            {
                "item": change.item_id,
                "versions": [change.before.version, change.after.version],
                "statuses": [change.before.status, change.after.status],
                "fields": {
                    difference.field: [difference.before, difference.after]
                    for difference in change.differences
                },
            }
            for change in compared.changed
        ],
    }
