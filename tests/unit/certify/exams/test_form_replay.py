"""Transcripts of form attempts: replayed bit for bit, and every tampering named."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from certify.exams.adaptive import NextItem, next_step
from certify.exams.attempt import EndReason
from certify.exams.commands import Transition
from certify.exams.events import EventKind
from certify.exams.scoring import score_attempt
from certify.exams.terms import PartTerms
from certify.exams.transcript import (
    compose_transcript,
    read_transcript,
    replay,
    report_from_mapping,
)
from tests.factories import answer, begin, right_response, serve, tick
from tests.unit.certify.exams.form_parts import (
    begun,
    form_exam,
    form_terms,
    give,
    item_at,
    make_form,
    serve_form,
)

FORM = make_form()
EXAM = form_exam(FORM)
Change = Callable[[dict[str, Any]], object]


def sat(*, is_shuffled: bool = False) -> Transition:
    """Two of three answered, one changed, one flagged, handed in."""
    transition = begun(EXAM, is_shuffled=is_shuffled)
    for position in range(1, len(FORM.items) + 1):
        item = EXAM.pool.by_id[item_at(transition.attempt, position)]
        if position % 3:
            give(transition, EXAM, position, right_response(item))
    give(transition, EXAM, 1, ["a"], revision=2)
    transition.flag(2, True)
    transition.hand_in()
    return transition


def transcript_of(transition: Transition) -> bytes:
    report = score_attempt(transition.attempt, EXAM)
    return compose_transcript(transition.attempt, transition.events, report)


def differences(change: Change, transition: Transition | None = None) -> str:
    data = json.loads(transcript_of(transition or sat()))
    change(data)
    return "\n".join(replay(json.dumps(data).encode(), EXAM).differences)


def served(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [event for event in data["events"] if event["kind"] == EventKind.SERVED]


def two_parts() -> Transition:
    """Four adaptive items, a break, then the form."""
    parts = (PartTerms("theory", 900, "", 60), form_terms(FORM))
    transition = begin(parts=parts)
    for number in range(4):
        step = next_step(transition.attempt, EXAM)
        assert isinstance(step, NextItem)
        serve(transition, step.item)
        answer(transition, step.item, number % 2 == 0)
    transition.hand_in()
    tick(transition, 61)
    transition.close_if_due()
    serve_form(transition, EXAM)
    give(transition, EXAM, 5, ["b"])
    transition.hand_in()
    return transition


@pytest.mark.parametrize("make", [sat, lambda: sat(is_shuffled=True), two_parts])
def test_an_untouched_transcript_replays_without_a_difference(
    make: Callable[[], Transition],
) -> None:
    transition = make()
    transcript = transcript_of(transition)
    found = replay(transcript, EXAM)
    assert found.differences == ()
    assert found.report == score_attempt(transition.attempt, EXAM)
    assert report_from_mapping(read_transcript(transcript).report) == found.report


def test_a_part_that_nobody_came_back_to_replays() -> None:
    transition = begin(parts=(PartTerms("theory", 900, "", 60), form_terms(FORM)))
    step = next_step(transition.attempt, EXAM)
    assert isinstance(step, NextItem)
    serve(transition, step.item)
    tick(transition, 99_999)
    transition.close_if_due()
    assert differences(lambda data: None, transition) == ""


def test_another_item_is_named() -> None:
    def swap(data: dict[str, Any]) -> None:
        first, second = served(data)[:2]
        first["data"]["item"], second["data"]["item"] = (
            second["data"]["item"],
            first["data"]["item"],
        )

    assert "stored 18-902, the form has 18-901" in differences(swap)


def test_another_option_order_is_named() -> None:
    found = differences(lambda data: served(data)[3]["data"]["options"].reverse())
    assert "another option order than the form's" in found


def test_an_item_left_out_is_named() -> None:
    def leave_out(data: dict[str, Any]) -> None:
        # the form ends with an item that was not answered
        last = served(data)[-1]
        data["events"] = [
            event
            for event in data["events"]
            if event is not last and event["data"].get("position") != len(FORM.items)
        ]
        for number, event in enumerate(data["events"], 1):
            event["sequence"] = number

    assert "16 items served, the form has 17" in differences(leave_out)


def test_a_form_said_to_be_shuffled_is_named() -> None:
    def shuffle(data: dict[str, Any]) -> None:
        data["events"][0]["data"]["parts"][0].append(True)

    assert "the form has" in differences(shuffle)


def test_another_seed_of_a_shuffled_form_is_named() -> None:
    def reseed(data: dict[str, Any]) -> None:
        data["events"][0]["data"]["seed"] = "f" * 32

    assert "the form has" in differences(reseed, sat(is_shuffled=True))


def test_changed_points_are_named() -> None:
    def give_more(data: dict[str, Any]) -> None:
        score = data["report"]["forms"][0]
        score["points"] = "99"
        score["items"][0]["points"] = "3/2"

    found = differences(give_more)
    assert "form A, points: stored 99" in found
    assert "form A, item 18-901: stored" in found


def test_points_left_out_are_named() -> None:
    found = differences(lambda data: data["report"].pop("forms"))
    assert "forms: stored None" in found


def test_a_changed_answer_is_named() -> None:
    def mend(data: dict[str, Any]) -> None:
        changed = [e for e in data["events"] if e["kind"] == EventKind.ANSWERED][-1]
        changed["data"]["response"] = ["b"]

    found = differences(mend)
    assert "stored 0, found 1" in found and "form A, points" in found


def test_an_end_that_no_form_has_is_named() -> None:
    def confident(data: dict[str, Any]) -> None:
        data["events"][-1]["data"]["reason"] = EndReason.CONFIDENT.value

    assert "a form does not end as confident" in differences(confident)


def test_items_of_the_form_are_never_chosen_before() -> None:
    transition = begin(parts=(PartTerms("theory", 900, "", 60), form_terms(FORM)))
    shown = set()
    while isinstance(step := next_step(transition.attempt, EXAM), NextItem):
        serve(transition, step.item)
        answer(transition, step.item, len(shown) % 2 == 0)
        shown.add(step.item.id)
    assert len(shown) >= 12
    assert not shown & set(EXAM.on_forms)
