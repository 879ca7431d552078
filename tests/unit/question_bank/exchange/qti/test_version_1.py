"""QTI 1.x as written here, one small file for each dialect and each fault."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.exchange.markup_reader import read_markup
from question_bank.exchange.problems import Problem
from question_bank.exchange.qti import read_items
from question_bank.exchange.qti.version_1 import read_questestinterop
from question_bank.item import Item, ItemType
from question_bank.qti.processing import process
from question_bank.qti.tree import Node

Read = tuple[tuple[Item, ...], tuple[Problem, ...]]


def document(item: str, kind: str = "", points: str = "2") -> str:
    fields = "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{entry}</fieldentry>"
        "</qtimetadatafield>"
        for label, entry in (("question_type", kind), ("points_possible", points))
        if entry
    )
    return (
        "<questestinterop><section ident='s'><item ident='q1' title='Q'>"
        f"<itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>{item}"
        "</item></section></questestinterop>"
    )


def labels(*texts: str) -> str:
    return "".join(
        f"<response_label ident='{text}'><material><mattext>{text}</mattext></material>"
        "</response_label>"
        for text in texts
    )


def material(text: str) -> str:
    return f"<material><mattext texttype='text/html'>{text}</mattext></material>"


def condition(tests: str, setting: str, more: str = "") -> str:
    return f"<respcondition {more}><conditionvar>{tests}</conditionvar>{setting}</respcondition>"


def score(value: str, action: str = "Set") -> str:
    return f"<setvar varname='SCORE' action='{action}'>{value}</setvar>"


def choice(ident: str, *texts: str) -> str:
    inner = f"<render_choice>{labels(*texts)}</render_choice>"
    return f"<response_lid ident='{ident}'>{inner}</response_lid>"


def asking(presented: str, *conditions: str) -> str:
    return f"<presentation>{presented}</presentation>{scored(*conditions)}"


OUTCOMES = "<outcomes><decvar varname='SCORE' minvalue='0' maxvalue='100'/></outcomes>"


def scored(*conditions: str) -> str:
    return f"<resprocessing>{OUTCOMES}{''.join(conditions)}</resprocessing>"


def read(text: str) -> Read:
    return read_questestinterop(read_markup(text, "test.xml"), "test.xml")


def only(text: str) -> Item:
    items, _ = read(text)
    (item,) = items
    return item


def points(item: Item, **responses: Any) -> Fraction:
    return process(item.markup, responses).points


def test_a_matching_without_a_type_is_known_by_its_equal_lists() -> None:
    rows = "".join(
        f"<response_lid ident='{row}'>{material(row)}<render_choice>{labels('A', 'B')}"
        "</render_choice></response_lid>"
        for row in ("x", "y")
    )
    rules = scored(
        condition("<varequal respident='x'>A</varequal>", score("50", "Add")),
        condition("<varequal respident='y'>B</varequal>", score("50", "Add")),
    )
    item = only(document(f"<presentation>{material('Match')}{rows}</presentation>{rules}"))
    assert item.type is ItemType.MATCH
    assert points(item, RESPONSE=["x A", "y B"]) == 2
    assert points(item, RESPONSE=["x A", "y A"]) == 1


def test_a_categorization_sorts_labels_into_categories() -> None:
    bins = "".join(
        f"<response_lid ident='{name}' rcardinality='Multiple'>{material(name)}<render_choice>"
        f"{labels('a', 'b', 'c')}</render_choice></response_lid>"
        for name in ("one", "two")
    )
    rules = scored(
        condition(
            "<varequal respident='one'>a</varequal><varequal respident='one'>b</varequal>",
            score("50", "Add"),
        ),
        condition("<varequal respident='two'>c</varequal>", score("50", "Add")),
    )
    text = f"<presentation>{material('Sort')}{bins}</presentation>{rules}"
    item = only(document(text, "categorization_question"))
    assert points(item, RESPONSE=["a one", "b one", "c two"]) == 2
    assert points(item, RESPONSE=["a one", "c two"]) == 1


def test_a_point_within_an_area_earns_the_points() -> None:
    spot = (
        "<response_xy ident='p'><render_hotspot><material><matimage uri='map.png' width='90' "
        "height='60'/></material><response_label ident='r' rarea='Rectangle'>10,10,20,20"
        "</response_label></render_hotspot></response_xy>"
    )
    rules = scored(
        condition(
            "<varinside respident='p' areatype='Rectangle'>10,10,20,20</varinside>", score("100")
        )
    )
    text = f"<presentation>{material('Where?')}{spot}</presentation>{rules}"
    item = only(document(text, "hot_spot_question"))
    assert points(item, RESPONSE="30 30") == 2
    assert points(item, RESPONSE="31 30") == 0


def test_a_chosen_spot_is_a_hotspot() -> None:
    spot = (
        "<response_lid ident='p'><render_hotspot><material><matimage uri='map.png'/></material>"
        "<response_label ident='r' rarea='Ellipse'>10,10,8,6</response_label>"
        "<response_label ident='s' rarea='Bounded'>0,0,4,0,4,4</response_label>"
        "</render_hotspot></response_lid>"
    )
    rules = scored(condition("<varequal respident='p'>s</varequal>", score("100")))
    item = only(document(f"<presentation>{spot}</presentation>{rules}"))
    assert 'coords="10,10,4,3"' in item.markup
    assert points(item, RESPONSE="s") == 2
    assert points(item, RESPONSE="r") == 0


def test_a_number_with_bounds_and_a_text_in_its_case() -> None:
    box = "<response_num ident='n'><render_fib fibtype='Decimal'/></response_num>"
    bounds = "<vargte respident='n'>9.5</vargte><varlte respident='n'>10.5</varlte>"
    item = only(
        document(f"<presentation>{box}</presentation>{scored(condition(bounds, score('100')))}")
    )
    assert item.type is ItemType.NUMERIC
    assert (points(item, RESPONSE="10.5"), points(item, RESPONSE="10.51")) == (2, 0)
    text = "<response_str ident='t'><render_fib/></response_str>"
    test = "<varequal respident='t' case='Yes'>FOB</varequal>"
    item = only(
        document(f"<presentation>{text}</presentation>{scored(condition(test, score('100')))}")
    )
    assert (points(item, RESPONSE="FOB"), points(item, RESPONSE="fob")) == (2, 0)


def test_shares_that_no_decimal_says_are_exact() -> None:
    lid = (
        "<response_lid ident='m' rcardinality='Multiple'><render_choice>"
        f"{labels('a', 'b', 'c', 'd')}</render_choice></response_lid>"
    )
    added = [
        condition(f"<varequal respident='m'>{name}</varequal>", score("33.33", "Add"))
        for name in ("a", "b", "c")
    ]
    item = only(document(f"<presentation>{lid}</presentation>{scored(*added)}"))
    assert item.type is ItemType.MULTIPLE
    assert item.scoring.mapping == dict.fromkeys(("a", "b", "c"), Fraction(2, 3))
    assert points(item, RESPONSE=["a", "b", "c"]) == 2
    assert points(item, RESPONSE=["b", "d"]) == Fraction(2, 3)


def test_a_condition_that_stops_keeps_later_ones_from_counting() -> None:
    lid = (
        f"<response_lid ident='m'><render_choice>{labels('a', 'b')}</render_choice></response_lid>"
    )
    rules = scored(
        condition("<varequal respident='m'>a</varequal>", score("100"), "continue='No'"),
        condition("<other/>", score("40"), "continue='No'"),
    )
    item = only(document(f"<presentation>{lid}</presentation>{rules}"))
    assert (points(item, RESPONSE="a"), points(item, RESPONSE="b")) == (2, Fraction(4, 5))


BLACKBOARD = """<questestinterop><assessment title="T"><section><item maxattempts="0">
<itemmetadata><bbmd_asi_object_id>_1_1</bbmd_asi_object_id>
<bbmd_questiontype>Multiple Choice</bbmd_questiontype></itemmetadata>
<presentation><flow class="Block"><flow class="QUESTION_BLOCK"><flow class="FORMATTED_TEXT_BLOCK">
<material><mat_extension>
<mat_formattedtext type="HTML">&lt;p&gt;Which?&lt;/p&gt;</mat_formattedtext>
</mat_extension></material></flow></flow><flow class="RESPONSE_BLOCK">
<response_lid ident="response" rcardinality="Single">
<render_choice shuffle="Yes" minnumber="0" maxnumber="0">
<flow_label class="Block"><response_label ident="u1"><flow_mat><material><mattext>one</mattext>
</material></flow_mat></response_label></flow_label>
<flow_label class="Block"><response_label ident="u2"><flow_mat><material><mattext>two</mattext>
</material></flow_mat></response_label></flow_label>
</render_choice></response_lid></flow></flow></presentation>
<resprocessing scoremodel="SumOfScores">
<outcomes><decvar varname="SCORE" vartype="Decimal" minvalue="0" maxvalue="5.0"/></outcomes>
<respcondition title="correct"><conditionvar>
<varequal respident="response" case="No">u2</varequal></conditionvar>
<setvar variablename="SCORE" action="Set">SCORE.max</setvar>
<displayfeedback linkrefid="correct"/></respcondition>
<respcondition title="incorrect"><conditionvar><other/></conditionvar>
<setvar variablename="SCORE" action="Set">0</setvar></respcondition></resprocessing>
<itemfeedback ident="correct"><flow_mat><material><mattext>Yes.</mattext></material></flow_mat>
</itemfeedback></item></section></assessment></questestinterop>"""


def test_an_answer_list_of_blackboard_is_read() -> None:
    item = only(BLACKBOARD)
    assert (item.id, item.type, item.stem) == ("_1_1", ItemType.SINGLE, "Which?")
    assert (points(item, RESPONSE="u2"), points(item, RESPONSE="u1")) == (5, 0)
    assert item.explanation.text == "Yes."


def test_a_text_without_a_question_is_named() -> None:
    items, problems = read(
        document(f"<presentation>{material('Read.')}</presentation>", "text_only")
    )
    assert items[0].type is ItemType.COMPOSITE
    assert any("asks nothing" in problem.reason for problem in problems)


def test_a_file_to_be_sent_is_left_to_people() -> None:
    box = "<response_str ident='f'><render_fib/></response_str>"
    item = only(document(f"<presentation>{box}</presentation>", "file_upload_question"))
    assert "qti-upload-interaction" in item.markup
    assert process(item.markup, {}).needs_marking


def test_a_choice_without_scoring_is_named() -> None:
    lid = (
        f"<response_lid ident='m'><render_choice>{labels('a', 'b')}</render_choice></response_lid>"
    )
    _, problems = read(document(f"<presentation>{lid}</presentation>"))
    assert any("does not say what is right" in problem.reason for problem in problems)


def test_an_unknown_condition_is_named_and_never_holds() -> None:
    lid = (
        f"<response_lid ident='m'><render_choice>{labels('a', 'b')}</render_choice></response_lid>"
    )
    rules = scored(
        condition("<durlt respident='m'>5</durlt>", score("100")),
        condition("<varequal respident='m'>b</varequal>", score("50")),
    )
    items, problems = read(document(f"<presentation>{lid}</presentation>{rules}"))
    assert points(items[0], RESPONSE="b") == 2
    assert any("durlt" in problem.reason for problem in problems)


def test_a_picture_of_a_cartridge_comes_with_its_item(tmp_path: Path) -> None:
    picture = '&lt;img src="$IMS-CC-FILEBASE$/Uploaded%20Media/a.png?canvas_download=1" alt="x"&gt;'
    box = "<response_str ident='f'><render_fib/></response_str>"
    text = document(f"<presentation>{material(picture)}{box}</presentation>", "essay_question")
    path = tmp_path / "quiz.imscc"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("imsmanifest.xml", "<manifest/>")
        package.writestr("quiz/quiz.xml", text)
        package.writestr("non_cc_assessments/quiz.xml.qti", text)
        package.writestr("web_resources/Uploaded Media/a.png", b"\x89PNG")
    items, problems = read_items(path)
    (item,) = items
    assert [file.content for file in item.files] == [b"\x89PNG"]
    assert item.files[0].name in item.stem
    assert any("stands in the package again" in problem.reason for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        "<questestinterop/>",
        "<questestinterop><item/></questestinterop>",
        "<questestinterop><item ident='a'><presentation/><resprocessing/></item></questestinterop>",
        document("<presentation><response_lid ident='m'/></presentation>"),
        document(
            "<resprocessing><respcondition><setvar>x</setvar></respcondition></resprocessing>"
        ),
        document(scored(condition("<varequal>1</varequal>", score("100")))),
    ],
)
def test_empty_and_broken_items_do_not_raise(text: str) -> None:
    read(text)


def test_entities_in_a_damaged_file_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    path.write_text(
        '<!DOCTYPE q [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'
        "<questestinterop><item>&b;</questestinterop>"
    )
    items, problems = read_items(path)
    assert items == ()
    assert [problem.severity.value for problem in problems] == ["error"]


NAMES = (
    *("item", "presentation", "flow", "material", "mattext", "response_lid", "response_str"),
    *("render_choice", "render_fib", "response_label", "resprocessing", "outcomes", "decvar"),
    *("respcondition", "conditionvar", "varequal", "vargte", "and", "or", "not", "other", "setvar"),
    *("displayfeedback", "itemfeedback", "itemproc_extension", "calculated", "var_set", "answer"),
)
ATTRIBUTES = ("ident", "respident", "rcardinality", "action", "varname", "linkrefid", "continue")
WORDS = st.sampled_from(
    ["a", "b", "Multiple", "Ordered", "Add", "Set", "No", "12", "", "SCORE", "é"]
)


def trees(inner: Callable[[], st.SearchStrategy[Any]]) -> st.SearchStrategy[Node]:
    held = st.dictionaries(st.sampled_from(ATTRIBUTES), WORDS, max_size=3)
    return st.builds(Node, st.sampled_from(NAMES), held, inner())


NODES = st.recursive(
    trees(lambda: st.tuples(WORDS)),
    lambda children: trees(lambda: st.lists(st.one_of(children, WORDS), max_size=5).map(tuple)),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(NODES, max_size=4))
def test_no_document_makes_the_reader_raise(nodes: list[Node]) -> None:
    item = Node("item", {"ident": "q"}, tuple(nodes))
    items, problems = read_questestinterop(Node("questestinterop", {}, (item,)), "x.xml")
    assert items or problems


def test_conditions_nested_without_end_are_refused() -> None:
    asked = "".join(f"<response_str ident='b{at}'><render_fib/></response_str>" for at in range(99))
    rules = [
        condition(f"<varequal respident='b{at}'>x</varequal>", score("1"), f"continue='{stop}'")
        for at in range(99)
        for stop in ("No", "Yes", "Yes")
    ]
    items, problems = read(document(asking(asked, *rules)))
    assert items == ()
    assert "nested deeper" in problems[0].reason


def test_a_choice_of_very_many_options_is_kept_without_a_native_type() -> None:
    names = [f"o{at}" for at in range(120)]
    inner = f"<render_choice>{labels(*names)}</render_choice>"
    asked = f"<response_lid ident='m' rcardinality='Multiple'>{inner}</response_lid>"
    rules = [
        condition(f"<varequal respident='m'>{name}</varequal>", score("1", "Add")) for name in names
    ]
    item = only(document(asking(asked, *rules)))
    assert item.type is ItemType.COMPOSITE
    assert points(item, RESPONSE=names) == 2
