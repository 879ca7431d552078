"""Working copies: kept, replaced, one's own."""

from __future__ import annotations

import pytest

from certify.errors import InvalidField, NotPermitted
from certify.services.drafting import (
    discard_working_copy,
    get_working_copy,
    list_working_copies,
    save_working_copy,
)
from tests.authors import REVIEWER, STUDENT, WRITER
from tests.examined import Examined


def test_what_is_typed_is_kept_for_its_author_alone(examined: Examined) -> None:
    context = examined.context
    save_working_copy(context, "01-001", {"stem": "半"}, based_on=1, actor=WRITER)
    kept = save_working_copy(context, "01-001", {"stem": "半句"}, based_on=1, actor=WRITER)
    assert get_working_copy(context, "01-001", actor=WRITER) == kept
    assert kept.updated_at == examined.clock.now
    assert get_working_copy(context, "01-001", actor=REVIEWER) is None
    assert list_working_copies(context, actor=WRITER) == (kept,)
    assert not discard_working_copy(context, "01-001", actor=REVIEWER)
    assert discard_working_copy(context, "01-001", actor=WRITER)
    assert list_working_copies(context, actor=WRITER) == ()


@pytest.mark.parametrize(
    ("place", "content"), [("", {}), ("x" * 81, {}), ("new-1", {"stem": "长" * 2_000_000})]
)
def test_what_is_too_large_is_refused(
    examined: Examined, place: str, content: dict[str, str]
) -> None:
    with pytest.raises(InvalidField):
        save_working_copy(examined.context, place, content, based_on=0, actor=WRITER)


def test_only_teachers_have_working_copies(examined: Examined) -> None:
    with pytest.raises(NotPermitted):
        save_working_copy(examined.context, "new-1", {}, based_on=0, actor=STUDENT)
    with pytest.raises(NotPermitted):
        get_working_copy(examined.context, "new-1", actor=STUDENT)
