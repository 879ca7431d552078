"""An immutable element tree of QTI markup, and its text form. Knows no meaning of any element.

Elements of QTI and of XHTML stand in one namespace, as in QTI 3.0, and are told apart by the
prefix `qti-` of their names. Elements of any other namespace (MathML, SVG) carry its name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

QTI_NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATHML = "http://www.w3.org/1998/Math/MathML"
XINCLUDE = "http://www.w3.org/2001/XInclude"
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Node:
    """One element: children are elements and pieces of text, in document order.

    Attributes of a foreign namespace are named `{namespace}name`; those of XML itself `xml:name`.
    """

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: "tuple[Node | str, ...]" = ()
    namespace: str = ""

    @property
    def elements(self) -> "tuple[Node, ...]":
        """The child elements, without the text between them."""
        return tuple(child for child in self.children if isinstance(child, Node))

    @property
    def text(self) -> str:
        """All text below this element, joined."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def get(self, name: str, default: str = "") -> str:
        """An attribute's value."""
        return self.attributes.get(name, default)

    def flag(self, name: str, default: bool = False) -> bool:
        """An attribute of type boolean; anything but true and 1 is false."""
        value = self.attributes.get(name)
        return default if value is None else value.strip().lower() in ("true", "1")

    def child(self, *names: str) -> "Node | None":
        """The first child element of one of these names."""
        return next((node for node in self.elements if node.name in names), None)

    def all(self, name: str) -> "tuple[Node, ...]":
        """The child elements of this name."""
        return tuple(node for node in self.elements if node.name == name)

    def walk(self) -> "Iterator[Node]":
        """This element and all below it, in document order."""
        yield self
        for node in self.elements:
            yield from node.walk()


def to_text(root: Node) -> str:
    """The tree as an XML document in UTF-8, with namespaces declared where they change."""
    return XML_DECLARATION + "".join(_written(root, None)) + "\n"


def _written(node: Node, outer: str | None) -> Iterator[str]:
    namespace = node.namespace or QTI_NAMESPACE
    declared = {} if namespace == outer else {"xmlns": namespace}
    attributes = {**declared, **_prefixed(node.attributes)}
    start = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    if not node.children:
        yield f"<{node.name}{start}/>"
        return
    yield f"<{node.name}{start}>"
    for child in node.children:
        if isinstance(child, str):
            yield escape(child, {"\r": "&#13;"})
        else:
            yield from _written(child, namespace)
    yield f"</{node.name}>"


def _prefixed(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes with a prefix for each foreign namespace, declared beside them."""
    written: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for name, value in attributes.items():
        if name.startswith("{"):
            namespace, _, local = name[1:].partition("}")
            prefix = prefixes.setdefault(namespace, f"n{len(prefixes) + 1}")
            written[f"xmlns:{prefix}"] = namespace
            written[f"{prefix}:{local}"] = value
        else:
            written[name] = value
    return written
