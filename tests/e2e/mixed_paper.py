"""A paper with one item of each interaction, a case, a formula and a picture."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from fractions import Fraction

from certify.exams.fixed_forms.blueprint import BlockRule
from certify.services.assembling_papers import assemble_papers
from certify.services.context import ServiceContext
from certify.services.filing import add_file
from certify.services.planning_papers import save_blueprint
from certify.services.ports import StoredForm
from certify.services.releasing import publish_release
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemStatus
from tests.authors import WRITER, bring
from tests.factories import make_item
from tests.integration.services.form_days import paper_blueprint

COUNTS = {
    "single": 3,
    "multiple": 1,
    "true_false": 1,
    "numeric": 1,
    "fill_in": 1,
    "order": 1,
    "match": 1,
}
KINDS = [kind for kind, count in COUNTS.items() for _ in range(count)] + ["numeric", "numeric"]
"""The interaction of each item in the order of the paper; the last two share a case."""
FORMULA = """广告投入产出比 $ROAS=\\frac{S}{C}$，数据见下表，哪个渠道的投入产出比最高？

| 渠道 | 销售额（美元） | 花费（美元） |
|---|---:|---:|
| 搜索 | 1200 | 300 |
| 展示 | 900 | 450 |
"""
PICTURE = "![四周的销售额：12、18、9、21](weeks.png)\n\n哪一周的销售额最高？"


def grey_picture(width: int, height: int) -> bytes:
    """A PNG that browsers draw."""
    rows = b"".join(b"\0" + b"\xc8" * width for _ in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def make_mixed_forms(context: ServiceContext) -> tuple[StoredForm, ...]:
    """Release two items of our own, and assemble the paper."""
    picture = add_file(context, "weeks.png", grey_picture(720, 300), actor=WRITER)
    files = [{"name": "weeks.png", "media_type": "image/png", "digest": picture.digest}]
    own = ("01-900", "01-901")
    formula, pictured = (
        item_to_mapping(make_item(item_id, stem=stem, level="proficient"))
        for item_id, stem in zip(own, (FORMULA, PICTURE), strict=True)
    )
    bring(context, formula, ItemStatus.OPERATIONAL)
    bring(context, {**pictured, "files": files}, ItemStatus.OPERATIONAL)
    publish_release(context, title="混合卷题库", actor=WRITER)
    blueprint = replace(
        paper_blueprint(COUNTS),
        title="混合卷",
        length=len(KINDS),
        levels=("novice", "proficient", "elite"),
        points=dict.fromkeys([*COUNTS, "block"], Fraction(2)),
        blocks=BlockRule(least=1, most=1, least_items=2, most_items=2),
        required=frozenset(own),
    )
    kept = save_blueprint(context, blueprint, actor=WRITER)
    return assemble_papers(context, kept.id, actor=WRITER, seed="1")
