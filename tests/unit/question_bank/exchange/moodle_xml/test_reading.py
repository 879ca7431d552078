"""Moodle XML questions of every core type as items; hostile and broken files as problems."""

from __future__ import annotations

import base64
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.answer_key import (
    AcceptedAnswer,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.exchange.moodle_xml import read_items
from question_bank.exchange.moodle_xml.reading import items_of
from question_bank.exchange.problems import Problem
from question_bank.item import Item, ItemType
from question_bank.response_processing import score
from question_bank.scoring import ScoringRule

NAME = "<name><text>Q one</text></name><idnumber>q1</idnumber>"


def text(name: str, content: str, text_format: str = "html") -> str:
    return f'<{name} format="{text_format}"><text><![CDATA[{content}]]></text></{name}>'


def answer(content: str, fraction: str, more: str = "") -> str:
    body = f"<text><![CDATA[{content}]]></text>{more}"
    return f'<answer fraction="{fraction}" format="html">{body}</answer>'


def question(kind: str, *parts: str) -> str:
    return f'<question type="{kind}">{NAME}{"".join(parts)}</question>'


def read(*questions: str) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    document = f'<?xml version="1.0" encoding="UTF-8"?><quiz>{"".join(questions)}</quiz>'
    return items_of(document.encode(), "moodle.xml")


def only(*parts: str) -> Item:
    (item,), problems = read(question(*parts))
    assert problems == ()
    return item


ASKED = text("questiontext", "<p>Which <b>one</b>?</p>")


def test_single_choice_is_read_with_its_feedback() -> None:
    feedback = text("feedback", "<p>Right</p>")
    item = only(
        "multichoice",
        ASKED,
        text("generalfeedback", "<p>Because.</p>"),
        text("correctfeedback", "<p>Your answer is correct.</p>"),
        "<defaultgrade>2.0000000</defaultgrade><single>true</single>",
        "<shuffleanswers>false</shuffleanswers>",
        answer("<p>a</p>", "100", feedback),
        answer("<p>b</p>", "0"),
    )
    assert (item.id, item.source, item.type) == ("q1", "Q one", ItemType.SINGLE)
    assert item.stem == "Which **one**?"
    assert item.answer_key == ChoiceKey(frozenset("a"))
    assert item.explanation.option_notes == {"a": "Right", "b": ""}
    assert item.explanation.text == "Because."
    assert (item.scoring.max_points, item.shuffle) == (2, False)


def test_fractions_become_a_scoring_rule() -> None:
    parts = (ASKED, "<single>false</single>", answer("a", "50"), answer("b", "50"))
    item = only("multichoice", *parts, answer("c", "-50"))
    assert (item.type, item.scoring.rule) == (ItemType.MULTIPLE, ScoringRule.PER_OPTION)


def test_plugin_all_or_nothing_is_read() -> None:
    item = only("multichoiceset", ASKED, answer("a", "100"), answer("b", "100"), answer("c", "0"))
    assert item.answer_key == ChoiceKey(frozenset("ab"))
    assert item.scoring.rule is ScoringRule.ALL_OR_NOTHING


def test_true_false_is_read() -> None:
    item = only("truefalse", ASKED, answer("true", "0"), answer("false", "100"))
    assert item.answer_key == ChoiceKey(frozenset({"false"}))


def test_short_answer_is_a_blank() -> None:
    parts = ("<usecase>1</usecase>", answer("Paris", "100"), answer("paris", "50"))
    item = only("shortanswer", text("questiontext", "Capital: _____ ?"), *parts)
    accepted = (AcceptedAnswer("Paris"), AcceptedAnswer("paris", Fraction(1, 2)))
    assert item.answer_key == BlanksKey((Blank("1", accepted, case_sensitive=True),))
    assert item.stem == "Capital: {{1}} ?"


def test_number_with_tolerance_and_unit_is_read() -> None:
    units = "<units><unit><multiplier>1</multiplier><unit_name>kg</unit_name></unit></units>"
    slip = answer("1.2", "0", "<tolerance>0</tolerance>" + text("feedback", "<p>ten times</p>"))
    item = only(
        "numerical", ASKED, answer("12.50", "100", "<tolerance>0.01</tolerance>"), slip, units
    )
    assert item.answer_key == NumericKey(Decimal("12.50"), Decimal("0.01"), 2, "kg")
    assert [slip.note for slip in item.explanation.wrong_answers] == ["ten times"]


def test_pairs_are_read_with_a_target_nothing_belongs_to() -> None:
    pairs = "".join(
        f"<subquestion><text>{one}</text><answer><text>{two}</text></answer></subquestion>"
        for one, two in (("Canada", "Ottawa"), ("Italy", "Rome"), ("", "Paris"))
    )
    for kind in ("matching", "ddmatch"):
        item = only(kind, ASKED, pairs)
        assert item.answer_key == MatchKey(frozenset({("a", "t1"), ("b", "t2")}))
        assert [target.text for target in item.targets] == ["Ottawa", "Rome", "Paris"]
        assert score(item, {"RESPONSE": {"pairs": {"a": "t1", "b": "t3"}}}).points == Fraction(1, 2)


def test_essay_keeps_what_markers_read() -> None:
    item = only("essay", ASKED, text("graderinfo", "<p>Look for <i>x</i></p>"))
    assert item.answer_key == EssayKey("Look for *x*")


def test_ordering_is_read_by_its_fractions() -> None:
    item = only("ordering", ASKED, answer("second", "2"), answer("first", "1"))
    assert [option.text for option in item.options] == ["second", "first"]
    assert item.answer_key == OrderKey(("b", "a"))


def test_embedded_answers_become_weighted_blanks() -> None:
    stem = "<p>A {1:SHORTANSWER:=x &lt; y~%50%z#near} b {3:NUMERICAL:=5:0.5~%50%6:1}</p>"
    item = only("cloze", text("questiontext", stem))
    assert item.stem == "A {{1}} b {{2}}"
    given = {"RESPONSE": {"blanks": {"1": "z", "2": "5.2"}}}
    assert score(item, given).points == Fraction(1, 4) * Fraction(1, 2) + Fraction(3, 4)
    assert item.explanation.text == "z：near"
    assert isinstance(item.answer_key, BlanksKey)
    assert item.answer_key.blanks[0].accepted[0].text == "x < y"


def test_embedded_list_stands_beside_its_blank() -> None:
    stem = text("questiontext", "The {1:MULTICHOICE:wrong~=right} one")
    (item,), (problem,) = read(question("multianswer", stem))
    assert item.stem == "The {{1}}（wrong / right） one"
    assert "became blanks" in problem.reason


def test_gaps_in_text_are_matched_with_their_choices() -> None:
    boxes = "".join(
        f"<selectoption><text>{word}</text><group>1</group></selectoption>"
        for word in ("cat", "mat", "dog")
    )
    item = only("gapselect", text("questiontext", "<p>The [[1]] sat on the [[2]].</p>"), boxes)
    assert item.stem == "The （1）\\_\\_\\_ sat on the （2）\\_\\_\\_."
    assert item.answer_key == MatchKey(frozenset({("a", "t1"), ("b", "t2")}))


def test_category_becomes_the_chapter_and_description_a_file() -> None:
    category = (
        '<question type="category"><category><text>$course$/top/A/B</text></category></question>'
    )
    description = (
        f'<question type="description">{text("questiontext", "<p>Read this.</p>")}</question>'
    )
    (item,), (problem,) = read(category, description, question("essay", ASKED))
    assert (item.chapter, item.files[0].content) == ("A/B", b"Read this.")
    assert "kept as the file" in problem.reason


def test_embedded_files_become_files_of_the_item() -> None:
    data = base64.b64encode(b"picture").decode()
    html = '<p><img src="@@PLUGINFILE@@/my%20pic.png" alt="A chart"></p>'
    html += f'<p><img src="data:image/png;base64,{data}"></p>'
    file = f'<file name="my pic.png" path="/" encoding="base64">{data}</file>'
    stem = f'<questiontext format="html"><text><![CDATA[{html}]]></text>{file}</questiontext>'
    item = only("essay", stem)
    assert item.stem == "![A chart](my-pic.png)\n\n![](picture.png)"
    assert {file.name: file.content for file in item.files} == {
        "my-pic.png": b"picture",
        "picture.png": b"picture",
    }


def test_our_labels_set_our_fields() -> None:
    labels = ("node:01", "dimension:S", "level:novice", "seconds:90", "difficulty:0.7 panel")
    tags = "".join(f"<tag><text>{label}</text></tag>" for label in labels)
    item = only("essay", ASKED, f"<tags>{tags}</tags>")
    assert (item.node, item.dimension, item.level) == ("01", "S", "novice")
    assert (item.expected_seconds, item.difficulty.basis) == (90, "panel")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (("calculated", ASKED, answer("{a}+1", "100")), "type calculated have no counterpart"),
        (("random", "<questiontext/>"), "type random have no counterpart"),
        (("strange", ASKED), "type strange have no counterpart"),
        (("cloze", ASKED), "cannot be read (a gap without an answer)"),
        (("cloze", text("questiontext", "{1:MULTIRESPONSE:=a~=b}")), "gap MULTIRESPONSE"),
        (("numerical", ASKED, answer("many", "100")), "expected a number, found many"),
        (("ordering", ASKED, answer("a", "1")), "fewer than two parts"),
        (("gapselect", text("questiontext", "[[3]]")), "a gap without its choice"),
        (("matching", ASKED), "no pair to match"),
    ],
)
def test_question_we_cannot_hold_is_kept_as_a_draft_and_named(
    parts: tuple[str, ...], reason: str
) -> None:
    (item,), (problem,) = read(question(*parts))
    assert (problem.severity, problem.item_id) == ("error", "q1")
    assert reason in problem.reason
    assert item.type is ItemType.ESSAY
    assert b"<question" in item.files[0].content


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (("multichoice", ASKED, answer("a", "0"), answer("b", "0")), "no answer is marked right"),
        (("multichoice", ASKED, answer("a", "100"), answer("b", "50")), "several answers"),
        (("shortanswer", ASKED, answer("gold*", "100")), "is a pattern"),
        (("essay", ASKED, "<tags><tag><text>odd</text></tag></tags>"), "labels mean nothing"),
        (("essay", ASKED, text("responsetemplate", "Dear")), "template of the response"),
        (("essay", text("questiontext", '<img src="https://x.example/a.png">')), "lies elsewhere"),
        (
            (
                "essay",
                '<questiontext format="html"><text>a</text><file name="f">*</file></questiontext>',
            ),
            "damaged",
        ),
    ],
)
def test_what_changes_is_named(parts: tuple[str, ...], reason: str) -> None:
    _items, problems = read(question(*parts))
    assert any(reason in problem.reason for problem in problems)


