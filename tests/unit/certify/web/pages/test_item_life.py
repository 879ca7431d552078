"""An item's page through its life: steps and who may take them, comments, what waits for review."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.acting import Actor
from certify.services.administering import add_person
from certify.services.advancing import advance_item
from certify.services.authoring import save_item
from certify.services.banking import get_item, list_stored_versions
from certify.services.commenting import add_comment, list_comments
from certify.services.drafting import save_working_copy
from question_bank.exchange.native import item_to_mapping
from question_bank.lifecycle import ItemAction
from tests.authors import WRITER
from tests.examined import Examined, spoil_item
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

ITEM = "01-001"
TEACHER = Actor("teacher", frozenset({"teacher"}))


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def submit(examined: Examined, item_id: str = ITEM, actor: Actor = WRITER, note: str = "") -> None:
    newest = get_item(examined.context, item_id)
    data = {**item_to_mapping(newest.item), "takeaway": "改过。"}
    save_item(examined.context, data, based_on=newest.version, actor=actor, note=note, submit=True)
    examined.clock.advance(hours=1)


def take(client: FlaskClient, action: str, version: int = 2, **fields: Any) -> Any:
    path = f"/items/{ITEM}/steps{'?review=1' if fields.pop('review', False) else ''}"
    return client.post(path, data={"action": action, "version": version, **fields})


# --- steps ---------------------------------------------------------------------------------


def test_another_teacher_approves_and_puts_to_use(client: FlaskClient, examined: Examined) -> None:
    submit(examined, note="请看要点")
    words = words_of(client.get(f"/items/{ITEM}").text)
    assert "In review" in words
    assert "请看要点" in words
    answer = take(client, "approve", note="很好")
    assert answer.status_code == 303
    words = words_of(client.get(answer.location).text)
    assert "Item 01-001: Approved. It is now version 3, Approved." in words
    assert "Make operational" in words
    assert "Put into pretest" in words
    assert list_stored_versions(examined.context, ITEM)[0].note == "很好"
    assert take(client, "activate", version=3).status_code == 303
    assert get_item(examined.context, ITEM).status == "operational"


def test_nobody_is_offered_to_approve_their_own_work_and_is_told_why(
    client: FlaskClient, examined: Examined
) -> None:
    submit(examined, actor=TEACHER)
    page = client.get(f"/items/{ITEM}").text
    assert 'value="approve"' not in page
    assert "Approve : Item 01-001: you wrote what is to be approved" in words_of(page)
    refused = take(client, "approve")
    assert refused.status_code == 409
    assert "Ask another teacher" in refused.text
    assert get_item(examined.context, ITEM).status == "in_review"


def test_sending_back_asks_for_a_reason(client: FlaskClient, examined: Examined) -> None:
    submit(examined)
    bare = take(client, "send_back", note="  ")
    assert bare.status_code == 422
    assert "Say why you send it back" in bare.text
    assert 'href="#note"' in bare.text
    assert take(client, "send_back", note="选项太像").status_code == 303
    newest = list_stored_versions(examined.context, ITEM)[0]
    assert (newest.status, newest.note) == ("draft", "选项太像")
    assert "选项太像" in client.get(f"/items/{ITEM}").text


def test_an_overlong_reason_is_kept_and_refused(client: FlaskClient, examined: Examined) -> None:
    submit(examined)
    refused = take(client, "approve", note="长" * 2001)
    assert refused.status_code == 422
    assert "长" * 2001 in refused.text


def test_a_step_on_what_has_changed_meanwhile_is_not_taken(
    client: FlaskClient, examined: Examined
) -> None:
    submit(examined)
    submit(examined)
    refused = take(client, "approve", version=2, note="看过了")
    assert refused.status_code == 409
    assert "Somebody changed this item meanwhile" in refused.text
    assert "看过了" in refused.text
    assert get_item(examined.context, ITEM).version == 3


def test_an_item_is_retired_and_restored(client: FlaskClient, examined: Examined) -> None:
    assert "Retire this item" in client.get(f"/items/{ITEM}").text
    assert take(client, "retire", version=1, note="过时").status_code == 303
    assert "Restore as a draft" in client.get(f"/items/{ITEM}").text
    assert take(client, "restore", version=2).status_code == 303
    assert get_item(examined.context, ITEM).status == "draft"


def test_an_item_with_errors_says_what_keeps_it(client: FlaskClient, examined: Examined) -> None:
    data = item_to_mapping(get_item(examined.context, ITEM).item)
    save_item(examined.context, {**data, "stem": ""}, based_on=1, actor=TEACHER)
    page = client.get(f"/items/{ITEM}").text
    assert 'value="submit"' not in page
    assert "Send to review :" in words_of(page)


@pytest.mark.parametrize(
    "sent", [{}, {"action": "approve"}, {"action": "edit", "version": "1"}, {"version": "x"}]
)
def test_a_step_that_names_nothing_is_a_bad_request(
    client: FlaskClient, sent: dict[str, str]
) -> None:
    assert client.post(f"/items/{ITEM}/steps", data=sent).status_code == 400


def test_an_older_version_offers_no_steps(client: FlaskClient, examined: Examined) -> None:
    submit(examined)
    assert "data-step-form" not in client.get(f"/items/{ITEM}?version=1").text


def test_only_teachers_act(app: Flask, examined: Examined) -> None:
    paths = [f"/items/{ITEM}/steps", f"/items/{ITEM}/comments", f"/items/{ITEM}/comments/1"]
    for person in (examined.people["student"], examined.people["administrator"]):
        for path in paths:
            assert visitor(app, person).post(path).status_code == 403
        for path in ("/items/reviews", f"/items/{ITEM}/versions", f"/items/{ITEM}/statistics"):
            assert visitor(app, person).get(path).status_code == 403
    assert visitor(app).post(paths[0]).status_code == 303


@pytest.mark.parametrize("path", ["steps", "comments"])
def test_an_item_that_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    sent = {"action": "retire", "version": 1, "text": "？"}
    assert client.post(f"/items/99-999/{path}", data=sent).status_code == 404


def test_an_item_without_tags_is_shown(client: FlaskClient, examined: Examined) -> None:
    spoil_item(examined.context, ITEM, node="", dimension="", level="")
    page = client.get(f"/items/{ITEM}")
    assert page.status_code == 200
    for part in ("versions", "statistics"):
        assert client.get(f"/items/{ITEM}/{part}").status_code == 200


def test_a_kept_text_is_offered_on_the_items_page(client: FlaskClient, examined: Examined) -> None:
    assert "You have text here" not in client.get(f"/items/{ITEM}").text
    save_working_copy(examined.context, ITEM, {"fields": []}, based_on=1, actor=TEACHER)
    assert "You have text here that was not saved" in client.get(f"/items/{ITEM}").text


# --- comments ------------------------------------------------------------------------------


def test_a_comment_is_made_answered_resolved_and_opened_again(
    client: FlaskClient, examined: Examined
) -> None:
    made = client.post(f"/items/{ITEM}/comments", data={"text": "选项 <b> 太像。"})
    assert made.status_code == 303
    (thread,) = list_comments(examined.context, ITEM)
    assert made.location.endswith(f"#comment-{thread.first.id}")
    page = client.get(f"/items/{ITEM}").text
    assert "选项 &lt;b&gt; 太像。" in page
    assert "on version 1" in words_of(page)
    answer = {"text": "改了。", "reply_to": thread.first.id}
    assert client.post(f"/items/{ITEM}/comments", data=answer).status_code == 303
    settled = f"/items/{ITEM}/comments/{thread.first.id}"
    assert client.post(settled, data={"intent": "resolve"}).status_code == 303
    words = words_of(client.get(f"/items/{ITEM}").text)
    assert "1 resolved thread" in words
    assert "Resolved by teacher" in words
    assert "No open comments" in words
    assert client.post(settled, data={"intent": "reopen"}).status_code == 303
    (thread,) = list_comments(examined.context, ITEM)
    assert thread.is_open
    assert [reply.text for reply in thread.replies] == ["改了。"]


def test_an_empty_or_overlong_comment_is_refused_and_kept(
    client: FlaskClient, examined: Examined
) -> None:
    empty = client.post(f"/items/{ITEM}/comments", data={"text": " "})
    assert empty.status_code == 422
    assert "Write the comment first" in empty.text
    assert 'href="#comment"' in empty.text
    long = client.post(f"/items/{ITEM}/comments", data={"text": "长" * 4001})
    assert long.status_code == 422
    assert "长" * 4001 in long.text
    assert list_comments(examined.context, ITEM) == ()


def test_an_answer_to_no_comment_is_not_found(client: FlaskClient, examined: Examined) -> None:
    other = add_comment(examined.context, "01-002", "别处", actor=TEACHER)
    for number in (other.id, 999):
        sent = {"text": "？", "reply_to": number}
        assert client.post(f"/items/{ITEM}/comments", data=sent).status_code == 404
    assert client.post(f"/items/{ITEM}/comments/999").status_code == 404


# --- the queue -----------------------------------------------------------------------------


def test_the_queue_shows_what_waits_since_when_and_by_whom(
    client: FlaskClient, examined: Examined
) -> None:
    assert "No item waits for your approval" in client.get("/items/reviews").text
    submit(examined, "01-002", note="请看数字")
    submit(examined, ITEM)
    submit(examined, "01-003", actor=TEACHER)
    examined.clock.advance(days=3)
    page = client.get("/items/reviews").text
    assert page.index("01-002") < page.index(ITEM)
    words = words_of(page)
    for word in ("writer", "请看数字", "3 days", "Waiting for you 2", "Begin with the first"):
        assert word in words
    assert "01-003" not in words
    own = client.get("/items/reviews?whose=own").text
    assert "01-003" in own
    assert "01-002" not in own


def test_the_review_leads_from_item_to_item(client: FlaskClient, examined: Examined) -> None:
    for item_id in (ITEM, "01-002", "01-003"):
        submit(examined, item_id)
    page = client.get("/items/01-002?review=1").text
    assert "2 of 3" in words_of(page)
    assert f'rel="prev" href="/items/{ITEM}?review=1"' in page
    assert 'rel="next" href="/items/01-003?review=1"' in page
    answer = take(client, "approve", review=True)
    assert answer.location == "/items/01-002?review=1"
    commented = client.post("/items/01-002/comments?review=1", data={"text": "好"})
    assert commented.location.startswith("/items/01-002?review=1#comment-")
    for item_id in ("01-002", "01-003"):
        last = client.post(
            f"/items/{item_id}/steps?review=1", data={"action": "approve", "version": 2}
        )
    assert last.location == "/items/reviews"


def test_an_item_that_waits_no_longer_says_so(client: FlaskClient, examined: Examined) -> None:
    submit(examined)
    page = client.get("/items/01-002?review=1").text
    assert "This item does not wait for your review" in page
    assert f'rel="next" href="/items/{ITEM}?review=1"' in page


def test_two_reviewers_do_not_take_one_step_twice(
    app: Flask, client: FlaskClient, examined: Examined
) -> None:
    submit(examined)
    other = add_person(
        examined.context,
        username="colleague",
        display_name="同事",
        password="long enough for the rules",
        roles=["teacher"],
    )
    assert take(visitor(app, other), "approve").status_code == 303
    assert take(client, "approve").status_code == 409


def test_the_pages_speak_chinese(app: Flask, examined: Examined) -> None:
    submit(examined)
    client = visitor(app, examined.people["teacher"], language="zh")
    for path, expected in (
        (f"/items/{ITEM}?review=1", ("审核通过", "退回修改", "停用此题", "评论")),
        ("/items/reviews", ("待您审核", "送审时间", "从第一题开始")),
        (f"/items/{ITEM}/versions", ("版本对比", "操作与原因", "编辑")),
        (f"/items/{ITEM}/statistics", ("作答人数不足",)),
    ):
        page = client.get(path).text
        for word in expected:
            assert word in page, (path, word)


def test_an_approved_item_waits_no_longer(client: FlaskClient, examined: Examined) -> None:
    submit(examined)
    advance_item(examined.context, ITEM, ItemAction.APPROVE, actor=TEACHER)
    assert ITEM not in client.get("/items/reviews").text
