"""What every use case is given: ports, clock, randomness, programmes, keys. Built by bootstrap."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from certificates.keys import KeyStore
from certificates.trust import TrustStore
from certify.clock import Clock
from certify.services.calibration_shelf import CalibrationShelf
from certify.services.cohort_figures import CohortShelf
from certify.services.ports import Database, PasswordHasher
from certify.services.recent_attempts import RecentAttempts
from certify.services.release_shelf import ReleaseShelf
from question_bank.skills import SkillModel
from rubrics.catalogue import Programme, newest_versions


@dataclass(frozen=True)
class Issuer:
    """Who certifies, and where certificates are verified."""

    name_zh: str
    name_en: str
    url: str
    verify_url: str
    is_test: bool


@dataclass(frozen=True)
class ServiceContext:
    """Everything a use case may reach. `random_bytes(n)` is cryptographically strong."""

    database: Database
    clock: Clock
    random_bytes: Callable[[int], bytes]
    hasher: PasswordHasher
    skill_model: SkillModel
    programme_versions: Mapping[tuple[str, int], Programme]
    issuer: Issuer
    open_keys: Callable[[], KeyStore]
    open_trust: Callable[[], TrustStore]
    shelf: ReleaseShelf = field(default_factory=ReleaseShelf)
    calibrations: CalibrationShelf = field(default_factory=CalibrationShelf)
    cohorts: CohortShelf = field(default_factory=CohortShelf)
    recent_attempts: RecentAttempts = field(default_factory=RecentAttempts)

    @cached_property
    def programmes(self) -> Mapping[str, Programme]:
        """The newest version of each programme, by code."""
        return newest_versions(self.programme_versions)

    def new_id(self) -> str:
        """A random identifier of 128 bits in hex."""
        return self.random_bytes(16).hex()