def test_external_entity_is_refused() -> None:
    hostile = b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'
    found, (problem,) = items_of(hostile, "moodle.xml")
    assert (found, "document type" in problem.reason) == ((), True)


def test_entity_bomb_in_another_encoding_is_refused() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE q [<!ENTITY a "b">]><quiz>'
    hostile = f"{text}<question type='essay'/></quiz>".encode("utf-16")
    found, problems = items_of(hostile, "moodle.xml")
    assert found == ()
    assert "document type" in problems[0].reason


def test_file_that_breaks_off_gives_what_came_before() -> None:
    document = f"<quiz>{question('essay', ASKED)}<question type='essay'><name>"
    found, problems = items_of(document.encode(), "moodle.xml")
    assert len(found) == 1
    assert "cannot be read" in problems[0].reason


def test_file_without_questions_is_named() -> None:
    assert "no item was found" in items_of(b"<quiz/>", "moodle.xml")[1][0].reason
    assert "cannot be read" in items_of(b"", "moodle.xml")[1][0].reason


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert "no such file" in read_items(tmp_path / "none.xml")[1][0].reason


PIECES = st.sampled_from(
    [
        *("<question type='essay'>", "<question type='cloze'>", "</question>", "<questiontext>"),
        *("</questiontext>", "<text>", "</text>", "{1:SA:=a}", "[[1]]", "<answer fraction='x'>"),
        *("</answer>", "a", "<question type='numerical'>", "<question type='matching'>"),
        *("<subquestion>", "</subquestion>", "<file name='a'>", "</file>", "<idnumber>", "&amp;"),
    ]
)


@given(pieces=st.lists(PIECES, max_size=20))
def test_any_pieces_give_items_or_problems(pieces: list[str]) -> None:
    found, problems = items_of(f"<quiz>{''.join(pieces)}</quiz>".encode(), "moodle.xml")
    assert found or problems


@given(content=st.binary(max_size=80))
def test_any_bytes_give_problems(content: bytes) -> None:
    assert items_of(content, "moodle.xml")[1]
