"""Items of one plain interaction become native types that earn exactly the same points."""

from __future__ import annotations

from itertools import chain, combinations, permutations
from pathlib import Path
from typing import Any

import pytest

from question_bank.answer_key import ChoiceKey, NumericKey
from question_bank.exchange.qti.items import item_of
from question_bank.interactions import parse_response
from question_bank.item import Item, ItemType
from question_bank.qti.item_reader import read_item
from question_bank.qti.processing import process
from question_bank.response_processing import score
from tests.unit.question_bank.qti.sample_items import correct, item, outcome, response, value

SCORE = outcome("float", name="SCORE")
MATCH = "<responseProcessing template='match_correct'/>"
MAP = "<responseProcessing template='map_response'/>"


def read(markup: str) -> Item:
    return item_of(read_item(markup), "a.xml").item


def body(interaction: str, attributes: str, inner: str = "", before: str = "") -> str:
    return (
        f"<itemBody>{before}<{interaction} responseIdentifier='RESPONSE' {attributes}>{inner}"
        f"</{interaction}></itemBody>"
    )


def choices(*names: str, element: str = "simpleChoice") -> str:
    return "".join(f"<{element} identifier='{name}'>{name}</{element}>" for name in names)


def subsets(names: str) -> list[list[str]]:
    sizes = range(len(names) + 1)
    return [list(each) for each in chain.from_iterable(combinations(names, n) for n in sizes)]


def assert_same_points(found: Item, raw: Any, native: Any) -> None:
    engine = process(found.markup, {"RESPONSE": raw})
    ours = score(found, parse_response(found, native))
    assert (ours.points, ours.max_points) == (engine.points, engine.max_points), raw


def mapping(default: str = "", **points: str) -> str:
    entries = "".join(
        f'<mapEntry mapKey="{name}" mappedValue="{worth}"/>' for name, worth in points.items()
    )
    return f"<mapping {default}>{entries}</mapping>"


@pytest.mark.parametrize(
    ("declared", "rules"),
    [
        (correct("A"), MATCH),
        (mapping(A="1", B="0.5"), MAP),
        (mapping('defaultValue="-1"', A="2"), MAP),
        (mapping('defaultValue="-1" lowerBound="0"', A="2") + correct("A"), MAP),
        (
            correct("B"),
            "<responseProcessing><responseCondition><responseIf><match>"
            "<variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></match>"
            f"<setOutcomeValue identifier='SCORE'>{value('float', 4)}</setOutcomeValue>"
            "</responseIf></responseCondition></responseProcessing>",
        ),
    ],
)
def test_single_choice(declared: str, rules: str) -> None:
    found = read(
        item(
            response("identifier", inner=declared, name="RESPONSE"),
            SCORE,
            body("choiceInteraction", "maxChoices='1'", choices("A", "B", "C")),
            rules,
        )
    )
    assert found.type is ItemType.SINGLE
    for name in "ABC":
        assert_same_points(found, name, [name])


@pytest.mark.parametrize(
    ("declared", "rules"),
    [
        (correct("A", "B"), MATCH),
        (mapping(A="1", B="0.5"), MAP),
        (mapping('defaultValue="-1" lowerBound="0" upperBound="1.5"', A="1", B="1"), MAP),
        (mapping('lowerBound="0" upperBound="9"', A="1", B="1", C="-0.5"), MAP),
    ],
)
def test_multiple_choice(declared: str, rules: str) -> None:
    found = read(
        item(
            response("identifier", "multiple", declared, "RESPONSE"),
            SCORE,
            body("choiceInteraction", "maxChoices='0'", choices("A", "B", "C")),
            rules,
        )
    )
    assert found.type is ItemType.MULTIPLE
    for chosen in subsets("ABC")[1:]:
        assert_same_points(found, chosen, chosen)


def test_true_false() -> None:
    found = read(
        item(
            response("identifier", inner=correct("false"), name="RESPONSE"),
            SCORE,
            body("choiceInteraction", "maxChoices='1'", choices("true", "false")),
            MATCH,
        )
    )
    assert found.type is ItemType.TRUE_FALSE
    assert found.answer_key == ChoiceKey(frozenset({"false"}))
    assert_same_points(found, "false", ["false"])


@pytest.mark.parametrize(
    "comparison",
    [
        "<match><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></match>",
        "<equal toleranceMode='absolute' tolerance='0.05 0.05'><variable identifier='RESPONSE'/>"
        "<correct identifier='RESPONSE'/></equal>",
        "<equal toleranceMode='relative' tolerance='10'><correct identifier='RESPONSE'/>"
        "<variable identifier='RESPONSE'/></equal>",
        f"<equal toleranceMode='exact'><variable identifier='RESPONSE'/>{value('float', '2.50')}"
        "</equal>",
    ],
)
def test_number(comparison: str) -> None:
    rules = (
        f"<responseProcessing><responseCondition><responseIf>{comparison}"
        f"<setOutcomeValue identifier='SCORE'>{value('float', 2)}</setOutcomeValue></responseIf>"
        "</responseCondition></responseProcessing>"
    )
    found = read(
        item(
            response("float", inner=correct("2.5"), name="RESPONSE"),
            SCORE,
            body("textEntryInteraction", ""),
            rules,
        )
    )
    assert isinstance(found.answer_key, NumericKey)
    for typed in ("2.5", "2.55", "2.551", "2.75", "2.76", "2.25", "2.24", "-2.5", "word"):
        assert_same_points(found, typed, {"value": typed})


