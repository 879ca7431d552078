"""`certify certificate`: verify certificates without a server or database."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from certificates.errors import UnreadableCertificate
from certify.cli.options import json_option, open_installation
from certify.clock import system_clock
from certify.config import load_config
from certify.services.verifying import read_certificate_file, verify_file, verify_offline

NOT_VALID = 1
UNREADABLE = 2
MARKS = {"passed": "✓", "failed": "✗", "skipped": "–"}


@click.group()
def certificate() -> None:
    """Verify certificates."""


@certificate.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--trust",
    "trust_dirs",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with an issuer's trust bundle; without it, the issuers known to this account.",
)
@click.option(
    "--data",
    "data_dir",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Also ask this installation's records whether the certificate was revoked.",
)
@json_option
@click.pass_context
def verify(
    context: click.Context,
    file: Path,
    trust_dirs: tuple[Path, ...],
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Check the certificate FILE (PDF), offline.

    Every check is named, with its result and reason. Issuers whose keys were made by this account
    are trusted by default; others need --trust.

    \b
    Exit status:
      0  valid
      1  not valid (revoked, expired, invalid or cannot tell)
      2  the file could not be read

    \b
    Example:
      certify certificate verify certificate.pdf --json
    """
    try:
        data = read_certificate_file(file)
        if data_dir is not None:
            report = verify_file(open_installation(data_dir).context, data)
        else:
            config = load_config(os.environ)
            known = trust_dirs or (config.trust_dir, config.user_trust_dir)
            report = verify_offline(data, known, system_clock())
    except UnreadableCertificate as error:
        click.echo(f"certify: {file}: {error}", err=True)
        context.exit(UNREADABLE)
    if as_json:
        checks = [asdict(check) for check in report.checks]
        click.echo(json.dumps({"status": report.status, "checks": checks}, ensure_ascii=False))
    else:
        for check in report.checks:
            click.echo(f"{MARKS[check.result]} {check.name}: {check.reason}")
        click.echo(f"Status: {report.status}")
    context.exit(0 if report.status == "valid" else NOT_VALID)
