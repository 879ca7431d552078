"""An item's life on both databases: written, reviewed, imported, searched, released, at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from certify.errors import CertifyError, EditConflict, WrongStatus
from certify.services.acting import Actor
from certify.services.advancing import advance_item, advance_items
from certify.services.authoring import save_item, view_conflict
from certify.services.banking import get_item, list_stored_versions, search_items
from certify.services.commenting import add_comment, list_comments, resolve_comment
from certify.services.context import ServiceContext
from certify.services.drafting import get_working_copy, save_working_copy
from certify.services.exchanging import export_items, import_files
from certify.services.filing import add_file, get_file
from certify.services.ports import ItemFilter
from certify.services.releasing import (
    compare_releases,
    delete_release,
    list_releases,
    publish_release,
)
from certify.services.retagging import TagChange, retag_items
from certify.services.shipping import load_shipped_bank
from question_bank.exchange.formats import write_items
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemStatus
from question_bank.lifecycle import ItemAction
from tests.authors import MANAGER, REVIEWER, WRITER, bring
from tests.factories import make_item

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
ITEM = "01-001"


def at_once(*works: Callable[[], object]) -> list[object]:
    """What pieces of work that begin together give back, or the error each ends in."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return work()
        except CertifyError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_an_item_goes_all_the_way_and_into_a_release(context: ServiceContext) -> None:
    picture = add_file(context, "图.png", PNG, actor=WRITER)
    files = [{"name": "图.png", "media_type": "image/png", "digest": picture.digest}]
    data = {**item_to_mapping(make_item("01-900", stem="漏斗图说明什么？")), "files": files}
    save_working_copy(context, "new-1", data, based_on=0, actor=WRITER)
    save_item(context, data, based_on=0, actor=WRITER, submit=True, place="new-1")
    assert get_working_copy(context, "new-1", actor=WRITER) is None
    comment = add_comment(context, "01-900", "图要标单位。", actor=REVIEWER)
    advance_item(context, "01-900", ItemAction.SEND_BACK, actor=REVIEWER, note="见评论")
    save_item(context, {**data, "source": "改过"}, based_on=2, actor=WRITER, submit=True)
    resolve_comment(context, comment.id, actor=WRITER)
    advance_item(context, "01-900", ItemAction.APPROVE, actor=REVIEWER)
    advance_item(context, "01-900", ItemAction.PRETEST, actor=WRITER)
    first = list_releases(context)[0]
    tried = publish_release(context, title="试测", actor=WRITER)
    advance_item(context, "01-900", ItemAction.ACTIVATE, actor=WRITER)
    used = publish_release(context, title="启用", actor=WRITER)
    assert [v.item.id for v in compare_releases(context, first.digest, used.digest).added] == [
        "01-900"
    ]
    (change,) = compare_releases(context, tried.digest, used.digest).changed
    assert (change.before.status, change.after.status) == ("pretest", "operational")
    assert not list_comments(context, "01-900")[0].is_open
    assert get_file(context, picture.digest).content == PNG
    assert search_items(context, ItemFilter(text="漏斗图", release=used.digest)).total == 1
    delete_release(context, used.digest, actor=MANAGER)
    assert list_releases(context)[0] == tried


def test_of_two_who_save_at_once_one_wins_and_nothing_is_lost(context: ServiceContext) -> None:
    data = item_to_mapping(get_item(context, ITEM).item)
    edits = {
        "ann": {**data, "stem": "安的题干？"},
        "bob": {**data, "takeaway": "鲍的要点。"},
    }

    def save(name: str) -> Callable[[], object]:
        actor = Actor(name, frozenset({"teacher"}))
        return lambda: save_item(context, edits[name], based_on=1, actor=actor)

    ends = at_once(save("ann"), save("bob"))
    assert sum(isinstance(end, EditConflict) for end in ends) == 1
    loser = "ann" if isinstance(ends[0], EditConflict) else "bob"
    clash = view_conflict(context, edits[loser], 1)
    merged = save_item(context, clash.merge.mapping, based_on=2, actor=WRITER).item
    assert (merged.stem, merged.explanation.takeaway) == ("安的题干？", "鲍的要点。")


def test_an_item_is_approved_once(context: ServiceContext) -> None:
    data = {**item_to_mapping(get_item(context, ITEM).item), "stem": "改了？"}
    save_item(context, data, based_on=1, actor=WRITER, submit=True)
    ends = at_once(*(lambda: advance_item(context, ITEM, ItemAction.APPROVE, actor=REVIEWER),) * 3)
    assert sum(isinstance(end, WrongStatus) for end in ends) == 2
    assert len(list_stored_versions(context, ITEM)) == 3


def test_many_steps_and_tags_at_once_queue_and_lose_nothing(context: ServiceContext) -> None:
    ids = [row.item_id for row in search_items(context, ItemFilter(node="01"), size=20).rows]
    backwards = ids[::-1]
    ends = at_once(
        lambda: retag_items(context, ids, TagChange(chapter="09.1"), actor=WRITER),
        lambda: retag_items(context, backwards, TagChange(work_area="M-O"), actor=REVIEWER),
    )
    assert not [end for end in ends if isinstance(end, CertifyError)]
    for item_id in ids:
        item = get_item(context, item_id).item
        assert (item.chapter, item.work_area) == ("09.1", "M-O")


def test_an_import_of_many_comes_whole_and_once(context: ServiceContext, tmp_path: Path) -> None:
    file = tmp_path / "many.yaml"
    items = [make_item(f"imp-{number:04d}", stem=f"第{number}题？") for number in range(600)]
    write_items(items, file, "yaml")
    ends = at_once(*(lambda: import_files(context, [file], actor=WRITER, apply=True),) * 2)
    done = [end for end in ends if not isinstance(end, EditConflict)]
    assert done
    assert search_items(context, ItemFilter(author="writer")).total == 600
    again = import_files(context, [file], actor=WRITER, apply=True)
    assert (len(again.unchanged), again.problems) == (600, ())
    assert search_items(context, ItemFilter(text="第123题")).rows[0].item_id == "imp-0123"
    exported = export_items(
        context, tmp_path / "out.yaml", form="yaml", conditions=ItemFilter(text="第"), actor=WRITER
    )
    assert exported.items >= 600


def test_many_are_brought_to_use_by_two(context: ServiceContext) -> None:
    ids = [f"01-9{number:02d}" for number in range(12)]
    for item_id in ids:
        save_item(context, item_to_mapping(make_item(item_id)), based_on=0, actor=WRITER)
    for action, actor in (
        (ItemAction.SUBMIT, WRITER),
        (ItemAction.APPROVE, REVIEWER),
        (ItemAction.ACTIVATE, WRITER),
    ):
        assert all(o.is_done for o in advance_items(context, ids, action, actor=actor))
    assert search_items(context, ItemFilter(author="writer", in_use=True)).total == 12


@pytest.mark.parametrize("status", [ItemStatus.DRAFT, ItemStatus.RETIRED])
def test_an_upgrade_leaves_what_people_did(context: ServiceContext, status: ItemStatus) -> None:
    data = item_to_mapping(get_item(context, ITEM).item)
    bring(context, data, status, based_on=1)
    before = list_stored_versions(context, ITEM)
    assert load_shipped_bank(context) == 0
    assert list_stored_versions(context, ITEM) == before
