"""Which options were chosen by whom: choices and a key become scores, tables and curves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.diagnosing.distractors import (
    KeyAlarm,
    OptionCurves,
    OptionTable,
    key_alarms,
    option_curves,
    option_table,
)
from certify.workbench.errors import NoUsableColumns
from certify.workbench.findings import Finding
from certify.workbench.item_lists import ItemList
from certify.workbench.response_table import ResponseTable, option_number
from certify.workbench.text_tables import table_bytes

IndexArray = NDArray[np.intp]


@dataclass(frozen=True)
class KeyedChoices:
    """`choices` (persons, items), -1 for a blank; `key` and option `labels`; `scored` 1, 0."""

    choices: IndexArray
    key: IndexArray
    labels: tuple[str, ...]
    scored: ResponseTable


@dataclass(frozen=True)
class OptionStatistics:
    """Tables, curves and alarms; `labels` of the options, `key` the right one of each item."""

    labels: tuple[str, ...]
    key: IndexArray
    table: OptionTable
    curves: OptionCurves
    alarms: tuple[KeyAlarm, ...]

    def used(self, item: int) -> list[int]:
        """The options of an item that somebody chose, and the key."""
        chosen = self.table.count[item] > 0
        return [at for at in range(len(self.labels)) if chosen[at] or at == self.key[item]]


def keyed(table: ResponseTable, key: ItemList) -> KeyedChoices:
    """Score a table of options with a key; items without one are left out with a finding.

    Raises NoUsableColumns if no item has a key.
    """
    kept = [at for at, item in enumerate(table.item_ids) if item in key.entries]
    findings = [
        *key.findings,
        *(
            Finding(table.file, "no_key", 1, item, {"key": key.file})
            for item in table.item_ids
            if item not in key.entries
        ),
        *(
            Finding(key.file, "unused_row", params={"item": item, "responses": table.file})
            for item in key.entries
            if item not in table.item_ids
        ),
    ]
    if not kept:
        raise NoUsableColumns(file=table.file, first=f"first: {findings[0]};")
    table = table.take_items(kept).with_findings(findings)
    answers = [key.entries[item] for item in table.item_ids]
    numbers = np.array([option_number(answer) for answer in answers], dtype=np.intp)
    choices = np.where(np.isnan(table.values), -1, table.values).astype(np.intp)
    count = int(max(choices.max(initial=0), numbers.max())) + 1
    right = (choices == numbers).astype(np.float64)
    scored = replace(table, values=np.where(np.isnan(table.values), np.nan, right))
    return KeyedChoices(choices, numbers, _labels(answers, count), scored)


def option_statistics(found: KeyedChoices) -> tuple[OptionStatistics, list[Finding]]:
    """Distractor tables, option curves, and a finding for each key that may be wrong."""
    n_options = len(found.labels)
    alarms = key_alarms(found.choices, found.key, options=n_options)
    findings = [
        Finding(
            found.scored.file,
            "suspicious_key",
            1,
            found.scored.item_ids[alarm.item],
            {
                "option": found.labels[alarm.option],
                "key": found.labels[alarm.key],
                "own": alarm.option_correlation,
                "keyed": alarm.key_correlation,
            },
        )
        for alarm in alarms
    ]
    return OptionStatistics(
        found.labels,
        found.key,
        option_table(found.choices, found.key, options=n_options),
        option_curves(found.choices, found.key, options=n_options),
        alarms,
    ), findings


def option_table_bytes(item_ids: Sequence[str], found: OptionStatistics) -> bytes:
    """options.csv: one row per item and option."""
    heading = (
        "item_id", "option", "is_key", "count", "share", "rest_mean", "point_biserial", "upper27",
        "lower27",
    )  # fmt: skip
    table = found.table
    rows = [
        [
            item,
            found.labels[option],
            int(option == found.key[at]),
            int(table.count[at, option]),
            table.share[at, option],
            table.rest_mean[at, option],
            table.point_biserial[at, option],
            table.upper[at, option],
            table.lower[at, option],
        ]
        for at, item in enumerate(item_ids)
        for option in found.used(at)
    ]
    return table_bytes(heading, rows)


def _labels(answers: Sequence[str], count: int) -> tuple[str, ...]:
    """Letters where the key has letters (A is option 1), else numbers."""
    if any(answer.isalpha() for answer in answers) and count <= 27:
        return ("0", *(chr(ord("A") + at) for at in range(count - 1)))
    return tuple(str(at) for at in range(count))
