"""No page may be half translated."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask

from certify.web.errors import UnknownTimeZone
from certify.web.i18n import TRANSLATIONS_FOLDER, translate_problem
from certify.web.script_messages import SCRIPT_MESSAGES
from tests.unit.certify.web.extraction import script_messages, web_messages

PLACE = re.compile(r"%\(\w+\)s|\{\w*[^}]*\}")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    path = TRANSLATIONS_FOLDER / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        return read_po(source, locale="zh_Hans_CN")


def test_every_sentence_has_a_finished_chinese_translation(catalogue: Catalog) -> None:
    missing = []
    for message, place in web_messages().items():
        entry = catalogue.get(message if isinstance(message, str) else message[0])
        strings = (
            [entry.string] if entry and isinstance(entry.string, str) else entry and entry.string
        )
        if not entry or entry.fuzzy or not strings or not all(strings):
            missing.append(f"{place} {message}")
    assert not missing, "\n".join(missing)


def test_translations_keep_the_places_for_values(catalogue: Catalog) -> None:
    for entry in catalogue:
        if not entry.id:
            continue
        source = entry.id if isinstance(entry.id, str) else entry.id[1]
        translated = entry.string if isinstance(entry.string, str) else entry.string[0]
        assert sorted(PLACE.findall(source)) == sorted(PLACE.findall(translated)), source


def test_the_catalogue_holds_nothing_that_is_not_used(catalogue: Catalog) -> None:
    used = {message if isinstance(message, str) else message[0] for message in web_messages()}
    held = {
        entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue if entry.id
    }
    assert held <= used, sorted(held - used)


def test_chinese_sentences_use_no_typed_blanks_beside_latin(catalogue: Catalog) -> None:
    blank = re.compile(r"[\u4e00-\u9fff] [A-Za-z0-9%{]|[A-Za-z0-9s}] [\u4e00-\u9fff]")
    for entry in catalogue:
        text = entry.string if isinstance(entry.string, str) else entry.string[0]
        assert not blank.search(text), text


def test_scripts_find_every_sentence_they_ask_for() -> None:
    assert script_messages() == set(SCRIPT_MESSAGES)


def test_a_problem_of_any_room_is_told_in_the_language_of_the_page(app: Flask) -> None:
    problem = UnknownTimeZone(found="Mars")
    with app.test_request_context("/?lang=en"):
        assert translate_problem(problem) == str(problem)
