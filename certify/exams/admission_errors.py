"""Why a candidate is not let into an exam session: each refusal says the reason and what to do."""

from typing import ClassVar

from certify.exams.errors import ExamError


class AdmissionRefused(ExamError):
    """A candidate may not enter or start now; nothing was used up."""

    code: ClassVar[str] = "refused"
    """A stable name of the reason, for the record of refusals."""


class SessionNotOpen(AdmissionRefused):
    """The session is still being prepared."""

    code = "not_open"
    template = "This exam session is not open yet. Wait until the invigilator opens it."


class EntryTooEarly(AdmissionRefused):
    """Before the doors open."""

    code = "too_early"
    template = "Entry begins {minutes} minutes before the exam. Come back then."


class EntryTooLate(AdmissionRefused):
    """After the limit for late entry."""

    code = "too_late"
    template = "Entry ended {minutes} minutes after the beginning. Speak to the invigilator."


class SessionOver(AdmissionRefused):
    """After the end of the session."""

    code = "over"
    template = "This exam session is over. Ask your test centre about another date."


class StartTooEarly(AdmissionRefused):
    """Admitted, but the session has not begun."""

    code = "not_begun"
    template = "The exam has not begun yet. It can be started at the time of the session."


class NotAdmitted(AdmissionRefused):
    """A start without having entered."""

    code = "not_admitted"
    template = "Enter the session with its access code first."


class WrongAccessCode(AdmissionRefused):
    """The access code is that of no room this candidate sits in."""

    code = "wrong_code"
    template = "This access code does not fit your room. Check it with the invigilator."


class WrongNetwork(AdmissionRefused):
    """The computer stands outside the networks of the session."""

    code = "wrong_network"
    template = (
        "This computer ({address}) does not stand in the exam's network. "
        "Use a computer of the exam room."
    )


class SecureBrowserMissing(AdmissionRefused):
    """No Safe Exam Browser where the session asks for it."""

    code = "browser_missing"
    template = "This session needs Safe Exam Browser. Open the exam with its configuration file."


class SecureBrowserMismatch(AdmissionRefused):
    """A Safe Exam Browser with another configuration or version."""

    code = "browser_mismatch"
    template = (
        "Safe Exam Browser runs with another configuration than this session asks for. "
        "Open the exam with the session's own configuration file."
    )


class LevelNotOffered(AdmissionRefused):
    """A level that is not sat in this session."""

    code = "level"
    template = "Choose one of the levels of this session."


class OtherExamRunning(AdmissionRefused):
    """The candidate is in the middle of another exam of the programme."""

    code = "other_exam"
    template = "Another exam of this programme is running. Finish it first."
