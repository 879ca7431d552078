"""The state of one sitting at one item: the values of its variables while rules are evaluated.

The one place here that changes while it works. It bounds the work: steps and container sizes.
"""

from collections.abc import Sequence
from dataclasses import replace

from question_bank.errors import UnboundedProcessing
from question_bank.qti.definition import Declaration, ItemDefinition
from question_bank.qti.seeded_random import SeededRandom
from question_bank.qti.values import (
    NUMERIC,
    BaseType,
    Cardinality,
    Value,
    integer,
    real,
    value_as,
)

MOST_WORK = 100_000
"""Evaluations, each weighted with the size of what it looks at; real items need some hundreds."""
CHARACTERS_PER_WORK = 200
MOST_ITEMS = 10_000
COMPLETION_STATUS = "completionStatus"
NUMBER_OF_ATTEMPTS = "numAttempts"
DURATION = "duration"
NOT_ATTEMPTED = "not_attempted"
UNKNOWN_STATUS = "unknown"


class ItemSession:
    """Variables of one item session; `unsupported` collects what was met and not understood."""

    def __init__(self, definition: ItemDefinition, seed: int) -> None:
        self.definition = definition
        self.random = SeededRandom(seed)
        self.responses: dict[str, Value | None] = {}
        self.outcomes: dict[str, Value | None] = {}
        self.templates: dict[str, Value | None] = {}
        self.contexts = {name: each.default for name, each in definition.contexts.items()}
        self.correct = {name: each.correct for name, each in definition.responses.items()}
        self.defaults = {
            name: each.default
            for declared in (definition.responses, definition.outcomes)
            for name, each in declared.items()
        }
        self.unsupported: list[str] = []
        self._work = 0
        self.reset_templates()
        self.reset_outcomes()

    def reset_templates(self) -> None:
        """Give the template variables their declared values again."""
        declared = self.definition.templates
        self.templates = {name: each.default for name, each in declared.items()}

    def reset_outcomes(self) -> None:
        """Give the outcome variables their values at the start of an attempt."""
        declared = self.definition.outcomes
        self.outcomes = {
            name: self.defaults.get(name) or _implied_default(each)
            for name, each in declared.items()
        }
        if self.outcomes.get(COMPLETION_STATUS) is None:
            unknown = Value(BaseType.IDENTIFIER, (UNKNOWN_STATUS,))
            self.outcomes[COMPLETION_STATUS] = unknown

    def variable(self, identifier: str) -> Value | None:
        """The value of any variable; an undeclared one is NULL and noted."""
        for values in (self.outcomes, self.responses, self.templates, self.contexts):
            if identifier in values:
                return values[identifier]
        if identifier not in self.definition.responses:
            self.note(f"variable {identifier}")
        return None

    def declaration(self, identifier: str) -> Declaration | None:
        """The declaration of a response, outcome or template variable."""
        item = self.definition
        return (
            item.responses.get(identifier)
            or item.outcomes.get(identifier)
            or item.templates.get(identifier)
        )

    def set_outcome(self, identifier: str, value: Value | None) -> None:
        """Give an outcome variable a value of its declared type.

        One that is not declared takes the value as it is: lax files forget `SCORE`.
        """
        declared = self.definition.outcomes.get(identifier)
        if declared is not None:
            value = value_as(value, declared.base_type, declared.cardinality)
        self.outcomes[identifier] = value

    def set_template(self, identifier: str, value: Value | None) -> None:
        """Give a template variable a value of its declared type."""
        declared = self.definition.templates.get(identifier)
        if declared is not None:
            self.templates[identifier] = value_as(value, declared.base_type, declared.cardinality)

    def set_correct(self, identifier: str, value: Value | None) -> None:
        """Change what is right for a response variable."""
        declared = self.definition.responses.get(identifier)
        if declared is not None:
            self.correct[identifier] = value_as(value, declared.base_type, declared.cardinality)

    def set_default(self, identifier: str, value: Value | None) -> None:
        """Change the default of a response or outcome variable."""
        declared = self.declaration(identifier)
        if declared is not None:
            self.defaults[identifier] = value_as(value, declared.base_type, declared.cardinality)

    def note(self, feature: str) -> None:
        """Remember that something was met which is not supported."""
        if feature not in self.unsupported:
            self.unsupported.append(feature)

    def step(self, operands: Sequence[Value | None] = ()) -> None:
        """Count one evaluation. Raises UnboundedProcessing beyond what real items need."""
        work = 1
        for value in operands:
            if value is not None:
                work += len(value.items)
                first = value.items[0] if len(value.items) == 1 else None
                if isinstance(first, str):
                    work += len(first) // CHARACTERS_PER_WORK
        self.charge(work)

    def charge(self, work: int) -> None:
        """Count work of any kind. Raises UnboundedProcessing beyond what real items need."""
        self._work += work
        if self._work > MOST_WORK:
            raise UnboundedProcessing(item_id=self.definition.identifier)

    def check_size(self, items: int) -> None:
        """Raise UnboundedProcessing for a container no real item has."""
        if items > MOST_ITEMS:
            raise UnboundedProcessing(item_id=self.definition.identifier)

    def start_attempt(self, number: int) -> None:
        """Set the built-in response variables."""
        built_in = {
            NUMBER_OF_ATTEMPTS: integer(number),
            DURATION: replace(real(0), base_type=BaseType.DURATION),
        }
        for name, value in built_in.items():
            if name is NUMBER_OF_ATTEMPTS or self.responses.get(name) is None:
                self.responses[name] = value


def _implied_default(declared: Declaration) -> Value | None:
    """A numeric outcome without a default starts at 0 (QTI 2.1, outcomeDeclaration)."""
    if declared.cardinality is not Cardinality.SINGLE or declared.base_type not in NUMERIC:
        return None
    return integer(0) if declared.base_type is BaseType.INTEGER else real(0)
