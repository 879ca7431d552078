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


class MarkupError(QuestionBankError):
    """Base of what can be wrong with an XML document before anybody asks what it says."""


class UnreadableMarkup(MarkupError):
    """The text is not well-formed XML, or its encoding is unknown."""

    template = "{where}: not readable as XML ({reason}). Correct the file and load again."


class EntityInMarkup(MarkupError):
    """The document declares entities, which can blow up or fetch files."""

    template = (
        "{where}: refused, because the document declares entities. "
        "Write the characters themselves and remove the declarations."
    )


class OversizedMarkup(MarkupError):
    """A document, or one text in it, is larger than an exchange file needs to be."""

    template = "{where}: larger than {limit} MB. Split the file and load again."


class NestedMarkup(MarkupError):
    """Elements are nested deeper than an item needs."""

    template = "{where}: elements nested deeper than {limit}. Simplify the file and load again."


class CrowdedMarkup(MarkupError):
    """There are more elements than an exchange file needs."""

    template = "{where}: more than {limit} elements. Split the file and load again."


class MalformedMarkup(MarkupError):
    """A readable document that is not what was asked for."""

    template = "{where}: expected {expected}, found {found}. Correct the file and load again."


class UnsupportedMarkup(QuestionBankError):
    """An item's processing uses elements that QTI does not have, so it cannot be scored."""

    template = "Item {item_id}: {feature} is not supported. Replace it, or mark this item by hand."


class UnboundedProcessing(QuestionBankError):
    """An item's processing would take more steps or space than any real item does."""

    template = "Item {item_id}: its processing does not come to an end. Correct its rules."


class UnfitFile(QuestionBankError):
    """A file is of no kind that an item may have."""

    template = (
        "File {name}: not of a kind that items have. Use PNG, JPEG, GIF, WebP, SVG, PDF, MP3, OGG, "
        "WAV, MP4 or WebM."
    )


class UnsafeDrawing(QuestionBankError):
    """A drawing could run or fetch something."""

    template = (
        "File {name}: the drawing holds {part}, which may run or fetch something. "
        "Remove it, or save the drawing as PNG."
    )


class OversizedFile(QuestionBankError):
    """A file is larger than items may carry."""

    template = "File {name}: larger than {most} MB. Make it smaller and send it again."


class ArchiveError(QuestionBankError):
    """Base of what makes a ZIP package unfit to be read."""


class UnreadableArchive(ArchiveError):
    """The file is no ZIP archive, or damaged."""

    template = "{where}: not readable as a ZIP package ({reason}). Pack it again and send it again."


class ArchiveTooLarge(ArchiveError):
    """The package itself is larger than an exchange file needs to be."""

    template = "{where}: the package is larger than {limit} MB. Split it and load again."


class ArchiveOverfull(ArchiveError):
    """The package has more entries than an exchange file needs."""

    template = "{where}: more than {limit} files in the package. Split it and load again."


class CompressionBomb(ArchiveError):
    """Unpacked, the content would be far larger than the package, or than we read."""

    template = (
        "{where}: refused, because it unpacks to far more than its size "
        "or to more than {limit} MB. Leave this content out and load again."
    )


class ArchiveOutside(ArchiveError):
    """An entry names a place outside the package."""

    template = (
        "{where}: refused, because the entry {entry} points outside the package. "
        "Pack it again with plain names."
    )


class ArchiveLink(ArchiveError):
    """An entry is a symbolic link or a device instead of a file."""

    template = "{where}: refused, because the entry {entry} is a link. Pack the file itself."


class ArchiveEncrypted(ArchiveError):
    """An entry is encrypted."""

    template = "{where}: the entry {entry} is encrypted. Pack it again without a password."


class ArchiveDuplicate(ArchiveError):
    """Two entries carry the same name, so that nobody knows which is meant."""

    template = "{where}: the entry {entry} stands there twice. Pack it again with unique names."
