"""Calibrations held in memory, and exams under their parameters: made once per process.

A calibration never changes, so nothing here ever goes stale.
"""

import threading

from certify.errors import NotFound
from certify.exams.adaptive import AdaptiveExam
from certify.exams.calibration_record import CalibrationRecord, read_calibration
from certify.exams.rescoring import calibrated_exam
from certify.services.ports import UnitOfWork


class CalibrationShelf:
    """Records by digest, and exams made of them. Safe to share between threads."""

    def __init__(self) -> None:
        self._records: dict[str, CalibrationRecord] = {}
        # the exam beside what was made of it keeps its identity from being given to another one
        self._exams: dict[tuple[str, int], tuple[AdaptiveExam, AdaptiveExam]] = {}
        self._lock = threading.Lock()

    def record(self, work: UnitOfWork, digest: str) -> CalibrationRecord:
        """The calibration of this digest. Raises NotFound, or CorruptCalibration when altered."""
        if digest not in self._records:
            content = work.calibrations.content(digest)
            if content is None:
                raise NotFound(kind="Calibration", identifier=digest)
            with self._lock:
                self._records.setdefault(digest, read_calibration(content, digest))
        return self._records[digest]

    def exam(self, work: UnitOfWork, digest: str, exam: AdaptiveExam) -> AdaptiveExam:
        """An exam of the release shelf under a calibration. Raises as `record` does."""
        place = (digest, id(exam))
        if place not in self._exams:
            made = calibrated_exam(exam, self.record(work, digest).estimates)
            with self._lock:
                self._exams.setdefault(place, (exam, made))
        return self._exams[place][1]
