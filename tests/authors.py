"""A teacher who writes items and another who reviews them, and what both do together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from certify.services.acting import Actor
from certify.services.advancing import advance_item
from certify.services.authoring import save_item
from certify.services.context import ServiceContext
from question_bank.item import ItemStatus, ItemVersion
from question_bank.lifecycle import ItemAction, steps_towards

WRITER = Actor("writer", frozenset({"teacher"}))
REVIEWER = Actor("reviewer", frozenset({"teacher"}))
STUDENT = Actor("student", frozenset({"student"}))
MANAGER = Actor("manager", frozenset({"administrator"}))


def bring(
    context: ServiceContext, data: Mapping[str, Any], status: ItemStatus, *, based_on: int = 0
) -> ItemVersion:
    """Save as the writer, and take it to a status, approved by the reviewer."""
    version = save_item(context, data, based_on=based_on, actor=WRITER)
    for action in steps_towards(ItemStatus.DRAFT, status):
        actor = REVIEWER if action is ItemAction.APPROVE else WRITER
        version = advance_item(context, version.item.id, action, actor=actor)
    return version
