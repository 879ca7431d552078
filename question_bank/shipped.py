"""The items that come with the product, read from `content/`."""

from functools import cache
from importlib import resources

from question_bank.exchange.native import read_content
from question_bank.item import Item
from question_bank.skills import load_skill_model


@cache
def load_shipped_items() -> tuple[Item, ...]:
    """Every shipped item, ordered by id. Raises the errors of `exchange.native.read_content`."""
    return read_content(resources.files("question_bank") / "content", load_skill_model())
