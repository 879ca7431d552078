"""The periodic tasks: which there are, and that each runs on the context it was given."""

from __future__ import annotations

from pathlib import Path

from certify.jobs.queue import make_queue
from certify.jobs.tasks import register_tasks
from tests.examined import Examined


def test_every_periodic_task_runs(examined: Examined, tmp_path: Path) -> None:
    queue = make_queue(f"sqlite:///{tmp_path / 'queue.db'}")
    register_tasks(queue, examined.context)
    tasks = {task.name: task for task in queue._registry.periodic_tasks}
    assert {"close_due_attempts", "conclude_ended_attempts", "delete_old_evidence"} <= set(tasks)
    assert tasks["delete_old_evidence"].execute() == 0
