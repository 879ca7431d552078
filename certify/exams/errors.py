"""Every error this room raises, as one tree. Templates are one line and translatable."""

from typing import ClassVar


class ExamError(Exception):
    """Base of everything this room raises; `params` fill the class's `template`."""

    template: ClassVar[str] = "{reason}"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.template.format(**params))


class InvalidBlueprint(ExamError):
    """A blueprint contradicts itself."""

    template = "Blueprint {where}: expected {expected}, found {found}. Correct the programme file."


class BlueprintNotSatisfiable(ExamError):
    """The bank release has too few items of a dimension for a blueprint."""

    template = (
        "Blueprint {where}: dimension {dimension} needs {needed} items, the bank release has "
        "{found}. Add items or lower the share, then publish a new release."
    )


class AttemptEnded(ExamError):
    """The attempt accepts no more answers."""

    template = "This exam has ended ({state}). Answers received in time are counted."


class WrongPosition(ExamError):
    """An answer for an item that is not the current one."""

    template = "Expected an answer to item {expected}, found one to item {found}. Reload the page."


class StaleResponse(ExamError):
    """An answer older than the one already stored, as from a second tab."""

    template = (
        "A newer answer to item {position} is already saved (revision {stored}, received {found}). "
        "Reload the page to see it."
    )


class CorruptTranscript(ExamError):
    """A transcript cannot be read, or its items or answers do not fit the bank release."""

    template = "The transcript is not readable ({reason}). It cannot be replayed."


class UnknownTranscriptFormat(CorruptTranscript):
    """A transcript of a format that this version does not know."""

    template = "The transcript has format {found}, expected {expected}. It cannot be replayed."


class ItemMissingFromRelease(CorruptTranscript):
    """A transcript and a bank release that do not belong together."""

    template = (
        "Transcript of attempt {attempt_id}: item {position} ({item_id}) is not in the bank "
        "release. It cannot be replayed."
    )


class MisfitTranscriptAnswer(CorruptTranscript):
    """An answer that its item cannot have."""

    template = (
        "Transcript of attempt {attempt_id}: the stored answer does not fit item {item_id}. "
        "It cannot be replayed."
    )
