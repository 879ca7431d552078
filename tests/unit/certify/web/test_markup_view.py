"""QTI markup on the page: every interaction has fields, and nothing gives the key away."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from certify.services.raw_responses import is_blank_response
from certify.services.responding import right_response
from certify.services.showing import view_item
from certify.web.markup_controls import CONTROLS
from certify.web.task_answers import read_response
from certify.web.task_rendering import render_task
from question_bank.interactions import parse_response
from question_bank.item import Item
from question_bank.markup_checks import NOT_SHOWN
from question_bank.response_processing import score
from tests.factories import make_item

pytestmark = pytest.mark.usefixtures("page_context")

SECRET = "绝密"
CHOICES = "".join(
    f'<qti-simple-choice identifier="{name}">选项{name}'
    f'<qti-feedback-inline outcome-identifier="FB" identifier="{name}" show-hide="show">{SECRET}'
    "</qti-feedback-inline></qti-simple-choice>"
    for name in "ABC"
)
PARTNERS = "".join(
    f'<qti-simple-associable-choice identifier="{name}" match-max="1">项{name}'
    "</qti-simple-associable-choice>"
    for name in "ABCD"
)
TARGETS = PARTNERS.replace('"A"', '"X"').replace('"B"', '"Y"').replace("项A", "甲")
AREAS = "".join(
    f'<qti-{{kind}} identifier="{name}" shape="rect" coords="{n},{n},{n + 9},{n + 9}"/>'
    for n, name in enumerate("ABC", start=1)
)
PICTURE = '<img src="map.png" width="100" height="80" alt="地图"/>'
SINGLE, MULTIPLE, ORDERED = (
    ("single", "identifier"),
    ("multiple", "identifier"),
    (
        "ordered",
        "identifier",
    ),
)
PAIRS = ("multiple", "directedPair")

BODIES: dict[str, tuple[tuple[str, str], str, list[str]]] = {
    "choice": (SINGLE, f"<qti-prompt>选哪个？</qti-prompt>{CHOICES}", ["B"]),
    "order": (ORDERED, CHOICES, ["B", "A", "C"]),
    "match": (
        PAIRS,
        f"<qti-simple-match-set>{PARTNERS}</qti-simple-match-set>"
        f"<qti-simple-match-set>{TARGETS}</qti-simple-match-set>",
        ["A Y", "B X"],
    ),
    "associate": (("multiple", "pair"), PARTNERS, ["A B", "C D"]),
    "gap-match": (
        PAIRS,
        '<qti-gap-text identifier="A" match-max="1">海运</qti-gap-text>'
        '<qti-gap-text identifier="B" match-max="1">空运</qti-gap-text>'
        '<p>慢的是<qti-gap identifier="G1"/>，快的是<qti-gap identifier="G2"/>。</p>',
        ["A G1", "B G2"],
    ),
    "hottext": (
        SINGLE,
        '<p>找出<qti-hottext identifier="A">错字</qti-hottext>与'
        '<qti-hottext identifier="B">别字</qti-hottext></p>',
        ["B"],
    ),
    "inline-choice": (
        SINGLE,
        '<qti-inline-choice identifier="A">一</qti-inline-choice>'
        '<qti-inline-choice identifier="B">二</qti-inline-choice>',
        ["B"],
    ),
    "text-entry": (("single", "string"), "", ["FOB"]),
    "extended-text": (("single", "string"), "", ["一段话"]),
    "slider": (("single", "integer"), "", ["40"]),
    "hotspot": (SINGLE, PICTURE + AREAS.format(kind="hotspot-choice"), ["B"]),
    "graphic-order": (ORDERED, PICTURE + AREAS.format(kind="hotspot-choice"), ["C", "A", "B"]),
    "graphic-associate": (
        ("multiple", "pair"),
        PICTURE + AREAS.format(kind="associable-hotspot"),
        ["A B"],
    ),
    "graphic-gap-match": (
        PAIRS,
        PICTURE
        + '<qti-gap-img identifier="Q" match-max="1"><img src="map.png" alt="旗"/></qti-gap-img>'
        + AREAS.format(kind="associable-hotspot"),
        ["Q B"],
    ),
}
INLINE = ("text-entry", "inline-choice")
TEMPLATE = "https://www.imsglobal.org/question/qti_v3p0/rptemplates/match_correct"


def composite(kind: str) -> Item:
    """An item of one interaction in markup, with its right answer."""
    (cardinality, base_type), inner, correct = BODIES[kind]
    values = "".join(f"<qti-value>{value}</qti-value>" for value in correct)
    several = ' max-choices="1"' if cardinality == "single" else ' max-choices="0"'
    element = (
        f'<qti-{kind}-interaction response-identifier="RESPONSE"{several} max-associations="2"'
        f' lower-bound="0" upper-bound="100">{inner}</qti-{kind}-interaction>'
    )
    body = f"<p>答：{element}</p>" if kind in INLINE else element
    markup = f"""<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
 identifier="i" title="{SECRET}" adaptive="false" time-dependent="false">
