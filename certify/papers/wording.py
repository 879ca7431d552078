"""The fixed words of a printed paper. Papers are for candidates in Chinese."""

from collections.abc import Mapping
from fractions import Fraction

from certify.exams.fixed_forms.blueprint import BLOCK
from certify.exams.fixed_forms.key_table import points_text
from question_bank.item import ItemType

SECTION_TITLES: Mapping[str, str] = {
    ItemType.SINGLE: "单项选择题",
    ItemType.MULTIPLE: "多项选择题",
    ItemType.TRUE_FALSE: "判断题",
    ItemType.NUMERIC: "计算题",
    ItemType.FILL_IN: "填空题",
    ItemType.ORDER: "排序题",
    ItemType.MATCH: "配对题",
    ItemType.ESSAY: "简答题",
    BLOCK: "材料题",
}
SECTION_RULES: Mapping[str, str] = {
    ItemType.SINGLE: "每题只有一个正确选项，请在答题卡上填涂对应字母。",
    ItemType.MULTIPLE: "每题有2–4个正确选项，多选、少选、错选均不得分。",
    ItemType.TRUE_FALSE: "正确的填涂“√”，错误的填涂“×”。",
    ItemType.NUMERIC: "请把结果写在答题卡上，并按题目要求保留小数。",
    ItemType.FILL_IN: "请把答案写在答题卡上，每空分值相同。",
    ItemType.ORDER: "请按正确的先后顺序，把选项字母写在答题卡上。",
    ItemType.MATCH: "请按①②③的顺序，把配对的字母写在答题卡上。",
    ItemType.ESSAY: "请在答题卡上作答。",
    BLOCK: "请先阅读材料，再回答后面的各题。",
}
ORDINALS = "一二三四五六七八九十"
LEVEL_NAMES = {"novice": "新手", "proficient": "成熟", "elite": "精英"}
NOTICE = (
    "答题前请在试卷和答题卡上填写姓名、准考证号和考场。",
    "选择题和判断题用2B铅笔填涂，其他题用黑色签字笔书写；写在试卷上的答案无效。",
    "考试结束后，请将试卷和答题卡一并交回。",
)
CONFIDENTIAL = "机密★启用前"
KEY_CONFIDENTIAL = "机密：含答案，仅限阅卷人员使用"
FIELDS = ("姓名", "准考证号", "考场")
TRUE_SIGN, FALSE_SIGN = "√", "×"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


def section_heading(place: int, section: str, count: int, each: Fraction | None) -> str:
    """一、单项选择题（共40题，每题1分，共40分）; `each` is None where points differ."""
    ordinal = ORDINALS[place] if place < len(ORDINALS) else str(place + 1)
    per = "" if each is None else f"，每题{points_text(each)}分"
    return f"{ordinal}、{SECTION_TITLES[section]}（共{count}题{per}，"


def total_words(total: Fraction) -> str:
    """The end of a section's heading."""
    return f"共{points_text(total)}分）"


def facts(level: str, minutes: int, count: int, total: Fraction) -> str:
    """One line below the title."""
    return (
        f"等级：{LEVEL_NAMES[level]}　　时间：{minutes}分钟　　"
        f"题量：{count}题　　满分：{points_text(total)}分"
    )
