"""The demo as a newcomer runs it, twice, and the certificate that it leaves."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.cli.test_bad_input import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def certificates(folder: Path) -> list[Path]:
    """The certificates of two runs on the same data."""
    paths = []
    for _ in range(2):
        result = run(folder, "demo", "--data", "d")
        assert result.returncode == 0, result.stderr
        assert "Traceback" not in result.stderr
        assert re.search(r"概率 probability \d\.\d{3}", result.stdout)
        assert "●" in result.stdout
        assert "certify serve" in result.stdout
        found = re.search(r"证书 Certificate: (\S+\.pdf)", result.stdout)
        assert found, result.stdout
        paths.append(folder / found[1])
    return paths


def test_a_second_run_goes_on_with_the_same_data(certificates: list[Path]) -> None:
    first, second = certificates
    assert first != second
    assert first.exists() and second.exists()


def test_the_certificate_verifies_offline(folder: Path, certificates: list[Path]) -> None:
    result = run(folder, "certificate", "verify", str(certificates[0]), "--json")
    assert result.returncode == 0
    report = json.loads(result.stdout)
    assert report["status"] == "valid"
    assert {"name", "result", "reason"} <= set(report["checks"][0])
    assert "failed" not in {check["result"] for check in report["checks"]}


def test_revocation_is_asked_where_the_records_are(folder: Path, certificates: list[Path]) -> None:
    command = ("certificate", "verify", str(certificates[0]), "--json")
    offline = json.loads(run(folder, *command).stdout)
    with_records = json.loads(run(folder, *command, "--data", "d").stdout)
    results = [
        next(check["result"] for check in report["checks"] if check["name"] == "revocation")
        for report in (offline, with_records)
    ]
    assert results == ["skipped", "passed"]


def test_one_flipped_byte_makes_it_invalid(folder: Path, certificates: list[Path]) -> None:
    data = bytearray(certificates[0].read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "flipped.pdf").write_bytes(data)
    result = run(folder, "certificate", "verify", "flipped.pdf", "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["status"] == "invalid"


def test_a_stranger_does_not_trust_it_by_default(
    tmp_path: Path, folder: Path, certificates: list[Path]
) -> None:
    result = run(tmp_path, "certificate", "verify", str(certificates[0]), "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["status"] != "valid"
    trusting = run(
        tmp_path, "certificate", "verify", str(certificates[0]), "--trust", str(folder / "d/trust")
    )
    assert trusting.returncode == 0


def test_another_reader_finds_a_valid_signature_over_the_whole_file(
    certificates: list[Path],
) -> None:
    pdfsig = shutil.which("pdfsig")
    if pdfsig is None:
        pytest.skip("pdfsig absent: install poppler-utils")
    result = subprocess.run(
        [pdfsig, str(certificates[0])], capture_output=True, text=True, check=False
    )
    assert "Signature is Valid" in result.stdout
    assert "Total document signed" in result.stdout
