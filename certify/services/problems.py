"""One list of everything that may go wrong in a foreseen way, for the rim to present."""

from certificates.errors import CertificateError
from certify.errors import (
    AttemptBusy,
    BlueprintChanged,
    CertifyError,
    ConfigurationError,
    EditConflict,
    ExamsNotRescored,
    NotFound,
    NotPermitted,
    OwnWork,
    ReleaseInUse,
    ResultHeld,
    ResultNotReady,
    RunNotReady,
    SessionAwaitsCalibration,
    SessionNotCalibratable,
    SessionRunning,
    SessionStarted,
    UsernameTaken,
    WrongCredentials,
    WrongStatus,
)
from certify.exams.admission_errors import AdmissionRefused
from certify.exams.errors import (
    AttemptEnded,
    AttemptNotRunning,
    ExamError,
    OlderPage,
    StaleResponse,
    WrongPosition,
)
from certify.grading.errors import GradingError
from certify.psychometrics.errors import PsychometricsError
from certify.workbench.errors import WorkbenchError
from question_bank.errors import QuestionBankError
from rubrics.errors import RubricError, UnknownProgramme

PROBLEM_BASES: tuple[type[Exception], ...] = (
    CertifyError,
    ExamError,
    QuestionBankError,
    RubricError,
    CertificateError,
    GradingError,
    PsychometricsError,
    WorkbenchError,
)
"""Bases whose subclasses carry `template` and `params`: each is shown as one line."""

_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (NotFound, 404),
    (UnknownProgramme, 404),
    (NotPermitted, 403),
    (WrongCredentials, 401),
    (UsernameTaken, 409),
    (EditConflict, 409),
    (BlueprintChanged, 409),
    (OwnWork, 403),
    (WrongStatus, 409),
    (ReleaseInUse, 409),
    (ResultNotReady, 409),
    (ResultHeld, 409),
    (SessionStarted, 409),
    (SessionRunning, 409),
    (SessionAwaitsCalibration, 409),
    (SessionNotCalibratable, 409),
    (RunNotReady, 409),
    (ExamsNotRescored, 409),
    (AdmissionRefused, 403),
    (AttemptNotRunning, 409),
    (OlderPage, 409),
    (AttemptBusy, 503),
    (ConfigurationError, 503),
    (AttemptEnded, 409),
    (WrongPosition, 409),
    (StaleResponse, 409),
)


def http_status(error: Exception) -> int:
    """The status of RFC 9110 that fits a foreseen error; 422 where nothing closer does."""
    for kind, status in _STATUSES:
        if isinstance(error, kind):
            return status
    return 422


def problem_code(error: Exception) -> str:
    """A stable name for programs: the class's name in lower case with dashes."""
    name = type(error).__name__
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
