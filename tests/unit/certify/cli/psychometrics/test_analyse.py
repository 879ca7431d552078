"""`certify psychometrics analyse`: tables, plots and page; faults are seen, the rest is had."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result

from certify.psychometrics.classical import cronbach_alpha
from certify.psychometrics.item_parameters import ItemParameters
from tests.unit.certify.cli.psychometrics.commands import finding, refusal, rows, run
from tests.unit.certify.workbench.tables import csv_of, lsat7, simulated, write

ITEMS = ItemParameters.of(np.full(6, 1.4), np.linspace(-1.2, 1.2, 6))
RIGHT = simulated(ITEMS, 300)
KEY = "ABCDAB"


def choices(right: np.ndarray, key: str = KEY) -> str:
    """Letters: the key where right, else another option."""
    random = np.random.default_rng(4)
    lines = ["person_id," + ",".join(f"Q{at + 1}" for at in range(right.shape[1]))]
    for person, row in enumerate(right):
        cells = [
            letter if value else random.choice([one for one in "ABCD" if one != letter])
            for value, letter in zip(row, key, strict=True)
        ]
        lines.append(f"p{person},{','.join(cells)}")
    return "\n".join(lines)


def key_file(key: str = KEY) -> str:
    return "item_id,key\n" + "".join(f"Q{at},{letter}\n" for at, letter in enumerate(key, 1))


def page(folder: Path) -> str:
    return (folder / "out.d" / "index.html").read_text("utf-8")


def analyse(folder: Path, *options: str) -> Result:
    return run(folder, "analyse", "r.csv", "--out", str(folder / "out.d"), *options)


def test_lsat7_has_its_statistics(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", csv_of(lsat7()))
    result = analyse(tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    told = {row["statistic"]: row["value"] for row in rows(tmp_path / "out.d" / "test.csv")}
    assert float(told["alpha"]) == pytest.approx(cronbach_alpha(lsat7()), abs=1e-12)
    assert float(told["m2"]) == pytest.approx(11.938412, abs=1e-3)
    assert float(told["rmsea"]) == pytest.approx(0.03727, abs=1e-4)
    assert float(told["log_likelihood"]) == pytest.approx(-2658.805114, abs=1e-4)
    items = rows(tmp_path / "out.d" / "items.csv")
    assert [float(row["p"]) for row in items] == pytest.approx([0.828, 0.658, 0.772, 0.606, 0.843])
    assert [float(row["s_x2"]) for row in items] == pytest.approx(
        [4.75054, 14.45345, 1.27266, 5.23648, 0.94094], abs=1e-3
    )
    assert [float(row["infit"]) for row in items] == pytest.approx(
        [0.95818, 0.81599, 0.75010, 0.88143, 0.98922], abs=1e-3
    )


def test_every_file_is_there_and_the_page_needs_no_other(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", choices(RIGHT))
    write(tmp_path, "k.csv", key_file())
    assert analyse(tmp_path, "--key", "k.csv").exit_code == 0
    names = {path.name for path in (tmp_path / "out.d").iterdir()}
    assert {
        "items.csv", "test.csv", "scores.csv", "pairs.csv", "persons.csv", "findings.csv",
        "options.csv", "params.csv", "index.html", "test-information.svg",
        "test-characteristic.svg", "test-scores.svg", "test-map.svg", "test-items.svg",
        "item-001-Q1.svg", "item-006-Q6.svg", "options-001-Q1.svg", "options-006-Q6.svg",
    } <= names  # fmt: skip
    text = page(tmp_path)
    sources = re.findall(r"""(?:src|href)="([^"]*)""", text)
    assert all(source.startswith(("data:image/svg+xml", "#item-")) for source in sources)
    assert "<script" not in text
    assert "测验分析" in text
    assert "Test analysis" in text
    assert text.count('class="zh"') == text.count('class="en"') > 50
    assert (tmp_path / "out.d" / "item-001-Q1.svg").read_text("utf-8").count("<svg") == 1


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", csv_of(RIGHT))
    analyse(tmp_path)
    once = {path.name: path.read_bytes() for path in (tmp_path / "out.d").iterdir()}
    analyse(tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out.d").iterdir()} == once


def test_a_wrong_key_is_seen(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", choices(RIGHT))
    write(tmp_path, "k.csv", key_file("ABBDAB"))
    line = finding(analyse(tmp_path, "--key", "k.csv"))
    assert "column Q3: option C goes with the score better than the key B" in line
    assert "选项C" in page(tmp_path)
    options = rows(tmp_path / "out.d" / "options.csv")
    assert [row["option"] for row in options[:4]] == ["A", "B", "C", "D"]
    assert sum(float(row["share"]) for row in options[:4]) == pytest.approx(1.0)
    assert options[9]["is_key"] == "1"


def test_given_parameters_are_used(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", csv_of(RIGHT))
    lines = [f"Q{at + 1},2pl,1.4,{b!r}" for at, b in enumerate(ITEMS.b[:5].tolist())]
    write(tmp_path, "p.csv", "\n".join(["item_id,model,a,b", *lines]))
    line = finding(analyse(tmp_path, "--params", "p.csv"))
    assert "column Q6: the item is not in p.csv; it has classical statistics only" in line
    items = rows(tmp_path / "out.d" / "items.csv")
    assert items[0]["a"] == "1.4"
    assert items[5]["a"] == ""
    assert float(items[5]["p"]) == pytest.approx(RIGHT[:, 5].mean())


def test_items_of_several_categories_are_shown(tmp_path: Path) -> None:
    graded = simulated(ItemParameters.graded([1.0, 1.4], [[-1.0, 0.0, 1.0]] * 2), 300, 2)
    write(tmp_path, "r.csv", csv_of(np.column_stack([RIGHT, graded])))
    assert analyse(tmp_path).exit_code == 0
    items = rows(tmp_path / "out.d" / "items.csv")
    assert [row["model"] for row in items] == ["2pl"] * 6 + ["grm"] * 2
    assert items[7]["highest"] == "3"


def test_a_constant_item_keeps_what_can_be_had(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", csv_of(np.column_stack([RIGHT, np.ones(len(RIGHT))])))
    line = finding(analyse(tmp_path))
    assert "column Q7: all 300 answers are 1; it has classical statistics only" in line
    last = rows(tmp_path / "out.d" / "items.csv")[6]
    assert (last["p"], last["a"], last["r_rest"]) == ("1.0", "", "")


def test_an_item_nobody_answered_keeps_the_others_alive(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", csv_of(np.column_stack([RIGHT, np.full(len(RIGHT), np.nan)])))
    result = analyse(tmp_path)
    assert result.exit_code == 1
    assert "column Q7: nobody answered it" in result.stderr
    assert len(rows(tmp_path / "out.d" / "items.csv")) == 7


def test_blanks_can_count_as_wrong(tmp_path: Path) -> None:
    values = RIGHT.copy()
    values[:100, 2] = np.nan
    write(tmp_path, "r.csv", csv_of(values))
    assert "100 of 300 rows have blanks" in finding(analyse(tmp_path))
    not_given = rows(tmp_path / "out.d" / "items.csv")[2]
    assert analyse(tmp_path, "--missing", "wrong").exit_code == 0
    wrong = rows(tmp_path / "out.d" / "items.csv")[2]
    assert (not_given["n"], wrong["n"]) == ("200", "300")
    assert float(wrong["p"]) < float(not_given["p"])


@pytest.mark.parametrize("persons", [1, 3, 9, 15])
def test_few_persons_get_what_can_be_had(persons: int, tmp_path: Path) -> None:
    write(tmp_path, "r.csv", csv_of(RIGHT[:persons]))
    result = analyse(tmp_path)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert f"{persons} persons, expected at least 20" in result.stderr
    assert (tmp_path / "out.d" / "scores.csv").exists()
    assert "测验分析" in page(tmp_path)


def test_several_dimensions_have_curves_but_no_fit(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", csv_of(RIGHT))
    lines = [f"Q{at + 1},2pl,1.4,{b!r},{'ST'[at % 2]}" for at, b in enumerate(ITEMS.b.tolist())]
    write(tmp_path, "p.csv", "\n".join(["item_id,model,a,b,dimension", *lines]))
    assert "several dimensions" in finding(analyse(tmp_path, "--params", "p.csv"))
    assert (tmp_path / "out.d" / "item-001-Q1.svg").exists()


def test_an_item_without_a_key_is_told_and_left_out(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", choices(RIGHT))
    write(tmp_path, "k.csv", key_file("ABCDA"))
    assert "column Q6: the item is not in k.csv" in finding(analyse(tmp_path, "--key", "k.csv"))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("item_id,key\nX,A\n", "column Q1: the item is not in k.csv"),
        ("item_id\n", "expected the first column item_id and other columns"),
        ("item_id,key\nQ1,?!\n", "expected an option as a letter or a whole number"),
        ("item_id,other\nQ1,A\n", "expected a column key"),
    ],
)
def test_a_key_that_says_nothing_is_refused(key: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, "r.csv", choices(RIGHT))
    write(tmp_path, "k.csv", key)
    assert said in refusal(analyse(tmp_path, "--key", "k.csv"))


def test_names_from_the_file_are_shown_as_text(tmp_path: Path) -> None:
    names = ["<b>Q1</b>", "../../Q2", "=1+1", "第4题", "Q5", "Q6"]
    write(tmp_path, "r.csv", csv_of(RIGHT, names))
    analyse(tmp_path)
    assert "<b>Q1</b>" not in page(tmp_path)
    assert (tmp_path / "out.d" / "item-002-______Q2.svg").exists()
    assert rows(tmp_path / "out.d" / "items.csv")[2]["item_id"] == "'=1+1"
    assert (tmp_path / "out.d" / "items.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", csv_of(RIGHT))
    write(tmp_path, "out.d", "")
    assert analyse(tmp_path).exit_code == 2
