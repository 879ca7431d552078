"""One page of a longer list, whatever its rows are."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a longer list; `number` counts from 1."""

    rows: tuple[Any, ...]
    total: int
    number: int
    size: int

    @property
    def count(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.size))
