"""Bank releases held in memory: read and turned into arrays once per process.

A release never changes, so nothing here ever goes stale.
"""

import threading
from collections.abc import Callable, Sequence

from certify.errors import NotFound
from certify.exams.adaptive import AdaptiveExam
from certify.exams.blueprint import ExamBlueprint
from certify.exams.exposure_plan import ExposurePlan, read_plan
from certify.exams.fixed_forms.form import ExamForm, read_form
from certify.exams.pool import ItemPool, build_pool
from certify.services.ports import UnitOfWork
from question_bank.bank import BankRelease, read_release
from question_bank.item import ItemStatus
from question_bank.skills import SkillModel
from rubrics.catalogue import Programme
from rubrics.level_scale import LevelScale


class ReleaseShelf:
    """Releases by digest, pools and exams made of them. Safe to share between threads."""

    def __init__(self) -> None:
        self._releases: dict[str, BankRelease] = {}
        self._pools: dict[tuple[str, str, int], ItemPool] = {}
        self.plan_digests: dict[tuple[str, int, str, str], str] = {}
        self._exams: dict[tuple[str, ...], AdaptiveExam] = {}
        self._forms: dict[str, ExamForm] = {}
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
        """Its operational items as arrays, provisional difficulties anchored on the scale's cuts.

        Pretest items are neither selected nor scored.
        """
        place = (digest, scale.code, scale.version)
        if place not in self._pools:
            release = self.release(work, digest, model)
            by_status = {
                status: [v.item for v in release.items if v.status is status]
                for status in (ItemStatus.OPERATIONAL, ItemStatus.PRETEST)
            }
            pool = build_pool(
                by_status[ItemStatus.OPERATIONAL],
                model.dimension_codes,
                scale.cuts,
                scale.correlation,
                by_status[ItemStatus.PRETEST],
            )
            with self._lock:
                self._pools.setdefault(place, pool)
        return self._pools[place]

    def exam(
        self,
        work: UnitOfWork,
        programme: Programme,
        level: str,
        make_blueprint: Callable[[Programme, str], ExamBlueprint],
        release_digest: str,
        plan_digest: str,
        model: SkillModel,
        form_digests: Sequence[str] = (),
    ) -> AdaptiveExam:
        """A level's blueprint on a release with its exposure plan (none for an empty digest).

        `form_digests` name the forms of its other parts.
        """
        exam = f"{programme.code}/{programme.version}/{level}"
        place = (exam, release_digest, plan_digest, *form_digests)
        if place not in self._exams:
            pool = self.pool(work, release_digest, model, programme.scale)
            plan = self._plan(work, plan_digest) if plan_digest else None
            forms = {digest: self.form(work, digest) for digest in form_digests}
            blueprint = make_blueprint(programme, level)
            with self._lock:
                self._exams.setdefault(place, AdaptiveExam(pool, blueprint, plan, forms))
        return self._exams[place]

    def form(self, work: UnitOfWork, digest: str) -> ExamForm:
        """The paper of this digest. Raises NotFound, or MalformedForm when it was altered."""
        if digest not in self._forms:
            content = work.forms.content(digest)
            if content is None:
                raise NotFound(kind="Paper", identifier=digest)
            with self._lock:
                self._forms.setdefault(digest, read_form(content, digest))
        return self._forms[digest]

    def item_ids(self, work: UnitOfWork, form_digest: str) -> frozenset[str]:
        """The ids of a form's items. Raises as `form` does."""
        return frozenset(entry.item_id for entry in self.form(work, form_digest).items)

    def _plan(self, work: UnitOfWork, digest: str) -> ExposurePlan:
        content = work.exposure_plans.content(digest)
        if content is None:
            raise NotFound(kind="Exposure plan", identifier=digest)
        return read_plan(content, digest)
