"""A form with its items, grouped as a paper shows them. Draws nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from certify.exams.fixed_forms.form import ExamForm, FormItem
from question_bank.item import Item, Stimulus


@dataclass(frozen=True, slots=True)
class PaperTask:
    """One item at its place."""

    entry: FormItem
    item: Item

    @property
    def options(self) -> tuple[str, ...]:
        """Texts of the options in the order of the paper."""
        texts = {option.id: option.text for option in self.item.options}
        return tuple(texts[option] for option in self.entry.option_order)

    @property
    def targets(self) -> tuple[str, ...]:
        """Texts of what options are matched with, in the order of the paper."""
        texts = {target.id: target.text for target in self.item.targets}
        return tuple(texts[target] for target in self.entry.target_order)


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """Items around one stimulus, or one item on its own."""

    stimulus: Stimulus | None
    tasks: tuple[PaperTask, ...]


@dataclass(frozen=True, slots=True)
class PaperSection:
    """All groups of one section."""

    name: str
    groups: tuple[PaperGroup, ...]

    @property
    def tasks(self) -> tuple[PaperTask, ...]:
        """All items of the section."""
        return tuple(task for group in self.groups for task in group.tasks)

    @property
    def total(self) -> Fraction:
        """Points of the section."""
        return sum((task.entry.points for task in self.tasks), Fraction(0))

    @property
    def each(self) -> Fraction | None:
        """Points of one item where all are worth the same."""
        worths = {task.entry.points for task in self.tasks}
        return worths.pop() if len(worths) == 1 else None


@dataclass(frozen=True, slots=True)
class Paper:
    """`items` stand in the order of the form; `heading` names who holds the exam."""

    form: ExamForm
    items: Sequence[Item]
    heading: str = ""

    @property
    def title(self) -> str:
        """With the letter of the form."""
        return f"{self.form.title}（{self.form.letter}卷）"

    def sections(self) -> tuple[PaperSection, ...]:
        """In the order of the paper."""
        return tuple(
            PaperSection(name, tuple(_groups(tuple(tasks))))
            for name, tasks in groupby(self.tasks(), key=lambda task: task.entry.section)
        )

    def tasks(self) -> tuple[PaperTask, ...]:
        """All items in order."""
        pairs = zip(self.form.items, self.items, strict=True)
        return tuple(PaperTask(entry, item) for entry, item in pairs)


def _groups(tasks: Sequence[PaperTask]) -> Iterator[PaperGroup]:
    for place, members in groupby(tasks, key=lambda t: t.entry.stimulus or t.entry.number):
        held = tuple(members)
        stimulus = held[0].item.stimulus if isinstance(place, str) else None
        yield PaperGroup(stimulus, held)
