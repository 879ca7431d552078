"""Every error this room raises, as one tree. Templates are one line and translatable."""

from typing import ClassVar


class QuestionBankError(Exception):
    """Base of everything this room raises; `params` fill the class's `template`."""

    template: ClassVar[str] = "{reason}"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.template.format(**params))


class MalformedItem(QuestionBankError):
    """An item's data does not have the shape of the item format."""

    template = "{where}: expected {expected}, found {found}. Correct this field and load again."


class UnreadableContent(QuestionBankError):
    """A content or framework file cannot be parsed at all."""

    template = "{where}: not readable as YAML ({reason}). Correct the file and load again."


class DuplicateItem(QuestionBankError):
    """Two items of one bank carry the same identifier."""

    template = "{where}: item id {item_id} is used twice. Give one of them another number."


class MalformedFramework(QuestionBankError):
    """The skill model's file contradicts itself."""

    template = "{where}: expected {expected}, found {found}. Correct the skill model file."


class InvalidRelease(QuestionBankError):
    """The items offered for a release have findings that forbid it."""

    template = (
        "The release was not published: {count} item(s) have errors. "
        "First, item {item_id}: {message}."
    )


class EmptyRelease(QuestionBankError):
    """A release needs at least one approved item."""

    template = "The release was not published: no item is ready. Add or approve items first."


class CorruptRelease(QuestionBankError):
    """Stored release content does not hash to its digest."""

    template = (
        "Bank release {digest}: the stored content hashes to {found}. "
        "Restore the release from a backup; it must not be used."
    )


class MalformedResponse(QuestionBankError):
    """A response does not fit the item's interaction."""

    template = "Item {item_id}: expected {expected}, found {found}. Answer again."
