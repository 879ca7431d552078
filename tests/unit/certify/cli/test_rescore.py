"""`certify exam rescore`: first what would change, then the same for good."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from certify.cli.main import main
from certify.services.concluding import concluded_result
from certify.services.preparing import prepare_bank, prepare_demo_people
from tests.fakes import FakeClock, context_at, make_installation
from tests.integration.services.calibrated_days import sat_session


def test_a_session_is_scored_again_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation, clock = make_installation(tmp_path), FakeClock(dt.datetime.now(dt.UTC))
    context = context_at(installation, clock)
    prepare_bank(context)
    people = {next(iter(person.roles)): person for person in prepare_demo_people(context)}
    session = sat_session(context, people["centre"], clock, candidates=44)
    config = installation.config
    monkeypatch.setenv("CERTIFY_DATABASE_URL", config.database_url)

    def rescore(*arguments: str) -> Result:
        words = ["exam", "rescore", session.id, *arguments, "--data", str(config.data_dir)]
        return CliRunner().invoke(main, words)

    assert rescore().exit_code == 2
    assert rescore("--dry-run", "--accept").exit_code == 2
    impossible = rescore("--dry-run", "--least", "500")
    assert impossible.exit_code == 2 and "cannot be calibrated" in impossible.output
    tried = rescore("--dry-run", "--least", "10", "--json")
    assert tried.exit_code == 0, tried.output
    told = json.loads(tried.stdout)
    assert told["state"] == "ready" and told["exams"] == 44 and told["items_calibrated"] > 10
    accepted = rescore("--accept")
    assert accepted.exit_code == 0 and f"calibration: {told['calibration']}" in accepted.output
    result = concluded_result(context, "candidate-0000", "attempt-0000")
    assert result.calibration_digest == told["calibration"]
    refused = rescore("--accept")
    assert refused.exit_code == 2 and "cannot be calibrated now" in refused.output
    installation.database.close()
