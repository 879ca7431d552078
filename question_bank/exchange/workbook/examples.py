"""The example rows and the help of the template, in Chinese as its readers are."""

from collections.abc import Mapping

_TAGS = {"node": "10", "level": "成熟", "seconds": "60", "difficulty": "0.6", "source": "示例"}

EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "id": "示例-1",
        "type": "单选",
        "stem": "按FOB价成交时，货物在装运港越过哪一点后风险转移给买方？",
        "option_A": "装上买方指定的船",
        "option_B": "运抵目的港",
        "option_C": "交给第一承运人",
        "option_D": "办妥出口报关",
        "answer": "A",
        "explanation": "FOB以货物装上船为风险转移点。",
        "notes": "B：这是DAP一类术语的思路。\nC：这是FCA的交货点。\nD：报关与风险转移无关。",
        **_TAGS,
    },
    {
        "id": "示例-2",
        "type": "多选",
        "stem": "下列哪些费用计入CIF价？",
        "option_A": "货物成本",
        "option_B": "海运费",
        "option_C": "海运保险费",
        "option_D": "进口关税",
        "answer": "A,B,C",
        "points": "2",
        "rule": "少选得部分分",
        "explanation": "CIF含成本、运费和保险费；进口关税由买方承担。",
        "notes": "D：进口清关由买方负责。",
        **_TAGS,
    },
    {
        "id": "示例-3",
        "type": "判断",
        "stem": "CIF价成交时，卖方负责办理进口清关。",
        "answer": "错",
        "explanation": "进口清关由买方办理。",
        **_TAGS,
    },
    {
        "id": "示例-4",
        "type": "数值",
        "stem": "广告花费540元，展现45,000次。千次展现成本是多少元？（保留两位小数）",
        "answer": "12.00",
        "tolerance": "0.005",
        "decimals": "2",
        "unit": "元",
        "formula": "540/45000*1000",
        "slips": "0.01：忘了乘以1,000。",
        "explanation": "540÷45,000×1,000=12.00元。",
        **_TAGS,
    },
    {
        "id": "示例-5",
        "type": "填空",
        "stem": "卖方只负责到装运港船上的术语是{{1}}，含运费和保险费的术语是{{2}}。",
        "answer": "1：FOB|离岸价\n2：CIF|到岸价",
        "rule": "少选得部分分",
        "explanation": "FOB为离岸价，CIF为到岸价。",
        **_TAGS,
    },
    {
        "id": "示例-6",
        "type": "排序",
        "stem": "请按先后排列成交步骤。",
        "option_A": "报价",
        "option_B": "询盘",
        "option_C": "签约",
        "answer": "B,A,C",
        "explanation": "先询盘，再报价，后签约。",
        "notes": "A：第二步。\nB：第一步。\nC：第三步。",
        **_TAGS,
    },
    {
        "id": "示例-7",
        "type": "匹配",
        "stem": "把术语与它的含义配对。",
        "option_A": "FOB",
        "option_B": "CIF",
        "targets": "1. 离岸价\n2. 到岸价\n3. 出厂价",
        "answer": "A-1,B-2",
        "explanation": "出厂价是EXW。",
        "notes": "A：船上交货。\nB：成本加保险费运费。",
        **_TAGS,
    },
    {
        "id": "示例-8",
        "type": "简答",
        "stem": "阅读材料，为折叠椅选择一个目标市场并说明理由。",
        "answer": "要点：增速、关税、竞争强度三方面比较后给出结论。",
        "points": "5",
        "characters": "300",
        "explanation": "由教师评分。",
        "stimulus": "示例材料",
        **_TAGS,
    },
)
STIMULUS_EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "id": "示例材料",
        "title": "折叠椅的两个目标市场",
        "text": "| 市场 | 进口增速 | 关税 |\n|---|---|---|\n| P国 | 15% | 6% |\n| Q国 | 10% | 4% |",
    },
)
HELP: tuple[tuple[str, str], ...] = (
    (
        "怎么用",
        "在“题目”表中每题一行，填好后上传。带“示例”的行可以删除。列的顺序可以改变，用不到的列可以删除。",
    ),
    ("必填", "题干、题型和答案。没有节点、维度和等级的题导入后是草稿，标注之后才能送审。"),
    (
        "重复导入",
        "题号相同的题会更新为新版本，内容没有变化的题不会变动。题号留空时按内容自动编号。",
    ),
    ("公式与宏", "单元格里不要写Excel公式，请粘贴为数值；不接受含宏的工作簿（.xlsm）。"),
    ("材料题", "把共用的材料写在“材料”表，在“题目”表的“材料编号”列引用。"),
    ("CSV", "CSV文件可用UTF-8或GB18030编码；材料只能放在工作簿里。"),
)
"""Subject and text of each line of help; the notes of the columns follow in the sheet."""
