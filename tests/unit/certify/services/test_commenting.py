"""Talking about items: threads, resolved and opened again."""

from __future__ import annotations

import pytest

from certify.errors import InvalidField, NotFound, NotPermitted
from certify.services.banking import search_items
from certify.services.commenting import add_comment, list_comments, resolve_comment
from certify.services.context import ServiceContext
from certify.services.ports import ItemFilter
from tests.authors import REVIEWER, STUDENT, WRITER
from tests.examined import Examined

ITEM = "01-001"


@pytest.fixture
def context(examined: Examined) -> ServiceContext:
    return examined.context


def open_items(context: ServiceContext) -> int:
    return search_items(context, ItemFilter(open_comments=True)).total


def test_a_thread_is_answered_resolved_and_opened_again(context: ServiceContext) -> None:
    first = add_comment(context, ITEM, " 选项二太长。 ", actor=REVIEWER)
    reply = add_comment(context, ITEM, "改短了。", actor=WRITER, reply_to=first.id)
    again = add_comment(context, ITEM, "好。", actor=REVIEWER, reply_to=reply.id)
    (thread,) = list_comments(context, ITEM)
    assert thread.is_open
    assert thread.first == first
    assert (first.text, first.version, first.author) == ("选项二太长。", 1, "reviewer")
    assert thread.replies == (reply, again)
    assert open_items(context) == 1
    resolve_comment(context, reply.id, actor=WRITER)
    (thread,) = list_comments(context, ITEM)
    assert (thread.is_open, thread.first.resolved_by) == (False, "writer")
    assert open_items(context) == 0
    resolve_comment(context, first.id, actor=WRITER, is_resolved=False)
    assert open_items(context) == 1


def test_an_answer_opens_a_resolved_thread(context: ServiceContext) -> None:
    first = add_comment(context, ITEM, "问题。", actor=REVIEWER)
    resolve_comment(context, first.id, actor=WRITER)
    add_comment(context, ITEM, "还在。", actor=REVIEWER, reply_to=first.id)
    assert list_comments(context, ITEM)[0].is_open


def test_open_threads_stand_first(context: ServiceContext) -> None:
    ids = [add_comment(context, ITEM, text, actor=REVIEWER).id for text in ("一", "二", "三")]
    resolve_comment(context, ids[0], actor=WRITER)
    assert [thread.first.id for thread in list_comments(context, ITEM)] == [ids[1], ids[2], ids[0]]


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 4001])
def test_a_comment_of_no_fit_length_is_refused(context: ServiceContext, text: str) -> None:
    with pytest.raises(InvalidField):
        add_comment(context, ITEM, text, actor=REVIEWER)


def test_what_is_not_there_is_not_found(context: ServiceContext) -> None:
    first = add_comment(context, ITEM, "问题。", actor=REVIEWER)
    with pytest.raises(NotFound, match="Item"):
        add_comment(context, "99-999", "问题。", actor=REVIEWER)
    with pytest.raises(NotFound, match="Item"):
        list_comments(context, "99-999")
    for item_id, reply_to in ((ITEM, 999), ("01-002", first.id)):
        with pytest.raises(NotFound, match="Comment"):
            add_comment(context, item_id, "答。", actor=REVIEWER, reply_to=reply_to)
    with pytest.raises(NotFound, match="Comment"):
        resolve_comment(context, 999, actor=WRITER)


def test_only_teachers_talk(context: ServiceContext) -> None:
    with pytest.raises(NotPermitted):
        add_comment(context, ITEM, "问题。", actor=STUDENT)
    with pytest.raises(NotPermitted):
        resolve_comment(context, 1, actor=STUDENT)
