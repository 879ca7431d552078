"""`certify psychometrics simulate`: figures, tables, plots and page of rehearsed exams."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result

from tests.unit.certify.cli.psychometrics.commands import finding, refusal, rows, run
from tests.unit.certify.workbench.tables import write

N = 80


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(3)
    lines, attributes = ["item_id,model,a,b"], ["item_id,type,foe"]
    for at in range(N):
        lines.append(f"Q{at},2pl,{random.lognormal(0.2, 0.3)!r},{random.normal()!r}")
        attributes.append(f"Q{at},{'single' if at % 4 else 'numeric'},{at // 2 if at < 20 else ''}")
    write(tmp_path, "p.csv", "\n".join(lines))
    write(tmp_path, "a.csv", "\n".join(attributes))
    return tmp_path


def simulate(folder: Path, *options: str) -> Result:
    given = ("simulate", "p.csv", "--examinees", "300", "--max-items", "12", *options)
    return run(folder, *given, "--out", str(folder / "out"))


def report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    return found


def test_figures_tables_plots_and_page_are_there(folder: Path) -> None:
    result = simulate(folder, "--cuts", "-0.5,0.5")
    assert (result.exit_code, result.stderr) == (0, "")
    told = report(folder)
    assert told["length"] == {"mean": 12.0, "sd": 0.0, "lowest": 12, "highest": 12}
    assert abs(told["bias"]) < 0.1
    assert 0.2 < told["rmse"] < 0.5
    assert told["classification"]["accuracy"] > 0.6
    assert len(rows(folder / "out" / "examinees.csv")) == 300
    given = [int(row["given"]) for row in rows(folder / "out" / "exposure.csv")]
    assert sum(given) == 300 * 12
    answers = rows(folder / "out" / "responses.csv")
    assert sum(1 for cell in list(answers[0].values())[1:] if cell) == 12
    assert {path.name for path in (folder / "out").iterdir()} >= {
        "estimates.svg", "error.svg", "lengths.svg", "exposure.svg", "index.html",
    }  # fmt: skip
    page = (folder / "out" / "index.html").read_text("utf-8")
    assert "模拟考试" in page
    assert "Simulated exams" in page


def test_the_same_seed_gives_the_same_exams(folder: Path) -> None:
    def answers(seed: str) -> bytes:
        simulate(folder, "--seed", seed)
        return (folder / "out" / "responses.csv").read_bytes()

    assert answers("4") == answers("4") != answers("5")


def test_rules_shorten_exams_and_spare_items(folder: Path) -> None:
    simulate(folder)
    plain = report(folder)
    simulate(folder, "--stop-se", "0.45", "--min-items", "5", "--max-exposure", "0.4")
    ruled = report(folder)
    assert 5 <= ruled["length"]["lowest"] < ruled["length"]["mean"] < 12
    assert ruled["exposure"]["highest"] < plain["exposure"]["highest"]


def test_content_and_enemies_are_kept(folder: Path) -> None:
    options = ("--attributes", "a.csv", "--content", "type", "--enemies", "foe")
    assert simulate(folder, *options).exit_code == 0
    assert report(folder)["blueprint_violations"] == 0
    kinds = {row["item_id"]: row["type"] for row in rows(folder / "a.csv")}
    for row in rows(folder / "out" / "responses.csv"):
        given = [item for item, cell in row.items() if cell and item != "person_id"]
        assert sum(kinds[item] == "numeric" for item in given) == 3


@pytest.mark.parametrize("criterion", ["information", "kullback-leibler", "posterior-variance"])
def test_every_criterion_can_be_had(folder: Path, criterion: str) -> None:
    assert simulate(folder, "--criterion", criterion).exit_code == 0
    assert report(folder)["rmse"] < 0.5


def test_dimensions_are_measured_together(folder: Path) -> None:
    lines = (folder / "p.csv").read_text().splitlines()
    marks = ["dimension", *("ST"[at % 2] for at in range(N))]
    write(folder, "p.csv", "\n".join(f"{x},{y}" for x, y in zip(lines, marks, strict=True)))
    group = {"name": None, "mean": [0, 0], "covariance": [[1, 0.7], [0.7, 1]]}
    (folder / "c.json").write_text(json.dumps({"dimensions": ["S", "T"], "groups": [group]}))
    assert simulate(folder, "--population", "c.json", "--cuts", "0").exit_code == 0
    assert [one["name"] for one in report(folder)["dimensions"]] == ["S", "T"]
    assert "theta_S" in rows(folder / "out" / "examinees.csv")[0]


def test_a_bad_item_costs_itself_only(folder: Path) -> None:
    write(folder, "p.csv", (folder / "p.csv").read_text() + "\nX,2pl,0,0")
    assert "item X: expected a slope" in finding(simulate(folder))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--max-items", "81"), "expected 1 to 80 items, found 81"),
        (("--weights", "1,2"), "expected 1 weights"),
        (("--content", "colour"), "expected an attribute out of dimension, model"),
        (("--cuts", "1,0", "--confidence", "0.9"), "cuts"),
        (("--confidence", "0.9"), "expected --cuts with --confidence"),
    ],
)
def test_wishes_that_do_not_fit_are_refused(
    folder: Path, options: tuple[str, ...], said: str
) -> None:
    assert said in refusal(simulate(folder, *options))
