"""The header offers each role its rooms and no dead link."""

from __future__ import annotations

from flask import Flask

from certify.web.navigation import rooms_for
from certify.web.viewer import Viewer


def test_rooms_without_a_page_are_not_offered(app: Flask) -> None:
    viewer = Viewer("1", "李明", frozenset({"student", "teacher"}))
    with app.test_request_context("/"):
        offered = {link.address for link in rooms_for(viewer)}
        assert all(app.url_map.bind("").test(address) for address in offered)


def test_a_room_is_offered_to_its_role_only(app: Flask) -> None:
    with app.test_request_context("/items"):
        teacher = rooms_for(Viewer("1", "王老师", frozenset({"teacher"})))
        assert [link.current for link in teacher if link.address == "/items"] == [True]
        student = rooms_for(Viewer("2", "李明", frozenset({"student"})))
        assert "/items" not in [link.address for link in student]
        assert "/items" not in [link.address for link in rooms_for(None)]
