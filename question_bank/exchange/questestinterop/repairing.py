"""QTI 1.x documents that are not well-formed, read as far as they can be understood.

Old tools wrote many such files (a tag not closed, a bare &), and other programs accept them. The
result is never trusted more than a well-formed one: no entity is expanded, nothing is fetched.
"""

import re

from lxml import etree

from question_bank.qti.tree import Node

LARGEST_REPAIRED = 4 << 20
DEEPEST = 100
_MARK = re.compile(rb"<\s*(\w+:)?(questestinterop|item)[\s>]")
_FORBIDDEN = re.compile(rb"<!ENTITY", re.IGNORECASE)
_STRAY_AMPERSAND = re.compile(rb"&(?!#?\w{1,32};)")
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,300}\?>")


def repaired_document(content: bytes) -> Node | None:
    """The root of a damaged document; None for what is no QTI 1.x or cannot be mended."""
    if len(content) > LARGEST_REPAIRED or _FORBIDDEN.search(content):
        return None
    if _MARK.search(content[:20_000]) is None:
        return None
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    clean = _STRAY_AMPERSAND.sub(b"&amp;", _DECLARATION.sub(b"", content))
    try:
        root = etree.fromstring(clean, parser)
    except (etree.LxmlError, ValueError):
        return None
    if root is None or not any(each.tag for each in root.iter(etree.Element)):
        return None
    return _node(root, 0)


def _node(element: etree._Element, depth: int) -> Node:
    name = etree.QName(element)
    children: list[Node | str] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and depth < DEEPEST:
            children.append(_node(child, depth + 1))
        children.append(child.tail or "")
    held = {str(key): str(value) for key, value in element.attrib.items()}
    kept = tuple(child for child in children if child != "")
    return Node(name.localname, held, kept, name.namespace or "")
