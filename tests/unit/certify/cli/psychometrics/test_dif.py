"""`certify psychometrics dif`: an item made harder for one group is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from certify.psychometrics.item_parameters import ItemParameters
from tests.unit.certify.cli.psychometrics.commands import finding, refusal, rows, run
from tests.unit.certify.workbench.tables import csv_of, simulated, write

B = np.linspace(-1.2, 1.2, 10)
SHIFT = np.where(np.arange(10) == 4, 1.2, 0.0)
REFERENCE = simulated(ItemParameters.of(np.full(10, 1.3), B), 500)
FOCAL = simulated(ItemParameters.of(np.full(10, 1.3), B + SHIFT), 400, 2)
DATA = np.vstack([REFERENCE, FOCAL])
GROUPS = ["r"] * 500 + ["f"] * 400


def with_groups(values: np.ndarray, groups: list[str]) -> str:
    lines = csv_of(values).splitlines()
    return "\n".join(f"{x},{y}" for x, y in zip(lines, ["sex", *groups], strict=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "r.csv", with_groups(DATA, GROUPS))
    lines = [f"Q{at + 1},2pl,1.3,{b!r}" for at, b in enumerate(B.tolist())]
    write(tmp_path, "p.csv", "\n".join(["item_id,model,a,b", *lines]))
    return tmp_path


ARGUMENTS = ("dif", "r.csv", "--group", "sex", "--reference", "r", "--out", "d.csv")


@pytest.mark.parametrize("options", [(), ("--purify",), ("--params", "p.csv")])
@pytest.mark.parametrize(("method", "column"), [("mh", "ets_class"), ("logistic", "effect_class")])
def test_the_item_that_is_harder_for_one_group_is_found(
    folder: Path, method: str, column: str, options: tuple[str, ...]
) -> None:
    result = run(folder, *ARGUMENTS, "--method", method, *options)
    assert result.exit_code == 0, result.output
    found = rows(folder / "d.csv")
    assert [row["item_id"] for row in found if row[column] in ("B", "C")] == ["Q5"]
    sign = found[4]["delta" if method == "mh" else "log_odds"]
    assert float(sign) < 0
    assert found[4]["focal"] == "f"
    assert float(found[4]["p_adjusted"]) < 0.001


def test_every_other_group_is_compared_with_the_reference(folder: Path) -> None:
    groups = ["r"] * 500 + ["f"] * 200 + ["g"] * 200
    write(folder, "r.csv", with_groups(DATA, groups))
    run(folder, *ARGUMENTS)
    assert [row["focal"] for row in rows(folder / "d.csv")] == ["f"] * 10 + ["g"] * 10
    run(folder, *ARGUMENTS, "--focal", "g")
    assert {row["focal"] for row in rows(folder / "d.csv")} == {"g"}


def test_incomplete_rows_are_told_and_left_out_of_raw_scores(folder: Path) -> None:
    values = DATA.copy()
    values[:30, 0] = np.nan
    write(folder, "r.csv", with_groups(values, GROUPS))
    line = finding(run(folder, *ARGUMENTS))
    assert "30 of 900 persons were left out: raw scores need complete rows" in line
    assert run(folder, *ARGUMENTS, "--params", "p.csv").exit_code == 0


def test_an_item_with_more_categories_is_told_and_left_out(folder: Path) -> None:
    values = DATA.copy()
    values[0, 9] = 2
    write(folder, "r.csv", with_groups(values, GROUPS))
    assert "column Q10: it has answers above 1" in finding(run(folder, *ARGUMENTS))


def test_an_item_that_all_answer_alike_is_told(folder: Path) -> None:
    values = DATA.copy()
    values[:, 0] = 1
    write(folder, "r.csv", with_groups(values, GROUPS))
    assert "column Q1: DIF of group f left out" in finding(run(folder, *ARGUMENTS))
    assert rows(folder / "d.csv")[0]["reason"]


def test_too_few_persons_of_a_group_are_refused(folder: Path) -> None:
    write(folder, "r.csv", with_groups(DATA[490:510], ["r"] * 10 + ["f"] * 10))
    assert "at least 20 persons" in refusal(run(folder, *ARGUMENTS))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--group", "age"), "expected a column 'age'"),
        (("--reference", "z"), "nobody belongs to z, found f, r"),
        (("--focal", "z"), "nobody belongs to z, found f"),
    ],
)
def test_a_group_that_is_not_there_is_refused(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refusal(run(folder, *ARGUMENTS, *arguments))


def test_one_group_alone_is_refused(folder: Path) -> None:
    write(folder, "r.csv", with_groups(REFERENCE, ["r"] * 500))
    assert "at least two groups" in refusal(run(folder, *ARGUMENTS))
