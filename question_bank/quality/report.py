"""What an audit finds: kinds of findings, findings, and the report. Judges nothing itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from question_bank.item import Item
from question_bank.quality.blind_solving import BlindSolving, load_blind_solving


class AuditSeverity(StrEnum):
    """How bad a finding is: severe ones must be mended before an exam is sat."""

    SEVERE = "severe"
    MODERATE = "moderate"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing found: where (an item, or a place such as a node), what, and what to do."""

    severity: AuditSeverity
    item: str
    place: str
    rule: str
    template: str
    params: Mapping[str, object]

    @property
    def message(self) -> str:
        """The template with its parameters, in English."""
        return self.template.format(**self.params)


@dataclass(frozen=True, slots=True)
class AuditRule:
    """A kind of finding: the code of the writing rule, its severity and its sentence."""

    severity: AuditSeverity
    rule: str
    template: str

    def in_item(self, item: Item, **params: object) -> AuditFinding:
        """Found in one item."""
        place = f"{item.node}/{item.level}"
        return AuditFinding(self.severity, item.id, place, self.rule, self.template, params)

    def in_place(self, place: str, **params: object) -> AuditFinding:
        """Found in a part of the bank."""
        return AuditFinding(self.severity, "", place, self.rule, self.template, params)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Counts of a bank (`cells`: by node and level) and everything found, the worst first.

    `blind_solving`: what solvers without the key answered, of the items that have been solved so.
    """

    items: int
    by_node: Mapping[str, int]
    by_level: Mapping[str, int]
    by_type: Mapping[str, int]
    cells: Mapping[tuple[str, str], int]
    blind_solving: BlindSolving
    findings: tuple[AuditFinding, ...]

    def of_severity(self, severity: AuditSeverity) -> tuple[AuditFinding, ...]:
        """The findings of one severity."""
        return tuple(found for found in self.findings if found.severity is severity)


def compose_report(items: Iterable[Item], findings: Iterable[AuditFinding]) -> AuditReport:
    """Count the items and put the findings in order: severity, then place and item."""
    everything = tuple(items)
    order = list(AuditSeverity)
    return AuditReport(
        items=len(everything),
        by_node=dict(sorted(Counter(item.node for item in everything).items())),
        by_level=dict(sorted(Counter(item.level for item in everything).items())),
        by_type=dict(sorted(Counter(item.type.value for item in everything).items())),
        cells=Counter((item.node, item.level) for item in everything),
        blind_solving=load_blind_solving().among(item.id for item in everything),
        findings=tuple(
            sorted(
                findings,
                key=lambda found: (order.index(found.severity), found.place, found.item),
            )
        ),
    )
