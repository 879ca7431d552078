"""Grading a mock test: answers and a key in, the four result files out.

The web room and the command line use the same functions, so that both give the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from certify.grading.analysis import SheetStatistics, analyse
from certify.grading.batch import GradedSheet, grade_sheet
from certify.grading.errors import GradingError, UnreadableFile
from certify.grading.key import read_key
from certify.grading.problems import BatchWarning, RowProblem
from certify.grading.publishing import publish
from certify.grading.results import Summary, output_files, summarise
from certify.grading.sheet import read_sheet

__all__ = ["GradedBatch", "GradingError", "grade_bytes", "grade_files", "write_batch"]


@dataclass(frozen=True, slots=True)
class GradedBatch:
    """A graded batch; `summary` is what summary.json holds."""

    graded_sheet: GradedSheet
    statistics: SheetStatistics
    summary: Summary
    _files: Mapping[str, bytes]

    @property
    def problems(self) -> tuple[RowProblem, ...]:
        return self.graded_sheet.problems

    @property
    def warnings(self) -> tuple[BatchWarning, ...]:
        return self.statistics.warnings

    @property
    def graded(self) -> int:
        return len(self.graded_sheet.sheet.candidates)

    @property
    def reported(self) -> int:
        """Rows that were not graded; rows_in = graded + reported."""
        return self.graded_sheet.sheet.rows_reported

    def files(self) -> Mapping[str, bytes]:
        """results.csv, items.csv, errors.csv and summary.json, in this order."""
        return self._files


def grade_files(answers_path: Path, key_path: Path) -> GradedBatch:
    """Grade an answer file with a key file; raises GradingError."""
    return grade_bytes(_read(answers_path), answers_path.name, _read(key_path), key_path.name)


def grade_bytes(answers: bytes, answers_name: str, key: bytes, key_name: str) -> GradedBatch:
    """Grade the contents of two files; the names stand in reports and errors."""
    paper_key = read_key(key, key_name)
    graded = grade_sheet(read_sheet(answers, answers_name, paper_key), paper_key)
    statistics = analyse(graded)
    summary = summarise(graded, statistics)
    return GradedBatch(graded, statistics, summary, output_files(graded, statistics, summary))


def write_batch(batch: GradedBatch, directory: Path) -> None:
    """Put the four files into a directory, none of them half-done; raises GradingError."""
    publish(batch.files(), directory)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path, reason=error.strerror or type(error).__name__) from error
