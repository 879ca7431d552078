"""`certify bank audit`: findings for people and for programs, and the status that says how bad."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from certify.cli.main import main

FAULTY = """
node: "01"
items:
  - id: 01-900
    level: novice
    type: single
    stem: 下列说法中，并非不正确的是哪一项？
    options:
      - {id: a, text: 先核对规格, correct: true, note: 对}
      - {id: b, text: 先比较价格, note: 错}
      - {id: c, text: 先安排运输, note: 错}
      - {id: d, text: 先联系买家, note: 错}
    explanation: 说明
    source: 自编
    expected_seconds: 60
    difficulty: {p: "0.7", basis: placeholder}
"""


def audit(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["bank", "audit", *arguments])


def test_the_shipped_bank_as_json() -> None:
    result = audit("--json")
    report = json.loads(result.output)
    assert report["items"] == sum(report["by_node"].values()) == sum(report["by_level"].values())
    assert report["items"] >= 680
    assert len(report["by_node"]) == 34
    assert min(report["by_node"].values()) >= 20
    assert "severe" not in {found["severity"] for found in report["findings"]}
    assert result.exit_code in (0, 1)


def test_a_severe_finding_is_named_and_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "01.yaml").write_text(FAULTY, encoding="utf-8")
    result = audit(str(tmp_path), "--json")
    found = json.loads(result.output)["findings"]
    assert result.exit_code == 2
    assert ("severe", "01-900", "ST3") in {(f["severity"], f["item"], f["rule"]) for f in found}
    assert all(f["message"] for f in found)


def test_the_text_counts_items_and_findings(tmp_path: Path) -> None:
    (tmp_path / "01.yaml").write_text(FAULTY, encoding="utf-8")
    lines = audit(str(tmp_path)).output.splitlines()
    assert lines[0].startswith("severe: ")
    assert lines[-1].startswith("1 items; findings: ")
