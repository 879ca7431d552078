"""Files of items: kept by their content, shown only when harmless, deleted only when unused."""

from __future__ import annotations

import hashlib

import pytest

from certify.errors import NotFound, NotPermitted
from certify.services.authoring import save_item
from certify.services.banking import get_item, judge_item
from certify.services.filing import add_file, discard_unused_files, get_file, keep_file
from question_bank.errors import UnfitFile
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemFile
from tests.authors import MANAGER, STUDENT, WRITER
from tests.examined import Examined

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
PAGE = b"<html><script>alert(1)</script></html>"


def test_a_file_is_kept_once_by_its_content(examined: Examined) -> None:
    file = add_file(examined.context, "图.png", PNG, actor=WRITER)
    again = add_file(examined.context, "copy.png", PNG, actor=WRITER)
    assert file.digest == again.digest == hashlib.sha256(PNG).hexdigest()
    found = get_file(examined.context, file.digest)
    assert (found.content, found.stored.media_type, found.is_shown) == (PNG, "image/png", True)


def test_what_an_import_brings_is_kept_but_not_shown(examined: Examined) -> None:
    context = examined.context
    file = ItemFile("kept.html", "text/html", hashlib.sha256(PAGE).hexdigest(), PAGE)
    with context.database.writing() as work:
        assert keep_file(context, work, file, "writer")
        work.commit()
    found = get_file(context, file.digest)
    assert (found.stored.media_type, found.is_shown) == ("application/octet-stream", False)


def test_an_unfit_upload_is_refused(examined: Examined) -> None:
    with pytest.raises(UnfitFile):
        add_file(examined.context, "page.png", PAGE, actor=WRITER)
    with pytest.raises(NotPermitted):
        add_file(examined.context, "a.png", PNG, actor=STUDENT)
    with pytest.raises(NotFound):
        get_file(examined.context, "0" * 64)


def test_a_file_lives_as_long_as_a_version_names_it(examined: Examined) -> None:
    context = examined.context
    named = add_file(context, "a.png", PNG, actor=WRITER)
    spare = add_file(context, "b.png", PNG + b"x", actor=WRITER)
    data = item_to_mapping(get_item(context, "01-001").item)
    files = [{"name": "a.png", "media_type": "image/png", "digest": named.digest}]
    save_item(context, {**data, "files": files}, based_on=1, actor=WRITER)
    save_item(context, data, based_on=2, actor=WRITER)
    assert discard_unused_files(context, actor=MANAGER) == 0
    examined.clock.advance(days=8)
    assert discard_unused_files(context, actor=MANAGER) == 1
    assert get_file(context, named.digest).content == PNG
    with pytest.raises(NotFound):
        get_file(context, spare.digest)
    with pytest.raises(NotPermitted):
        discard_unused_files(context, actor=WRITER)


def test_a_missing_file_is_a_finding(examined: Examined) -> None:
    context = examined.context
    item = get_item(context, "01-001").item
    data = {**item_to_mapping(item), "id": "01-900"}
    files = [{"name": "weg.png", "media_type": "image/png", "digest": "0" * 64}]
    saved = save_item(context, {**data, "files": files}, based_on=0, actor=WRITER)
    assert judge_item(context, saved.item)[0].rule == "FILE"
