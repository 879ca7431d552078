"""Every error this room raises, as one tree. Templates are one line and translatable."""

from typing import ClassVar


class RubricError(Exception):
    """Base of everything this room raises; `params` fill the class's `template`."""

    template: ClassVar[str] = "{reason}"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.template.format(**params))


class MalformedDefinition(RubricError):
    """A scale or programme file does not have the expected shape."""

    template = "{where}: expected {expected}, found {found}. Correct the definition file."


class UnknownLevel(RubricError):
    """A level code that the scale does not have."""

    template = "Level {found} is not one of {expected}. Choose one of these."


class UnknownProgramme(RubricError):
    """A programme code that the catalogue does not have."""

    template = "There is no programme {found}. Choose one of {expected}."
