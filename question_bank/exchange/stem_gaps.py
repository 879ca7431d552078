"""The place of a blank in the stem: `{{1}}` here, a run of underscores elsewhere."""

import re

from question_bank.interactions import BLANK_MARK

_UNDERSCORES = re.compile(r"(?:\\?_){3,}")
GAP = "_____"


def with_gap(stem: str, blank: str = "1") -> str:
    """The stem with the mark of a blank at its first run of underscores, else below the text."""
    mark = f"{{{{{blank}}}}}"
    if _UNDERSCORES.search(stem):
        return _UNDERSCORES.sub(lambda found: mark, stem, count=1)
    return f"{stem}\n\n{mark}".strip()


def around_gap(stem: str) -> tuple[str, str] | None:
    """The text before and after the only blank of a stem; None where there is another number."""
    parts = BLANK_MARK.split(stem)
    return (parts[0].strip(), parts[2].strip()) if len(parts) == 3 else None
