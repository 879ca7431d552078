"""Bank releases held in memory: read and turned into arrays once per process.

A release never changes, so nothing here ever goes stale.
"""

import threading

from certify.errors import NotFound
from certify.exams.pool import ItemPool, build_pool
from certify.services.ports import UnitOfWork
from question_bank.bank import BankRelease, read_release
from question_bank.skills import SkillModel
from rubrics.level_scale import LevelScale


class ReleaseShelf:
    """Releases by digest, pools by digest and level scale. Safe to share between threads."""

    def __init__(self) -> None:
        self._releases: dict[str, BankRelease] = {}
        self._pools: dict[tuple[str, str, int], ItemPool] = {}
        self._lock = threading.Lock()

    def release(self, work: UnitOfWork, digest: str, model: SkillModel) -> BankRelease:
        """The release of this digest. Raises NotFound, or CorruptRelease when it was altered."""
        if digest not in self._releases:
            content = work.releases.content(digest)
            if content is None:
                raise NotFound(kind="Bank release", identifier=digest)
            with self._lock:
                self._releases.setdefault(digest, read_release(content, digest, model))
        return self._releases[digest]

    def pool(self, work: UnitOfWork, digest: str, model: SkillModel, scale: LevelScale) -> ItemPool:
        """The release as arrays, provisional difficulties anchored on the scale's cuts."""
        place = (digest, scale.code, scale.version)
        if place not in self._pools:
            release = self.release(work, digest, model)
            pool = build_pool(
                (version.item for version in release.items),
                model.dimension_codes,
                scale.cuts,
                scale.correlation,
            )
            with self._lock:
                self._pools.setdefault(place, pool)
        return self._pools[place]
