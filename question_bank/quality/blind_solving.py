"""Blind solving of the shipped items: did somebody without the key give the keyed answer?

Reads `reviews/blind_solving.yaml`, a record of a review and no measurement of candidates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import yaml

AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class BlindSolving:
    """Agreement by item id; who solved, and when.

    `options_alone`: of how many single-choice items the key was guessed without the stem, and of
    how many that was tried.
    """

    date: str
    solved_by: str
    agreement: Mapping[str, bool]
    options_alone: tuple[int, int]

    def among(self, item_ids: Iterable[str]) -> "BlindSolving":
        """The part of the record about these items."""
        wanted = set(item_ids)
        kept = {item_id: same for item_id, same in self.agreement.items() if item_id in wanted}
        return replace(self, agreement=kept)

    @property
    def solved(self) -> int:
        """How many items were solved."""
        return len(self.agreement)

    @property
    def agreed(self) -> int:
        """How many answers were the keyed ones."""
        return sum(self.agreement.values())

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Items answered otherwise than keyed."""
        return tuple(sorted(item for item, same in self.agreement.items() if not same))


@cache
def load_blind_solving() -> BlindSolving:
    """The record that comes with the shipped items."""
    path = resources.files("question_bank").joinpath("reviews/blind_solving.yaml")
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    agreement = {item: word == AGREED for item, word in data["items"].items()}
    alone = data["options_alone"]
    options_alone = (alone["guessed"], alone["items"])
    return BlindSolving(str(data["date"]), data["solved_by"], agreement, options_alone)
