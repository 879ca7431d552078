"""`certify psychometrics link`: a moved scale is found again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.certify.cli.psychometrics.commands import finding, refusal, rows, run
from tests.unit.certify.workbench.tables import write

SLOPE, INTERCEPT = 1.2, -0.5
BASE = [("Q1", 1.0, -1.0), ("Q2", 1.5, 0.0), ("Q3", 0.8, 1.0), ("Q4", 1.1, 0.4)]


def text_of(items: list[tuple[str, float, float]]) -> str:
    lines = [f"{name},2pl,{a!r},{b!r},0.1,0.2" for name, a, b in items]
    return "\n".join(["item_id,model,a,b,se_a,se_b", *lines])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "base.csv", text_of(BASE))
    moved = [(name, a * SLOPE, (b - INTERCEPT) / SLOPE) for name, a, b in BASE]
    write(tmp_path, "new.csv", text_of([*moved, ("N1", 1.2, 0.0)]))
    return tmp_path


@pytest.mark.parametrize("method", ["mean-mean", "mean-sigma", "haebara", "stocking-lord"])
def test_every_method_finds_the_scale(folder: Path, method: str) -> None:
    result = run(
        folder, "link", "base.csv", "new.csv", "--method", method, "--out", "l.csv",
        "--report", "l.json", "--common", "c.csv",
    )  # fmt: skip
    assert (result.exit_code, result.stderr) == (0, "")
    (constants,) = json.loads((folder / "l.json").read_text())["constants"]
    assert constants["slope"] == pytest.approx(SLOPE, abs=1e-6)
    assert constants["intercept"] == pytest.approx(INTERCEPT, abs=1e-6)
    assert constants["common_items"] == ["Q1", "Q2", "Q3", "Q4"]
    found = rows(folder / "l.csv")
    assert float(found[0]["b"]) == pytest.approx(-1.0, abs=1e-6)
    assert float(found[4]["a"]) == pytest.approx(1.0, abs=1e-6)
    assert float(found[4]["se_b"]) == pytest.approx(0.2 * SLOPE, abs=1e-6)
    assert all(abs(float(row["b_difference"])) < 1e-6 for row in rows(folder / "c.csv"))


def test_a_common_item_can_be_left_out(folder: Path) -> None:
    run(
        folder, "link", "base.csv", "new.csv", "--out", "l.csv", "--report", "l.json",
        "--exclude", "Q2",
    )  # fmt: skip
    (constants,) = json.loads((folder / "l.json").read_text())["constants"]
    assert constants["common_items"] == ["Q1", "Q3", "Q4"]


def test_a_shift_alone_can_be_asked_for(folder: Path) -> None:
    result = run(folder, "link", "base.csv", "new.csv", "--out", "l.csv", "--rasch")
    assert "Slope 1.000000" in result.stdout


def test_an_item_of_another_model_is_told_and_not_used(folder: Path) -> None:
    text = (folder / "new.csv").read_text().replace("model,a,b,", "model,a,b,b1,b2,")
    lines = [
        line if at == 0 else line.replace(",0.1,0.2", ",,,0.1,0.2")
        for at, line in enumerate(text.splitlines())
    ]
    lines[1] = "Q1,grm,1.0,,-1,1,0.1,0.2"
    write(folder, "new.csv", "\n".join(lines))
    line = finding(run(folder, "link", "base.csv", "new.csv", "--out", "l.csv"))
    assert "column Q1: grm with 3 categories here, 2pl with 2 in base.csv" in line


def test_tables_without_common_items_are_refused(folder: Path) -> None:
    write(folder, "new.csv", text_of([("X", 1.0, 0.0)]))
    line = refusal(run(folder, "link", "base.csv", "new.csv", "--out", "l.csv"))
    assert "share 0 items" in line


def test_each_dimension_is_linked_by_its_own_items(folder: Path) -> None:
    for name in ("base.csv", "new.csv"):
        lines = (folder / name).read_text().splitlines()
        marks = ["dimension", "S", "S", "T", "T", "T"]
        pairs = zip(lines, marks, strict=False)
        write(folder, name, "\n".join(f"{line},{mark}" for line, mark in pairs))
    result = run(folder, "link", "base.csv", "new.csv", "--out", "l.csv")
    assert "Dimension S: slope 1.2" in result.stdout
    assert "Dimension T: slope 1.2" in result.stdout
