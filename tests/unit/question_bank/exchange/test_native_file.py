"""Files of our own format: everything comes back, and one bad entry spoils no other."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.exchange.drafts import kept_file
from question_bank.exchange.native_file import items_of, read_items, write_items
from question_bank.item import Item, Stimulus
from tests.unit.question_bank.exchange.native_items import STIMULUS, items, one_of_each


def written(listed: list[Item]) -> str:
    stream = StringIO()
    assert write_items(listed, stream) == ()
    return stream.getvalue()


@given(listed=st.lists(items(), max_size=3, unique_by=lambda item: item.id))
def test_items_come_back(listed: list[Item]) -> None:
    found, problems = items_of(written(listed), "a.yaml")
    assert found == tuple(listed)
    assert problems == () or not listed


def test_files_come_back_with_their_content() -> None:
    picture = kept_file("a.png", "image/png", b"\x89PNG")
    (back,), _problems = items_of(written([replace(one_of_each()[0], files=(picture,))]), "a.yaml")
    assert (back.files, back.files[0].content) == ((picture,), b"\x89PNG")


def test_stimulus_is_written_once_for_the_items_that_share_it() -> None:
    pair = [replace(item, stimulus=STIMULUS) for item in one_of_each()[:2]]
    text = written(pair)
    assert text.count("甲公司") == 1
    assert items_of(text, "a.yaml")[0] == tuple(pair)


def test_two_stimuli_of_one_id_stay_apart() -> None:
    first, second, *_rest = one_of_each()
    pair = [
        replace(first, stimulus=Stimulus("s", "", "one")),
        replace(second, stimulus=Stimulus("s", "", "two")),
    ]
    assert items_of(written(pair), "a.yaml")[0] == tuple(pair)


def test_bad_entry_is_named_and_the_others_are_read() -> None:
    text = written(one_of_each()[:3]).replace("type: multiple", "type: poem")
    found, (problem,) = items_of(text, "a.yaml")
    assert [item.id for item in found] == ["01-001", "01-003"]
    assert (problem.item_id, "entry 2" in problem.reason) == ("01-002", True)


def test_file_with_another_content_than_its_digest_is_named() -> None:
    picture = kept_file("a.png", "image/png", b"abc")
    text = written([replace(one_of_each()[0], files=(picture,))])
    for damaged in ("content: AAAA", "content: '*'"):
        found, (problem,) = items_of(text.replace("content: YWJj", damaged), "a.yaml")
        assert (found, "digest" in problem.reason) == ((), True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a list of items"),
        ("items: 5", "a list of items"),
        ("items: [5]", "a list of items"),
        ("items: []", "no item was found"),
        ("a: &x 1\nb: *x", "an alias (*x)"),
        ("items: [unclosed", "not readable as YAML"),
        ("[" * 5_000, "nested too deeply"),
        ("!!python/object/apply:os.getcwd []", "not readable as YAML"),
        ("items:\n- id: x\n  stimulus: s", "a stimulus of this file"),
    ],
)
def test_file_that_cannot_be_read_is_named(text: str, reason: str) -> None:
    found, (problem,) = items_of(text, "a.yaml")
    assert (found, reason in problem.reason) == ((), True), problem.reason


def test_folder_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for number, item in enumerate(one_of_each()[:2]):
        (tmp_path / "sub" / f"{number}.yaml").write_text(written([item]), encoding="utf-8")
    found, problems = read_items(tmp_path)
    assert ([item.id for item in found], problems) == (["01-001", "01-002"], ())
    (tmp_path / "none").mkdir()
    assert read_items(tmp_path / "none")[1]


def test_shipped_content_is_read() -> None:
    content = Path(__file__).parents[4] / "question_bank" / "content" / "S" / "08.yaml"
    found, problems = read_items(content)
    assert found
    assert problems == ()


@given(text=st.text(st.sampled_from("items: -[]{}&*x\n\"'?!|>#")))
def test_any_text_gives_items_or_problems(text: str) -> None:
    found, problems = items_of(text, "a.yaml")
    assert found or problems
