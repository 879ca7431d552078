"""Plain text as Markdown and back: what stands in a text must not turn into markup.

The items' texts are Markdown; Aiken, GIFT and HTML hold characters that are meant as they stand.
"""

import re

_PUNCTUATION = r"!-/:-@\[-`{-~"
_ANY_MARK = re.compile(r"[\\`*_<\[&$~#>|+=]|^\s*(?:-|\d+[.)])|^ {4}|\t", re.MULTILINE)
"""Whether a text needs a closer look at all; most do not."""
_INLINE = re.compile(
    rf"(?P<backslash>\\(?=[{_PUNCTUATION}]|$))"
    r"|(?P<code>`)"
    r"|(?P<star>(?<!\s)(?<!^)\*|\*(?!\s|$))"
    r"|(?P<line>(?<![^\W_])_|_(?![^\W_]))"
    r"|(?P<link>\[(?=[^\]\n]{0,500}\][(:]))"
    r"|(?P<tag><(?=[A-Za-z/!?]))"
    r"|(?P<entity>&(?=#?\w{1,32};))"
    r"|(?P<strike>~(?=~))",
    re.MULTILINE,
)
_LINE_START = re.compile(
    r"^(?P<mark>[ ]{0,3}(?:[-+*](?=\s|$)|\#{1,6}(?=\s|$)|>|[=|:_-](?=[\s|:=_-]*$)))"
    r"|^(?P<number>[ ]{0,3}\d{1,9})(?=[.)](?:\s|$))",
    re.MULTILINE,
)
_ESCAPED = re.compile(rf"\\([{_PUNCTUATION}])")
_LONE_BLANK = re.compile(r"(?:(?<=\s)|^)_{2,}(?=\s|$)", re.MULTILINE)


def markdown_of_plain(text: str) -> str:
    """Markdown that shows exactly this text; line breaks stay, indentation does not."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _ANY_MARK.search(text):
        return text
    text = re.sub(r"^[ \t]+", "", text, flags=re.MULTILINE)
    lines = _LONE_BLANK.split(text)
    gaps = _LONE_BLANK.findall(text)
    parts = [escaped_inline(part) for part in lines]
    whole = "".join(part + gap for part, gap in zip(parts, [*gaps, ""], strict=True))
    return _LINE_START.sub(_escape_line_start, whole)


def escaped_inline(text: str) -> str:
    """A run of text inside a line, its marks made harmless; `$` where two would make a formula."""
    text = _INLINE.sub(lambda found: f"\\{found[0]}", text)
    return text.replace("$", "\\$") if text.count("$") > 1 else text


def plain_of_markdown(markdown: str) -> str | None:
    """The plain text that `markdown_of_plain` turns into this; None where there is real markup."""
    plain = _ESCAPED.sub(r"\1", markdown)
    return plain if markdown_of_plain(plain) == markdown else None


def without_marks(markdown: str) -> str:
    """The text for a format that knows no markup: plain where possible, else as it is written."""
    plain = plain_of_markdown(markdown)
    return markdown if plain is None else plain


def _escape_line_start(found: re.Match[str]) -> str:
    mark = found["mark"]
    if mark is not None:
        return f"{mark[:-1]}\\{mark[-1]}"
    return f"{found['number']}\\"
