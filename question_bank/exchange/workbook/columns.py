"""The columns of the item workbook: headings, other names they go by, notes and widths.

The Chinese heading is what the template shows; a file may use any of the names, in any order.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from question_bank.item import ItemType
from question_bank.scoring import ScoringRule

ITEM_SHEET, STIMULUS_SHEET, HELP_SHEET = "题目", "材料", "填写说明"
OPTION_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TEMPLATE_LETTERS = OPTION_LETTERS[:8]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it holds, its heading, other names, and what to write there."""

    field: str
    heading: str
    names: tuple[str, ...]
    note: str
    width: int = 12


COLUMNS: tuple[Column, ...] = (
    Column("id", "题号", ("编号", "题目编号", "试题编号"), "留空时自动编号。", 10),
    Column("type", "题型", ("题目类型", "试题类型", "类型", "type"), "从下拉列表中选择。", 8),
    Column(
        "stem",
        "题干",
        ("题目", "试题", "题目内容", "问题", "stem", "question"),
        "支持Markdown；填空题用{{1}}、{{2}}或下划线标出空格。",
        48,
    ),
    *(
        Column(f"option_{letter}", f"选项{letter}", (letter, f"option{letter}"), "选项文字。", 18)
        for letter in TEMPLATE_LETTERS
    ),
    Column("targets", "配对项", ("匹配项", "右列", "targets"), "匹配题，每行一项：1. 离岸价", 24),
    Column(
        "answer",
        "答案",
        ("正确答案", "标准答案", "参考答案", "answer", "key"),
        "单选B；多选A,C；判断 对/错；数值12.5；填空每空一行，多种写法用|分开；"
        "排序C,A,B；匹配A-1,B-2；简答写参考答案。",
        18,
    ),
    Column("points", "分值", ("分数", "得分", "points", "score"), "满分，默认1；可写1/3。", 7),
    Column(
        "rule",
        "评分规则",
        ("计分规则", "scoring", "rule"),
        "默认全对才得分。",
        14,
    ),
    Column("explanation", "解析", ("答案解析", "说明", "explanation"), "为什么这个答案对。", 36),
    Column("takeaway", "要点", ("小结", "takeaway"), "一句话总结。", 20),
    Column("notes", "各选项说明", ("选项解析", "notes"), "每行一个选项，如“A：误把……”。", 36),
    Column("node", "节点", ("要素", "技能", "技能节点", "node"), "要素编号，如10或T3。", 7),
    Column("dimension", "维度", ("dimension",), "e、S、T、O、R、M；留空取节点的主维度。", 7),
    Column("level", "等级", ("级别", "level"), "新手、成熟、精英。", 8),
    Column("point", "知识点", ("考点", "point"), "知识点编号，如10-C1。", 10),
    Column("bloom", "认知层次", ("布鲁姆层次", "bloom"), "记忆、理解、应用、分析、评价、创造。", 9),
    Column("seconds", "预计秒数", ("用时", "预计用时", "seconds"), "10到900，默认60。", 9),
    Column("difficulty", "预估难度", ("难度", "p", "difficulty"), "预计答对的比例，0到1之间。", 9),
    Column("basis", "难度依据", ("basis",), "谁估的；默认placeholder。", 12),
    Column("source", "来源", ("出处", "source"), "教材概念、知识点或项目自编。", 20),
    Column("enemies", "敌对题", ("互斥题", "enemies"), "不能同卷出现的题号，用逗号分开。", 12),
    Column("stimulus", "材料编号", ("材料", "stimulus"), "“材料”表中的编号。", 10),
    Column("valid_until", "有效期", ("有效期至", "valid_until"), "如2027-10-31。", 11),
    Column(
        "tolerance",
        "容差",
        ("误差", "允许误差", "tolerance"),
        "数值题：0.01；相对误差写5%。",
        8,
    ),
    Column("decimals", "小数位数", ("decimals",), "数值题答案保留几位小数。", 9),
    Column("unit", "单位", ("unit",), "数值题的单位。", 7),
    Column("formula", "公式", ("formula",), "数值题的算式，如(20000+1500)*4.5/100。", 20),
    Column("slips", "典型错误", ("slips",), "数值题：每行一个，如“900：漏加运费”。", 24),
    Column("characters", "字数上限", ("characters",), "简答题；0表示不限。", 9),
    Column("exact", "区分大小写", ("case_sensitive",), "填空题：是、否，或如“空1,空3”。", 10),
    Column("mapping", "分项分值", ("mapping",), "按分项计分时：如A=0.5,B=-0.25。", 16),
    Column("bounds", "得分范围", ("bounds",), "如0~2；默认0到满分，“无”表示不限。", 10),
    Column("shuffle", "选项乱序", ("乱序", "shuffle"), "是或否，默认是。", 9),
    Column("work_area", "工作领域", ("work_area",), "课程标准的工作领域代码。", 10),
    Column("chapter", "章节", ("章", "chapter"), "课程章节代码。", 10),
    Column("calibration", "标定参数", ("calibration",), "由系统写出：a、b、c、作答数。", 14),
)
STIMULUS_COLUMNS: tuple[Column, ...] = (
    Column("id", "材料编号", ("编号", "id"), "在“题目”表的同名列引用。", 12),
    Column("title", "标题", ("名称", "title"), "材料的名称。", 24),
    Column("text", "正文", ("内容", "材料", "text"), "支持Markdown，可含表格。", 80),
)

