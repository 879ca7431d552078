"""No page may be half translated."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Sequence
from typing import cast

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as MessageOfCatalogue
from babel.messages.pofile import read_po
from flask import Flask

import question_bank.exchange
from certify.services.problems import PROBLEM_BASES
from certify.web.errors import UnknownTimeZone
from certify.web.i18n import TRANSLATIONS_FOLDER, translate_problem
from certify.web.problem_words import PARTS
from certify.web.script_messages import SCRIPT_MESSAGES
from question_bank.exchange.problems import ProblemKind
from question_bank.findings import FAULTS
from question_bank.quality.rules import AUDIT_RULES
from tests.unit.certify.web.extraction import WEB_ROOT, script_messages, web_messages

PLACE = re.compile(r"%\(\w+\)s|\{\w*[^}]*\}")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """All rooms' catalogues as one."""
    whole = Catalog(locale="zh_Hans_CN")
    for path in sorted((TRANSLATIONS_FOLDER / "zh_Hans_CN" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as source:
            for entry in read_po(source, locale="zh_Hans_CN"):
                if entry.id:
                    whole[entry.id] = entry
    return whole


def problem_templates() -> set[str]:
    """The sentences of every foreseen error of every room, and of every finding in an item or
    in an exchange file."""
    pending, found = list(PROBLEM_BASES), set()
    while pending:
        kind = pending.pop()
        pending.extend(kind.__subclasses__())
        found.add(kind.template)
    findings = {kind.template for kind in (*FAULTS, *AUDIT_RULES)}
    return found | findings | set(exchange_templates())


def exchange_templates() -> Iterator[str]:
    """The sentences of the problem kinds that the modules of the exchange formats declare."""
    package = question_bank.exchange
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, ProblemKind):
                yield value.template


def key_of(message: object) -> str:
    """The sentence itself; of a singular and its plural, the singular."""
    return message if isinstance(message, str) else next(iter(cast(Sequence[str], message)))


def chinese_of(entry: MessageOfCatalogue) -> str:
    return "".join(entry.string) if entry.string else ""


def test_every_sentence_has_a_finished_chinese_translation(catalogue: Catalog) -> None:
    missing = []
    for message, place in web_messages().items():
        entry = catalogue.get(key_of(message))
        if entry is None or entry.fuzzy or not chinese_of(entry):
            missing.append(f"{place} {message}")
    assert not missing, "\n".join(missing)


def test_every_foreseen_error_has_a_chinese_sentence(catalogue: Catalog) -> None:
    missing = {template for template in problem_templates() if not catalogue.get(template)}
    assert not missing, "\n".join(sorted(missing))


def test_translations_keep_the_places_for_values(catalogue: Catalog) -> None:
    for entry in catalogue:
        places = PLACE.findall(key_of(entry.id))
        if entry.id:
            assert sorted(places) == sorted(PLACE.findall(chinese_of(entry))), entry.id


def test_the_catalogue_holds_nothing_that_is_not_used(catalogue: Catalog) -> None:
    used = {key_of(message) for message in web_messages()} | problem_templates()
    held = {key_of(entry.id) for entry in catalogue if entry.id}
    assert held <= used, sorted(held - used)


def test_chinese_sentences_use_no_typed_blanks_beside_latin(catalogue: Catalog) -> None:
    blank = re.compile(r"[\u4e00-\u9fff] [A-Za-z0-9%{]|[A-Za-z0-9s}] [\u4e00-\u9fff]")
    for entry in catalogue:
        assert not blank.search(chinese_of(entry)), entry.id


def test_every_part_of_an_error_that_services_name_is_translated() -> None:
    """What `NotFound` calls things and every `Phrase` are listed as parts to translate."""
    named = re.compile(r'(?:kind=|Phrase\(\s*)"([^"]+)"')
    found = {
        part
        for folder in ("services", "storage")
        for path in (WEB_ROOT.parent / folder).rglob("*.py")
        for part in named.findall(path.read_text(encoding="utf-8"))
    }
    assert {"Item", "{count} characters"} <= found <= PARTS, sorted(found - PARTS)


def test_scripts_find_every_sentence_they_ask_for() -> None:
    assert script_messages() == set(SCRIPT_MESSAGES)


def test_a_problem_of_any_room_is_told_in_the_language_of_the_page(app: Flask) -> None:
    problem = UnknownTimeZone(found="Mars")
    with app.test_request_context("/?lang=en"):
        assert translate_problem(problem) == str(problem)
