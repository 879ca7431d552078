"""Moodle XML as a stream of question elements, and its texts with their embedded files.

The file is read question by question, without DTD, entities or network; libxml2's own limits on
depth and text stay on (10 MB for one text).
"""

import base64
import binascii
import mimetypes
import re
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote

from lxml import etree

from question_bank.exchange.drafts import kept_file
from question_bank.exchange.html_text import looks_like_html, markdown_of_html
from question_bank.exchange.markdown_text import markdown_of_plain
from question_bank.exchange.problems import UNREADABLE_FILE, Problem, ProblemKind, changed, lost
from question_bank.item import ItemFile

PLUGIN_FILE = "@@PLUGINFILE@@/"
DECLARES_DTD = lost("the file declares a document type or entities; remove the declaration")
BAD_FILE = lost("the embedded file {name} is damaged (no base64); embed it again")
REMOTE_PICTURE = changed("the picture {address} lies elsewhere; upload it and name it here")
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DATA_ADDRESS = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,(.*)", re.DOTALL)
_MARKDOWN_PICTURE = re.compile(rf"(\]\(<?){re.escape(PLUGIN_FILE)}([^)>\s]*)")


def questions_of(content: bytes, file: str) -> Iterator[etree._Element | Problem]:
    """Each `question` element, then a problem where the file breaks off.

    An element is only good until the next one is asked for.
    """
    if _DTD.search(content):
        yield DECLARES_DTD.at(file)
        return
    stream = etree.iterparse(
        BytesIO(content),
        events=("end",),
        tag="question",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _event, element in stream:
            if element.getroottree().docinfo.internalDTD is not None:
                yield DECLARES_DTD.at(file)
                return
            yield element
            element.clear()
    except etree.XMLSyntaxError as error:
        row = error.lineno or None
        yield UNREADABLE_FILE.at(file, row=row, reason=str(error.msg or "no XML"))


class Texts:
    """Turns the text elements of one question into Markdown, and collects their files."""

    def __init__(self, file: str, item_id: str) -> None:
        self.file, self.item_id = file, item_id
        self.files: dict[str, ItemFile] = {}
        self.problems: list[Problem] = []

    def tell(self, kind: ProblemKind, row: int | None, **params: str) -> None:
        """A problem of this question."""
        self.problems.append(kind.at(self.file, row=row, item_id=self.item_id, **params))

    def markdown(self, element: etree._Element | None, written: str | None = None) -> str:
        """The text of an element such as `questiontext`, by its format; empty without an element.

        `written` stands for the element's own text.
        """
        if element is None:
            return ""
        written = text_of(element, "text") if written is None else written
        names = {}
        for part in element.iterfind("file"):
            given = part.get("name", "") or "file"
            names[given] = self._kept(given, "".join(part.itertext()), part.sourceline)
        text_format = element.get("format", "moodle_auto_format")
        if text_format == "markdown":
            return _MARKDOWN_PICTURE.sub(
                lambda found: found[1] + names.get(unquote(found[2]), found[2]), written
            ).strip()
        if text_format == "plain_text" or not (text_format == "html" or looks_like_html(written)):
            return markdown_of_plain(written.strip())
        row = element.sourceline
        return markdown_of_html(written, lambda address: self._picture(address, names, row))

    def _picture(self, address: str, names: dict[str, str], row: int | None) -> str:
        embedded = _DATA_ADDRESS.fullmatch(address)
        if embedded:
            suffix = mimetypes.guess_extension(embedded[1]) or ""
            return self._kept(f"picture{suffix}", embedded[2], row, embedded[1])
        if address.startswith(PLUGIN_FILE):
            name = unquote(address.removeprefix(PLUGIN_FILE)).split("?")[0]
            return names.get(name.rsplit("/", 1)[-1], name)
        self.tell(REMOTE_PICTURE, row, address=address)
        return address

    def _kept(self, given: str, encoded: str, row: int | None, media_type: str = "") -> str:
        """Keep an embedded file and give the name it got: another one if the name is taken."""
        try:
            content = base64.b64decode("".join(encoded.split()), validate=True)
        except (binascii.Error, ValueError):
            self.tell(BAD_FILE, row, name=given)
            return given
        media_type = media_type or mimetypes.guess_type(given)[0] or "application/octet-stream"
        stem, dot, suffix = re.sub(r"[\\/()<>\s]+", "-", given).rpartition(".")
        number, name = 1, f"{stem}{dot}{suffix}"
        file = kept_file(name, media_type, content)
        while name in self.files and self.files[name].digest != file.digest:
            number += 1
            name = f"{stem or suffix}-{number}{dot}{suffix if stem else ''}"
        self.files[name] = kept_file(name, media_type, content)
        return name


def text_of(element: etree._Element, path: str, default: str = "") -> str:
    """The text of a descendant, white space at the ends removed."""
    found = element.find(path)
    return default if found is None else "".join(found.itertext()).strip() or default
