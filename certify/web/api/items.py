"""Items and bank releases, for teachers. Keys are shown here and nowhere else."""

from __future__ import annotations

from typing import Any

from flask import url_for

from certify.errors import InvalidField
from certify.services.acting import acting
from certify.services.authoring import save_towards
from certify.services.banking import check_item, list_items, list_stored_versions
from certify.services.ports import ItemFilter, StoredItem, StoredRelease
from certify.services.releasing import list_releases, publish_release
from certify.web.api.interface import ApiBlueprint
from certify.web.auth import current_person, require_roles, service_context
from certify.web.schemas.items import (
    ItemChange,
    ItemQuery,
    ItemsAnswer,
    ItemVersionAnswer,
    NewItem,
    NewRelease,
    ReleaseEntry,
    ReleasesAnswer,
    VersionsAnswer,
    entry_body,
    version_body,
)
from certify.web.schemas.paging import page_body
from question_bank.item import ItemStatus

bp = ApiBlueprint("items", "Item bank and its releases")
ONE = "/items/<string(maxlength=32):item_id>"


@bp.get("/items")
@require_roles("teacher")
@bp.arguments(ItemQuery, location="query")
@bp.response(200, ItemsAnswer)
def get_items(query: dict[str, Any]) -> dict[str, Any]:
    """The newest version of each item that meets all conditions, by id."""
    conditions = ItemFilter(
        **{name: query[name] for name in ("text", "node", "dimension", "level", "type", "status")}
    )
    page = list_items(service_context(), conditions, number=query["page"], size=query["size"])
    return {"items": [entry_body(stored) for stored in page.rows], **page_body(page)}


@bp.post("/items")
@require_roles("teacher")
@bp.arguments(NewItem)
@bp.response(201, ItemVersionAnswer)
@bp.refuses(409)
def create_item(body: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Add an item; a missing id is chosen by its node."""
    saved = save(body["item"], status=body["status"], based_on=0)
    address = url_for("api_items.get_item", item_id=saved["id"])
    return saved, 201, {"Location": address}


@bp.get(ONE)
@require_roles("teacher")
@bp.response(200, ItemVersionAnswer)
@bp.refuses(404)
def get_item(item_id: str) -> dict[str, Any]:
    """The newest version of an item with its key and what is wrong with it."""
    return newest(item_id)


@bp.put(ONE)
@require_roles("teacher")
@bp.arguments(ItemChange)
@bp.response(200, ItemVersionAnswer)
@bp.refuses(404, 409)
def put_item(body: dict[str, Any], item_id: str) -> dict[str, Any]:
    """Save the next version of an item; refused when somebody saved in between."""
    history(item_id)
    if body["item"].setdefault("id", item_id) != item_id:
        raise InvalidField(field="item.id", expected=item_id, found=body["item"]["id"])
    return save(body["item"], status=body["status"], based_on=body["based_on"])


@bp.get(f"{ONE}/versions")
@require_roles("teacher")
@bp.response(200, VersionsAnswer)
@bp.refuses(404)
def get_versions(item_id: str) -> dict[str, Any]:
    """All versions of an item, newest first."""
    return {"versions": [entry_body(stored) for stored in history(item_id)]}


@bp.get("/releases")
@require_roles("teacher")
@bp.response(200, ReleasesAnswer)
def get_releases() -> dict[str, Any]:
    """Published releases, newest first."""
    return {"releases": list_releases(service_context())}


@bp.post("/releases")
@require_roles("teacher")
@bp.arguments(NewRelease)
@bp.response(201, ReleaseEntry)
def create_release(body: dict[str, str]) -> StoredRelease:
    """Freeze all operational items; new attempts use them from then on."""
    return publish_release(service_context(), title=body["title"], actor=acting(current_person()))


def save(item: dict[str, Any], *, status: str, based_on: int) -> dict[str, Any]:
    version = save_towards(
        service_context(),
        item,
        status=ItemStatus(status),
        based_on=based_on,
        actor=acting(current_person()),
    )
    return newest(version.item.id)


def newest(item_id: str) -> dict[str, Any]:
    stored = history(item_id)[0]
    _, findings = check_item(service_context(), stored.content)
    return version_body(stored, findings)


def history(item_id: str) -> tuple[StoredItem, ...]:
    return list_stored_versions(service_context(), item_id)
