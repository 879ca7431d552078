"""An import in two steps: sent, looked at, taken over once, forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from certify.errors import InvalidField, NotFound, NotPermitted
from certify.services import uploading
from certify.services.banking import get_item, search_items
from certify.services.context import ServiceContext
from certify.services.exchanging import TagDefaults
from certify.services.ports import ItemFilter
from certify.services.uploading import (
    UploadedFile,
    apply_upload,
    check_upload,
    get_upload,
    keep_upload,
    workbook_template,
)
from question_bank.exchange.formats import write_items
from tests.authors import REVIEWER, STUDENT, WRITER
from tests.examined import Examined
from tests.factories import make_item

GIFT = UploadedFile("quiz.gift", "::q1:: FOB? {=对 ~错}\n\n::q2:: 坏 {=".encode())


@pytest.fixture
def context(examined: Examined) -> ServiceContext:
    return examined.context


def native(tmp_path: Path, *ids: str) -> UploadedFile:
    path = tmp_path / "items.yaml"
    write_items([make_item(item_id) for item_id in ids], path, "yaml")
    return UploadedFile(path.name, path.read_bytes())


def test_looking_first_and_taking_over_then(context: ServiceContext, tmp_path: Path) -> None:
    before = search_items(context, ItemFilter()).total
    upload_id = keep_upload(context, [native(tmp_path, "up-1", "up-2")], actor=WRITER)
    assert get_upload(context, upload_id, actor=WRITER).report is None
    looked = check_upload(context, upload_id, actor=WRITER)
    assert (looked.new, looked.is_applied) == (("up-1", "up-2"), False)
    assert search_items(context, ItemFilter()).total == before
    assert get_upload(context, upload_id, actor=WRITER).report == looked
    taken = apply_upload(context, upload_id, actor=WRITER, note="旧题库")
    assert (taken.new, taken.is_applied) == (("up-1", "up-2"), True)
    assert get_item(context, "up-1").author == "writer"


def test_taking_over_twice_changes_nothing_more(context: ServiceContext, tmp_path: Path) -> None:
    upload_id = keep_upload(context, [native(tmp_path, "up-1")], actor=WRITER)
    first = apply_upload(context, upload_id, actor=WRITER)
    assert apply_upload(context, upload_id, actor=WRITER) == first
    assert get_item(context, "up-1").version == 1


def test_problems_are_kept_as_they_were_found(context: ServiceContext) -> None:
    upload_id = keep_upload(context, [GIFT], actor=WRITER)
    looked = check_upload(context, upload_id, actor=WRITER)
    assert looked.problems
    kept = get_upload(context, upload_id, actor=WRITER).report
    assert kept is not None
    assert [one.message for one in kept.problems] == [one.message for one in looked.problems]


def test_files_are_known_by_name_size_and_format(context: ServiceContext) -> None:
    upload_id = keep_upload(context, [GIFT], actor=WRITER)
    (facts,) = get_upload(context, upload_id, actor=WRITER).files
    assert (facts.name, facts.size, facts.form) == ("quiz.gift", len(GIFT.content), "gift")


def test_progress_ends_at_the_number_of_items(context: ServiceContext, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    upload_id = keep_upload(context, [native(tmp_path, "up-1", "up-2")], actor=WRITER)
    check_upload(context, upload_id, actor=WRITER, progress=lambda *at: told.append(at))
    assert told == [(0, 0), (2, 2)]


def test_names_never_lead_out_of_the_folder(context: ServiceContext) -> None:
    sent = [UploadedFile(name, b"x") for name in ("../../a.gift", "C:\\x\\A.gift", "..", "题" * 99)]
    upload_id = keep_upload(context, sent, actor=WRITER)
    names = [one.name for one in get_upload(context, upload_id, actor=WRITER).files]
    assert names[:3] == ["a.gift", "2-A.gift", "file-3"]
    assert len(names[3].encode()) <= uploading.LONGEST_NAME
    check_upload(context, upload_id, actor=WRITER)


def test_an_upload_is_its_sender_s_alone(context: ServiceContext) -> None:
    upload_id = keep_upload(context, [GIFT], actor=WRITER)
    for act in (get_upload, check_upload, apply_upload):
        with pytest.raises(NotFound):
            act(context, upload_id, actor=REVIEWER)
        with pytest.raises(NotPermitted):
            act(context, upload_id, actor=STUDENT)


def test_an_upload_is_forgotten_after_a_day(examined: Examined) -> None:
    upload_id = keep_upload(examined.context, [GIFT], actor=WRITER)
    examined.clock.advance(hours=25)
    with pytest.raises(NotFound):
        get_upload(examined.context, upload_id, actor=WRITER)
    keep_upload(examined.context, [GIFT], actor=REVIEWER)
    with examined.context.database.reading() as work:
        assert work.uploads.get(upload_id) is None


def test_only_the_newest_uploads_of_a_person_wait(examined: Examined) -> None:
    ids = []
    for _ in range(uploading.MOST_WAITING + 1):
        ids.append(keep_upload(examined.context, [GIFT], actor=WRITER))
        examined.clock.advance(seconds=1)
    with pytest.raises(NotFound):
        get_upload(examined.context, ids[0], actor=WRITER)
    assert get_upload(examined.context, ids[1], actor=WRITER).id == ids[1]


@pytest.mark.parametrize("count", [0, uploading.MOST_FILES + 1])
def test_no_file_and_too_many_are_refused(context: ServiceContext, count: int) -> None:
    with pytest.raises(InvalidField):
        keep_upload(context, [GIFT] * count, actor=WRITER)


def test_too_large_files_are_refused(
    context: ServiceContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "LARGEST_UPLOAD", 2 * len(GIFT.content) - 1)
    with pytest.raises(InvalidField):
        keep_upload(context, [GIFT, GIFT], actor=WRITER)


def test_defaults_that_the_bank_does_not_know_are_refused(context: ServiceContext) -> None:
    upload_id = keep_upload(context, [GIFT], defaults=TagDefaults(node="99"), actor=WRITER)
    with pytest.raises(InvalidField):
        check_upload(context, upload_id, actor=WRITER)


def test_the_template_reads_without_an_error(context: ServiceContext) -> None:
    content = workbook_template()
    assert content.startswith(b"PK")
    upload_id = keep_upload(context, [UploadedFile("模板.xlsx", content)], actor=WRITER)
    report = check_upload(context, upload_id, actor=WRITER)
    assert report.items > 5
    assert report.lost == ()