@pytest.mark.parametrize(
    ("declared", "rules"), [(correct("York"), MATCH), (mapping(York="2", york="1"), MAP)]
)
def test_blank(declared: str, rules: str) -> None:
    found = read(
        item(
            response("string", inner=declared, name="RESPONSE"),
            SCORE,
            "<itemBody><p>To <textEntryInteraction responseIdentifier='RESPONSE'/> go!</p>"
            "</itemBody>",
            rules,
        )
    )
    assert found.type is ItemType.FILL_IN
    assert found.stem == "To {{1}} go!"
    for typed in ("York", "york", "Yorks"):
        assert_same_points(found, typed, {"blanks": {"1": typed}})


def test_order() -> None:
    found = read(
        item(
            response("identifier", "ordered", correct("B", "A", "C"), "RESPONSE"),
            SCORE,
            body("orderInteraction", "shuffle='true'", choices("A", "B", "C")),
            MATCH,
        )
    )
    assert (found.type, found.shuffle) == (ItemType.ORDER, True)
    for sequence in permutations("ABC"):
        assert_same_points(found, list(sequence), list(sequence))


@pytest.mark.parametrize(
    ("declared", "rules"),
    [
        (correct("A X", "B Y"), MATCH),
        (correct("A X", "B Y") + mapping(**{"A X": "1", "B Y": "2", "A Y": "-1"}), MAP),
    ],
)
def test_match(declared: str, rules: str) -> None:
    sets = "".join(
        f"<simpleMatchSet>{choices(*names, element='simpleAssociableChoice')}</simpleMatchSet>"
        for names in ("AB", "XY")
    )
    found = read(
        item(
            response("directedPair", "multiple", declared, "RESPONSE"),
            SCORE,
            body("matchInteraction", "maxAssociations='2'", sets),
            rules,
        )
    )
    assert found.type is ItemType.MATCH
    for first, second in ("XY", "YX"):
        assert_same_points(
            found, [f"A {first}", f"B {second}"], {"pairs": {"A": first, "B": second}}
        )


def test_essay_waits_for_people() -> None:
    found = read(
        item(
            response("string", name="RESPONSE"),
            SCORE,
            body("extendedTextInteraction", "", "<prompt>Discuss.</prompt>"),
        )
    )
    assert (found.type, found.stem) == (ItemType.ESSAY, "Discuss.")


@pytest.mark.parametrize(
    "parts",
    [
        # two interactions
        (
            response("identifier", inner=correct("A"), name="RESPONSE"),
            SCORE,
            f"<itemBody>{body('choiceInteraction', '', choices('A'))[10:-11]}"
            "<p><textEntryInteraction responseIdentifier='RESPONSE'/></p></itemBody>",
            MATCH,
        ),
        # points depend on more than the response
        (
            response("identifier", inner=correct("A"), name="RESPONSE"),
            SCORE,
            body("choiceInteraction", "maxChoices='1'", choices("A", "B")),
            "<responseProcessing><setOutcomeValue identifier='SCORE'><randomInteger max='3'/>"
            "</setOutcomeValue></responseProcessing>",
        ),
        # the correct response names no option
        (
            response("identifier", inner=correct("Z"), name="RESPONSE"),
            SCORE,
            body("choiceInteraction", "maxChoices='1'", choices("A", "B")),
            MATCH,
        ),
        # a shape on a picture
        (
            response("identifier", inner=correct("A"), name="RESPONSE"),
            SCORE,
            body("hotspotInteraction", "maxChoices='1'", "<object data='a.png'/>"),
            MATCH,
        ),
    ],
)
def test_what_no_native_type_says_stays_markup(parts: tuple[str, ...]) -> None:
    found = read(item(*parts))
    assert found.type is ItemType.COMPOSITE
    assert found.answer_key is None
    assert found.markup


def test_composite_is_scored_by_its_markup() -> None:
    found = read(
        item(
            response("identifier", inner=correct("A"), name="RESPONSE"),
            SCORE,
            body("hotspotInteraction", "maxChoices='1'", "<object data='a.png'/>"),
            MATCH,
        )
    )
    parsed = parse_response(found, {"responses": {"RESPONSE": "A"}})
    assert score(found, parsed).points == 1
    assert score(found, {"RESPONSE": "A"}).outcomes["SCORE"] == 1
    assert score(found, None).points == 0


def test_texts_become_markdown(tmp_path: Path) -> None:
    before = (
        "<p>Look <strong>here</strong>:</p><table><tr><th>a</th><th>b</th></tr>"
        "<tr><td>1</td><td>2</td></tr></table><ul><li>x</li></ul>"
        '<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>1</mn><mn>2</mn></mfrac>'
        "</math></p>"
    )
    found = read(
        item(
            response("identifier", inner=correct("A"), name="RESPONSE"),
            outcome("identifier", name="FEEDBACK"),
            SCORE,
            body(
                "choiceInteraction",
                "maxChoices='1'",
                "<prompt>Which?</prompt><simpleChoice identifier='A'><em>one</em>"
                "<feedbackInline outcomeIdentifier='F' identifier='A' showHide='show'>Yes."
                "</feedbackInline></simpleChoice><simpleChoice identifier='B'>two</simpleChoice>",
                before,
            ),
            MATCH,
            "<modalFeedback outcomeIdentifier='FEEDBACK' identifier='B' showHide='show'>"
            "<p>No.</p></modalFeedback>"
            "<modalFeedback outcomeIdentifier='FEEDBACK' identifier='all' showHide='show'>"
            "<p>In general.</p></modalFeedback>",
        )
    )
    assert "Look **here**:" in found.stem
    assert "| a | b |" in found.stem
    assert "$\\frac{1}{2}$" in found.stem
    assert found.stem.endswith("Which?")
    assert [option.text for option in found.options] == ["*one*", "two"]
    assert dict(found.explanation.option_notes) == {"A": "Yes.", "B": "No."}
    assert found.explanation.text == "In general."
