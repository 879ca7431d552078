"""QTI 3.0 -> 2.2 and 2.1: names, namespaces, and what the older versions do not have.

What an older version cannot say is left out of the element tree and told as a problem.
"""

import mimetypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from question_bank.exchange.problems import ProblemKind
from question_bank.exchange.qti.writing_problems import LEFT_OUT, SHOWN_OTHERWISE
from question_bank.qti.names import QTI_2_NAMES
from question_bank.qti.standard_templates import template_name
from question_bank.qti.tree import QTI_NAMESPACE, Node

XSI = "http://www.w3.org/2001/XMLSchema-instance"


class Version(StrEnum):
    """The versions of QTI that can be written."""

    V3_0 = "3.0"
    V2_2 = "2.2"
    V2_1 = "2.1"


@dataclass(frozen=True, slots=True)
class Flavour:
    """The addresses of one version: namespaces, schemas, templates, types of resources."""

    namespace: str
    schema: str
    templates: str
    suffix: str
    resource: str


FLAVOURS = {
    Version.V3_0: Flavour(
        QTI_NAMESPACE,
        "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
        "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates",
        ".xml",
        "v3p0",
    ),
    Version.V2_2: Flavour(
        "http://www.imsglobal.org/xsd/imsqti_v2p2",
        "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
        "http://www.imsglobal.org/question/qti_v2p2/rptemplates",
        "",
        "v2p2",
    ),
    Version.V2_1: Flavour(
        "http://www.imsglobal.org/xsd/imsqti_v2p1",
        "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
        "http://www.imsglobal.org/question/qti_v2p1/rptemplates",
        "",
        "v2p1",
    ),
}
"""Source: the schema locations that the specifications of QTI 2.1, 2.2 and 3.0 give."""
ONLY_3 = frozenset(
    (
        *("qti-catalog-info", "qti-context-declaration", "qti-companion-materials-info"),
        *("qti-portable-custom-interaction", "qti-interaction-modules", "qti-include"),
    )
)
ONLY_FROM_2_2 = frozenset(("qti-assessment-stimulus-ref", "audio", "video", "figure", "section"))
_HTML_5 = frozenset(
    (
        *("article", "aside", "bdi", "bdo", "details", "figcaption", "figure", "footer", "header"),
        *(
            "mark",
            "nav",
            "picture",
            "rb",
            "rp",
            "rt",
            "ruby",
            "section",
            "summary",
            "time",
            "track",
        ),
        *("s", "u", "del", "ins", "strike"),
    )
)
"""Elements that 2.1 does not know; their content stays."""
_PICTURED = frozenset(
    (
        *("qti-hotspot-interaction", "qti-select-point-interaction", "qti-drawing-interaction"),
        *("qti-graphic-order-interaction", "qti-graphic-associate-interaction"),
        *("qti-graphic-gap-match-interaction", "qti-position-object-stage", "qti-gap-img"),
    )
)
_ATTRIBUTES_OF_3 = re.compile(r"data-.*|aria-.*|role|dir|label")
EXTERNAL = "external-scored"
_CAMEL = re.compile(r"-([a-z0-9])")
Say = Callable[..., None]


def in_version(root: Node, version: Version, say: Say) -> Node:
    """The element tree of an item or stimulus in a version, with its schema named."""
    flavour = FLAVOURS[version]
    node = _Converter(version, say).tree(root)
    schema = {f"{{{XSI}}}schemaLocation": f"{flavour.namespace} {flavour.schema}"}
    return Node(node.name, {**node.attributes, **schema}, node.children, node.namespace)


class _Converter:
    def __init__(self, version: Version, say: Say) -> None:
        self._version = version
        self._say = say
        self._flavour = FLAVOURS[version]

    def tree(self, node: Node) -> Node:
        """One element with everything below it."""
        if node.namespace:
            return node
        children = tuple(part for child in node.children for part in self._part(child, node))
        if self._version is Version.V3_0:
            return Node(node.name, self._addressed(node), children)
        name = QTI_2_NAMES.get(node.name, node.name)
        return Node(name, self._attributes(node), children, self._flavour.namespace)

    def _part(self, child: Node | str, parent: Node) -> Iterator[Node | str]:
        if isinstance(child, str) or self._version is Version.V3_0:
            yield child if isinstance(child, str) else self.tree(child)
        elif child.name == "qti-content-body":
            yield from self.tree(child).children
        elif child.name in ONLY_3 or (self._is_2_1 and child.name in ("audio", "video")):
            self._tell(LEFT_OUT, child.name)
        elif child.name in _HTML_5 and (self._is_2_1 or child.name not in ONLY_FROM_2_2):
            self._tell(SHOWN_OTHERWISE, child.name)
            yield from self._shown(child)
        elif child.name == "img" and parent.name in _PICTURED:
            yield self._object(child)
        else:
            yield self.tree(child)

    def _shown(self, node: Node) -> Iterator[Node | str]:
        """An element that the version does not know: its content in a span or a div."""
        inline = all(isinstance(part, str) or not _is_block(part) for part in node.children)
        yield self.tree(Node("span" if inline else "div", {}, node.children))

    @property
    def _is_2_1(self) -> bool:
        return self._version is Version.V2_1

    def _tell(self, kind: ProblemKind, name: str) -> None:
        self._say(kind, parts=name, version=str(self._version))

    def _object(self, node: Node) -> Node:
        """A picture within a graphic interaction."""
        kind = mimetypes.guess_type(node.get("src"))[0] or "image/png"
        size = {name: node.get(name) for name in ("width", "height") if node.get(name)}
        held = {"data": node.get("src"), "type": kind, **size}
        return Node("object", held, (node.get("alt"),), self._flavour.namespace)

    def _attributes(self, node: Node) -> dict[str, str]:
        held = {}
        for name, value in self._addressed(node).items():
            if name == EXTERNAL and self._is_2_1:
                continue  # there, a response that people mark is one without rules
            if self._lacks(name, node):
                self._tell(LEFT_OUT, name)
            else:
                held[self._attribute(node, name)] = value
        return held

    def _lacks(self, name: str, node: Node) -> bool:
        """Whether the version has no such attribute."""
        if name == "label" and node.name.startswith("qti-"):
            return False
        new = _ATTRIBUTES_OF_3.fullmatch(name) is not None
        return new and (self._is_2_1 or name.startswith("data-"))

    def _attribute(self, node: Node, name: str) -> str:
        if not node.name.startswith("qti-") or name.startswith(("{", "aria-")) or ":" in name:
            return name
        return _CAMEL.sub(lambda found: found[1].upper(), name)

    def _addressed(self, node: Node) -> dict[str, str]:
        """The attributes, the address of a standard template in this version."""
        if node.name != "qti-response-processing" or not node.get("template"):
            return dict(node.attributes)
        address = f"{self._flavour.templates}/{template_name(node)}{self._flavour.suffix}"
        held = {key: value for key, value in node.attributes.items() if key != "template-location"}
        return {**held, "template": address}


def _is_block(node: Node) -> bool:
    return node.name in ("div", "p", "table", "ul", "ol", "dl", "pre", "blockquote") or (
        node.name.startswith("qti-") and node.name.endswith("-interaction")
    )
