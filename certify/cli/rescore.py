"""`certify exam rescore`: calibrate the items on a session's answers and score its exams again."""

import json
from pathlib import Path

import click

from certify.cli.options import data_option, json_option, open_installation
from certify.cli.psychometrics.progress import ProgressBars
from certify.errors import RunNotReady
from certify.services.accepting_calibrations import accept_calibration
from certify.services.acting import COMMAND_LINE
from certify.services.calibrating_sessions import (
    STANDARD_RESPONSES,
    list_runs,
    request_calibration,
    resume_calibration,
    work_on,
)
from certify.services.context import ServiceContext
from certify.services.ports import CalibrationRun, RunState
from certify.services.rescoring import CalibratedCohort, view_cohort

NOT_DONE = 2
GOES_ON = (RunState.WAITING, RunState.RUNNING, RunState.STOPPED, RunState.READY)


@click.command("rescore")
@click.argument("session_id", metavar="SESSION")
@click.option("--dry-run", "is_trial", is_flag=True, help="Score again and show what would change.")
@click.option("--accept", "is_final", is_flag=True, help="Let the new results count; release them.")
@click.option(
    "--least",
    "least_responses",
    metavar="N",
    default=STANDARD_RESPONSES,
    show_default=True,
    help="Items with fewer responses keep their parameters.",
)
@json_option
@data_option
@click.pass_context
def rescore(
    context: click.Context,
    session_id: str,
    is_trial: bool,
    is_final: bool,
    least_responses: int,
    as_json: bool,
    data_dir: Path | None,
) -> None:
    """Calibrate the items on the answers of a closed SESSION and score its exams again.

    With --accept, what a --dry-run has found is taken over; without one before, both are done.

    \b
    Exit status:
      0  done
      2  it could not be done

    \b
    Example:
      certify exam rescore 9b76... --dry-run --data var/demo
    """
    if is_trial == is_final:
        raise click.UsageError("Expected either --dry-run or --accept.")
    services = open_installation(data_dir).context
    run = _ready_run(services, session_id, least_responses)
    if run.state is not RunState.READY:
        click.echo(_problem(run), err=True)
        context.exit(NOT_DONE)
    if is_final:
        accept_calibration(services, run.id, actor=COMMAND_LINE)
    cohort = view_cohort(services, run.id, actor=COMMAND_LINE)
    told = _summary(cohort)
    click.echo(
        json.dumps(told, ensure_ascii=False)
        if as_json
        else "\n".join(f"{name}: {value}" for name, value in told.items())
    )


def _ready_run(context: ServiceContext, session_id: str, least_responses: int) -> CalibrationRun:
    """The session's calibration, worked on to its end."""
    runs = list_runs(context, session_id, actor=COMMAND_LINE)
    found = next((run for run in runs if run.state in GOES_ON), None)
    if found is None:
        run_id = request_calibration(
            context, [session_id], least_responses=least_responses, actor=COMMAND_LINE
        )
    else:
        run_id = found.id
        if found.state is RunState.STOPPED:
            resume_calibration(context, run_id, actor=COMMAND_LINE)
    with ProgressBars() as progress:
        work_on(context, run_id, lambda done, total: progress("Scoring again", done, total))
    return next(
        run for run in list_runs(context, session_id, actor=COMMAND_LINE) if run.id == run_id
    )


def _problem(run: CalibrationRun) -> str:
    if run.problem is None:
        return str(RunNotReady())
    return str(run.problem["template"]).format(**run.problem["params"])


def _summary(cohort: CalibratedCohort) -> dict[str, object]:
    found, record = cohort.comparison, cohort.record
    told: dict[str, object] = {
        "calibration": cohort.run.calibration_digest,
        "state": cohort.run.state.value,
    }
    if record is not None:
        told |= {"items_calibrated": len(record.estimates), "items_kept": len(record.kept)}
    if found is not None:
        told |= {
            "exams": len(found.exams),
            "levels_changed": found.changed,
            "levels_raised": found.raised,
            "mean_shift": round(found.mean_shift, 4),
            "mean_se_before": round(found.before.mean_se, 4),
            "mean_se_after": round(found.after.mean_se, 4),
        }
    return told
