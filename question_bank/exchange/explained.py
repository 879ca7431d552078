"""Feedback of foreign formats <-> the explanation of an item, as one text of paragraphs."""

from question_bank.exchange.markdown_text import markdown_of_plain
from question_bank.item import Explanation, Item, ItemType

TAKEAWAY = "要点："
"""Starts the last paragraph of a written explanation that holds the habit to take away."""


class Explained:
    """Gathers general feedback and the feedback on single answers."""

    def __init__(self, general: str = "") -> None:
        self._parts = [general.strip()] if general.strip() else []

    def add(self, answer: str, feedback: str) -> None:
        """Feedback on an answer, or on no particular one; a repetition is left out."""
        part = feedback.strip()
        if answer and part:
            part = f"{markdown_of_plain(answer)}：{part}"
        if part and part not in self._parts:
            self._parts.append(part)

    def explanation(self, **parts: object) -> Explanation:
        """All of it; `parts` are further fields of the explanation."""
        text, takeaway = "\n\n".join(self._parts), ""
        before, mark, last = text.rpartition(TAKEAWAY)
        if mark and "\n\n" not in last and (not before or before.endswith("\n\n")):
            text, takeaway = before.strip(), last.strip()
        return Explanation(text, takeaway, **parts)  # type: ignore[arg-type]


def general_feedback(item: Item) -> str:
    """Text and takeaway of an explanation as one text, from which `Explained` reads both back.

    Notes on options go along where the type has no place of its own for them.
    """
    held = item.explanation
    texts = {option.id: option.text for option in item.options}
    notes = [f"{texts[name]}：{note}" for name, note in held.option_notes.items() if note]
    takeaway = held.takeaway and f"{TAKEAWAY}{held.takeaway}"
    unplaced = notes if item.type in (ItemType.ORDER, ItemType.MATCH) else []
    return "\n\n".join(part for part in (held.text, *unplaced, takeaway) if part)
