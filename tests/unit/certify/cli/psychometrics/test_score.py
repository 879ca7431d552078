"""`certify psychometrics score`: the reference's abilities, and what each bad file gives."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.reference.reference_data import lsat7_items, table
from tests.unit.certify.cli.psychometrics.commands import finding, refusal, rows, run
from tests.unit.certify.workbench.tables import csv_of, write

SCORES = table("lsat7_scores")
PATTERNS = SCORES[:, :5]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    items = lsat7_items()
    lines = [
        f"Q{at + 1},2pl,{a!r},{b!r}"
        for at, (a, b) in enumerate(zip(items.a.tolist(), items.b.tolist(), strict=True))
    ]
    write(tmp_path, "p.csv", "\n".join(["item_id,model,a,b", *lines]))
    write(tmp_path, "r.csv", csv_of(PATTERNS))
    return tmp_path


def scored(folder: Path, *options: str) -> list[dict[str, str]]:
    run(folder, "score", "r.csv", "--params", "p.csv", "--out", "t.csv", *options)
    return rows(folder / "t.csv")


@pytest.mark.parametrize(("method", "column"), [("eap", 5), ("map", 7), ("ml", 9), ("wle", 11)])
def test_abilities_agree_with_the_reference(folder: Path, method: str, column: int) -> None:
    found = scored(folder, "--method", method)
    assert [float(row["theta"]) for row in found] == pytest.approx(SCORES[:, column], abs=1e-5)
    assert [row["person_id"] for row in found] == [f"p{at + 1}" for at in range(32)]


def test_standard_errors_agree_with_the_reference(folder: Path) -> None:
    found = scored(folder)
    assert [float(row["se"]) for row in found] == pytest.approx(SCORES[:, 6], abs=1e-5)


def test_sum_scores_have_one_ability_each(folder: Path) -> None:
    found = scored(folder, "--method", "eapsum")
    assert float(found[0]["theta"]) == pytest.approx(-1.86979, abs=1e-4)
    raw = PATTERNS.sum(axis=1)
    assert len({row["theta"] for row in found}) == len(set(raw))


def test_flags_say_what_is_special(folder: Path) -> None:
    found = scored(folder, "--method", "ml")
    assert (found[0]["theta"], found[0]["se"]) == ("-inf", "")
    assert found[0]["flags"] == "all_lowest infinite"
    assert found[-1]["flags"] == "all_highest infinite"
    assert found[5]["flags"] == ""


@pytest.mark.parametrize("method", ["eap", "map", "ml", "wle", "eapsum"])
def test_a_person_without_answers_and_gaps_are_no_trouble(folder: Path, method: str) -> None:
    values = PATTERNS.copy()
    values[0], values[5, 2] = np.nan, np.nan
    write(folder, "r.csv", csv_of(values))
    found = scored(folder, "--method", method)
    assert found[0]["flags"] == "no_responses"
    assert (found[0]["theta"] == "") == (method in ("ml", "wle"))
    assert np.isfinite(float(found[5]["theta"]))


def test_the_prior_can_be_given(folder: Path) -> None:
    plain, moved = (float(scored(folder, "--mean", m)[3]["theta"]) for m in ("0", "1"))
    assert moved > plain + 0.2


def test_the_prior_can_come_from_a_calibration(folder: Path) -> None:
    group = {"mean": [1.0], "covariance": [[1.0]]}
    told = {"dimensions": ["1"], "groups": [{"name": "a", **group}, {"name": "b", **group}]}
    (folder / "c.json").write_text(json.dumps(told))
    by_report = scored(folder, "--population", "c.json", "--group", "b")
    assert by_report == scored(folder, "--mean", "1")


@pytest.mark.parametrize("method", ["eap", "map", "ml", "wle", "eapsum"])
def test_dimensions_have_columns_of_their_own(folder: Path, method: str) -> None:
    text = (folder / "p.csv").read_text().splitlines()
    marks = ["dimension", "S", "S", "S", "T", "T"]
    lines = [f"{x},{y}" for x, y in zip(text, marks, strict=True)]
    write(folder, "p.csv", "\n".join(lines))
    told = {
        "dimensions": ["T", "S"],
        "groups": [{"name": None, "mean": [0, 0], "covariance": [[1, 0.7], [0.7, 1]]}],
    }
    (folder / "c.json").write_text(json.dumps(told))
    found = scored(folder, "--method", method, "--population", "c.json")
    assert list(found[0]) == ["person_id", "theta_S", "se_S", "theta_T", "se_T", "flags"]


def test_an_item_without_parameters_is_told_and_not_used(folder: Path) -> None:
    write(folder, "r.csv", csv_of(PATTERNS, ["Q1", "Q2", "Q3", "Q4", "new"]))
    line = finding(run(folder, "score", "r.csv", "--params", "p.csv", "--out", "t.csv"))
    assert "r.csv: row 1, column new: the item is not in p.csv; its answers were not used" in line
    assert len(rows(folder / "t.csv")) == 32


def test_a_parameter_out_of_range_costs_its_item_only(folder: Path) -> None:
    text = (folder / "p.csv").read_text().splitlines()
    write(folder, "p.csv", "\n".join([*text[:-1], "Q5,2pl,0,1"]))
    result = run(folder, "score", "r.csv", "--params", "p.csv", "--out", "t.csv")
    assert result.exit_code == 1
    assert "p.csv: row 6, column a: item Q5: expected a slope" in result.stderr
    assert "Measured 32 persons with 4 items" in result.stdout


def test_no_item_with_parameters_is_refused(folder: Path) -> None:
    write(folder, "r.csv", "person_id,x\na,1\n")
    line = refusal(run(folder, "score", "r.csv", "--params", "p.csv", "--out", "t.csv"))
    assert "column x: the item is not in p.csv" in line


@pytest.mark.parametrize("content", ["{}", "[1]", "text", '{"dimensions": ["1"], "groups": []}'])
def test_a_report_without_a_population_is_refused(folder: Path, content: str) -> None:
    (folder / "c.json").write_text(content)
    arguments = ("score", "r.csv", "--params", "p.csv", "--out", "t.csv", "--population", "c.json")
    assert "expected the report of a calibration" in refusal(run(folder, *arguments))


def test_a_category_above_the_highest_is_told(folder: Path) -> None:
    values = PATTERNS.copy()
    values[1, 1] = 3
    write(folder, "r.csv", csv_of(values))
    line = finding(run(folder, "score", "r.csv", "--params", "p.csv", "--out", "t.csv"))
    assert "row 3, column Q2: expected a whole number from 0 to 1" in line
