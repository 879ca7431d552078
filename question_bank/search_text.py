"""What a search looks through in an item besides its id and stem."""

from collections.abc import Iterator

from question_bank.answer_key import BlanksKey, EssayKey
from question_bank.item import Item


def search_text(item: Item) -> str:
    """Options, targets, answers, explanation, case and tags in words, one a line."""
    return "\n".join(text for text in _texts(item) if text)


def _texts(item: Item) -> Iterator[str]:
    for option in (*item.options, *item.targets):
        yield option.text
    yield from _answer_texts(item)
    yield item.explanation.text
    yield item.explanation.takeaway
    yield from item.explanation.option_notes.values()
    yield from (wrong.note for wrong in item.explanation.wrong_answers)
    if item.stimulus:
        yield item.stimulus.title
        yield item.stimulus.text
    yield item.point
    yield item.source


def _answer_texts(item: Item) -> Iterator[str]:
    match item.answer_key:
        case BlanksKey(blanks=blanks):
            yield from (answer.text for blank in blanks for answer in blank.accepted)
        case EssayKey(reference=reference):
            yield reference
