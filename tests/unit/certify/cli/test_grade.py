"""`certify grade`: exit statuses, one line for what could not be graded, never a traceback."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from certify.cli.grade import grade

ASSETS = Path(__file__).resolve().parents[3] / "assets" / "grading"


def run(answers: str, out: Path, *options: str, key: str = "key.csv") -> Result:
    arguments = [str(ASSETS / answers), "--key", str(ASSETS / key), "--out", str(out), *options]
    return CliRunner().invoke(grade, arguments)


def test_clean_file_ends_with_0(tmp_path: Path) -> None:
    result = run("clean.csv", tmp_path / "out")
    assert result.exit_code == 0
    assert "Graded 5 of 5 rows" in result.stdout
    assert result.stderr == ""


def test_broken_row_ends_with_1_and_all_four_files(tmp_path: Path) -> None:
    result = run("gbk_16_digit_ids_one_broken_row.csv", tmp_path / "out")
    assert result.exit_code == 1
    assert "1 rows not graded" in result.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "errors.csv",
        "items.csv",
        "results.csv",
        "summary.json",
    ]


def test_json_prints_the_summary_alone(tmp_path: Path) -> None:
    result = run("gbk_16_digit_ids_one_broken_row.csv", tmp_path / "out", "--json")
    written = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert json.loads(result.stdout) == written


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ("absent.csv", "key.csv"),
        ("clean.csv", "absent.csv"),
        ("empty_file.csv", "key.csv"),
        ("binary_file.csv", "key.csv"),
        ("no_heading.csv", "key.csv"),
        ("clean.csv", "key_misses_question.csv"),
        ("clean.csv", "key_several_faults.csv"),
    ],
)
def test_what_cannot_be_graded_ends_with_2_and_one_line(
    answers: str, key: str, tmp_path: Path
) -> None:
    result = run(answers, tmp_path / "out", key=key)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_no_gradable_row_ends_with_2_and_keeps_the_reasons(tmp_path: Path) -> None:
    result = run("all_ids_ruined.csv", tmp_path / "out")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert (tmp_path / "out" / "errors.csv").exists()


def test_output_directory_may_exist(tmp_path: Path) -> None:
    assert run("clean.csv", tmp_path).exit_code == 0
    assert run("clean.csv", tmp_path).exit_code == 0


def test_output_that_is_a_file_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    result = run("clean.csv", tmp_path / "out")
    assert result.exit_code == 2
    assert "choose another directory" in result.stderr


def test_help_has_an_example() -> None:
    result = CliRunner().invoke(grade, ["--help"])
    assert result.exit_code == 0
    assert "certify grade answers.csv --key key.csv --out results" in result.output
