"""`certify bank`: the commands of the item bank, and the check of its rules."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from certify.cli.bank_audit import audit
from certify.cli.bank_exchange import export_command, import_command
from certify.cli.bank_releases import diff, release
from certify.cli.bank_statistics import stats
from certify.cli.options import json_option
from certify.services.banking import check_bank

WARNINGS = 1
UNUSABLE = 2


@click.group()
def bank() -> None:
    """Check items, exchange them, and publish bank releases."""


for command in (audit, import_command, export_command, release, diff, stats):
    bank.add_command(command)


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
