"""Coverage: how many usable items each node has at each level, and of which types."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from question_bank.item import Item
from question_bank.quality import rules
from question_bank.quality.report import AuditFinding
from question_bank.skills import SkillModel

FEWEST_PER_NODE = 20
"""Items of a node that let forms differ; the bank's own aim."""
TYPE_PERCENT: Mapping[tuple[str, ...], tuple[int, int]] = {
    ("single",): (45, 65),
    ("multiple",): (15, 25),
    ("true_false",): (5, 15),
    ("numeric", "order", "match", "fill_in", "essay", "composite"): (10, 25),
}
"""Wanted shares of types in a bank, in percent."""
FEWEST_FOR_SHARES = 100


def audit_coverage(items: Sequence[Item], model: SkillModel) -> Iterator[AuditFinding]:
    """Nodes with few items, ticked levels with none, and types out of proportion."""
    cells = Counter((item.node, item.level) for item in items)
    for code, node in model.nodes.items():
        found = sum(cells[code, level] for level in node.levels)
        if found < FEWEST_PER_NODE:
            yield rules.NODE_THIN.in_place(code, found=found, wanted=FEWEST_PER_NODE)
        for level in node.levels:
            if not cells[code, level]:
                yield rules.CELL_EMPTY.in_place(f"{code}/{level}")
    if len(items) < FEWEST_FOR_SHARES:
        return
    types = Counter(item.type.value for item in items)
    for names, (least, most) in TYPE_PERCENT.items():
        percent = round(100 * sum(types[name] for name in names) / len(items))
        if not least <= percent <= most:
            yield rules.TYPE_SHARE.in_place(
                "bank", percent=percent, type=" + ".join(names), least=least, most=most
            )
