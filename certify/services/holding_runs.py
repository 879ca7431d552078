"""A calibration that one worker holds: nobody else works on it until it is silent for too long."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from certify.services.context import ServiceContext
from certify.services.ports import RunStage, RunState, UnitOfWork
from certify.services.versioning import note_event

SILENCE = dt.timedelta(minutes=5)
"""After so long without a sign somebody else takes the work up."""
SYSTEM = "system"


class Halted(Exception):
    """The work is to stop, or was taken over."""


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run in the hands of `worker`; `progress` is told how much of a stage is done."""

    context: ServiceContext
    run_id: str
    worker: str
    progress: Callable[[int, int], None] | None

    @classmethod
    def claimed(
        cls, context: ServiceContext, run_id: str, progress: Callable[[int, int], None] | None
    ) -> "HeldRun | None":
        """Take the run, or None where others work on it or it is not to go on."""
        held = cls(context, run_id, context.new_id(), progress)
        now = context.clock()
        with context.database.writing() as work:
            if not work.calibrations.claim(run_id, held.worker, now, now + SILENCE):
                return None
            work.commit()
        return held

    def report(self, stage: RunStage, done: int, total: int) -> None:
        """Say how far it is, in a transaction of its own. Raises Halted."""
        with self.context.database.writing() as work:
            self.hold(work, stage, done, total)
            work.commit()
        if self.progress is not None:
            self.progress(done, total)

    def hold(self, work: UnitOfWork, stage: RunStage, done: int, total: int) -> None:
        """The same within a transaction, which is to be given up with Halted."""
        until = self.context.clock() + SILENCE
        if not work.calibrations.report(self.run_id, self.worker, stage, done, total, until):
            raise Halted()

    def finish(self) -> None:
        """Everything is done; somebody has to decide on it now."""
        self._end(RunState.READY, "calibration.ready", "")

    def fail(self, problem: Exception) -> None:
        """It cannot be done; `problem` says why."""
        template = getattr(problem, "template", "{reason}")
        params = {name: _plain(value) for name, value in getattr(problem, "params", {}).items()}
        told = {"template": template, "params": params}
        self._end(RunState.FAILED, "calibration.fail", str(problem), problem=told)

    def let_go(self) -> None:
        """Stop here, unless others have taken the work over."""
        self._end(RunState.STOPPED, "calibration.halt", "", is_to_stop=False)

    def _end(self, state: RunState, action: str, detail: str, **values: object) -> None:
        with self.context.database.writing() as work:
            if work.calibrations.change(
                self.run_id, of_worker=self.worker, state=state.value, **values
            ):
                note_event(self.context, work, SYSTEM, action, self.run_id, detail)
                work.commit()


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | str) else str(value)
