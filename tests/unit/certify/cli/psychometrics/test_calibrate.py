"""`certify psychometrics calibrate`: parameters and report, and what each bad file gives."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from certify.psychometrics.item_parameters import ItemParameters
from tests.reference.reference_data import LSAT7_INTERCEPTS, LSAT7_SLOPES
from tests.unit.certify.cli.psychometrics.commands import finding, refusal, rows, run
from tests.unit.certify.workbench.tables import csv_of, lsat7, simulated, write

ITEMS = ItemParameters.of([1.0, 1.4, 0.8, 1.2, 1.6], [-1.0, -0.5, 0.0, 0.5, 1.0])
DATA = simulated(ITEMS, 400)
OUT = ("--model", "2pl", "--out", "params.csv", "--report", "r.json")


def prepare(folder: Path, text: str) -> None:
    write(folder, "r.csv", text)


def report(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "r.json").read_text("utf-8"))
    return found


def test_lsat7_agrees_with_the_reference(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(lsat7()))
    result = run(tmp_path, "calibrate", "r.csv", *OUT)
    assert (result.exit_code, result.stderr) == (0, "")
    found = rows(tmp_path / "params.csv")
    a = np.array([float(row["a"]) for row in found])
    b = np.array([float(row["b"]) for row in found])
    assert a == pytest.approx(LSAT7_SLOPES, abs=1e-4)
    assert -a * b == pytest.approx(LSAT7_INTERCEPTS, abs=1e-4)
    assert [float(row["se_a"]) for row in found] == pytest.approx(
        [0.17719, 0.16876, 0.32108, 0.13412, 0.15113], abs=1e-4
    )
    told = report(tmp_path)
    assert told["log_likelihood"] == pytest.approx(-2658.805113632, abs=1e-4)
    assert told["aic"] == pytest.approx(5337.610227, abs=1e-3)
    assert told["bic"] == pytest.approx(5386.68778, abs=1e-3)
    assert (told["n_persons"], told["n_items"], told["converged"]) == (1000, 5, True)
    assert told["grid"] == {"lower": -6.0, "upper": 6.0, "points": 61}
    assert told["se_method"] == "louis"
    assert told["excluded"] == []
    assert isinstance(told["iterations"], int)


@pytest.mark.parametrize("model", ["rasch", "1pl", "2pl", "3pl", "4pl"])
def test_every_dichotomous_model_can_be_had(model: str, tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(DATA))
    run(tmp_path, "calibrate", "r.csv", "--model", model, "--out", "p.csv", "--priors")
    found = rows(tmp_path / "p.csv")
    assert {row["model"] for row in found} == {model}
    if model in ("rasch", "1pl"):
        assert len({row["a"] for row in found}) == 1


@pytest.mark.parametrize("model", ["grm", "pcm", "gpcm"])
def test_every_polytomous_model_can_be_had(model: str, tmp_path: Path) -> None:
    items = ItemParameters.graded([1.0, 1.5, 1.2, 0.9], [[-1.0, 0.0, 1.0]] * 4)
    prepare(tmp_path, csv_of(simulated(items, 500)))
    result = run(tmp_path, "calibrate", "r.csv", "--model", model, "--out", "p.csv")
    assert result.exit_code == 0, result.output
    found = rows(tmp_path / "p.csv")
    assert all(row["b1"] and row["b3"] and row["se_b3"] for row in found)


def test_models_may_differ_between_items(tmp_path: Path) -> None:
    values = np.column_stack([DATA, simulated(ItemParameters.graded([1.0], [[-1, 1]]), 400, 2)])
    prepare(tmp_path, csv_of(values))
    write(tmp_path, "m.csv", "item_id,model\nQ6,grm\nnone,2pl\n")
    result = run(tmp_path, "calibrate", "r.csv", *OUT, "--models", "m.csv")
    assert rows(tmp_path / "params.csv")[5]["model"] == "grm"
    assert "item none is not in r.csv" in result.stderr
    assert "column Q1: the item is not in m.csv; model 2pl was used" in result.stderr


def test_known_items_keep_their_parameters(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(DATA))
    write(tmp_path, "k.csv", "item_id,model,a,b\nQ1,2pl,1.0,-1.0\nQ3,2pl,0.8,0.0\n")
    run(tmp_path, "calibrate", "r.csv", *OUT, "--fixed", "k.csv")
    found = rows(tmp_path / "params.csv")
    assert (found[0]["a"], found[2]["b"]) == ("1.0", "0.0")
    assert report(tmp_path)["fixed"] == ["Q1", "Q3"]
    assert found[0]["se_a"] == ""


def test_groups_have_their_own_means(tmp_path: Path) -> None:
    able = simulated(ItemParameters.of(ITEMS.a, ITEMS.b - 1.0), 300, 3)
    text = csv_of(np.vstack([DATA, able])).splitlines()
    marks = ["school", *(["b"] * len(DATA)), *(["a"] * len(able))]
    prepare(tmp_path, "\n".join(f"{x},{y}" for x, y in zip(text, marks, strict=True)))
    result = run(tmp_path, "calibrate", "r.csv", *OUT, "--group", "school", "--reference", "b")
    groups = report(tmp_path)["groups"]
    assert result.exit_code == 0, result.output
    assert isinstance(groups, list)
    assert [group["name"] for group in groups] == ["b", "a"]
    assert groups[0]["mean"] == [0.0]
    assert groups[1]["mean"][0] == pytest.approx(1.0, abs=0.4)


def test_a_group_without_any_spread_gives_no_traceback(tmp_path: Path) -> None:
    text = csv_of(DATA).splitlines()
    marks = ["school", *(("b", "a")[int(row.sum() > 2)] for row in DATA)]
    prepare(tmp_path, "\n".join(f"{x},{y}" for x, y in zip(text, marks, strict=True)))
    result = run(tmp_path, "calibrate", "r.csv", *OUT, "--group", "school")
    assert result.exit_code in (1, 2)
    assert "Traceback" not in result.output
    assert "Warning" not in result.stderr


def test_dimensions_are_correlated(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(simulated(ItemParameters.of([1.5] * 8, np.linspace(-1, 1, 8)), 500)))
    listed = "".join(f"Q{at},{'S' if at < 5 else 'T'}\n" for at in range(1, 9))
    write(tmp_path, "d.csv", f"item_id,dimension\n{listed}")
    run(tmp_path, "calibrate", "r.csv", *OUT, "--dimensions", "d.csv")
    told = report(tmp_path)
    assert told["dimensions"] == ["S", "T"]
    groups = told["groups"]
    assert isinstance(groups, list)
    assert groups[0]["correlation"][0][1] > 0.8
    assert rows(tmp_path / "params.csv")[7]["dimension"] == "T"


def test_text_in_a_cell_is_told_and_the_rest_is_calibrated(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(DATA).replace("p3,", "p3,x", 1))
    line = finding(run(tmp_path, "calibrate", "r.csv", *OUT))
    assert "r.csv: row 4, column Q1: expected a whole number" in line
    assert report(tmp_path)["n_persons"] == 400


def test_a_two_where_only_right_or_wrong_can_be_is_told(tmp_path: Path) -> None:
    values = DATA.copy()
    values[6, 1] = 2
    prepare(tmp_path, csv_of(values))
    line = finding(run(tmp_path, "calibrate", "r.csv", *OUT))
    assert "row 8, column Q2: expected a whole number from 0 to 1 or blank, found '2'" in line


@pytest.mark.parametrize(
    ("column", "reason"), [(1.0, "all 400 answers are 1"), (np.nan, "nobody answered it")]
)
def test_an_item_that_says_nothing_is_left_out(column: float, reason: str, tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(np.column_stack([DATA, np.full(len(DATA), column)])))
    line = finding(run(tmp_path, "calibrate", "r.csv", *OUT))
    assert f"row 1, column Q6: {reason}; the item was left out" in line
    assert report(tmp_path)["excluded"] == [{"item_id": "Q6", "reason": reason}]
    assert len(rows(tmp_path / "params.csv")) == 5


def test_a_person_who_stands_twice_is_left_out(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(DATA).replace("\np2,", "\np1,", 1))
    result = run(tmp_path, "calibrate", "r.csv", *OUT)
    assert result.exit_code == 1
    assert "row 2, column person_id: 'p1' stands in rows 2, 3" in result.stderr


def test_too_few_persons_still_give_the_counts(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(DATA[:9]))
    line = refusal(run(tmp_path, "calibrate", "r.csv", *OUT))
    assert "expected at least 10 persons with answers, found 9" in line
    assert not (tmp_path / "params.csv").exists()
    told = report(tmp_path)
    assert told["converged"] is False
    items = told["items"]
    assert isinstance(items, list)
    assert items[0]["n"] == 9
    assert items[0]["mean"] == pytest.approx(DATA[:9, 0].mean())


def test_too_few_persons_of_a_group_are_refused(tmp_path: Path) -> None:
    text = csv_of(DATA[:40]).splitlines()
    marks = ["g", *("b" if at < 3 else "a" for at in range(40))]
    prepare(tmp_path, "\n".join(f"{x},{y}" for x, y in zip(text, marks, strict=True)))
    line = refusal(run(tmp_path, "calibrate", "r.csv", *OUT, "--group", "g"))
    assert "in group b, found 3" in line


def test_too_few_items_are_refused(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(DATA[:, :2]))
    assert "expected at least 3 items" in refusal(run(tmp_path, "calibrate", "r.csv", *OUT))


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(DATA))
    result = run(tmp_path, "calibrate", "r.csv", "--model", "5pl", "--out", "p.csv")
    assert result.exit_code == 2
    assert "'5pl' is not one of 'rasch', '1pl'" in result.stderr


def test_an_unknown_reference_group_is_refused(tmp_path: Path) -> None:
    prepare(tmp_path, "person_id,g,Q1\na,x,1\nb,y,0\n")
    line = refusal(run(tmp_path, "calibrate", "r.csv", *OUT, "--group", "g", "--reference", "z"))
    assert "nobody belongs to z, found x, y" in line


def test_an_item_without_a_dimension_is_left_out(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(DATA))
    write(tmp_path, "d.csv", "item_id,dimension\nQ1,S\nQ2,S\nQ3,S\nQ4,S\n")
    line = finding(run(tmp_path, "calibrate", "r.csv", *OUT, "--dimensions", "d.csv"))
    assert "column Q5: the item is not in d.csv; it was left out" in line


@pytest.mark.parametrize("name", ["absent.csv", "empty.csv"])
def test_a_file_that_cannot_be_read_is_refused(name: str, tmp_path: Path) -> None:
    write(tmp_path, "empty.csv", "")
    assert name in refusal(run(tmp_path, "calibrate", name, *OUT))


def test_a_scheduler_that_does_not_answer_is_refused(tmp_path: Path) -> None:
    prepare(tmp_path, csv_of(DATA))
    line = refusal(run(tmp_path, "calibrate", "r.csv", *OUT, "--scheduler", "nothing-here"))
    assert "Scheduler nothing-here: no connection" in line


def test_help_has_an_example(tmp_path: Path) -> None:
    result = run(tmp_path, "calibrate", "--help")
    assert "--report" in result.output
    assert "Example:" in result.output
