"""What a heading says: identifier, name, question number or something to keep.

Works on headings alone; which question numbers exist is the key's to say.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

# In order of preference: a file often has 准考证号 and 学号.
IDENTIFIER_HEADINGS: Final = (
    "准考证号",
    "准考证号码",
    "考号",
    "考生号",
    "学号",
    "candidate_id",
    "student_id",
    "id",
)
NAME_HEADINGS: Final = ("姓名", "考生姓名", "学生姓名", "name", "candidate_name", "student_name")
# Columns that answer sheets usually carry; any other column is kept too, with a warning.
KNOWN_ATTRIBUTES: Final = frozenset(
    {
        "序号",
        "准考证号",
        "考号",
        "学号",
        "性别",
        "班级",
        "年级",
        "专业",
        "院系",
        "学院",
        "学校",
        "科目",
        "考点",
        "考场",
        "考场号",
        "座位号",
        "场次",
        "批次",
        "试卷",
        "备注",
        "身份证号",
        "身份证",
        "证件号",
        "证件号码",
        "手机号",
        "地区",
        "省份",
        "城市",
        "客观分",
        "主观分",
        "总分",
        "日期",
        "class",
        "school",
        "subject",
        "grade",
        "gender",
        "major",
        "department",
        "college",
        "room",
        "seat",
        "centre",
        "center",
        "batch",
        "id",
        "candidateid",
        "studentid",
        "date",
        "remark",
    }
)
# Between two digits these divide a number (1-2 is not 12); anywhere else they mean nothing.
_BETWEEN_WORDS: Final = re.compile(r"(?<![\d\s_-])[\s_-]+|[\s_-]+(?![\d\s_-])")
_NUMBER: Final = r"0*(\d+(?:[._-]\d+)*)"
_QUESTION: Final = re.compile(
    rf"(?:第{_NUMBER}题|(?:题目?|question|item|no\.?|q){_NUMBER}[.题]?|{_NUMBER}[.题]?)"
)
_POINTS_NOTE: Final = re.compile(r"\([^()]*\)$")
_LETTERED: Final = re.compile(r"([a-z]{1,3})\d{1,3}")


def compact(heading: str) -> str:
    """The heading without width, case, space, underscore, hyphen and star differences."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return _BETWEEN_WORDS.sub("", re.sub(r"[*\ufeff\u200b]", "", folded))


def question_label(heading: str) -> str:
    """One label for all spellings: 第1题, 1, 01, Q1, 题1, 第1题(2分) are all "1"."""
    text = _POINTS_NOTE.sub("", compact(heading)) or compact(heading)
    match = _QUESTION.fullmatch(text)
    if match is None:
        return text
    return next(number for number in match.groups() if number is not None)


def looks_like_question(heading: str, known: Sequence[str]) -> bool:
    """Whether a heading that no key question matches is a question all the same.

    Numbers always are; a lettered label such as A51 is when the key has that letter.
    """
    label = question_label(heading)
    if label[:1].isdigit():
        return _QUESTION.fullmatch(label) is not None
    match = _LETTERED.fullmatch(label)
    if match is None:
        return False
    prefixes = {found[1] for found in map(_LETTERED.fullmatch, known) if found}
    return match[1] in prefixes


def identifier_column(cells: Sequence[str]) -> int | None:
    """The column of the identifier, by the order of preference, or None."""
    return _first(cells, IDENTIFIER_HEADINGS)


def name_column(cells: Sequence[str]) -> int | None:
    return _first(cells, NAME_HEADINGS)


def is_known_attribute(heading: str) -> bool:
    return compact(heading) in KNOWN_ATTRIBUTES


def _first(cells: Sequence[str], wanted: Sequence[str]) -> int | None:
    compacted = [compact(cell) for cell in cells]
    for heading in map(compact, wanted):
        if heading in compacted:
            return compacted.index(heading)
    return None
