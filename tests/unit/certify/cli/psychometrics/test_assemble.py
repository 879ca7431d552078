"""`certify psychometrics assemble`: forms keep what was asked; contradictions are named."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.unit.certify.cli.psychometrics.commands import finding, refusal, rows, run
from tests.unit.certify.workbench.tables import write

N = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(8)
    parameters, attributes = ["item_id,model,a,b"], ["item_id,type,seconds,enemies,text"]
    for at in range(N):
        a, b = random.lognormal(0.1, 0.3), random.normal()
        parameters.append(f"Q{at},2pl,{a!r},{b!r}")
        mark = f"e{at // 2}" if at < 8 else ""
        kind = "single" if at % 4 else "numeric"
        attributes.append(f"Q{at},{kind},{40 + at},{mark},{at // 4 if at < 12 else ''}")
    write(tmp_path, "p.csv", "\n".join(parameters))
    write(tmp_path, "a.csv", "\n".join(attributes))
    return tmp_path


BASE = ("assemble", "p.csv", "--length", "8", "--out", "f.csv")


def test_two_forms_share_no_item_and_have_like_information(folder: Path) -> None:
    result = run(folder, *BASE, "--forms", "2", "--report", "r.json")
    assert result.exit_code == 0, result.output
    found = rows(folder / "f.csv")
    assert Counter(row["form"] for row in found) == {"1": 8, "2": 8}
    assert len({row["item_id"] for row in found}) == 16
    told = json.loads((folder / "r.json").read_text())
    assert told["distance"] < 0.2
    assert told["distance_bound"] <= told["distance"]
    reached = np.array(told["information"])
    assert np.abs(reached - np.array(told["target"])).max() == pytest.approx(told["distance"])


def test_constraints_are_kept(folder: Path) -> None:
    write(
        folder,
        "c.csv",
        "attribute,value,minimum,maximum\ntype,numeric,3,3\nseconds,,,480\nmodel,2pl,8,\n",
    )
    options = ("--attributes", "a.csv", "--constraints", "c.csv", "--enemies", "enemies")
    result = run(folder, *BASE, *options)
    assert result.exit_code == 0, result.output
    found = rows(folder / "f.csv")
    assert Counter(row["type"] for row in found) == {"numeric": 3, "single": 5}
    assert sum(float(row["seconds"]) for row in found) <= 480
    marks = [row["enemies"] for row in found if row["enemies"]]
    assert len(marks) == len(set(marks))


def test_item_sets_are_used_as_wholes(folder: Path) -> None:
    options = ("--attributes", "a.csv", "--sets", "text", "--set-items", "3", "4")
    assert run(folder, *BASE, *options).exit_code == 0
    counted = Counter(row["text"] for row in rows(folder / "f.csv") if row["text"])
    assert all(3 <= count <= 4 for count in counted.values())


def test_the_target_can_be_given(folder: Path) -> None:
    result = run(folder, *BASE, "--points", "0,1.5", "--target", "2.5,2")
    assert "at 0, " in result.stdout
    assert "at 1.5." in result.stdout


def test_contradictions_are_named(folder: Path) -> None:
    write(folder, "c.csv", "attribute,value,minimum,maximum\ntype,numeric,9,\n")
    line = refusal(run(folder, *BASE, "--attributes", "a.csv", "--constraints", "c.csv"))
    assert "cannot be met together" in line
    assert "type numeric" in line
    assert "length" in line


def test_an_item_without_attributes_is_told_and_left_out(folder: Path) -> None:
    text = (folder / "a.csv").read_text().splitlines()
    write(folder, "a.csv", "\n".join(text[:-1]))
    line = finding(run(folder, *BASE, "--attributes", "a.csv"))
    assert "column Q39: the item is not in a.csv; it was left out" in line


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("colour,red,1,2", "row 2: expected an attribute out of dimension, model, type"),
        ("type,essay,1,2", "row 2, column value: expected a value of type that items have"),
        ("type,single,x,2", "row 2, column minimum: expected a number or blank, found 'x'"),
        ("type,single,3,2", "row 2: expected minimum <= maximum, found 3 and 2"),
        ("type,,1,2", "expected a value to count, or numbers in type to add up"),
    ],
)
def test_a_constraint_that_cannot_be_read_is_refused(folder: Path, row: str, said: str) -> None:
    write(folder, "c.csv", f"attribute,value,minimum,maximum\n{row}\n")
    options = ("--attributes", "a.csv", "--constraints", "c.csv")
    assert said in refusal(run(folder, *BASE, *options))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--points", "a,b"), "expected numbers with commas"),
        (("--target", "1,2"), "expected 3 numbers"),
        (("--enemies", "nothing"), "expected an attribute out of dimension, model"),
        (("--length", "41"), "cannot be met together"),
    ],
)
def test_a_wish_that_cannot_be_read_is_refused(
    folder: Path, options: tuple[str, ...], said: str
) -> None:
    result = run(folder, *BASE, *options)
    assert result.exit_code == 2
    assert said in result.stderr
