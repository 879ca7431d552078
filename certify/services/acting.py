"""Who acts in a use case: the name that versions and the audit trail carry, and what it may do."""

from dataclasses import dataclass

from certify.errors import NotPermitted
from certify.services.ports import ROLES, Person

TEACHER = "teacher"
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """A name and its roles."""

    name: str
    roles: frozenset[str]

    def require(self, role: str) -> None:
        """Raises NotPermitted without the role."""
        if role not in self.roles:
            raise NotPermitted(role=role)


COMMAND_LINE = Actor("command line", frozenset(ROLES))
"""Whoever may run commands on the server may do everything but approve what they wrote there."""


def acting(person: Person) -> Actor:
    """A person as an actor."""
    return Actor(person.username, person.roles)
