"""The one door for XML: a document becomes an element tree, and nothing else ever happens.

No entity is declared or expanded, no DTD, schema, stylesheet or inclusion is fetched, and sizes,
depth and number of elements are bounded while reading, so that no document can hang the reader or
fill its memory. What the elements mean is not known here.
"""

import codecs
import re
from collections.abc import Mapping
from html.entities import html5
from pathlib import Path
from typing import Any
from xml.parsers import expat

from question_bank.errors import (
    CrowdedMarkup,
    EntityInMarkup,
    NestedMarkup,
    OversizedMarkup,
    UnreadableMarkup,
)
from question_bank.qti.tree import MATHML, XINCLUDE, Node

MEGABYTE = 1 << 20
LARGEST_DOCUMENT = 16 * MEGABYTE
LARGEST_TEXT = 4 * MEGABYTE
DEEPEST_NESTING = 120
MOST_ELEMENTS = 250_000
MOST_ATTRIBUTES = 500_000
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252"}
_ENCODING = re.compile(
    r"(utf|ucs|iso|us|windows|cp|gb|big|euc|shift|koi|latin|mac)[0-9a-z_-]*|ascii|ms936"
)
"""Names of character sets; other codecs of Python do more than decoding."""
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CUSTOMARY = {
    "m": MATHML,
    "math": MATHML,
    "mml": MATHML,
    "xi": XINCLUDE,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xlink": "http://www.w3.org/1999/xlink",
}
"""What a prefix means in a file that forgot to declare it."""


def read_markup_file(path: Path, where: str = "") -> Node:
    """The root element of a file. Raises MarkupError; OSError where it cannot be opened."""
    name = where or path.name
    if path.stat().st_size > LARGEST_DOCUMENT:
        raise OversizedMarkup(where=name, limit=LARGEST_DOCUMENT // MEGABYTE)
    return read_markup(path.read_bytes(), name)


def read_markup(content: bytes | str, where: str) -> Node:
    """The root element of a document.

    Raises a MarkupError that names `where`: text that is no XML, declared entities, or a document
    beyond the limits of this module.
    """
    if len(content) > LARGEST_DOCUMENT:
        raise OversizedMarkup(where=where, limit=LARGEST_DOCUMENT // MEGABYTE)
    text = content if isinstance(content, str) else decoded(content, where)
    if text.count('="') + text.count("='") > MOST_ATTRIBUTES:
        raise CrowdedMarkup(where=where, limit=MOST_ATTRIBUTES)
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).lstrip()
    try:
        return _TreeBuilder(where).build(text)
    except expat.ExpatError as error:
        if error.code != expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
            raise UnreadableMarkup(where=where, reason=str(error)) from error
    try:
        return _TreeBuilder(where).build(_NAMED_ENTITY.sub(_character, text))
    except expat.ExpatError as error:
        raise UnreadableMarkup(where=where, reason=str(error)) from error


def decoded(content: bytes, where: str) -> str:
    """The text of a document by its byte order mark, its declaration, or as UTF-8.

    Raises UnreadableMarkup for an unknown encoding and for bytes that are not in it.
    """
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "")
    if not encoding:
        declared = _DECLARED.match(content)
        named = declared[1].decode("ascii").lower() if declared else "utf-8"
        encoding = _WIDER.get(named, named)
    try:
        if encoding.startswith("utf-16") and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            encoding = "utf-8" if content[1:2] != b"\x00" else "utf-16-le"
        if not _ENCODING.fullmatch(encoding):
            raise LookupError(f"unknown encoding: {encoding}")
        return content.decode(encoding)
    except (LookupError, UnicodeError) as error:
        raise UnreadableMarkup(where=where, reason=str(error)[:200]) from error


def _character(found: re.Match[str]) -> str:
    """A named character of HTML as a number, which XML knows without a DTD."""
    name = found[1]
    if name in _OF_XML:
        return found[0]
    characters = html5.get(f"{name};", "")
    return "".join(f"&#{ord(character)};" for character in characters) or found[0]


class _TreeBuilder:
    """Builds the tree from expat's events. Prefixes are resolved here: lax files forget some."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._stack: list[tuple[str, Mapping[str, str], list[Node | str], str]] = []
        self._scopes: list[dict[str, str]] = [{"": "", "xml": XML_NAMESPACE}]
        self._text: list[str] = []
        self._text_length = 0
        self._elements = 0
        self._root: Node | None = None

    def build(self, text: str) -> Node:
        """Parse the whole text; expat.ExpatError where it is not well-formed."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
        if self._root is None:
            raise UnreadableMarkup(where=self._where, reason="no element")
        return self._root

    def _entity(self, *_details: Any) -> None:
        raise EntityInMarkup(where=self._where)

    def _characters(self, data: str) -> None:
        self._text_length += len(data)
        if self._text_length > LARGEST_TEXT:
            raise OversizedMarkup(where=self._where, limit=LARGEST_TEXT // MEGABYTE)
        self._text.append(data)

    def _flush(self) -> None:
        if self._text and self._stack:
            self._stack[-1][2].append("".join(self._text))
        self._text.clear()
        self._text_length = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._flush()
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise CrowdedMarkup(where=self._where, limit=MOST_ELEMENTS)
        if len(self._stack) >= DEEPEST_NESTING:
            raise NestedMarkup(where=self._where, limit=DEEPEST_NESTING)
        scope = self._declared(attributes)
        namespace, local = _resolved(name, scope, scope[""])
        held = {
            _attribute_name(key, scope): value
            for key, value in attributes.items()
            if key != "xmlns" and not key.startswith("xmlns:")
        }
        self._stack.append((local, held, [], namespace))

    def _declared(self, attributes: Mapping[str, str]) -> dict[str, str]:
        scope = self._scopes[-1]
        added = {
            key[6:]: value
            for key, value in attributes.items()
            if key == "xmlns" or key.startswith("xmlns:")
        }
        self._scopes.append({**scope, **added} if added else scope)
        return self._scopes[-1]

    def _end(self, _name: str) -> None:
        self._flush()
        self._scopes.pop()
        name, attributes, children, namespace = self._stack.pop()
        node = Node(name, attributes, tuple(children), namespace)
        if self._stack:
            self._stack[-1][2].append(node)
        else:
            self._root = node


def _resolved(name: str, scope: Mapping[str, str], default: str) -> tuple[str, str]:
    prefix, colon, local = name.partition(":")
    if not colon:
        return default, name
    return scope.get(prefix, _CUSTOMARY.get(prefix, "")), local


def _attribute_name(name: str, scope: Mapping[str, str]) -> str:
    namespace, local = _resolved(name, scope, "")
    if namespace == XML_NAMESPACE:
        return f"xml:{local}"
    return f"{{{namespace}}}{local}" if namespace else local
