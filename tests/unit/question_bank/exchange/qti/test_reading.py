"""Files, folders and packages of QTI: what comes in, in which order, and what is said about it."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.errors import QuestionBankError
from question_bank.exchange.problems import ProblemSeverity
from question_bank.exchange.qti import read_items
from question_bank.item import Item, ItemType
from question_bank.qti.processing import process
from tests.unit.question_bank.qti.sample_items import NAMESPACE, correct, item, outcome, response

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


def choice_item(identifier: str, body: str = "<p>Which?</p>") -> str:
    return item(
        response("identifier", inner=correct("A"), name="RESPONSE"),
        outcome("float", name="SCORE"),
        f"<itemBody>{body}<choiceInteraction responseIdentifier='RESPONSE' maxChoices='1'>"
        "<simpleChoice identifier='A'>Right</simpleChoice>"
        "<simpleChoice identifier='B'>Wrong</simpleChoice></choiceInteraction></itemBody>",
        "<responseProcessing template='match_correct'/>",
        attributes=f'identifier="{identifier}" title="Title"',
    )


def manifest(*files: str) -> str:
    listed = "".join(
        f'<resource identifier="r{at}" type="imsqti_item_xmlv2p2" href="{name}"/>'
        for at, name in enumerate(files)
    )
    return f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{listed}</resources></manifest>'


def pack(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return path


def ids(items: tuple[Item, ...]) -> list[str]:
    return [each.id for each in items]


def reasons(path: Path) -> list[str]:
    return [problem.message for problem in read_items(path)[1]]


def test_single_file_gives_its_item(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(choice_item("q-1"), encoding="utf-8")
    items, problems = read_items(path)
    assert ids(items) == ["q-1"]
    assert problems == ()
    assert items[0].source == "Title"
    assert items[0].markup.startswith("<?xml")


def test_package_is_read_in_the_order_of_its_manifest(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "items/a.xml": choice_item("qa"),
        "items/b.xml": choice_item("qb"),
        "imsmanifest.xml": manifest("items/b.xml", "items/a.xml"),
    }
    assert ids(read_items(pack(tmp_path / "p.zip", files))[0]) == ["qb", "qa"]


def test_items_below_another_root_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f"<items>{choice_item('q1')}{choice_item('q2')}</items>", encoding="utf-8")
    assert ids(read_items(path)[0]) == ["q1", "q2"]


@pytest.mark.parametrize(
    "namespace",
    ["", "http://www.imsglobal.org/xsd/imsqti_v9p9", "urn:somebody", "http://example.org/qti"],
)
def test_wrong_namespace_does_no_harm(tmp_path: Path, namespace: str) -> None:
    path = tmp_path / "a.xml"
    markup = choice_item("q").replace(NAMESPACE, namespace)
    path.write_text(markup, encoding="utf-8")
    items, problems = read_items(path)
    assert (items[0].type, problems) == (ItemType.SINGLE, ())
    assert process(items[0].markup, {"RESPONSE": "A"}).points == 1


def test_folder_is_read_like_a_package(tmp_path: Path) -> None:
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "a.xml").write_text(choice_item("qa"), encoding="utf-8")
    (tmp_path / "imsmanifest.xml").write_text(manifest("items/a.xml"), encoding="utf-8")
    items, problems = read_items(tmp_path)
    assert (ids(items), problems) == (["qa"], ())


def test_test_decides_the_order_and_is_named(tmp_path: Path) -> None:
    test = (
        '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="T">'
        '<testPart identifier="p"><assessmentSection identifier="s" title="S">'
        '<timeLimits maxTime="5"/><assessmentItemRef identifier="2" href="b.xml"/>'
        '<assessmentItemRef identifier="1" href="a.xml"/>'
        '<assessmentItemRef identifier="3" href="none.xml"/>'
        "</assessmentSection></testPart></assessmentTest>"
    )
    files: dict[str, str | bytes] = {
        "a.xml": choice_item("qa"),
        "b.xml": choice_item("qb"),
        "test.xml": test,
    }
    path = pack(tmp_path / "p.zip", files)
    assert ids(read_items(path)[0]) == ["qb", "qa"]
    assert any("qti-time-limits" in reason for reason in reasons(path))
    assert any("none.xml" in reason for reason in reasons(path))


def test_pictures_come_with_the_item_under_the_name_it_uses(tmp_path: Path) -> None:
    body = "<p><img src='../img/p%201.png' alt='a [chart]'/></p>"
    files: dict[str, str | bytes] = {
        "items/a.xml": choice_item("qa", body),
        "img/p 1.png": PNG,
        "imsmanifest.xml": manifest("items/a.xml"),
    }
    items, problems = read_items(pack(tmp_path / "p.zip", files))
    assert [(file.name, file.media_type, file.content) for file in items[0].files] == [
        ("../img/p%201.png", "image/png", PNG)
    ]
    assert "![a \\[chart\\]](../img/p%201.png)" in items[0].stem
    assert problems == ()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("none.png", "is not in the package"),
        ("http://example.org/a.png", "was not fetched"),
        ("../../../etc/passwd", "was not fetched"),
        ("file:///etc/passwd", "was not fetched"),
    ],
)
def test_picture_that_is_not_there_is_named(tmp_path: Path, address: str, told: str) -> None:
    files: dict[str, str | bytes] = {
        "a.xml": choice_item("qa", f"<p><img src='{address}' alt=''/></p>"),
        "b.xml": choice_item("qb"),
    }
    path = pack(tmp_path / "p.zip", files)
    assert read_items(path)[0][0].files == ()
    assert any(told in reason for reason in reasons(path))


def test_picture_in_a_data_address_becomes_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(choice_item("q", "<p><img src='data:image/png;base64,AAAA' alt='x'/></p>"))
    items, _problems = read_items(path)
    assert [file.media_type for file in items[0].files] == ["image/png"]
    assert f"![x]({items[0].files[0].name})" in items[0].stem


def test_shared_stimulus_comes_with_each_of_its_items(tmp_path: Path) -> None:
    stimulus = (
        '<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
        'identifier="s1" title="Case"><qti-stimulus-body><p>The <b>case</b>.</p>'
        "</qti-stimulus-body></qti-assessment-stimulus>"
    )
    reference = "<assessmentStimulusRef identifier='s1' href='s.xml'/>"
    files: dict[str, str | bytes] = {
        "a.xml": choice_item("qa").replace("<itemBody>", f"{reference}<itemBody>"),
        "s.xml": stimulus,
    }
    items, problems = read_items(pack(tmp_path / "p.zip", files))
    assert items[0].stimulus is not None
    assert (items[0].stimulus.id, items[0].stimulus.text) == ("s1", "The **case**.")
    assert problems == ()


def test_rules_and_texts_of_the_same_package_are_put_in_place(tmp_path: Path) -> None:
    rules = (
        '<responseProcessing xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1">'
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">3</baseValue>'
        "</setOutcomeValue></responseProcessing>"
    )
    included = '<xi:include href="part.xml" xmlns:xi="http://www.w3.org/2001/XInclude"/>'
    files: dict[str, str | bytes] = {
        "a.xml": choice_item("qa", included).replace("'match_correct'", "'rules/own.xml'"),
        "rules/own.xml": rules,
        "part.xml": "<p>Included.</p>",
    }
    items, _problems = read_items(pack(tmp_path / "p.zip", files))
    assert items[0].stem.startswith("Included.")
    assert process(items[0].markup, {}).points == 3


def test_same_item_twice_is_taken_over_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.xml": choice_item("q"), "b.xml": choice_item("q")}
    path = pack(tmp_path / "p.zip", files)
    assert ids(read_items(path)[0]) == ["q"]
    assert any("stands in the package again" in reason for reason in reasons(path))


def test_other_item_of_the_same_identifier_is_renamed(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.xml": choice_item("q"),
        "b.xml": choice_item("q", "<p>Other</p>"),
    }
    path = pack(tmp_path / "p.zip", files)
    assert ids(read_items(path)[0]) == ["q", "q-2"]
    assert any("is taken by another item" in reason for reason in reasons(path))


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [("choice 1/ä", "choice-1-ä"), ("", "a"), ("x" * 80, None), ("{GUID-1}", "GUID-1")],
)
def test_identifier_is_made_safe_and_stays_the_same(
    tmp_path: Path, given_id: str, kept: str | None
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(choice_item(given_id), encoding="utf-8")
    first, second = read_items(path)[0][0].id, read_items(path)[0][0].id
    assert first == second
    assert len(first) <= 64
    assert kept is None or first == kept


def test_broken_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.xml": "<assessmentItem", "b.xml": choice_item("qb")}
    items, problems = read_items(pack(tmp_path / "p.zip", files))
    assert ids(items) == ["qb"]
    assert [(each.file, each.severity) for each in problems] == [("a.xml", ProblemSeverity.ERROR)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no markup",
        b"<html><body/></html>",
        b"PK\x03\x04",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><assessmentItem>&x;</assessmentItem>",
        b"<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><assessmentItem>&b;</assessmentItem>",
        b"<assessmentItem>" + b"<div>" * 5000,
    ],
)
def test_hostile_or_foreign_file_is_one_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(content)
    items, problems = read_items(path)
    assert items == ()
    assert [each for each in problems if each.severity is ProblemSeverity.ERROR]


def test_package_with_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr(link, "/etc/passwd")
        opened.writestr("b.xml", choice_item("qb"))
    items, problems = read_items(path)
    assert items == ()
    assert "a link" in problems[0].message


def test_link_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text(choice_item("secret"), encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.xml").symlink_to(tmp_path / "secret.xml")
    (folder / "b.xml").write_text(choice_item("qb"), encoding="utf-8")
    assert ids(read_items(folder)[0]) == ["qb"]


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert "no such file" in read_items(tmp_path / "none.xml")[1][0].message


def test_item_that_cannot_be_scored_is_kept_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(choice_item("q").replace("match_correct", "http://example.org/own"))
    items, problems = read_items(path)
    assert ids(items) == ["q"]
    assert problems[0].severity is ProblemSeverity.ERROR
    assert "http://example.org/own" in problems[0].message


SAMPLE = choice_item("q", "<p>Which &amp; why?</p>").encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_damage_gives_items_or_problems(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=6))
    path = tmp_path / "a.xml"
    path.write_bytes(content)
    items, problems = read_items(path)
    assert items or problems
    for each in items:
        try:
            process(each.markup, {"RESPONSE": "A"})
        except QuestionBankError:
            continue
