"""Items that come with the product: loaded at the start, brought up to date by an upgrade.

What anybody has touched stays as it is: only items whose every version is ours get a new one.
"""

from certify.services.context import ServiceContext
from certify.services.ports import NewVersion, StoredItem
from certify.services.versioning import make_version
from question_bank.errors import MalformedItem
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.item import Item, ItemStatus
from question_bank.lifecycle import ItemAction
from question_bank.shipped import load_shipped_items

SHIPPED = "shipped"
"""Author of items that came with the product."""


def load_shipped_bank(context: ServiceContext) -> int:
    """Store shipped items that are new, and new versions of untouched ones; how many versions."""
    shipped = {item.id: item for item in load_shipped_items()}
    with context.database.writing() as work:
        stored = work.items.latest_of(list(shipped), lock=True)
        touched = work.items.touched_by_others(SHIPPED)
        made = [
            _version(context, item, stored.get(item_id))
            for item_id, item in shipped.items()
            if item_id not in touched and not _is_stored(context, item, stored.get(item_id))
        ]
        work.items.add_versions(made)
        work.commit()
    return len(made)


def _version(context: ServiceContext, item: Item, stored: StoredItem | None) -> NewVersion:
    return make_version(
        context,
        item,
        previous=stored.version if stored else 0,
        status=ItemStatus.OPERATIONAL,
        author=SHIPPED,
        action=ItemAction.SHIP,
    )


def _is_stored(context: ServiceContext, item: Item, stored: StoredItem | None) -> bool:
    """Whether the newest version says the same, whatever it was written down as."""
    if stored is None:
        return False
    if item_to_mapping(item) == stored.content:
        return True
    try:
        return item_from_mapping(stored.content, context.skill_model, item.id) == item
    except MalformedItem:
        return False