TYPE_NAMES: Mapping[str, tuple[str, ...]] = {
    ItemType.SINGLE: (
        "单选",
        "单选题",
        "单项选择",
        "单项选择题",
        "选择题",
        "选择",
        "single choice",
    ),
    ItemType.MULTIPLE: ("多选", "多选题", "多项选择", "多项选择题", "不定项", "不定项选择题"),
    ItemType.TRUE_FALSE: ("判断", "判断题", "是非题", "对错题", "true/false", "truefalse", "tf"),
    ItemType.NUMERIC: ("数值", "数值题", "计算", "计算题", "number", "numerical"),
    ItemType.FILL_IN: ("填空", "填空题", "blank", "fill", "short"),
    ItemType.ORDER: ("排序", "排序题", "ordering"),
    ItemType.MATCH: ("匹配", "匹配题", "连线", "连线题", "配对题", "matching"),
    ItemType.ESSAY: ("简答", "简答题", "问答", "问答题", "论述题", "论述", "主观题", "名词解释"),
}
RULE_NAMES: Mapping[str, tuple[str, ...]] = {
    ScoringRule.ALL_OR_NOTHING: ("全对得分", "全对才得分"),
    ScoringRule.PARTIAL: ("少选得部分分", "部分得分", "漏选得部分分"),
    ScoringRule.PER_OPTION: ("按项加减分", "逐项计分"),
    ScoringRule.MAPPED: ("按分项分值", "按选项分值"),
    ScoringRule.PRECEDENCE: ("按先后对数", "先后次序"),
}
LEVEL_NAMES: Mapping[str, tuple[str, ...]] = {
    "novice": ("新手", "初级"),
    "proficient": ("成熟", "中级"),
    "elite": ("精英", "高级"),
}
BLOOM_NAMES: Mapping[str, tuple[str, ...]] = {
    "remember": ("记忆", "识记", "了解"),
    "understand": ("理解", "领会"),
    "apply": ("应用", "运用"),
    "analyse": ("分析", "analyze"),
    "evaluate": ("评价",),
    "create": ("创造", "综合"),
}
YES, NO = ("是", "对", "yes", "true", "1", "y"), ("否", "错", "no", "false", "0", "n")


@lru_cache(4096)
def plain_name(text: str) -> str:
    """A heading or word without what does not matter: width, case, blanks, stars, brackets."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\([^)]*\)|[\s*_:：.、?？【】\[\]]+", "", normal)


def code_of(word: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """The code that a word stands for: itself, or one of its names; None for a strange word."""
    wanted = plain_name(word)
    for code, others in names.items():
        if wanted in {plain_name(code), *(plain_name(other) for other in others)}:
            return str(code)
    return None


def field_of(heading: str, columns: tuple[Column, ...]) -> str | None:
    """The field that a heading names; None for a heading that is not ours."""
    wanted = plain_name(heading)
    if columns is COLUMNS:
        option = re.fullmatch(r"(?:选项|option|答案选项)?([a-z])", wanted)
        if option:
            return f"option_{option[1].upper()}"
    for column in columns:
        if wanted in {plain_name(name) for name in (column.heading, column.field, *column.names)}:
            return column.field
    return None
