"""Errors of use cases and set-up, as one tree. Templates are one line and translatable.

The rooms below have trees of the same shape: a base class whose subclasses carry a `template` and
are raised with its parameters. `problem_bases` in `services.problems` lists them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence that is a template itself, so that it can be told in any language."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params)


class CertifyError(Exception):
    """Base of everything raised outside the pure rooms; `params` fill the class's `template`."""

    template: ClassVar[str] = "{reason}"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.template.format(**params))


class ConfigurationError(CertifyError):
    """Something is wrong before any work begins: settings, database, port, files."""


class InvalidSetting(ConfigurationError):
    """An environment variable has a value that cannot be used."""

    template = "Setting {name}: expected {expected}, found {found!r}. Correct it and start again."


class DatabaseUnreachable(ConfigurationError):
    """The database does not answer."""

    template = (
        "Database {url}: no connection ({reason}). "
        "Check CERTIFY_DATABASE_URL and that the server is running."
    )


class DatabaseNotMigrated(ConfigurationError):
    """The database has another schema version than the code."""

    template = (
        "Database {url}: expected schema {expected}, found {found}. Run `certify db upgrade` first."
    )


class PortInUse(ConfigurationError):
    """The address to listen on is taken or not ours."""

    template = (
        "Address {host}:{port} cannot be used ({reason}). Choose another with --host and --port."
    )


class SchedulerUnreachable(ConfigurationError):
    """The cluster's scheduler does not answer, or the packages to reach it are missing."""

    template = (
        "Scheduler {address}: no connection ({reason}). Check --scheduler and that it is running, "
        "or leave the option out."
    )


class DataDirectoryUnusable(ConfigurationError):
    """The data directory cannot be created or written."""

    template = "Data directory {path}: not writable ({reason}). Choose another with --data."


class UseCaseError(CertifyError):
    """A request that the rules refuse."""


class NotFound(UseCaseError):
    """The thing asked for does not exist, or is not the caller's."""

    template = "{kind} {identifier} was not found. Check the address or go back to the list."


class NotPermitted(UseCaseError):
    """The caller lacks the role."""

    template = "This needs the role {role}. Ask an administrator."


class WrongCredentials(UseCaseError):
    """User name or password is wrong, or the account is closed."""

    template = "User name or password is wrong. Try again or ask an administrator."


class UsernameTaken(UseCaseError):
    """Another person has this user name."""

    template = "User name {username} is taken. Choose another one."


class OwnAccountProtected(UseCaseError):
    """Nobody closes the own account or gives up the own administration: it could not be undone."""

    template = (
        "{username} is your own account: you cannot close it or take the administrator role "
        "from it. Ask another administrator."
    )


class InvalidField(UseCaseError):
    """One field of an input does not fit."""

    template = "{field}: expected {expected}, found {found}. Correct it and send again."


class ItemNotReady(UseCaseError):
    """An item with errors was to become operational; the parameter `findings` has them all."""

    template = (
        "Item {item_id} was not saved as operational: {count} error(s). First, {field}: {message}. "
        "Correct it, or save it as a draft."
    )


class EditConflict(UseCaseError):
    """Somebody saved another version in the meantime."""

    template = (
        "Item {item_id} was changed in the meantime (version {found}, yours began at {expected}). "
        "Reload it and apply your change again."
    )


class WrongStatus(UseCaseError):
    """An item's status does not allow this step."""

    template = (
        "Item {item_id} has the status {status} now, which does not allow this step. "
        "Reload the item to see what it allows."
    )


class OwnWork(UseCaseError):
    """Nobody approves what they wrote."""

    template = "Item {item_id}: you wrote what is to be approved. Ask another teacher to review it."


class ReleaseInUse(UseCaseError):
    """A release that attempts refer to stays."""

    template = "Release {digest} stays: {count} attempt(s) were sat on it."


class ReleasePrinted(UseCaseError):
    """A release that papers were made from stays."""

    template = "Release {digest} stays: {count} paper(s) were made from it."


class BlueprintChanged(UseCaseError):
    """Somebody saved another version of a blueprint in the meantime."""

    template = (
        "The blueprint was changed in the meantime (version {found}, yours began at {expected}). "
        "Open it again and apply your change there."
    )


class AmbiguousRelease(UseCaseError):
    """A shortened digest fits several releases."""

    template = "Release {found}: {count} releases begin so. Give more characters of the digest."


class NoRelease(UseCaseError):
    """No bank release has been published."""

    template = "No bank release is published yet. Publish one with `certify bank release`."


class NothingToCertify(UseCaseError):
    """No certificate belongs to this attempt."""

    template = "Attempt {attempt_id} reached no level, so there is no certificate to issue."


class ResultNotReady(UseCaseError):
    """The attempt is still running."""

    template = "Attempt {attempt_id} is still running. The result is there once it is handed in."


class ResultHeld(UseCaseError):
    """The session's results are not released yet."""

    template = (
        "The results of this exam session are being checked. "
        "They are shown to everybody once they are released."
    )


class SessionStarted(UseCaseError):
    """A session is changed only until it is opened."""

    template = "The session is open or over, so this cannot be changed any more."


class SessionWithoutCandidates(UseCaseError):
    """Nobody has a seat."""

    template = "Nobody has a seat in this session yet. Import the candidates first."


class SessionRunning(UseCaseError):
    """Some candidates still sit their exam."""

    template = "{count} candidate(s) are still in the exam. End their exams on the board first."


class SessionAwaitsCalibration(UseCaseError):
    """Results that are to be scored again are not released before."""

    template = (
        "The results of this session are released with its calibration. "
        "Accept one, or give the calibration up first."
    )


class SessionNotCalibratable(UseCaseError):
    """The session is running, released, not meant to be calibrated, or in a calibration."""

    template = (
        "Session {title} cannot be calibrated now: it must be closed, wait for its calibration, and "
        "be in no other one."
    )


class SessionsDiffer(UseCaseError):
    """Sessions that have no scale in common."""

    template = (
        "These sessions were sat on different bank releases or programmes. "
        "Calibrate those of one release together."
    )


class RunNotReady(UseCaseError):
    """A calibration is not in the state that the step needs."""

    template = (
        "The calibration does not stand where this step needs it. Reload the page to see how far "
        "it is."
    )


class ExamsNotRescored(UseCaseError):
    """Exams of the sessions that the calibration did not decide again."""

    template = (
        "{count} exam(s) of these sessions were not scored again. "
        "Reject this calibration and ask for another one."
    )


class WorkBrokeOff(CertifyError):
    """Work in the background ended in an error that nobody foresaw."""

    template = (
        "The work broke off in an error. Its details are in the server's log; ask for a new "
        "calibration once it is mended."
    )


class AttemptBusy(CertifyError):
    """Others kept writing to the attempt: no try came through."""

    template = "Exam {attempt_id} is being written to from elsewhere. Try again in a moment."
