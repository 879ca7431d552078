"""Blueprints of papers: kept with all their versions, and judged against the newest release."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from certify.errors import BlueprintChanged, NotFound
from certify.exams.errors import BlueprintFault
from certify.exams.fixed_forms.blueprint import SECTIONS, Attribute, FormBlueprint, find_faults
from certify.exams.fixed_forms.candidates import find_candidates
from certify.exams.fixed_forms.diagnosis import Diagnosis, diagnose
from certify.exams.fixed_forms.mapping import (
    blueprint_from_mapping,
    blueprint_to_mapping,
    default_blueprints,
)
from certify.services.acting import TEACHER, Actor
from certify.services.context import ServiceContext
from certify.services.ports import Page, StoredBlueprint, StoredRelease, UnitOfWork
from certify.services.releasing import newest_release
from certify.services.versioning import note_event
from question_bank.curriculum import Curriculum, load_curriculum

__all__ = [
    "BlueprintCheck",
    "PaperBlueprint",
    "check_blueprint",
    "get_blueprint",
    "list_blueprints",
    "list_curriculum",
    "list_default_blueprints",
    "save_blueprint",
]


@dataclass(frozen=True, slots=True)
class PaperBlueprint:
    """A blueprint as it is kept."""

    id: str
    version: int
    author: str
    created_at: dt.datetime
    blueprint: FormBlueprint


@dataclass(frozen=True, slots=True)
class BlueprintCheck:
    """What stands against a blueprint: its own numbers, else what the release lacks for it.

    `sections`: how many items of each type there are at the blueprint's levels, also of types that
    the paper does not have yet.
    """

    faults: tuple[BlueprintFault, ...]
    diagnosis: Diagnosis | None
    release: StoredRelease
    sections: Mapping[str, int]

    @property
    def is_satisfiable(self) -> bool:
        """Whether papers can be assembled."""
        return self.diagnosis is not None and self.diagnosis.is_satisfiable


def list_default_blueprints() -> Mapping[str, FormBlueprint]:
    """Our own starting points by name; none is the official format of any exam."""
    return default_blueprints()


def list_curriculum() -> Curriculum:
    """Work areas and chapters, whose codes rules may count."""
    return load_curriculum()


def list_blueprints(context: ServiceContext, *, number: int = 1, size: int = 50) -> Page:
    """The newest version of each blueprint as `PaperBlueprint`, the one changed last first."""
    with context.database.reading() as work:
        page = work.blueprints.page(number=number, size=size)
    return replace(page, rows=tuple(_read(stored) for stored in page.rows))


def get_blueprint(context: ServiceContext, blueprint_id: str, version: int = 0) -> PaperBlueprint:
    """One version of a blueprint, by default the newest. Raises NotFound or MalformedForm."""
    with context.database.reading() as work:
        return find_blueprint(work, blueprint_id, version)


def find_blueprint(work: UnitOfWork, blueprint_id: str, version: int = 0) -> PaperBlueprint:
    """The same within an open unit of work. Raises NotFound or MalformedForm."""
    stored = (
        work.blueprints.get(blueprint_id, version)
        if version
        else work.blueprints.newest(blueprint_id)
    )
    if stored is None:
        raise NotFound(kind="Blueprint", identifier=blueprint_id)
    return _read(stored)


def save_blueprint(
    context: ServiceContext,
    blueprint: FormBlueprint,
    *,
    blueprint_id: str = "",
    based_on: int = 0,
    actor: Actor,
) -> PaperBlueprint:
    """Keep the next version; without an id it is a new blueprint.

    What the bank lacks does not hinder saving. Raises NotPermitted, the first BlueprintFault, or
    BlueprintChanged when somebody saved in between.
    """
    actor.require(TEACHER)
    blueprint = replace(blueprint, title=" ".join(blueprint.title.split()))
    faults = find_faults(blueprint)
    if faults:
        raise faults[0]
    kept = PaperBlueprint(
        id=blueprint_id or context.new_id(),
        version=based_on + 1,
        author=actor.name,
        created_at=context.clock(),
        blueprint=blueprint,
    )
    with context.database.writing() as work:
        newest = work.blueprints.newest(kept.id)
        found = newest.version if newest else 0
        if blueprint_id and newest is None:
            raise NotFound(kind="Blueprint", identifier=blueprint_id)
        if found != based_on or not work.blueprints.add(_to_stored(kept)):
            raise BlueprintChanged(expected=based_on, found=found)
        note_event(context, work, actor.name, "blueprint.save", kept.id, f"v{kept.version}")
        work.commit()
    return kept


def check_blueprint(context: ServiceContext, blueprint: FormBlueprint) -> BlueprintCheck:
    """Whether papers could be assembled from the newest release. Raises NoRelease."""
    with context.database.reading() as work:
        stored = newest_release(work)
        release = context.shelf.release(work, stored.digest, context.skill_model)
    every_type = replace(blueprint, points=dict.fromkeys(SECTIONS, Fraction(1)))
    sections = find_candidates(every_type, release.items).count(Attribute.SECTION)
    faults = find_faults(blueprint)
    if faults:
        return BlueprintCheck(faults, None, stored, sections)
    diagnosis = diagnose(blueprint, find_candidates(blueprint, release.items))
    return BlueprintCheck((), diagnosis, stored, sections)


def _read(stored: StoredBlueprint) -> PaperBlueprint:
    blueprint = blueprint_from_mapping(stored.content)
    return PaperBlueprint(stored.id, stored.version, stored.author, stored.created_at, blueprint)


def _to_stored(kept: PaperBlueprint) -> StoredBlueprint:
    return StoredBlueprint(
        id=kept.id,
        version=kept.version,
        title=kept.blueprint.title,
        level=kept.blueprint.level,
        content=blueprint_to_mapping(kept.blueprint),
        author=kept.author,
        created_at=kept.created_at,
    )
