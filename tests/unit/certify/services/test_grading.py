"""One path for files and bytes, the same bytes every time."""

import json
from pathlib import Path

import pytest

from certify.services.grading import GradingError, grade_bytes, grade_files, write_batch

ASSETS = Path(__file__).resolve().parents[3] / "assets" / "grading"
ANSWERS = ASSETS / "gbk_16_digit_ids_one_broken_row.csv"
KEY = ASSETS / "key.csv"


def test_files_and_bytes_give_the_same_outputs() -> None:
    from_files = grade_files(ANSWERS, KEY)
    from_bytes = grade_bytes(ANSWERS.read_bytes(), ANSWERS.name, KEY.read_bytes(), KEY.name)
    assert dict(from_files.files()) == dict(from_bytes.files())
    assert from_files.summary == from_bytes.summary


def test_the_four_outputs_are_written_as_they_are(tmp_path: Path) -> None:
    batch = grade_files(ANSWERS, KEY)
    write_batch(batch, tmp_path / "out")
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert written == dict(batch.files())
    assert list(batch.files()) == ["results.csv", "items.csv", "errors.csv", "summary.json"]


def test_summary_file_is_the_summary() -> None:
    batch = grade_files(ANSWERS, KEY)
    summary = json.loads(batch.files()["summary.json"])
    assert summary == dict(batch.summary)
    assert {
        name: summary[name]
        for name in ("rows_in", "graded", "reported", "encoding", "max_points", "mean", "alpha")
    } == {
        "rows_in": 6,
        "graded": 5,
        "reported": 1,
        "encoding": "gb18030",
        "max_points": 10,
        "mean": 6.1,
        "alpha": None,
    }
    assert any("at least 20" in warning for warning in summary["warnings"])


def test_results_begin_with_the_agreed_columns() -> None:
    files = grade_files(ANSWERS, KEY).files()
    assert files["results.csv"].startswith(
        b"\xef\xbb\xbfcandidate_id,name,total_points,max_points,"
    )
    assert files["items.csv"].startswith(b"\xef\xbb\xbfquestion,type,points,n,p,r_rest,d27,")
    assert files["errors.csv"].startswith(b"\xef\xbb\xbfrow,column,candidate_id,code,reason\r\n")


def test_wrong_key_is_suspected_from_a_hundred_candidates_on() -> None:
    key = "题号,答案,分值,题型\n1,A,1,单选\n2,A,1,单选\n3,A,1,单选\n"
    rows = "".join(
        f"{1000 + n},{'B' if able else 'A'},{'A' if able else 'B'},{'A' if able else 'C'}\n"
        for n, able in enumerate([True, False] * 60)
    )
    batch = grade_bytes(f"学号,1,2,3\n{rows}".encode(), "a.csv", key.encode(), "k.csv")
    suspected = [w.params["question"] for w in batch.warnings if w.code == "key_suspected"]
    assert suspected == ["1"]


def test_missing_file_is_one_line() -> None:
    with pytest.raises(GradingError, match=r"absent\.csv: the file cannot be read"):
        grade_files(ASSETS / "absent.csv", KEY)


def test_directory_instead_of_a_file_is_one_line() -> None:
    with pytest.raises(GradingError, match="cannot be read"):
        grade_files(ASSETS, KEY)