<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}" base-type="{base_type}">
<qti-correct-response>{values}</qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-outcome-declaration identifier="FB" cardinality="single" base-type="identifier"/>
<qti-item-body><h1>一道题</h1><script>alert(1)</script>
<qti-rubric-block view="scorer"><p>{SECRET}</p></qti-rubric-block>{body}</qti-item-body>
<qti-response-processing template="{TEMPLATE}"/>
<qti-modal-feedback outcome-identifier="FB" identifier="x" show-hide="show">{SECRET}
</qti-modal-feedback></qti-assessment-item>"""
    return make_item(item_type="composite", markup=markup, stem="一道题")


def html_of(item: Item, response: Any = None) -> str:
    return str(render_task(view_item(item), response, lambda name: f"/files/{name}").stem)


class _Sent(HTMLParser):
    """What a browser without scripts sends of the fields."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "select":
            self.select = given["name"]
        elif tag == "textarea":
            self.area = given["name"]
        elif tag == "option" and "selected" in given:
            self.values.append((self.select, given["value"]))
        elif tag == "input" and (given["type"] not in ("radio", "checkbox") or "checked" in given):
            self.values.append((given["name"], given["value"]))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values.append((self.area, data))
            self.area = ""


def sent_of(html: str) -> MultiDict[str, str]:
    parser = _Sent()
    parser.feed(html)
    return MultiDict(parser.values)


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_a_right_answer_goes_through_the_page_and_scores(kind: str) -> None:
    item = composite(kind)
    response = right_response(item)
    assert response == {"responses": {"RESPONSE": BODIES[kind][2]}}
    read = read_response(view_item(item), sent_of(html_of(item, response)))
    assert sorted(read["responses"]["RESPONSE"]) == sorted(BODIES[kind][2])
    assert score(item, parse_response(item, read)).is_correct


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_an_untouched_page_is_blank_and_holds_no_secret(kind: str) -> None:
    item = composite(kind)
    html = html_of(item)
    assert is_blank_response(read_response(view_item(item), sent_of(html)))
    for word in (SECRET, "alert", "correct", "<script", "style="):
        assert word not in html
    assert "<h3>一道题</h3>" in html


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_every_field_has_a_name_for_those_who_do_not_see_it(kind: str) -> None:
    html = html_of(composite(kind))
    for field in re.findall(r"<(?:input|select|textarea)[^>]*>", html):
        if 'type="radio"' not in field and 'type="checkbox"' not in field:
            assert re.search(r'aria-label="[^"]+"', field), field


@pytest.mark.parametrize("name", sorted(NOT_SHOWN))
def test_what_a_browser_cannot_show_is_named_in_its_place(name: str) -> None:
    markup = composite("text-entry").markup.replace("qti-text-entry-interaction", name)
    task = render_task(view_item(make_item(item_type="composite", markup=markup)))
    assert task.gaps == (name.removeprefix("qti-").removesuffix("-interaction"),)
    assert "markup-gap" in task.stem
    assert name in CONTROLS


def test_markup_that_cannot_be_read_shows_the_stem() -> None:
    item = make_item(item_type="composite", markup="<broken", stem="原题")
    assert "原题" in html_of(item)


def test_texts_of_the_markup_are_text() -> None:
    markup = composite("choice").markup.replace("选项A", "&lt;b onclick='x'&gt;A&amp;B")
    html = html_of(make_item(item_type="composite", markup=markup))
    assert "&lt;b onclick='x'&gt;A&amp;B" in html
    assert "<b" not in html
