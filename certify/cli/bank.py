"""`certify bank`: check items and publish releases."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from certify.cli.options import data_option, json_option, open_installation
from certify.services.banking import check_bank, publish_release

WARNINGS = 1
UNUSABLE = 2


@click.group()
def bank() -> None:
    """Check items and publish bank releases."""


@bank.command("validate")
@click.argument(
    "folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@json_option
@click.pass_context
def validate(context: click.Context, folder: Path | None, as_json: bool) -> None:
    """Check the items below FOLDER, or the shipped ones, and the blueprints of all programmes.

    \b
    Exit status:
      0  nothing found
      1  warnings only
      2  errors: the bank cannot be released, or a file cannot be read

    \b
    Example:
      certify bank validate my-items --json
    """
    report = check_bank(folder)
    if as_json:
        findings = [asdict(finding) for finding in report.findings]
        click.echo(
            json.dumps(
                {"items": report.items, "findings": findings, "blueprints": report.blueprints},
                ensure_ascii=False,
            )
        )
    else:
        for finding in report.findings:
            click.echo(f"{finding.severity}: {finding.item_id} [{finding.rule}] {finding.message}")
        for message in report.blueprints:
            click.echo(f"error: {message}")
        click.echo(f"{report.items} items, {report.errors} errors, {report.warnings} warnings.")
    context.exit(UNUSABLE if report.errors else WARNINGS if report.warnings else 0)


@bank.command("release")
@click.option("--title", required=True, help="What this release is called.")
@data_option
def release(title: str, data_dir: Path | None) -> None:
    """Freeze all operational items into a new release for the next attempts.

    Attempts that are running keep the release they began with.

    \b
    Example:
      certify bank release --title "2026 autumn"
    """
    context = open_installation(data_dir).context
    published = publish_release(context, title=title, actor="command line")
    click.echo(f"Release {published.digest[:12]} with {published.item_count} items is current.")
