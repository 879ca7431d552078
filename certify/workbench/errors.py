"""Everything that leaves the workbench without any result, as one tree; templates are one line.

A fault of one cell, row, column or item is not an error of this kind: it is a finding
(`certify.workbench.findings`), and the rest is computed.
"""

from typing import ClassVar


class WorkbenchError(Exception):
    """Base of everything this room raises; `params` fill the class's `template`."""

    template: ClassVar[str] = "{reason}"

    def __init__(self, **params: object) -> None:
        self.params = params
        # A heading or a file name may hold a line break; a message is one line.
        super().__init__(" ".join(self.template.format(**params).splitlines()))


class TableError(WorkbenchError):
    """A file whose columns or rows cannot be understood."""


class MissingColumn(TableError):
    """A column that the table cannot do without."""

    template = (
        "{file}: row 1: expected {expected}, found {found}; correct the heading row (wide CSV with "
        "commas or tabs)"
    )


class DuplicateColumn(TableError):
    """Two columns of one name."""

    template = "{file}: row 1: columns {first} and {second} are both {name}; rename or remove one"


class NoUsableRows(TableError):
    """Nothing is left to compute with."""

    template = (
        "{file}: expected rows with {expected} below the heading, found none that can be used; "
        "{first} correct the file and run again"
    )


class NoUsableColumns(TableError):
    """No item is left to compute with."""

    template = (
        "{file}: row 1: expected columns with answers to items, found none that can be used; "
        "{first} correct the file and run again"
    )


class DataError(WorkbenchError):
    """Good tables with which the computation asked for is impossible."""


class TooFewPersons(DataError):
    """Fewer persons than can be fitted."""

    template = (
        "{file}: expected at least {least} persons with answers{where}, found {found}; "
        "add persons: fewer would give noise"
    )


class TooFewItems(DataError):
    """Fewer items than can be fitted."""

    template = (
        "{file}: expected at least {least} items that can be used{where}, found {found}; "
        "add items, or choose a model with fewer parameters"
    )


class UnknownGroup(DataError):
    """A group that nobody belongs to."""

    template = "{file}: column {column}: nobody belongs to {name}, found {found}; choose of these"


class OneGroup(DataError):
    """Groups are to be compared, and there is one."""

    template = "{file}: column {column}: expected at least two groups to compare, found {found}"


class NoCommonItems(DataError):
    """Two tables of parameters that share too little."""

    template = (
        "{new} and {base} share {found} items of the same model, expected at least {least}; "
        "linking needs common items with the same item_id"
    )


class NotComputable(DataError):
    """What the formulas refuse, in their own words."""

    template = "{file}: cannot be computed: {reason}"


class BadPopulation(DataError):
    """A report from which no prior can be taken."""

    template = (
        "{file}: expected the report of a calibration with {expected}, found {found}; "
        "give the file that `certify psychometrics calibrate --report` wrote"
    )


class BadConstraint(DataError):
    """A requirement that cannot be read; leaving it out would give a wrong form."""

    template = "{file}: {place}expected {expected}, found {found}; correct it and run again"
