"""Totals and statistics against a second computation in plain Python, on sheets of three shapes."""

import csv
import io
import random
import statistics
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import pytest

from certify.services.grading import GradedBatch, grade_bytes


@dataclass(frozen=True)
class Shape:
    persons: int
    types: tuple[str, ...]
    points: tuple[str, ...]
    encoding: str
    delimiter: str


SHAPES = [
    Shape(150, ("单选",) * 30, ("1",), "gb18030", ","),
    Shape(60, ("单选", "多选", "判断", "数值") * 5, ("0.1", "0.2", "2.5"), "utf-16", "\t"),
    Shape(25, ("多选", "填空", "判断"), ("1/3", "1/6"), "utf-8-sig", ","),
]
CHOICES = {
    "单选": ["A", "B", "C", "D", ""],
    "多选": ["AB", "AC", "ACD", "B", ""],
    "判断": ["对", "错", ""],
    "填空": ["CIF", "FOB", "EXW", ""],
    "数值": ["1.5", "2", "-3", ""],
}


@dataclass(frozen=True)
class Case:
    batch: GradedBatch
    answers: list[list[str]]
    keyed: list[str]
    points: list[Fraction]

    def earned(self) -> list[list[Fraction]]:
        return [
            [
                worth if answer == keyed else Fraction(0)
                for answer, keyed, worth in zip(row, self.keyed, self.points, strict=True)
            ]
            for row in self.answers
        ]


@pytest.fixture(params=SHAPES, ids=["one_type", "mixed_types", "fractions"])
def case(request: pytest.FixtureRequest) -> Case:
    shape: Shape = request.param
    draw = random.Random(20261117)
    keyed = [draw.choice(CHOICES[kind][:-1]) for kind in shape.types]
    points = [draw.choice(shape.points) for _ in shape.types]
    answers = []
    for person in range(shape.persons):
        able = person / shape.persons
        answers.append(
            [
                right if draw.random() < able else draw.choice(CHOICES[kind])
                for right, kind in zip(keyed, shape.types, strict=True)
            ]
        )
    key = "题号,答案,分值,题型\n" + "".join(
        f"{n},{right},{worth},{kind}\n"
        for n, (right, worth, kind) in enumerate(zip(keyed, points, shape.types, strict=True), 1)
    )
    numbers = [f"第{n}题" for n in range(1, len(keyed) + 1)]
    lines = [["学号", "姓名", *numbers]]
    lines += [[f"{2026000000000000 + n}", f"考生{n}", *row] for n, row in enumerate(answers)]
    sheet = "\n".join(shape.delimiter.join(line) for line in lines).encode(shape.encoding)
    batch = grade_bytes(sheet, "answers.csv", key.encode(), "key.csv")
    return Case(batch, answers, keyed, [Fraction(worth) for worth in points])


def table(batch: GradedBatch, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(batch.files()[name].decode("utf-8-sig"), newline="")))


def test_totals_are_exact(case: Case) -> None:
    results = list(case.batch.graded_sheet.candidate_results())
    assert [list(result.points) for result in results] == case.earned()
    assert [result.total for result in results] == [sum(row) for row in case.earned()]
    assert case.batch.graded_sheet.max_points == sum(case.points)


def test_written_totals_are_the_exact_ones_to_six_decimals(case: Case) -> None:
    for row, earned in zip(table(case.batch, "results.csv"), case.earned(), strict=True):
        assert abs(Fraction(row["total_points"]) - sum(earned)) <= Fraction(1, 2 * 10**6)


def test_p_and_answer_counts_agree(case: Case) -> None:
    for n, item in enumerate(case.batch.graded_sheet.items):
        given = [row[n] for row in case.answers]
        right = sum(answer == case.keyed[n] for answer in given)
        assert item.right == right
        assert case.batch.statistics.items[n].p == pytest.approx(right / len(given), abs=1e-12)
        assert item.blank == given.count("")
        assert sum(item.answers.values()) + item.blank == len(given)
        assert sorted(item.answers.values()) == sorted(Counter(a for a in given if a).values())


def test_item_rest_correlation_agrees(case: Case) -> None:
    earned = [[float(points) for points in row] for row in case.earned()]
    for n, found in enumerate(case.batch.statistics.items):
        item = [row[n] for row in earned]
        rest = [sum(row) - row[n] for row in earned]
        assert found.r_rest == pytest.approx(statistics.correlation(item, rest), abs=1e-9)


def test_alpha_mean_sd_and_sem_agree(case: Case) -> None:
    earned = case.earned()
    totals = [sum(row) for row in earned]
    items = len(case.keyed)
    parts = sum(statistics.variance([row[n] for row in earned]) for n in range(items))
    alpha = Fraction(items, items - 1) * (1 - parts / statistics.variance(totals))
    sd = float(statistics.variance(totals)) ** 0.5
    found = case.batch.statistics
    assert found.alpha == pytest.approx(float(alpha), abs=1e-9)
    assert found.mean == pytest.approx(float(sum(totals) / len(totals)), abs=1e-12)
    assert found.sd == pytest.approx(sd, abs=1e-9)
    assert found.sem == pytest.approx(sd * (1 - float(alpha)) ** 0.5, abs=1e-9)


def test_items_file_states_the_same_figures(case: Case) -> None:
    for row, found in zip(table(case.batch, "items.csv"), case.batch.statistics.items, strict=True):
        assert found.p is not None and found.r_rest is not None and found.d27 is not None
        assert row["p"] == f"{found.p:.6f}"
        assert row["r_rest"] == f"{found.r_rest:.6f}"
        assert row["d27"] == f"{found.d27:.6f}"
        assert int(row["n"]) == len(case.answers)
