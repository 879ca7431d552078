"""Texts of a file that are no items: a stimulus of ours, or a file beside the next item.

Moodle's descriptions stand between questions and belong to none. They are never dropped: each is
kept with the item that follows (else the one before), and named in a problem.
"""

from dataclasses import replace

from question_bank.exchange.drafts import kept_file, with_files
from question_bank.exchange.labels import STIMULUS
from question_bank.exchange.problems import TEXT_KEPT, TEXT_LEFT, Problem
from question_bank.item import Item, Stimulus


class KeptTexts:
    """Gathers texts in the order of the file and gives them to items."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stimuli: dict[str, Stimulus] = {}
        self._waiting: list[tuple[str, str, int | None]] = []
        self._problems: list[Problem] = []
        self._number = 0

    def keep(
        self, title: str, markdown: str, row: int | None = None, labels: tuple[str, ...] = ()
    ) -> None:
        """Take a text; one labelled as a stimulus serves the items that name it."""
        for label in labels:
            if label.startswith(STIMULUS):
                stimulus_id = label.removeprefix(STIMULUS)
                self.stimuli[stimulus_id] = Stimulus(stimulus_id, title, markdown)
                return
        self._waiting.append((title, markdown, row))

    def beside(self, item: Item, labels: tuple[str, ...]) -> Item:
        """The item with the stimulus that its labels name and the texts that wait."""
        named = [label.removeprefix(STIMULUS) for label in labels if label.startswith(STIMULUS)]
        found = [self.stimuli[name] for name in named if name in self.stimuli]
        if found:
            item = replace(item, stimulus=found[0])
        for title, markdown, row in self._waiting:
            self._number += 1
            name = f"text-{self._number}.md"
            content = f"{title}\n\n{markdown}" if title else markdown
            item = with_files(item, [kept_file(name, "text/markdown", content.encode())])
            shown = title or markdown
            self._problems.append(
                TEXT_KEPT.at(self.file, row=row, name=name, beside=item.id, text=shown)
            )
        self._waiting.clear()
        return item

    def is_known(self, label: str) -> bool:
        """Whether a label named a stimulus that this file holds."""
        return label.startswith(STIMULUS) and label.removeprefix(STIMULUS) in self.stimuli

    def problems(self) -> list[Problem]:
        """What became of each text."""
        left = [
            TEXT_LEFT.at(self.file, row=row, text=f"{title} {markdown}".strip())
            for title, markdown, row in self._waiting
        ]
        return self._problems + left
