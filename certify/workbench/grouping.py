"""Groups of persons from a column of labels: which is the reference, who belongs where."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.workbench.errors import OneGroup, UnknownGroup
from certify.workbench.findings import listed, shown
from certify.workbench.response_table import ResponseTable


@dataclass(frozen=True, slots=True)
class Groups:
    """`names`, the reference first; `index` of each person's group."""

    names: tuple[str, ...]
    index: NDArray[np.intp]


def grouped(table: ResponseTable, column: str, reference: str | None) -> Groups:
    """The groups of a label column; without a `reference` the first name in order is it.

    Raises UnknownGroup if nobody belongs to the reference.
    """
    labels = table.labels[column]
    names = sorted(set(labels))
    if reference is not None:
        if reference not in names:
            raise UnknownGroup(
                file=table.file, column=column, name=shown(reference), found=listed(names)
            )
        names.remove(reference)
        names.insert(0, reference)
    place = {name: at for at, name in enumerate(names)}
    return Groups(tuple(names), np.array([place[label] for label in labels], dtype=np.intp))


def focal_groups(
    table: ResponseTable, column: str, groups: Groups, chosen: Sequence[str]
) -> tuple[str, ...]:
    """The groups to compare with the reference: those chosen, or all others.

    Raises UnknownGroup or OneGroup.
    """
    others = groups.names[1:]
    if not others:
        raise OneGroup(file=table.file, column=column, found=f"only {groups.names[0]}")
    for name in chosen:
        if name not in others:
            raise UnknownGroup(
                file=table.file, column=column, name=shown(name), found=listed(list(others))
            )
    return tuple(chosen) or others
