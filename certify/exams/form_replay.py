"""The replay of form parts: what they served, in which order, and what they earned."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from certify.exams.adaptive import AdaptiveExam
from certify.exams.attempt import Attempt, EndReason, apply
from certify.exams.events import AttemptEvent, EventKind
from certify.exams.form_part import PlacedItem, placed_items

ENDS_BY_ANSWERS = (EndReason.CONFIDENT, EndReason.MAX_ITEMS, EndReason.POOL_EXHAUSTED)
"""Ends that only an adaptive part can come to."""


def form_course(
    attempt_id: str, events: Sequence[AttemptEvent], exam: AdaptiveExam
) -> Iterator[str]:
    """Where a form part served other items than its form has, or in another order, or not all."""
    before = Attempt(attempt_id, "")
    expected: tuple[PlacedItem, ...] = ()
    for event in events:
        is_form = before.terms is not None and not before.part_terms.is_adaptive
        if is_form and event.kind is EventKind.SERVED:
            expected = expected or expected_items(before, exam)
            yield from _served_otherwise(event, expected)
        elif is_form and event.kind in (EventKind.PART_ENDED, EventKind.ENDED):
            yield from _ended_otherwise(before, event, expected or expected_items(before, exam))
        after = apply(before, event)
        if after.part != before.part:
            expected = ()
        before = after


def expected_items(attempt: Attempt, exam: AdaptiveExam) -> tuple[PlacedItem, ...]:
    """Everything that the running form part serves; nothing where the exam lacks its form."""
    part = attempt.part_terms
    form = exam.forms.get(part.form_digest)
    if form is None:
        return ()
    return placed_items(
        form,
        exam.pool.by_id,
        seed=attempt.started_terms.seed,
        is_shuffled=part.is_shuffled,
        served_before=len(attempt.served) - len(attempt.served_in_part()),
    )


def _served_otherwise(event: AttemptEvent, expected: tuple[PlacedItem, ...]) -> Iterator[str]:
    data = event.data
    found = next((item for item in expected if item.position == data["position"]), None)
    name = f"event {event.sequence}"
    if found is None or found.item_id != data["item"]:
        wanted = found.item_id if found else "nothing"
        yield f"{name}: stored {data['item']}, the form has {wanted}"
    elif [*found.option_order] != data["options"] or [*found.target_order] != data["targets"]:
        yield f"{name}: another option order than the form's"
    if data["pretest"]:
        yield f"{name}: an item of a form is not tried out"


def _ended_otherwise(
    before: Attempt, event: AttemptEvent, expected: tuple[PlacedItem, ...]
) -> Iterator[str]:
    """A part that time ended before anybody came back to it may have served nothing at all."""
    served = len(before.served_in_part())
    was_missed = not served and event.data["reason"] == EndReason.TIME
    if served != len(expected) and not was_missed:
        yield f"event {event.sequence}: {served} items served, the form has {len(expected)}"
    if event.data["reason"] in ENDS_BY_ANSWERS:
        yield f"event {event.sequence}: a form does not end as {event.data['reason']}"


def report_differences(stored: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Every figure of the report that a recomputation gives otherwise, one line each."""
    for name in dict.fromkeys((*found, *(["forms"] if "forms" in stored else []))):
        before, now = stored.get(name), found.get(name)
        if before == now:
            continue
        if name == "forms" and _are_alike(before, now):
            for one, other in zip(before or (), now or (), strict=True):
                yield from _figures(one, other)
        else:
            yield f"{name}: stored {before}, found {now}"


def _are_alike(stored: Any, found: Any) -> bool:
    """Whether both tell of the same parts, so that their figures can be compared one by one."""
    if not isinstance(stored, list) or not isinstance(found, list) or len(stored) != len(found):
        return False
    return all(isinstance(one, Mapping) and len(one.get("items", ())) for one in stored)


def _figures(stored: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    where = f"form {found['letter']}"
    for name, value in found.items():
        if name != "items" and stored.get(name) != value:
            yield f"{where}, {name}: stored {stored.get(name)}, found {value}"
    for number, item in enumerate(found["items"]):
        listed = stored["items"]
        if number >= len(listed) or listed[number] != item:
            before = listed[number] if number < len(listed) else "nothing"
            yield f"{where}, item {item['item_id']}: stored {before}, found {item}"
