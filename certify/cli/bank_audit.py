"""`certify bank audit`: what statistics over a whole bank show."""

import json
from pathlib import Path

import click

from certify.cli.options import data_option, json_option, open_installation
from certify.clock import system_clock
from certify.services.inspecting import (
    AuditReport,
    AuditSeverity,
    inspect_bank,
    inspect_files,
)

MODERATE = 1
SEVERE = 2


@click.command("audit")
@click.argument(
    "folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@data_option
@json_option
@click.pass_context
def audit(
    context: click.Context, folder: Path | None, data_dir: Path | None, as_json: bool
) -> None:
    """Audit the items below FOLDER, of an installation (--data), or the shipped ones.

    Looks at balance and length of keys, near-duplicates, wording that gives answers away, reading
    time, coverage of nodes and levels, and what the programmes need.

    \b
    Exit status:
      0  nothing found, or only minor findings
      1  moderate findings
      2  severe findings, or a file that cannot be read

    \b
    Examples:
      certify bank audit
      certify bank audit my-items --json
      certify bank audit --data var/demo
    """
    if folder is None and data_dir is not None:
        report = inspect_bank(open_installation(data_dir).context)
    else:
        report = inspect_files(folder, system_clock().date())
    click.echo(json.dumps(_as_mapping(report), ensure_ascii=False) if as_json else _as_text(report))
    if report.of_severity(AuditSeverity.SEVERE):
        context.exit(SEVERE)
    context.exit(MODERATE if report.of_severity(AuditSeverity.MODERATE) else 0)


def _as_mapping(report: AuditReport) -> dict[str, object]:
    return {
        "items": report.items,
        "by_node": report.by_node,
        "by_level": report.by_level,
        "by_type": report.by_type,
        "blind_solving": {
            "date": report.blind_solving.date,
            "solved_by": report.blind_solving.solved_by,
            "solved": report.blind_solving.solved,
            "agreed": report.blind_solving.agreed,
            "disagreements": list(report.blind_solving.disagreements),
            "options_alone": list(report.blind_solving.options_alone),
        },
        "findings": [
            {
                "severity": found.severity.value,
                "item": found.item,
                "place": found.place,
                "rule": found.rule,
                "message": found.message,
            }
            for found in report.findings
        ],
    }


def _as_text(report: AuditReport) -> str:
    lines = [
        f"{found.severity}: {found.item or found.place} [{found.rule}] {found.message}"
        for found in report.findings
    ]
    counts = ", ".join(f"{len(report.of_severity(each))} {each.value}" for each in AuditSeverity)
    for title, parts in (
        ("By level", report.by_level),
        ("By type", report.by_type),
        ("By node", report.by_node),
    ):
        listed = ", ".join(f"{name or 'untagged'} {number}" for name, number in parts.items())
        lines.append(f"{title}: {listed}")
    solving = report.blind_solving
    lines.append(
        f"Solved blind on {solving.date} by a {solving.solved_by}: "
        f"{solving.agreed} of {solving.solved} as keyed"
    )
    return "\n".join([*lines, f"{report.items} items; findings: {counts}."])
