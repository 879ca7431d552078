"""In continuous integration a skipped test is a failure, unless its reason is one we accept.

A skip is right on a person's machine that lacks a browser or a server. On the machine that checks a
submission everything is installed, so a skip there means that something was not checked. Expected
failures are treated alike: they are work that is not done.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pytest

#: A skip whose reason starts with one of these stays a skip everywhere.
ACCEPTED_REASONS = ("shared data absent",)


class SkipPolicy:
    """Collects skips of tests and of whole files, and fails the run for those not accepted."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """See one test phase end."""
        self._judge(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """See one file collected: a skip at module level never becomes a test."""
        self._judge(report)

    def _judge(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        reason = reason_of(report)
        if reason is not None and not reason.startswith(ACCEPTED_REASONS):
            self.refused.append(f"{report.nodeid}: {reason}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a run that would pass, or that found no test, into a failure."""
        if self.refused and session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Name each refused skip with its reason."""
        if not self.refused:
            return
        terminalreporter.section("skips that fail this run", red=True)
        terminalreporter.write_line(
            f"{len(self.refused)} tests or files were skipped although CI is set. Accepted are "
            f"reasons that start with: {', '.join(ACCEPTED_REASONS)}. Install what is missing:"
        )
        for line in self.refused:
            terminalreporter.write_line(f"  {line}")


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str | None:
    """Why a report is a skip or an expected failure; None when it is neither."""
    if not report.skipped:
        return None
    if hasattr(report, "wasxfail"):
        return f"expected failure: {report.wasxfail}"
    detail = report.longrepr
    text = str(detail[2]) if isinstance(detail, tuple) else str(detail)
    return text.removeprefix("Skipped: ")


def applies(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this run is a check of a submission: CI is `true` or `1`."""
    return environment.get("CI", "").lower() in {"true", "1"}
