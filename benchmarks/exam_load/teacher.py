"""A teacher in a process of its own: on a sign, edits an item and publishes a release."""

from __future__ import annotations

import os
import sys
import time

from certify.bootstrap import Installation
from certify.config import load_config
from certify.services.acting import Actor
from certify.services.advancing import advance_item
from certify.services.authoring import save_item
from certify.services.releasing import publish_release
from question_bank.item import ItemStatus
from question_bank.lifecycle import ItemAction, steps_towards

TEACHER = frozenset({"teacher"})
ITEM = "01-001"


def edit_and_release() -> None:
    """Change the words of an item that exams are drawing from, and publish."""
    context = Installation(load_config(os.environ)).context
    with context.database.reading() as work:
        stored = work.items.latest(ITEM)
    assert stored is not None
    print("ready", flush=True)
    sys.stdin.readline()
    start = time.perf_counter()
    writer, reviewer = Actor("writer", TEACHER), Actor("reviewer", TEACHER)
    content = {**stored.content, "stem": f"{stored.content['stem']}（修订）"}
    save_item(context, content, based_on=stored.version, actor=writer)
    for action in steps_towards(ItemStatus.DRAFT, ItemStatus.OPERATIONAL):
        actor = reviewer if action is ItemAction.APPROVE else writer
        advance_item(context, ITEM, action, actor=actor)
    release = publish_release(context, title="考试中修订", actor=writer)
    print(f"{release.digest} {time.perf_counter() - start:.2f}", flush=True)


if __name__ == "__main__":
    edit_and_release()
