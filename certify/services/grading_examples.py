"""Small files that show what grading reads; they grade as they are, without a problem."""

from collections.abc import Mapping

ANSWERS_EXAMPLE = "answers-example.csv"
KEY_EXAMPLE = "key-example.csv"

_ANSWERS = """\
准考证号,姓名,班级,1,2,3,4,5
4403012026110001,张明,1班,B,ACD,对,转化率,12.5
4403012026110002,李华,1班,B,AC,错,转化率,12.50
4403012026110003,王芳,1班,A,ACD,对,点击率,12
4403012026110004,赵磊,2班,B,A、C、D,√,转化率,12.5
4403012026110005,陈静,2班,C,ACD,×,,12.5
4403012026110006,刘洋,2班,B,BD,对,转化率,
"""

_KEY = """\
题号,答案,分值,题型
1,B,2,单选
2,ACD,3,多选
3,对,1,判断
4,转化率,2,填空
5,12.5±0.05,2,数值
"""


def example_files() -> Mapping[str, bytes]:
    """Both examples by name: UTF-8 with a byte order mark and CR LF, as Excel and WPS read them."""
    texts = {ANSWERS_EXAMPLE: _ANSWERS, KEY_EXAMPLE: _KEY}
    return {name: text.replace("\n", "\r\n").encode("utf-8-sig") for name, text in texts.items()}
