"""The items that come with the product, read from `content/`."""

from functools import cache
from importlib import resources

from question_bank.curriculum import load_curriculum
from question_bank.exchange.native import read_content
from question_bank.item import Item
from question_bank.skills import load_skill_model


@cache
def load_shipped_items() -> tuple[Item, ...]:
    """Every shipped item with its place in the curriculum, ordered by id.

    Raises the errors of `exchange.native.read_content`.
    """
    folder = resources.files("question_bank") / "content"
    curriculum = load_curriculum()
    return tuple(curriculum.tagged(item) for item in read_content(folder, load_skill_model()))
