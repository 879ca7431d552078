"""Brings a parsed document to the vocabulary of QTI 3.0. Reads QTI 2.0 to 3.0 alike.

Namespaces of any QTI version, of XHTML, and none at all become the one namespace of QTI 3.0;
blocks of QTI 2.x that hold their content directly get the `qti-content-body` of QTI 3.0.
"""

from question_bank.qti.names import attribute_name, element_name
from question_bank.qti.tree import MATHML, Node

_XHTML = "http://www.w3.org/1999/xhtml"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_FOREIGN_WITHIN_1EDTECH = ("imsmd", "metadata", "lom", "imscp", "apip", "ssml", "csm", "imscc")
_WITH_CONTENT_BODY = frozenset(
    {"qti-rubric-block", "qti-modal-feedback", "qti-feedback-block", "qti-template-block"}
)
_BESIDE_CONTENT_BODY = frozenset({"qti-stylesheet", "qti-catalog-info", "qti-content-body"})


_ROOTS = frozenset({"assessmentItem", "assessmentTest", "assessmentStimulus"})


def normalised(root: Node) -> Node:
    """The same tree in the names of QTI 3.0.

    A root of QTI in a namespace that nobody knows is QTI all the same, and so is what shares it.
    """
    is_root = root.name in _ROOTS or root.name.startswith("qti-assessment-")
    return _normalised(root, "", foreign_namespace(root) if is_root else "")


def _normalised(node: Node, within: str, own: str) -> Node:
    """`within` is the foreign namespace around it, `own` the one that stands for QTI's."""
    namespace = within or foreign_namespace(node)
    if namespace == own:
        namespace = ""
    name = node.name if namespace else element_name(node.name)
    inner = namespace if namespace == MATHML else ""
    children = tuple(
        child if isinstance(child, str) else _normalised(child, inner, own)
        for child in node.children
    )
    if name in _WITH_CONTENT_BODY:
        children = _wrapped(children)
    return Node(name, _attributes(node, name, namespace), children, namespace)


def foreign_namespace(node: Node) -> str:
    """The element's namespace, or nothing where it is QTI's in any version, or XHTML's."""
    namespace = node.namespace.strip()
    if node.name == "math" and not namespace.endswith("MathML"):
        return MATHML
    if not namespace or namespace == _XHTML:
        return ""
    lower = namespace.lower()
    if "imsglobal.org" not in lower and "1edtech.org" not in lower:
        return "" if element_name(node.name) != node.name and "qti" in lower else namespace
    if any(word in lower for word in _FOREIGN_WITHIN_1EDTECH):
        return namespace
    if "qti" in lower or element_name(node.name) != node.name:
        return ""
    return namespace


def _attributes(node: Node, name: str, namespace: str) -> dict[str, str]:
    if namespace:
        return dict(node.attributes)
    return {
        attribute_name(name, key): value
        for key, value in node.attributes.items()
        if not key.startswith(f"{{{_XSI}}}")
    }


def _wrapped(children: tuple[Node | str, ...]) -> tuple[Node | str, ...]:
    """Content of a block within a content body, as QTI 3.0 has it."""
    if any(isinstance(child, Node) and child.name == "qti-content-body" for child in children):
        return children
    beside = tuple(
        child
        for child in children
        if isinstance(child, Node) and child.name in _BESIDE_CONTENT_BODY
    )
    content = tuple(child for child in children if child not in beside)
    return (Node("qti-content-body", {}, content), *beside)
