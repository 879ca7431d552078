"""Everything the web room itself raises, as one tree."""

from __future__ import annotations

from typing import ClassVar


class WebError(Exception):
    """Base of everything this room raises."""

    template: ClassVar[str] = "{reason}"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.template.format(**params))


class SecretKeyTooShort(WebError):
    template: ClassVar[str] = (
        "The secret key must have at least {expected} characters in production, found {found}. "
        "Set a longer random secret key."
    )


class UnknownLanguage(WebError):
    template: ClassVar[str] = (
        "The language must be one of {expected}, found {found}. Choose one of these."
    )


class UnknownTimeZone(WebError):
    template: ClassVar[str] = (
        "The time zone {found} is not known. Use an IANA name such as Asia/Shanghai."
    )


class NaiveDateTime(WebError):
    template: ClassVar[str] = (
        "A time with a zone was expected, found {found} without one. Pass an aware UTC datetime."
    )


class WrongDimensions(WebError):
    template: ClassVar[str] = (
        "A profile needs the dimensions {expected} in this order, found {found}. "
        "Pass each dimension once."
    )
