"""The manifest of a content package: resources, their files, and the tags of the items.

The tags stand twice: as metadata of IEEE LOM, which other programs read, and as our own record,
from which reading gives the same item again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from question_bank.exchange.qti.own_record import ELEMENT, NAMESPACE
from question_bank.exchange.qti.versions import FLAVOURS, XSI, Version
from question_bank.item import Item
from question_bank.qti.tree import Node

LOM = "http://ltsc.ieee.org/xsd/LOM"
LOM_SOURCE = "LOMv1.0"
TAXONOMY = "e-STORM"
CONTENT_PACKAGING = {
    Version.V3_0: "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    Version.V2_2: "http://www.imsglobal.org/xsd/imscp_v1p1",
    Version.V2_1: "http://www.imsglobal.org/xsd/imscp_v1p1",
}
_SCHEMAS = {
    Version.V3_0: ("QTI Package", "3.0.0"),
    Version.V2_2: ("QTIv2.2 Package", "1.0.0"),
    Version.V2_1: ("QTIv2.1 Package", "1.0.0"),
}
_SCHEMA_FILES = {
    Version.V3_0: "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    Version.V2_2: "http://www.imsglobal.org/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd",
    Version.V2_1: "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
}
_DIFFICULTIES = ((0.2, "very difficult"), (0.4, "difficult"), (0.6, "medium"), (0.8, "easy"))


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of the package with the resources it needs; an item has its tags and its record."""

    identifier: str
    kind: str
    href: str
    needs: tuple[str, ...] = ()
    item: Item | None = None
    record: str = ""


def manifest_node(resources: tuple[Resource, ...], version: Version) -> Node:
    """The whole manifest."""
    writer = _Writer(version)
    schema, number = _SCHEMAS[version]
    about = writer.element(
        "metadata", writer.element("schema", schema), writer.element("schemaversion", number)
    )
    listed = writer.element("resources", *(writer.resource(each) for each in resources))
    namespace = CONTENT_PACKAGING[version]
    held = {
        "identifier": "MANIFEST",
        f"{{{XSI}}}schemaLocation": f"{namespace} {_SCHEMA_FILES[version]}",
    }
    return Node("manifest", held, (about, writer.element("organizations"), listed), namespace)


def item_kind(version: Version) -> str:
    """The resource type of an item."""
    return f"imsqti_item_xml{FLAVOURS[version].resource}"


def stimulus_kind(version: Version) -> str:
    """The resource type of a shared text."""
    return f"imsqti_stimulus_xml{FLAVOURS[version].resource}"


class _Writer:
    def __init__(self, version: Version) -> None:
        self._namespace = CONTENT_PACKAGING[version]

    def element(self, name: str, *children: Node | str, **attributes: str) -> Node:
        """An element of the manifest's own namespace."""
        return Node(name, attributes, children, self._namespace)

    def resource(self, resource: Resource) -> Node:
        """One resource with its tags, its file and what it needs."""
        parts: list[Node] = []
        if resource.item is not None:
            record = Node(ELEMENT, {}, (resource.record,), NAMESPACE)
            parts.append(self.element("metadata", lom_node(resource.item), record))
        parts.append(self.element("file", href=resource.href))
        parts += [self.element("dependency", identifierref=need) for need in resource.needs]
        held = {"identifier": resource.identifier, "type": resource.kind, "href": resource.href}
        return Node("resource", held, tuple(parts), self._namespace)


def lom_node(item: Item) -> Node:
    """The tags of an item in the terms of IEEE LOM."""
    general = [_lom("identifier", _lom("catalog", "certify"), _lom("entry", item.id))]
    general += [_lom("title", _text(item.point))] if item.point else []
    general += [_lom("keyword", _text(word)) for word in _keywords(item)]
    taxons = [item.dimension, item.node]
    parts = [_lom("general", *general), _lom("educational", *_educational(item))]
    if item.source:
        relation = _lom("resource", _lom("description", _text(item.source)))
        parts.append(_lom("relation", _coded("kind", "isbasedon"), relation))
    if all(taxons):
        path = (_lom("taxon", _lom("id", taxon)) for taxon in taxons)
        route = _lom("taxonPath", _lom("source", _text(TAXONOMY)), *path)
        parts.append(_lom("classification", _coded("purpose", "competency"), route))
    if item.level:
        level = _lom("taxon", _lom("id", item.level))
        route = _lom("taxonPath", _lom("source", _text(f"{TAXONOMY} levels")), level)
        parts.append(_lom("classification", _coded("purpose", "skill level"), route))
    return _lom("lom", *parts)


def _keywords(item: Item) -> Iterator[str]:
    tags = {
        "bloom": item.bloom,
        "work_area": item.work_area,
        "chapter": item.chapter,
        "valid_until": item.valid_until.isoformat() if item.valid_until else "",
    }
    yield from (f"{name}:{value}" for name, value in tags.items() if value)
    yield from (f"enemy:{enemy}" for enemy in item.enemies)


def _educational(item: Item) -> Iterator[Node]:
    named = (name for bound, name in _DIFFICULTIES if item.difficulty.p < bound)
    yield _coded("difficulty", next(named, "very easy"))
    duration = _lom("duration", f"PT{item.expected_seconds}S")
    yield _lom("typicalLearningTime", duration)


def _lom(name: str, *children: Node | str) -> Node:
    return Node(name, {}, children, LOM)


def _text(text: str) -> Node:
    return _lom("string", text)


def _coded(name: str, value: str) -> Node:
    return _lom(name, _lom("source", LOM_SOURCE), _lom("value", value))
