"""Which shipped items are for practice: anybody may see their keys, so exams never ask them.

Reads `practice.yaml`; the next release is composed without these items (`services.releasing`).
"""

from functools import cache
from importlib import resources

import yaml


@cache
def load_practice_ids() -> frozenset[str]:
    """Ids of all items for practice."""
    path = resources.files("question_bank").joinpath("practice.yaml")
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return frozenset(item_id for listed in data["items"].values() for item_id in listed)
