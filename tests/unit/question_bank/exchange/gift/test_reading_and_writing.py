"""GIFT questions as items, and items as GIFT."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.answer_key import AcceptedAnswer, BlanksKey, ChoiceKey, MatchKey, NumericKey
from question_bank.exchange.fidelity import different_parts
from question_bank.exchange.gift import gift_text, parse_gift, read_items, write_items
from question_bank.exchange.gift.reading import items_of
from question_bank.exchange.problems import Problem
from question_bank.item import Item, ItemType
from question_bank.response_processing import score
from question_bank.scoring import Scoring, ScoringRule
from tests.unit.question_bank.exchange.native_items import STIMULUS, item_of, items, one_of_each

WRITABLE = tuple(kind for kind in ItemType if kind not in (ItemType.ORDER, ItemType.COMPOSITE))


def read(text: str) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    return items_of(parse_gift(text, "bank.gift"), "bank.gift")


def only(text: str) -> Item:
    (item,), problems = read(text)
    assert [problem for problem in problems if problem.severity != "info"] == []
    return item


def test_every_question_of_the_published_files_becomes_an_item(
    shared_path: Callable[[str], Path],
) -> None:
    for path in sorted(shared_path("testdata/gift").glob("*.gift")):
        found, problems = read_items(path)
        parsed = parse_gift(path.read_text(encoding="utf-8"))
        asked = [q for q in parsed.questions if q.type not in ("Description", "Category")]
        merged = sum("twice" in problem.reason for problem in problems)
        assert len(found) + merged == len(asked), path.name


def test_single_choice_keeps_its_feedback_as_notes() -> None:
    item = only("// [id:q1]\n::Title::Who?{~Grant#no =nobody#yes ####all in all}")
    assert (item.id, item.source, item.type) == ("q1", "Title", "single")
    assert item.answer_key == ChoiceKey(frozenset("b"))
    assert item.explanation.option_notes == {"a": "no", "b": "yes"}
    assert item.explanation.text == "all in all"
    assert item.scoring == Scoring()


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ("~%50%a ~%50%b ~%-100%c", ScoringRule.PARTIAL),
        ("~%50%a ~%50%b ~%-50%c", ScoringRule.PER_OPTION),
        ("~%33.33333%a ~%33.33333%b ~%33.33333%d ~%-33.33333%c", ScoringRule.PER_OPTION),
        ("~%75%a ~%25%b ~%-10%c", ScoringRule.MAPPED),
        ("~%50%a ~%50%b ~c", ScoringRule.MAPPED),
    ],
)
def test_weights_become_a_scoring_rule(answers: str, rule: ScoringRule) -> None:
    item = only(f"Q{{{answers}}}")
    assert (item.type, item.scoring.rule) == (ItemType.MULTIPLE, rule)


def test_mapped_weights_score_as_they_say() -> None:
    item = only("Q{~%75%a ~%25%b ~%-10%c}")
    points = [score(item, {"RESPONSE": list(chosen)}).points for chosen in ("a", "ac", "c", "ab")]
    assert points == [Fraction(3, 4), Fraction(13, 20), 0, 1]


def test_short_answers_keep_their_shares() -> None:
    item = only("Best animal?{=Frog#Good! =%50%Cat =%0%*#No}")
    assert isinstance(item.answer_key, BlanksKey)
    (blank,) = item.answer_key.blanks
    assert blank.accepted == (AcceptedAnswer("Frog"), AcceptedAnswer("Cat", Fraction(1, 2)))
    assert item.stem == "Best animal?\n\n{{1}}"
    assert "Frog：Good!" in item.explanation.text


def test_missing_word_stands_in_the_stem() -> None:
    assert only("Two plus two is {=four =4}.").stem == "Two plus two is {{1}} ."
    assert only("_____ is large.{=Asia}").stem == "{{1}} is large."


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ("#1822", NumericKey(Decimal(1822), Decimal(0), 0)),
        ("#3.14:0.01", NumericKey(Decimal("3.14"), Decimal("0.01"), 2)),
        ("#1..5", NumericKey(Decimal(3), Decimal(2), 0)),
        ("#=5:1 =%0%7#slip", NumericKey(Decimal(5), Decimal(1), 0)),
    ],
)
def test_number_becomes_a_numeric_key(answers: str, key: NumericKey) -> None:
    item = only(f"How many?{{{answers}}}")
    assert (item.type, item.answer_key) == (ItemType.NUMERIC, key)


def test_numbers_with_part_of_the_credit_become_a_blank() -> None:
    item = only("When?{#=1822:0 =%50%1822:2}")
    assert isinstance(item.answer_key, BlanksKey)
    points = [score(item, {"RESPONSE": {"blanks": {"1": n}}}).points for n in ("1822", "1824", "9")]
    assert points == [1, Fraction(1, 2), 0]


def test_pairs_earn_their_part_each() -> None:
    item = only("Match{=Canada -> Ottawa =Italy -> Rome = -> Paris}")
    assert isinstance(item.answer_key, MatchKey)
    assert [target.text for target in item.targets] == ["Ottawa", "Rome", "Paris"]
    given = {"RESPONSE": {"pairs": {"a": "t1", "b": "t3"}}}
    assert score(item, given).points == Fraction(1, 2)


def test_texts_in_html_become_markdown() -> None:
    item = only("[html]<p>A <b>bold</b> word</p>{=<i>x</i> ~[plain]*y*}")
    assert item.stem == "A **bold** word"
    assert [option.text for option in item.options] == ["*x*", "\\*y\\*"]


def test_category_becomes_the_chapter() -> None:
    assert only("$CATEGORY: $course$/top/Unit 1/Basics\n\nQ{T}").chapter == "Unit 1/Basics"


def test_description_is_kept_with_the_next_item_and_named() -> None:
    (item,), problems = read("::Intro::Use a pencil.\n\nQ{T}")
    assert item.files[0].content.decode() == "Intro\n\nUse a pencil."
    assert "kept as the file text-1.md" in problems[0].reason


def test_description_at_the_end_is_named() -> None:
    _items, problems = read("Q{T}\n\nUse a pencil.")
    assert "no item follows" in problems[-1].reason


def test_same_question_has_the_same_id_wherever_it_stands() -> None:
    assert only("Q{T}").id == only("// comment\n\n\nQ{T}").id


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Q{=*gold* =silver}", "is a pattern"),
        ("Q{~a ~b}", "no answer is marked right"),
        ("Q{=a =b ~c}", "several answers of a single choice"),
        ("// [tag:odd]\nQ{T}", "these labels mean nothing here"),
        ("::a::Q{T}\n\n::a::R{T}", "identifier stands here a second time"),
        ("::a::Q{T}\n\n::a::Q{T}", "the same item stands here twice"),
        ("", "no item was found"),
    ],
)
def test_what_cannot_come_over_is_named(text: str, reason: str) -> None:
    assert any(reason in problem.reason for problem in read(text)[1])


@given(item=items(WRITABLE))
def test_item_comes_back_or_its_loss_is_named(item: Item) -> None:
    stream = StringIO()
    problems = write_items([item], stream)
    found, _read_problems = read(stream.getvalue())
    back = {other.id: other for other in found}.get(item.id)
    assert problems or (back is not None and not different_parts(item, back))


@given(item=items((ItemType.SINGLE, ItemType.MULTIPLE, ItemType.TRUE_FALSE, ItemType.NUMERIC)))
def test_choices_and_numbers_come_back_whole(item: Item) -> None:
    stream = StringIO()
    assert write_items([item], stream) == (), stream.getvalue()


def test_one_of_each_type_is_written_but_for_orders() -> None:
    stream = BytesIO()
    problems = write_items(one_of_each(), stream)
    assert [(problem.item_id, problem.severity) for problem in problems] == [
        ("01-006", "error"),
        ("01-008", "warning"),
    ]
    assert "answer_key" in problems[1].reason


def test_items_of_a_stimulus_share_it_again() -> None:
    pair = [
        item_of(name, ItemType.TRUE_FALSE, stimulus=STIMULUS, chapter="c", **parts)
        for name, parts in (("x1", TRUTH), ("x2", TRUTH))
    ]
    text = gift_text(pair)
    assert text.count("甲公司") == 1
    assert [item.stimulus for item in read(text)[0]] == [STIMULUS, STIMULUS]


TRUTH = {"options": one_of_each()[2].options, "answer_key": one_of_each()[2].answer_key}


def test_moodle_reads_plain_text_where_nothing_is_marked_up() -> None:
    assert "[markdown]" not in gift_text([one_of_each()[0]])


@given(text=st.text(st.sampled_from("ab {}=~#:%\\\n/[]-><T$5.,*<b>")))
def test_any_text_gives_items_or_problems(text: str) -> None:
    read(text)


@given(content=st.binary(max_size=60))
def test_any_file_gives_items_or_problems(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.gift"
    path.write_bytes(content)
    read_items(path)


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    found, (problem,) = read_items(tmp_path / "none.gift")
    assert found == ()
    assert "no such file" in problem.reason
