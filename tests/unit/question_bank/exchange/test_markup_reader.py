"""XML comes in as a tree, whatever its encoding; hostile documents are clear errors."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.errors import (
    CrowdedMarkup,
    EntityInMarkup,
    MarkupError,
    NestedMarkup,
    OversizedMarkup,
    UnreadableMarkup,
)
from question_bank.exchange import markup_reader
from question_bank.exchange.markup_reader import read_markup, read_markup_file
from question_bank.qti.tree import MATHML, Node, to_text

DECLARATION = '<?xml version="1.0" encoding="{}"?>'


def test_elements_attributes_and_text_become_a_tree() -> None:
    root = read_markup('<a xmlns="urn:x" b="1" xml:lang="zh">x<c/>y<![CDATA[<z>]]></a>', "f")
    assert root == Node(
        "a", {"b": "1", "xml:lang": "zh"}, ("x", Node("c", namespace="urn:x"), "y<z>"), "urn:x"
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "big5", "utf-16"]
)
def test_encodings_of_chinese_systems_are_read(encoding: str) -> None:
    text = DECLARATION.format(encoding.replace("-sig", "")) + "<a>電子商務</a>"
    if encoding == "gb2312":
        text = text.replace("電子商務", "电子商务")
    assert read_markup(text.encode(encoding), "f").text in ("電子商務", "电子商务")


def test_forgotten_prefix_means_what_is_customary() -> None:
    root = read_markup("<a><m:math/><odd:thing odd:b='1'/></a>", "f")
    assert [child.namespace for child in root.elements] == [MATHML, ""]


def test_named_character_of_html_is_read() -> None:
    assert read_markup("<a>1&nbsp;&lt;&eacute;</a>", "f").text == "1\xa0<é"


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><a/>',
        '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a c="&c;"/>',
    ],
)
def test_declared_entity_is_refused(document: str) -> None:
    with pytest.raises(EntityInMarkup):
        read_markup(document, "f")


def test_document_type_alone_fetches_nothing() -> None:
    assert read_markup('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "f").name == "a"


def test_inclusion_stays_an_element() -> None:
    document = '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></a>'
    assert read_markup(document, "f").elements[0].name == "include"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  ",
        b"text",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"\xff\xfe",
        b"\x00<a/>",
        b"<a>\xff</a>",
    ],
)
def test_text_that_is_no_xml_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableMarkup):
        read_markup(content, "f")


@pytest.mark.parametrize("encoding", ["martian", "base64", "rot13", "idna"])
def test_unknown_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(UnreadableMarkup):
        read_markup((DECLARATION.format(encoding) + "<a/>").encode(), "f")


def test_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as huge:
        huge.truncate(100 << 20)
    tracemalloc.start()
    with pytest.raises(OversizedMarkup):
        read_markup_file(path)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_huge_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup_reader, "LARGEST_TEXT", 1000)
    with pytest.raises(OversizedMarkup):
        read_markup("<a>" + "x" * 1001 + "</a>", "f")


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(NestedMarkup):
        read_markup("<a>" * 100_000, "f")


def test_crowd_of_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup_reader, "MOST_ELEMENTS", 100)
    with pytest.raises(CrowdedMarkup):
        read_markup("<a>" + "<b/>" * 101 + "</a>", "f")


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text("<>/&;ab \"'=!-?[]xmlns:", max_size=60).map(str.encode))
def test_any_bytes_are_a_tree_or_an_error(content: bytes) -> None:
    try:
        read_markup(content, "f")
    except MarkupError:
        return


NAMES = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
LEAVES = st.builds(Node, NAMES, st.dictionaries(NAMES, TEXTS, max_size=2))


def separated(children: list[Node | str]) -> tuple[Node | str, ...]:
    """Without two texts side by side, which come back as one."""
    kept: list[Node | str] = []
    for child in children:
        if not (kept and isinstance(child, str) and isinstance(kept[-1], str)):
            kept.append(child)
    return tuple(kept)


TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda name, found: Node(name, {}, separated(found)),
        NAMES,
        st.lists(inner | TEXTS, max_size=4),
    ),
    max_leaves=8,
)


def unqualified(node: Node) -> Node:
    children = tuple(
        child if isinstance(child, str) else unqualified(child) for child in node.children
    )
    return Node(node.name, node.attributes, children)


@settings(deadline=None)
@given(TREES)
def test_written_tree_reads_back_equal(tree: Node) -> None:
    assert unqualified(read_markup(to_text(tree), "f")) == tree
