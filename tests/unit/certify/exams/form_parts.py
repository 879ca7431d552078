"""Fixed forms of a few items, and attempts that sit them, alone or after an adaptive part."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from certify.exams.adaptive import AdaptiveExam
from certify.exams.attempt import Attempt
from certify.exams.commands import Transition
from certify.exams.fixed_forms.blueprint import BLOCK
from certify.exams.fixed_forms.form import ExamForm, FormItem
from certify.exams.form_part import placed_items
from certify.exams.terms import PartTerms
from question_bank.interactions import parse_response
from question_bank.item import Item, ItemType, Stimulus
from question_bank.response_processing import score
from question_bank.scoring import Scoring, ScoringRule
from tests.factories import (
    DIMENSIONS,
    begin,
    make_answer,
    make_exam,
    make_item,
    make_items,
    make_pool,
    tick,
)

PAPER = "paper"
LIMIT = 1800


def paper_items() -> list[Item]:
    """Ten single choices, four multiple ones with partial credit, and a case of three."""
    partial = Scoring(ScoringRule.PARTIAL, Fraction(3))
    singles = [make_item(f"18-{n:03d}", item_type="single") for n in range(901, 911)]
    multiples = [
        replace(make_item(f"01-{n:03d}", item_type="multiple"), dimension="S", scoring=partial)
        for n in range(901, 905)
    ]
    case = Stimulus("case-1", "案例", "一家店铺的数据。")
    block = [replace(make_item(f"13-{n:03d}"), stimulus=case) for n in range(901, 904)]
    spread = [replace(i, dimension=DIMENSIONS[n % 6]) for n, i in enumerate(singles)]
    return [*spread, *multiples, *block]


def make_form(items: list[Item] | None = None, letter: str = "A") -> ExamForm:
    """The items in their order, options turned by one, two points each."""
    listed = items or paper_items()
    return ExamForm(
        title="小测",
        letter=letter,
        level="elite",
        minutes=LIMIT // 60,
        blueprint_id="b1",
        blueprint_version=1,
        release_digest="0" * 64,
        seed="seed",
        items=tuple(
            FormItem(
                number=number,
                item_id=item.id,
                version=1,
                section=BLOCK if item.stimulus else item.type.value,
                stimulus=item.stimulus.id if item.stimulus else "",
                option_order=turned(item),
                target_order=(),
                points=Fraction(3, 2) if item.type is ItemType.SINGLE else Fraction(2),
            )
            for number, item in enumerate(listed, 1)
        ),
    )


def turned(item: Item) -> tuple[str, ...]:
    ids = [option.id for option in item.options]
    return (*ids[1:], *ids[:1])


def form_exam(form: ExamForm | None = None) -> AdaptiveExam:
    """An exam whose pool has the form's items among others."""
    form = form or make_form()
    pool = make_pool([*make_items(30), *paper_items()])
    return replace(make_exam(pool), forms={form.digest: form})


def form_terms(form: ExamForm, **changes: Any) -> PartTerms:
    return replace(PartTerms(PAPER, LIMIT, form.digest), **changes)


def serve_form(transition: Transition, exam: AdaptiveExam) -> None:
    """Everything of the running form part, as a service does."""
    attempt = transition.attempt
    part = attempt.part_terms
    for placed in placed_items(
        exam.forms[part.form_digest],
        exam.pool.by_id,
        seed=attempt.started_terms.seed,
        is_shuffled=part.is_shuffled,
        served_before=len(attempt.served),
    ):
        transition.serve(placed.item_id, placed.option_order, placed.target_order)


def begun(exam: AdaptiveExam, **changes: Any) -> Transition:
    """A form part just begun, everything served."""
    (form,) = exam.forms.values()
    transition = begin(parts=(form_terms(form, **changes),))
    serve_form(transition, exam)
    return transition


def give(
    transition: Transition, exam: AdaptiveExam, position: int, raw: Any, revision: int = 1
) -> None:
    """An answer to one item, scored as a service does."""
    tick(transition)
    item = exam.pool.by_id[item_at(transition.attempt, position)]
    correct = int(score(item, parse_response(item, raw)).is_correct)
    new = make_answer(
        position, raw, revision=revision, idempotency_key=f"request-{position}-{revision}"
    )
    transition.answer(new, correct)


def item_at(attempt: Attempt, position: int) -> str:
    return attempt.served[position - 1].item_id
