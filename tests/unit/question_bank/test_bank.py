"""Bank releases: immutable, complete, and the same bytes whatever the order."""

from __future__ import annotations

import datetime as dt
import hashlib
import random

import pytest

from question_bank.bank import BankRelease, compose_release, read_release
from question_bank.errors import CorruptRelease, DuplicateItem, EmptyRelease, InvalidRelease
from question_bank.item import ItemStatus, ItemVersion
from question_bank.skills import load_skill_model
from tests.factories import AT, calibrated, make_item, make_version

MODEL = load_skill_model()
VERSIONS = [
    make_version(make_item("01-001")),
    make_version(make_item("01-002", "multiple", enemies=("01-001",))),
    make_version(make_item("01-003", "true_false"), version=3),
    make_version(make_item("01-004", "numeric", calibration=calibrated())),
]
KNOWN_DIGEST = "8ca8ebac5fd6026bb66a202544a7c425ab48c77d05f6cab9e5a82bdabb1be381"


def compose(versions: list[ItemVersion], title: str = "2027 春季") -> BankRelease:
    return compose_release(versions, title=title, created_at=AT, model=MODEL)


def test_digest_is_the_hash_of_the_content() -> None:
    release = compose(VERSIONS)
    assert release.digest == hashlib.sha256(release.content).hexdigest()


def test_digest_does_not_depend_on_the_order_of_the_items() -> None:
    shuffled = list(VERSIONS)
    for seed in range(5):
        random.Random(seed).shuffle(shuffled)
        release = compose(shuffled)
        assert release == compose(VERSIONS)
        assert [v.item.id for v in release.items] == ["01-001", "01-002", "01-003", "01-004"]


def test_digest_of_these_items_never_changes() -> None:
    """Unless the builders' texts were edited, a new digest means a new release format."""
    assert compose(VERSIONS).digest == KNOWN_DIGEST


@pytest.mark.parametrize(
    "other",
    [
        make_version(make_item("01-001", stem="商品主图应当先做到什么？")),
        make_version(make_item("01-001"), version=2),
        make_version(make_item("01-001"), author="li"),
        make_version(make_item("01-001"), created_at=AT + dt.timedelta(seconds=1)),
    ],
)
def test_any_change_of_an_item_changes_the_digest(other: ItemVersion) -> None:
    assert compose([other, *VERSIONS[1:]]).digest != compose(VERSIONS).digest


def test_title_belongs_to_the_content() -> None:
    assert compose(VERSIONS, "A").digest != compose(VERSIONS, "B").digest


def test_stored_content_gives_the_release_back() -> None:
    release = compose(VERSIONS)
    assert read_release(release.content, release.digest, MODEL) == release


def test_items_are_found_by_id() -> None:
    release = compose(VERSIONS)
    assert release.by_id["01-003"] == VERSIONS[2].item
    assert set(release.by_id) == {"01-001", "01-002", "01-003", "01-004"}


@pytest.mark.parametrize("status", [ItemStatus.DRAFT, ItemStatus.RETIRED])
def test_only_operational_items_are_published(status: ItemStatus) -> None:
    other = make_version(make_item("01-009", stem=""), status=status)
    assert compose([*VERSIONS, other]) == compose(VERSIONS)


def test_changed_byte_is_a_corrupt_release() -> None:
    release = compose(VERSIONS)
    for at in (0, len(release.content) // 2, len(release.content) - 1):
        damaged = bytearray(release.content)
        damaged[at] ^= 1
        with pytest.raises(CorruptRelease, match=release.digest):
            read_release(bytes(damaged), release.digest, MODEL)


@pytest.mark.parametrize("content", [b"", b"{}"])
def test_lost_content_is_a_corrupt_release(content: bytes) -> None:
    with pytest.raises(CorruptRelease, match="it must not be used"):
        read_release(content, compose(VERSIONS).digest, MODEL)


def test_nothing_operational_is_an_empty_release() -> None:
    with pytest.raises(EmptyRelease):
        compose([])
    with pytest.raises(EmptyRelease):
        compose([make_version(status=ItemStatus.DRAFT)])


def test_item_with_errors_is_an_invalid_release() -> None:
    bad = [
        make_version(make_item("01-008", stem="", expected_seconds=1)),
        make_version(make_item("01-007", answer_key=None)),
    ]
    with pytest.raises(InvalidRelease, match=r"2 item\(s\).*01-007: no answer key") as caught:
        compose([*VERSIONS, *bad])
    assert caught.value.params["count"] == 2


def test_warnings_do_not_hinder_a_release() -> None:
    compose([make_version(make_item(source=""))])


def test_item_offered_in_two_versions_is_refused() -> None:
    """Which of them would be asked must not depend on the order they came in."""
    with pytest.raises(DuplicateItem, match="01-001 is used twice"):
        compose([*VERSIONS, make_version(make_item("01-001"), version=2)])


def test_pretest_items_travel_with_their_status() -> None:
    release = compose(
        [
            make_version(make_item("01-001")),
            make_version(make_item("01-002"), status=ItemStatus.PRETEST),
        ]
    )
    assert [item.id for item in release.operational] == ["01-001"]
    assert sorted(release.by_id) == ["01-001", "01-002"]
    again = read_release(release.content, release.digest, MODEL)
    assert [version.status for version in again.items] == ["operational", "pretest"]


def test_a_release_of_pretest_items_alone_is_empty() -> None:
    with pytest.raises(EmptyRelease):
        compose([make_version(status=ItemStatus.PRETEST)])


def test_a_release_without_a_status_reads_as_operational() -> None:
    release = compose([make_version()])
    assert b'"status"' not in release.content
