"""The key of a paper is read by bulk grading, and gives full marks to the right answers."""

from __future__ import annotations

from fractions import Fraction

from certify.exams.fixed_forms.form import ExamForm, FormItem
from certify.exams.fixed_forms.key_table import key_lines, key_notes, key_table, points_text
from certify.grading.key import read_key
from question_bank.item import Item, ItemType
from question_bank.scoring import Scoring, ScoringRule
from tests.unit.certify.exams.fixed_forms.bank import make_item

KINDS = tuple(kind for kind in ItemType if kind is not ItemType.COMPOSITE)
ITEMS = [make_item(kind, 1) for kind in KINDS]


def form_of(items: list[Item]) -> ExamForm:
    """Options in the author's order."""
    entries = tuple(
        FormItem(
            number=number,
            item_id=item.id,
            version=1,
            section=item.type.value,
            stimulus="",
            option_order=tuple(option.id for option in item.options),
            target_order=tuple(target.id for target in item.targets),
            points=Fraction(3, 2),
        )
        for number, item in enumerate(items, 1)
    )
    return ExamForm("卷", "A", "novice", 60, "b", 1, "r", "s", entries)


def test_every_type_has_the_line_that_grading_expects() -> None:
    lines = {
        line.question: (line.answer, line.type_word) for line in key_lines(form_of(ITEMS), ITEMS)
    }
    assert lines == {
        "1": ("B", "单选题"),
        "2": ("ACD", "多选题"),
        "3": ("对", "判断题"),
        "4": ("9.75±0.01", "数值题"),
        "5.1": ("FOB/离岸价", "填空题"),
        "5.2": ("1200±5", "数值题"),
        "6": ("CADB", "填空题"),
        "7": ("BAC", "填空题"),
    }


def test_grading_reads_the_file_and_finds_all_points_but_those_of_essays() -> None:
    form = form_of(ITEMS)
    key = read_key(key_table(form, ITEMS), "key.csv")
    assert key.encoding == "utf-8-bom"
    assert key.max_points == form.total_points - Fraction(3, 2)
    assert [item.points for item in key.items if item.question.startswith("5")] == [
        Fraction(3, 4),
        Fraction(3, 4),
    ]


def test_what_the_key_cannot_say_is_named() -> None:
    partial = make_item(ItemType.MULTIPLE, 2, scoring=Scoring(rule=ScoringRule.PARTIAL))
    items = [*ITEMS, partial]
    notes = key_notes(form_of(items), items)
    assert notes.by_hand == (8,)
    assert notes.blanks_apart == (5,)
    assert notes.rule_dropped == (9,)


def test_points_are_written_exactly() -> None:
    assert [points_text(Fraction(x)) for x in ("1", "1.5", "10/3", "100", "0.000001")] == [
        "1", "1.5", "10/3", "100", "0.000001",
    ]  # fmt: skip
