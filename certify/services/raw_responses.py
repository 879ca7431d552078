"""What a raw response says before it is scored: whether anything, and whether a number."""

from typing import Any

from question_bank.interactions import is_blank, read_number


def is_blank_response(response: Any) -> bool:
    """Whether a raw response says nothing."""
    return is_blank(response)


def is_readable_number(text: str) -> bool:
    """Whether a typed number can be read; one that cannot is kept as typed and earns nothing."""
    return read_number(text) is not None
