"""`certify exam`: recompute decided attempts."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from certify.cli.options import data_option, json_option, open_installation
from certify.cli.psychometrics.progress import ProgressBars
from certify.cli.rescore import rescore
from certify.services.context import ServiceContext
from certify.services.replaying import (
    ReplayedAttempt,
    list_decided,
    replay_many,
    replay_record,
)

DIFFERENT = 1
NOT_REPLAYED = 2


@click.group()
def exam() -> None:
    """Recompute exams from their stored record."""


exam.add_command(rescore)


@exam.command("replay")
@click.argument("attempt_ids", metavar="[ATTEMPT]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Replay every decided attempt.")
@json_option
@data_option
@click.pass_context
def replay(
    context: click.Context,
    attempt_ids: tuple[str, ...],
    every: bool,
    as_json: bool,
    data_dir: Path | None,
) -> None:
    """Recompute selection, estimate, score and decision of each ATTEMPT; compare bit for bit.

    Of a fixed form: which items in which order with which options, and the points.

    \b
    Exit status:
      0  everything is the same
      1  something differs
      2  an attempt cannot be replayed

    \b
    Example:
      certify exam replay 3f0c... --data var/demo
      certify exam replay --all --data var/demo
    """
    if every == bool(attempt_ids):
        raise click.UsageError("Expected the ids of attempts, or --all.")
    services = open_installation(data_dir).context
    if len(attempt_ids) == 1:
        one = replay_record(services, attempt_ids[0])
        click.echo(json.dumps(_record(one), ensure_ascii=False) if as_json else _told(one))
        context.exit(0 if one.is_same else DIFFERENT)
    found = _replay_all(services, attempt_ids or list_decided(services))
    click.echo(json.dumps(_summary(found), ensure_ascii=False) if as_json else _told_of_all(found))
    if any(one.refusal for one in found):
        context.exit(NOT_REPLAYED)
    context.exit(0 if all(one.is_same for one in found) else DIFFERENT)


def _replay_all(context: ServiceContext, attempt_ids: Sequence[str]) -> list[ReplayedAttempt]:
    found = []
    with ProgressBars() as progress:
        for number, one in enumerate(replay_many(context, attempt_ids), 1):
            found.append(one)
            progress("Replaying", number, len(attempt_ids))
    return found


def _record(one: ReplayedAttempt) -> dict[str, object]:
    return {
        "same": one.is_same,
        "differences": one.differences,
        "theta": one.report.theta if one.report else None,
        "se": one.report.se if one.report else None,
        "forms": [
            {"digest": s.form_digest, "points": str(s.points), "possible": str(s.possible)}
            for s in (one.report.forms if one.report else ())
        ],
    }


def _summary(found: Sequence[ReplayedAttempt]) -> dict[str, object]:
    return {
        "attempts": len(found),
        "same": sum(one.is_same for one in found),
        "different": {one.attempt_id: one.differences for one in found if one.differences},
        "not_replayed": {one.attempt_id: one.refusal for one in found if one.refusal},
    }


def _told(one: ReplayedAttempt) -> str:
    lines = [f"different: {difference}" for difference in one.differences]
    if one.report is not None:
        lines += [
            f"form {score.letter} ({score.form_digest[:12]}): "
            f"{score.points} of {score.possible} points"
            for score in one.report.forms
        ]
        verdict = "the same as the record." if one.is_same else "differs from the record."
        lines.append(f"theta {one.report.theta:+.4f}, se {one.report.se:.4f}: {verdict}")
    return "\n".join(lines)


def _told_of_all(found: Sequence[ReplayedAttempt]) -> str:
    lines = [f"{one.attempt_id}: {text}" for one in found for text in one.differences]
    lines += [f"{one.attempt_id}: not replayed. {one.refusal}" for one in found if one.refusal]
    same = sum(one.is_same for one in found)
    return "\n".join([*lines, f"{same} of {len(found)} attempts are the same as their record."])
