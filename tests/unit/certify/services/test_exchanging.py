"""Import and export: looked at first, taken over once, nothing lost in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certify.errors import InvalidField, NotFound, NotPermitted
from certify.services.authoring import save_item
from certify.services.banking import (
    get_item,
    list_stored_versions,
    released_version,
    search_items,
)
from certify.services.context import ServiceContext
from certify.services.exchanging import ImportReport, TagDefaults, export_items, import_files
from certify.services.filing import add_file, get_file
from certify.services.ports import ItemFilter
from question_bank.exchange import fitting
from question_bank.exchange.formats import write_items
from question_bank.exchange.native import item_to_mapping
from question_bank.item import Item, ItemFile, ItemStatus
from tests.authors import STUDENT, WRITER
from tests.examined import Examined, spoil_item
from tests.factories import make_item

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def context(examined: Examined) -> ServiceContext:
    return examined.context


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "items.yaml"


def write(path: Path, *items: Item) -> Path:
    assert write_items(items, path, "yaml") == ()
    return path


def take(context: ServiceContext, *paths: Path, **options: Any) -> ImportReport:
    return import_files(context, paths, **{"actor": WRITER, "apply": True, **options})


def told(report: ImportReport) -> tuple[int, int, int, int]:
    return len(report.new), len(report.changed), len(report.unchanged), len(report.problems)


def test_a_dry_run_tells_and_changes_nothing(context: ServiceContext, file: Path) -> None:
    before = search_items(context, ItemFilter()).total
    write(file, make_item("imp-1"), make_item("imp-2"))
    report = take(context, file, apply=False)
    assert (told(report), report.is_applied) == ((2, 0, 0, 0), False)
    assert search_items(context, ItemFilter()).total == before


def test_new_items_are_drafts_of_whoever_imports(context: ServiceContext, file: Path) -> None:
    item = make_item("imp-1")
    report = take(context, write(file, item), note="旧题库")
    assert report.new == ("imp-1",)
    stored = get_item(context, "imp-1")
    assert (stored.item, stored.status, stored.author) == (item, ItemStatus.DRAFT, "writer")
    (row,) = list_stored_versions(context, "imp-1")
    assert (row.action, row.note) == ("import", "旧题库")


def test_the_same_file_again_changes_nothing(context: ServiceContext, file: Path) -> None:
    write(file, make_item("imp-1"), make_item("imp-2"))
    take(context, file)
    assert told(take(context, file)) == (0, 0, 2, 0)
    write(file, make_item("imp-1"), make_item("imp-2", stem="改了？"))
    report = take(context, file)
    assert (report.changed, report.unchanged) == (("imp-2",), ("imp-1",))
    assert get_item(context, "imp-2").version == 2


def test_an_operational_item_stays_in_use_beside_what_came(
    context: ServiceContext, file: Path
) -> None:
    item = get_item(context, "01-001").item
    assert take(context, write(file, item)).unchanged == ("01-001",)
    take(context, write(file, replace(item, stem="外面改了？")))
    assert get_item(context, "01-001").status is ItemStatus.DRAFT
    assert released_version(context, "01-001") == 1


def test_a_calibration_outlives_an_import_that_asks_the_same(
    context: ServiceContext, file: Path
) -> None:
    fitted = {"a": "1.2", "b": "0.3", "c": "0.0", "responses": 400}
    spoil_item(context, "01-001", calibration=fitted)
    item = replace(get_item(context, "01-001").item, calibration=None)
    assert take(context, write(file, item)).unchanged == ("01-001",)
    take(context, write(file, replace(item, source="别处")))
    assert get_item(context, "01-001").item.calibration is not None
    take(context, write(file, replace(item, stem="另一问？")))
    assert get_item(context, "01-001").item.calibration is None


def test_all_items_of_an_export_come_back_unchanged(context: ServiceContext, file: Path) -> None:
    exported = export_items(context, file, form="yaml", actor=WRITER)
    assert (exported.items, exported.problems) == (search_items(context, ItemFilter()).total, ())
    assert told(take(context, file)) == (0, 0, exported.items, 0)


def test_an_export_holds_what_meets_the_conditions(context: ServiceContext, file: Path) -> None:
    wanted = ItemFilter(node="01", level="novice")
    exported = export_items(context, file, form="yaml", conditions=wanted, actor=WRITER)
    assert exported.items == search_items(context, wanted).total > 0


def test_untagged_items_take_the_defaults(context: ServiceContext, file: Path) -> None:
    bare = make_item("imp-1", node="", dimension="", level="")
    tags = TagDefaults(node="T3", level="elite", chapter="03.1")
    take(context, write(file, bare, make_item("imp-2")), defaults=tags)
    taken = get_item(context, "imp-1").item
    primary = context.skill_model.nodes["T3"].primary
    assert (taken.node, taken.dimension, taken.level) == ("T3", primary, "elite")
    assert taken.chapter == "03.1"
    assert get_item(context, "imp-2").item.node == "01"


def test_untagged_items_come_over_without_defaults(context: ServiceContext, file: Path) -> None:
    take(context, write(file, make_item("imp-1", node="", dimension="", level="")))
    assert [row.item_id for row in search_items(context, ItemFilter(untagged=True)).rows] == [
        "imp-1"
    ]


@pytest.mark.parametrize("tags", [TagDefaults(node="99"), TagDefaults(level="master")])
def test_defaults_that_the_bank_does_not_know_are_refused(
    context: ServiceContext, file: Path, tags: TagDefaults
) -> None:
    with pytest.raises(InvalidField):
        take(context, write(file, make_item("imp-1")), defaults=tags)


def test_an_identifier_that_does_not_fit_is_replaced_for_good(
    context: ServiceContext, file: Path
) -> None:
    write(file, make_item("quiz/第 1 题", enemies=("a b",)), make_item("x" * 60))
    report = take(context, file)
    assert told(report) == (2, 0, 0, 2)
    assert all(len(item_id) <= fitting.LONGEST_ID for item_id in report.new)
    assert "/" not in report.new[0]
    assert told(take(context, file)) == (0, 0, 2, 2)


def test_an_item_without_an_identifier_is_known_by_what_it_says(
    context: ServiceContext, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_one(path: Path, form: str | None) -> tuple[tuple[Item, ...], tuple[()]]:
        return (make_item(""),), ()

    monkeypatch.setattr("certify.services.exchanging.read_items", read_one)
    (new,) = take(context, file).new
    assert take(context, file).unchanged == (new,)


def test_a_repeated_identifier_is_told_and_the_first_one_kept(
    context: ServiceContext, tmp_path: Path
) -> None:
    first = write(tmp_path / "a.yaml", make_item("imp-1", stem="先来的？"))
    second = write(tmp_path / "b.yaml", make_item("imp-1", stem="后来的？"))
    report = take(context, first, second)
    assert told(report) == (1, 0, 0, 1)
    assert report.problems[0].file == "b.yaml"
    assert get_item(context, "imp-1").item.stem == "先来的？"


def test_tags_that_the_bank_does_not_know_are_told(
    context: ServiceContext, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = make_item("imp-1", node="99", dimension="Q", level="master")

    def read_one(path: Path, form: str | None) -> tuple[tuple[Item, ...], tuple[()]]:
        return (odd,), ()

    monkeypatch.setattr("certify.services.exchanging.read_items", read_one)
    report = take(context, file)
    assert told(report) == (1, 0, 0, 2)
    item = get_item(context, "imp-1").item
    assert (item.node, item.dimension, item.level) == ("", "", "")


def test_files_come_with_their_items(
    context: ServiceContext, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = ItemFile("图.png", "image/png", "told otherwise", PNG)
    absent = ItemFile("音.mp3", "audio/mpeg", "0" * 64)
    known = add_file(context, "有.png", PNG + b"x", actor=WRITER)
    listed = replace(known, content=b"")

    def read_one(path: Path, form: str | None) -> tuple[tuple[Item, ...], tuple[()]]:
        return (make_item("imp-1", files=(brought, absent, listed)),), ()

    monkeypatch.setattr("certify.services.exchanging.read_items", read_one)
    report = take(context, file)
    assert [(p.item_id, p.params["name"]) for p in report.problems] == [("imp-1", "音.mp3")]
    stored = get_item(context, "imp-1").item
    assert get_file(context, stored.files[0].digest).content == PNG
    assert take(context, file).unchanged == ("imp-1",)

    written: list[Item] = []

    def keep(items: Iterable[Item], path: Path, form: str) -> tuple[()]:
        written.extend(items)
        return ()

    monkeypatch.setattr("certify.services.exchanging.write_items", keep)
    export_items(context, file, form="yaml", conditions=ItemFilter(text="imp-1"), actor=WRITER)
    assert [one.content for one in written[0].files] == [PNG, b"", PNG + b"x"]


def test_a_file_that_cannot_be_read_is_told(context: ServiceContext, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("items: [", encoding="utf-8")
    good = write(tmp_path / "good.yaml", make_item("imp-1"))
    report = take(context, broken, good)
    assert report.new == ("imp-1",)
    assert [problem.file for problem in report.lost] == ["broken.yaml"]


def test_an_import_is_one_line_in_the_trail(context: ServiceContext, file: Path) -> None:
    take(context, write(file, make_item("imp-1"), make_item("imp-2")))
    with context.database.reading() as work:
        event = work.audit.page(number=1, size=1).rows[0]
    assert (event.action, event.subject, event.detail) == (
        "bank.import",
        "items.yaml",
        "2 new, 0 changed",
    )


def test_only_teachers_exchange(context: ServiceContext, file: Path) -> None:
    with pytest.raises(NotPermitted):
        take(context, file, actor=STUDENT)
    with pytest.raises(NotPermitted):
        export_items(context, file, form="yaml", actor=STUDENT)


def test_what_an_import_changed_can_be_changed_back(context: ServiceContext, file: Path) -> None:
    item = get_item(context, "01-001").item
    take(context, write(file, replace(item, stem="外面改了？")))
    save_item(context, item_to_mapping(item), based_on=2, actor=WRITER)
    assert get_item(context, "01-001").item == item


def test_chosen_items_are_exported_and_nothing_else(context: ServiceContext, file: Path) -> None:
    exported = export_items(context, file, form="yaml", chosen=("02-001", "01-001"), actor=WRITER)
    assert exported.items == 2
    assert told(take(context, file)) == (0, 0, 2, 0)


def test_a_chosen_item_that_is_not_there_is_not_found(context: ServiceContext, file: Path) -> None:
    with pytest.raises(NotFound):
        export_items(context, file, form="yaml", chosen=("99-999",), actor=WRITER)
