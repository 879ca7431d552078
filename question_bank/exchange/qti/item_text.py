"""The text of an item for people: its element tree as Markdown, interactions as gaps and lists."""

import html
from collections.abc import Callable, Iterable, Mapping

from question_bank.exchange.html_text import markdown_of_html
from question_bank.qti.definition import interactions_of
from question_bank.qti.tree import MATHML, Node

Replace = Callable[[Node], "str | None"]
"""An element -> HTML in its place; None leaves the element as it is."""
GAP = "＿＿＿＿"
_HIDDEN = frozenset(
    {
        *("qti-feedback-inline", "qti-feedback-block", "qti-modal-feedback", "qti-stylesheet"),
        *("qti-catalog-info", "qti-catalog", "qti-companion-materials-info", "script", "style"),
        *("qti-interaction-modules", "qti-template-variable", "qti-context-variable"),
    }
)
_VOID = frozenset({"br", "hr", "img", "col", "source", "track", "wbr", "input"})
_BLOCKS = frozenset(
    {
        *("qti-content-body", "qti-item-body", "qti-template-block", "qti-prompt"),
        *("qti-rubric-block", "qti-stimulus-body", "qti-position-object-stage"),
    }
)
_KEPT_ATTRIBUTES = ("src", "alt", "href", "colspan", "rowspan", "encoding", "open", "close")
_FOREIGN_IMAGES = ("image/",)


def markdown_of(nodes: Iterable[Node | str], replace: Replace | None = None) -> str:
    """The Markdown of pieces of an item's tree; feedback and what no candidate sees is left out."""
    written = "".join(html_of(node, replace) for node in nodes)
    return markdown_of_html(written).strip() if written.strip() else ""


def html_of(node: Node | str, replace: Replace | None = None) -> str:
    """HTML of a piece of the tree, as the Markdown converter understands it."""
    if isinstance(node, str):
        return html.escape(node, quote=False)
    if replace is not None:
        instead = replace(node)
        if instead is not None:
            return instead
    if node.name in _HIDDEN and not (node.name == "qti-feedback-block" and interactions_of(node)):
        return ""
    if node.namespace and node.namespace != MATHML:
        return _foreign(node, replace)
    if node.name == "object":
        return _object(node, replace)
    if node.name in ("audio", "video"):
        return _link(node)
    if node.name == "qti-gap":
        return GAP
    if node.name == "qti-printed-variable":
        return f"{{{node.get('identifier')}}}"
    if node.name.endswith("-interaction"):
        return interaction_html(node, replace)
    inner = "".join(html_of(child, replace) for child in node.children)
    return _wrapped(node, inner)


def _foreign(node: Node, replace: Replace | None) -> str:
    if "svg" in node.namespace.lower():
        return ""
    return "".join(html_of(child, replace) for child in node.children)


def _wrapped(node: Node, inner: str) -> str:
    if node.name in _BLOCKS:
        return f"<div>{inner}</div>"
    if node.name.startswith("qti-"):
        return inner
    kept = {name: node.attributes[name] for name in _KEPT_ATTRIBUTES if name in node.attributes}
    start = "".join(f' {name}="{html.escape(value)}"' for name, value in kept.items())
    if node.name in _VOID:
        return f"<{node.name}{start}>"
    return f"<{node.name}{start}>{inner}</{node.name}>"


def _object(node: Node, replace: Replace | None) -> str:
    alternative = node.text.strip() or node.get("aria-label")
    kind = node.get("type").strip().lower()
    if kind.startswith(_FOREIGN_IMAGES) or (not kind and node.get("data")):
        address, alt = html.escape(node.get("data")), html.escape(" ".join(alternative.split()))
        return f'<img src="{address}" alt="{alt}">'
    if node.get("data"):
        return _link(node)
    return "".join(html_of(child, replace) for child in node.children)


def _link(node: Node) -> str:
    inner = node.child("source")
    address = node.get("src") or node.get("data") or (inner.get("src") if inner else "")
    label = " ".join(node.text.split()) or address
    return f'<a href="{html.escape(address)}">{html.escape(label)}</a>' if address else ""


def prompt_of(interaction: Node) -> tuple[Node | str, ...]:
    """The prompt of an interaction, if it has one."""
    prompt = interaction.child("qti-prompt")
    return (prompt,) if prompt is not None else ()


CHOICES = frozenset(
    {
        *("qti-simple-choice", "qti-inline-choice", "qti-simple-associable-choice"),
        *("qti-gap-text", "qti-gap-img", "qti-hotspot-choice", "qti-associable-hotspot"),
        "qti-hottext",
    }
)


def interaction_html(node: Node, replace: Replace | None = None) -> str:
    """An interaction for people who read the item: its prompt, its choices, its gaps."""
    shape = _SHAPES.get(node.name)
    if shape is not None:
        return shape(node)
    prompt = "".join(html_of(each, replace) for each in prompt_of(node))
    rest = [child for child in node.children if child not in prompt_of(node)]
    flowing = [child for child in rest if isinstance(child, str) or child.name not in CHOICES]
    inner = "".join(html_of(child, replace) for child in flowing)
    return f"<div>{prompt}</div><div>{inner}</div>{_listed(node)}"


def _listed(node: Node) -> str:
    own = [child for child in node.elements if child.name in CHOICES]
    rows = "".join(f"<li>{_label(child)}</li>" for child in own if _label(child))
    return f"<ul>{rows}</ul>" if rows else ""


def _label(choice: Node) -> str:
    inner = "".join(html_of(child) for child in choice.children)
    return inner if inner.strip() else html.escape(choice.get("hotspot-label"))


def _match_sets(node: Node) -> str:
    prompt = "".join(html_of(each) for each in prompt_of(node))
    sets = "".join(_listed(each) + "<p></p>" for each in node.all("qti-simple-match-set"))
    return f"<div>{prompt}</div>{sets}"


def _inline_choice(node: Node) -> str:
    choices = (" ".join(choice.text.split()) for choice in node.all("qti-inline-choice"))
    return f"[{html.escape(' / '.join(choices), quote=False)}]"


def _custom(node: Node) -> str:
    markup = node.child("qti-interaction-markup")
    shown = (*prompt_of(node), *((markup,) if markup is not None else ()))
    return "".join(f"<div>{html_of(each)}</div>" for each in shown)


def _gap(_node: Node) -> str:
    return GAP


def _prompted(node: Node) -> str:
    return f"<div>{''.join(html_of(each) for each in prompt_of(node))}</div>"


def _button(node: Node) -> str:
    return f"[{html.escape(node.get('title'))}]" if node.get("title") else ""


_SHAPES: Mapping[str, Callable[[Node], str]] = {
    "qti-match-interaction": _match_sets,
    "qti-inline-choice-interaction": _inline_choice,
    "qti-text-entry-interaction": _gap,
    "qti-custom-interaction": _custom,
    "qti-portable-custom-interaction": _custom,
    "qti-extended-text-interaction": _prompted,
    "qti-end-attempt-interaction": _button,
}


def has_interactions(nodes: Iterable[Node]) -> bool:
    """Whether any of the elements holds an interaction."""
    return any(interactions_of(node) for node in nodes)
