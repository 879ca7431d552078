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


class AttemptNotRunning(ExamError):
    """The clock of the attempt does not run: not started, paused, in a break, or over."""

    template = "This exam does not accept answers now ({state}). Wait, or ask the invigilator."


class OlderPage(ExamError):
    """An answer from a page that was opened before another one took over."""

    template = (
        "This exam was opened again elsewhere (page {newest}, this is page {found}). "
        "Reload this page to go on here."
    )


class WrongPosition(ExamError):
    """An answer for an item that is not the current one."""

    template = "Expected an answer to item {expected}, found one to item {found}. Reload the page."


class StaleResponse(ExamError):
    """An answer older than the one already stored, as from a second tab."""

    template = (
        "A newer answer to item {position} is already saved (revision {stored}, received {found}). "
        "Reload the page to see it."
    )


class CorruptExposurePlan(ExamError):
    """A stored exposure plan does not hash to its digest."""

    template = (
        "Exposure plan {digest}: the stored content hashes to {found}. "
        "Restore it from a backup; it must not be used."
    )


class CorruptCalibration(ExamError):
    """A stored calibration does not hash to its digest."""

    template = (
        "Calibration {digest}: the stored content hashes to {found}. "
        "Restore it from a backup; it must not be used."
    )


class CalibrationImpossible(ExamError):
    """The responses do not carry a calibration."""

    template = (
        "These responses cannot be calibrated: {items} item(s) have at least {least} responses, "
        "right and wrong ones among them, in {attempts} exam(s). Calibrate several sessions of one "
        "release together, or release the results as they are."
    )


class CalibrationNotConverged(ExamError):
    """The estimates did not settle."""

    template = (
        "The calibration did not settle after {iterations} step(s) (last change {change:.3g}). "
        "Ask for more responses per item, or release the results as they are."
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


class BlueprintFault(ExamError):
    """A number of a paper's blueprint that cannot be, or that contradicts another."""


class FieldOutOfRange(BlueprintFault):
    """A number outside its range."""

    template = "{field}: expected {lowest} to {highest}, found {found}."


class UnknownValue(BlueprintFault):
    """A value that does not exist, or a list of the wrong length."""

    template = "{field}: the value {found} does not fit here. Choose one that is offered."


class CrossedItems(BlueprintFault):
    """Items that are both required and excluded."""

    template = "Items {items} are both required and excluded. Take them out of one list."


class NoSections(BlueprintFault):
    """A paper without any item type."""

    template = "The paper has no type of item. Give points to at least one type."


class DuplicateRule(BlueprintFault):
    """Two rules about the same thing."""

    template = "{attribute} {value} has two rules. Keep one of them."


class CrossedBounds(BlueprintFault):
    """A rule that asks for more than it allows."""

    template = "{attribute} {value}: at least {least} and at most {most} items. Swap the numbers."


class RulesTooLarge(BlueprintFault):
    """Rules that ask for more items than the paper has."""

    template = (
        "{attribute}: the rules ask for {needed} items, the paper has {length}. "
        "Lower a minimum or make the paper longer."
    )


class MalformedForm(ExamError):
    """A stored paper or blueprint that cannot be read."""

    template = "The stored paper or blueprint is not readable ({reason})."


class AssemblyFailed(ExamError):
    """No paper was found, though none of the rules was found to be in the way."""

    template = (
        "No paper was found within {seconds} seconds. Loosen a rule or ask for fewer forms, "
        "then try again."
    )


class PaperNotPossible(ExamError):
    """The bank cannot give the paper."""

    template = (
        "The newest release cannot give the paper {title}. Check the blueprint: it names the "
        "requirements in the way."
    )
