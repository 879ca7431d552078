"""`material` of QTI 1.x -> XHTML: texts, pictures, formulas, sound; Blackboard's too."""

from collections.abc import Iterator

from question_bank.exchange.questestinterop.html_nodes import Parts, file_address, html_parts
from question_bank.qti.normalising import normalised
from question_bank.qti.tree import MATHML, Node

HOLDERS = frozenset(
    (
        *("flow", "flow_mat", "flow_label", "material", "altmaterial", "mat_extension"),
        *("itemfeedback", "solution", "solutionmaterial", "hint", "hintmaterial", "rubric"),
    )
)
_HTML_TYPES = ("html", "xhtml", "smart_text")


def parts_of(node: Node) -> Parts:
    """What a material or a flow of materials shows, in document order."""
    return tuple(_parts(node))


def _parts(node: Node) -> Iterator[Node | str]:
    for child in node.elements:
        yield from _part(child)


def _part(node: Node) -> Iterator[Node | str]:
    if node.namespace == MATHML or node.name == "math":
        yield normalised(node)
    elif node.name in ("mattext", "matemtext", "mat_formattedtext"):
        yield from text_parts(node)
    elif node.name == "matimage":
        yield picture_of(node)
    elif node.name in ("matapplet", "matapplication", "mataudio", "matvideo"):
        yield _medium(node)
    elif node.name == "matbreak":
        yield Node("br")
    elif node.name in HOLDERS:
        yield from _parts(node)


def text_parts(node: Node) -> Parts:
    """A text: HTML where it says so or looks like it, else as it stands."""
    if node.elements:
        return tuple(
            normalised(child) if isinstance(child, Node) else child for child in node.children
        )
    kind = (node.get("texttype") or node.get("type") or "text/plain").lower()
    text = node.text
    if any(name in kind for name in _HTML_TYPES):
        parts = html_parts(text)
    else:
        parts = html_parts(text) if _is_markup(text) else ((text,) if text.strip() else ())
    if node.name == "matemtext" and parts:
        return (Node("em", {}, parts),)
    return parts


def _is_markup(text: str) -> bool:
    """Texts are said to be plain and hold HTML all the same; a lone < does not make it so."""
    return "</" in text or "<br" in text or "<img" in text or "/>" in text


def picture_of(node: Node) -> Node:
    """A picture; one that stands in the file itself becomes a data address."""
    address = file_address(node.get("uri").strip())
    kind = node.get("imagtype", "image/png").strip()
    if not address and node.text.strip():
        address = f"data:{kind};base64,{''.join(node.text.split())}"
    held = {"src": address, "alt": node.get("label") or node.get("alt")}
    return Node("img", {**held, **_size(node)})


def _size(node: Node) -> dict[str, str]:
    return {
        name: node.get(name) for name in ("width", "height") if node.get(name).strip().isdecimal()
    }


def _medium(node: Node) -> Node:
    kinds = {"mataudio": "audiotype", "matvideo": "videotype"}
    kind = node.get(kinds.get(node.name, "apptype")).strip() or "application/octet-stream"
    address = file_address(node.get("uri").strip())
    return Node("object", {"data": address, "type": kind}, (node.get("label") or address,))


def plain_text(parts: Parts) -> str:
    """The words of some parts, on one line."""
    texts = (part if isinstance(part, str) else part.text for part in parts)
    return " ".join("".join(texts).split())
