"""Foreign items as the bank can hold them: identifiers, tags it knows, files by their content."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, replace

from question_bank.errors import MalformedItem
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.exchange.problems import (
    RENAMED,
    UNKNOWN_LEVEL,
    UNKNOWN_NODE,
    Problem,
    problem_of_error,
)
from question_bank.item import Item, ItemFile
from question_bank.skills import LEVELS, SkillModel

LONGEST_ID = 32
_UNFIT = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class TagDefaults:
    """Tags for items that come without them; an empty one leaves them untagged."""

    node: str = ""
    level: str = ""
    bloom: str = ""
    work_area: str = ""
    chapter: str = ""


def fit_item(
    model: SkillModel, item: Item, tags: TagDefaults, file: str, problems: list[Problem]
) -> Item | None:
    """The item as the bank holds it; None where it cannot. What changed is added to `problems`."""
    item_id = fitted_id(item)
    if item.id and item_id != item.id:
        problems.append(RENAMED.at(file, item_id=item_id, found=item.id, kept=item_id))
    node, level = item.node, item.level
    if node and node not in model.nodes:
        problems.append(UNKNOWN_NODE.at(file, item_id=item_id, found=node))
        node = ""
    if level and level not in LEVELS:
        problems.append(UNKNOWN_LEVEL.at(file, item_id=item_id, found=level))
        level = ""
    dimension = item.dimension if node and node == item.node else ""
    node = node or tags.node
    fitted = replace(
        item,
        id=item_id,
        node=node,
        level=level or tags.level,
        dimension=dimension or (model.nodes[node].primary if node else ""),
        bloom=item.bloom or tags.bloom,
        work_area=item.work_area or tags.work_area,
        chapter=item.chapter or tags.chapter,
        enemies=tuple(map(_plain_id, item.enemies)),
        files=tuple(_named_by_content(one) for one in item.files),
    )
    try:
        kept = item_from_mapping(item_to_mapping(fitted), model, file)
    except MalformedItem as error:
        problems.append(problem_of_error(error, file, item_id=item_id))
        return None
    # the mapping names files without their contents
    return replace(kept, files=fitted.files)


def _named_by_content(file: ItemFile) -> ItemFile:
    """A file under the digest of what came, whatever the sender called it."""
    if not file.content:
        return file
    return replace(file, digest=hashlib.sha256(file.content).hexdigest())


def fitted_id(item: Item) -> str:
    """The identifier that an item has in the bank: its own where that fits, else one made of it.

    Always the same for the same item, so that a second import finds it again; an item without
    one is known by what it says.
    """
    if not item.id:
        said = json.dumps(item_to_mapping(item), ensure_ascii=False, sort_keys=True)
        return f"q-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
    return _plain_id(item.id)


def _plain_id(found: str) -> str:
    """Letters, digits and . _ - only, as it stands in addresses, and not too long."""
    plain = _UNFIT.sub("-", unicodedata.normalize("NFC", found)).strip("-.")
    if plain == found and len(found) <= LONGEST_ID:
        return found
    mark = hashlib.sha256(found.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{plain[: LONGEST_ID - len(mark) - 1]}-{mark}".lstrip("-")
