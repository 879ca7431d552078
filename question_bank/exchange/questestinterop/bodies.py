"""`presentation` of QTI 1.x -> the item body of QTI 3.0."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from question_bank.exchange.questestinterop.areas import area_of, own_text
from question_bank.exchange.questestinterop.html_nodes import Parts, in_blocks
from question_bank.exchange.questestinterop.material import parts_of, picture_of, plain_text
from question_bank.exchange.questestinterop.responses import (
    MATCHED,
    RESPONSES,
    Kind,
    Label,
    Response,
    label_nodes,
)
from question_bank.qti.tree import Node

_PLACE = re.compile(r"\[([^\[\]]{1,120})\]")
_LEAVES = ("material", "material_ref", "mat_extension")


def body_of(presentation: Node | None, responses: Mapping[str, Response]) -> Node:
    """Materials and interactions in order, blanks and lists at their marks in the text."""
    writer = _Writer(responses)
    parts = writer.filled(tuple(writer.parts(presentation or Node(""))))
    parts = (*parts, *writer.remaining())
    return Node("qti-item-body", {}, in_blocks(_apart(parts)))


def _apart(parts: Iterable[Node | str]) -> Parts:
    return tuple(part for part in parts if part != "")


class _Writer:
    """Writes each response once."""

    def __init__(self, responses: Mapping[str, Response]) -> None:
        self._responses = responses
        self._waiting = dict(responses)

    def parts(self, node: Node) -> Iterator[Node | str]:
        """The content of a presentation; what stands at a mark in the text comes later."""
        for child in node.elements:
            if child.name in RESPONSES:
                yield from self._response(child)
            elif child.name in _LEAVES:
                yield from parts_of(Node("flow", {}, (child,)))
            else:
                yield from self.parts(child)

    def _response(self, node: Node) -> Iterator[Node | str]:
        response = self._by_node(node)
        if response is None:
            return
        if response.kind in MATCHED:
            rows = [each for each in self._waiting.values() if each.kind in MATCHED]
            for row in rows:
                del self._waiting[row.ident]
            yield _matching(rows)
        elif not self._is_inline(response):
            del self._waiting[response.ident]
            yield from _INTERACTIONS[response.kind](response)

    def _by_node(self, node: Node) -> Response | None:
        return next((each for each in self._waiting.values() if each.node is node), None)

    def _is_inline(self, response: Response) -> bool:
        """Whether the response waits for its mark in the text."""
        offers = response.kind is Kind.DROPDOWN or (response.kind is Kind.TEXT and response.labels)
        return bool(offers) and response.node.name == "response_lid"

    def filled(self, parts: Parts) -> Parts:
        """The same parts with the interactions in place of their marks."""
        return tuple(piece for part in parts for piece in self._filled_part(part))

    def _filled_part(self, part: Node | str) -> Iterator[Node | str]:
        if isinstance(part, Node):
            if not part.name.startswith("qti-") and not part.namespace:
                part = Node(part.name, part.attributes, self.filled(part.children), part.namespace)
            yield part
            return
        end = 0
        for found in _PLACE.finditer(part):
            response = self._marked(found[1])
            if response is not None:
                yield part[end : found.start()]
                yield _inline(response)
                end = found.end()
        yield part[end:]

    def _marked(self, place: str) -> Response | None:
        for ident, response in self._waiting.items():
            if place in (response.place, ident, plain_text(response.prompt)):
                return self._waiting.pop(ident)
        return None

    def remaining(self) -> Iterator[Node]:
        """Responses whose mark stands nowhere, each on a line of its own after its prompt."""
        for response in self._waiting.values():
            yield Node("p", {}, (*response.prompt, " ", _inline(response)))


def _inline(response: Response) -> Node:
    if response.kind is Kind.DROPDOWN:
        choices = tuple(
            Node("qti-inline-choice", {"identifier": label.name}, (label.text,))
            for label in response.labels
        )
        held = {"response-identifier": response.variable, "shuffle": "false"}
        return Node("qti-inline-choice-interaction", held, choices)
    return _entry(response)


def _entry(response: Response) -> Node:
    longest = max((len(label.text) for label in response.labels), default=0)
    length = _attribute(response.node, "maxchars", "columns") or (str(longest) if longest else "")
    held = {"response-identifier": response.variable}
    return Node(
        "qti-text-entry-interaction", {**held, **({"expected-length": length} if length else {})}
    )


def _attribute(node: Node, *names: str) -> str:
    """The first whole number that any element below has for one of the attributes."""
    found = (each.get(name).strip() for each in node.walk() for name in names)
    return next((text for text in found if text.isdecimal()), "")


def _flag(node: Node, name: str) -> str:
    return "true" if any(each.get(name).lower() == "yes" for each in node.walk()) else "false"


def _prompted(name: str, response: Response, attributes: Mapping[str, str], inner: Parts) -> Node:
    prompt = (Node("qti-prompt", {}, response.prompt),) if response.prompt else ()
    held = {"response-identifier": response.variable, **attributes}
    return Node(name, held, (*prompt, *inner))


def _choices(name: str, labels: Iterable[Label], **attributes: str) -> Parts:
    held = {key.replace("_", "-"): value for key, value in attributes.items()}
    return tuple(Node(name, {"identifier": label.name, **held}, label.parts) for label in labels)


def _choice(response: Response) -> Iterator[Node]:
    most = _attribute(response.node, "maxnumber") or "0" if response.is_multiple else "1"
    held = {"shuffle": _flag(response.node, "shuffle"), "max-choices": most}
    inner = _choices("qti-simple-choice", response.labels)
    yield _prompted("qti-choice-interaction", response, held, inner)


def _order(response: Response) -> Iterator[Node]:
    held = {"shuffle": _flag(response.node, "shuffle")}
    inner = _choices("qti-simple-choice", response.labels)
    yield _prompted("qti-order-interaction", response, held, inner)


def _matching(rows: list[Response]) -> Node:
    """Rows (each with the same targets) or categories (each with the same pool) as one matching."""
    pool = list({label.name: label for row in rows for label in row.labels}.values())
    lines: Parts = tuple(
        Node(
            "qti-simple-associable-choice",
            {"identifier": row.name, "match-max": "1" if row.kind is Kind.ROW else "0"},
            row.prompt or (row.place,),
        )
        for row in rows
    )
    sets: tuple[Parts, Parts]
    if rows[0].kind is Kind.ROW:
        sets = (lines, _choices("qti-simple-associable-choice", pool, match_max="0"))
    else:
        sets = (_choices("qti-simple-associable-choice", pool, match_max="1"), lines)
    most = len(rows) if rows[0].kind is Kind.ROW else len(pool)
    held = {
        "response-identifier": rows[0].variable,
        "shuffle": "false",
        "max-associations": str(most),
    }
    inner = tuple(Node("qti-simple-match-set", {}, each) for each in sets)
    return Node("qti-match-interaction", held, inner)


def _group(response: Response) -> Iterator[Node]:
    """Labels that say what they may be matched with are sources; the others are targets."""
    nodes = label_nodes(response.node)
    sources = {node.get("ident").strip() for node in nodes if node.get("match_group").strip()}
    first = [label for label in response.labels if label.ident in sources]
    second = [label for label in response.labels if label.ident not in sources]
    if not first or not second:
        first = second = list(response.labels)
    held = {"shuffle": _flag(response.node, "shuffle"), "max-associations": str(len(first))}
    sets = (
        _choices("qti-simple-associable-choice", first, match_max="1"),
        _choices("qti-simple-associable-choice", second, match_max="0"),
    )
    inner = tuple(Node("qti-simple-match-set", {}, each) for each in sets)
    yield _prompted("qti-match-interaction", response, held, inner)


def _text(response: Response) -> Iterator[Node | str]:
    yield from response.prompt
    yield _entry(response)


def _essay(response: Response) -> Iterator[Node]:
    lines = _attribute(response.node, "rows")
    held = {"expected-lines": lines} if lines else {}
    yield _prompted("qti-extended-text-interaction", response, held, ())


def _upload(response: Response) -> Iterator[Node]:
    yield _prompted("qti-upload-interaction", response, {}, ())


def _slider(response: Response) -> Iterator[Node]:
    held = {
        "lower-bound": _attribute(response.node, "lowerbound") or "0",
        "upper-bound": _attribute(response.node, "upperbound") or "100",
        "step": _attribute(response.node, "step") or "1",
    }
    yield _prompted("qti-slider-interaction", response, held, ())


def image_of(response: Response) -> Node:
    """The picture on which one points."""
    found = [node for node in response.node.walk() if node.name == "matimage"]
    return picture_of(found[0]) if found else Node("img", {"src": "", "alt": ""})


def _points(response: Response) -> Iterator[Node]:
    most = _attribute(response.node, "maxnumber") or "1"
    held = {"max-choices": most}
    yield _prompted("qti-select-point-interaction", response, held, (image_of(response),))


def _hotspots(response: Response) -> Iterator[Node]:
    from_label = {label.name: hotspot_area(label) for label in response.labels}
    spots = tuple(
        Node("qti-hotspot-choice", {"identifier": name, "shape": area[0], "coords": area[1]})
        for name, area in from_label.items()
    )
    held = {"max-choices": "0" if response.is_multiple else "1"}
    yield _prompted("qti-hotspot-interaction", response, held, (image_of(response), *spots))


def hotspot_area(label: Label) -> tuple[str, str]:
    """The shape of a label on the picture; the whole picture where it says none."""
    return area_of(label.node.get("rarea"), own_text(label.node)) or ("default", "")


_INTERACTIONS: Mapping[Kind, Callable[[Response], Iterable[Node | str]]] = {
    Kind.CHOICE: _choice,
    Kind.DROPDOWN: _choice,
    Kind.ORDER: _order,
    Kind.TEXT: _text,
    Kind.NUMBER: _text,
    Kind.ESSAY: _essay,
    Kind.UPLOAD: _upload,
    Kind.SLIDER: _slider,
    Kind.POINT: _points,
    Kind.HOTSPOT: _hotspots,
    Kind.GROUP: _group,
}
