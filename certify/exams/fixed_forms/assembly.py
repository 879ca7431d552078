"""Choosing the items of one or several parallel papers by 0/1 programming.

The programme is `certify.psychometrics.assembly`; here items become its columns and a blueprint
its rows. A seed decides among papers that are about equally good.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from certify.exams.errors import AssemblyFailed
from certify.exams.fixed_forms.blueprint import FormBlueprint
from certify.exams.fixed_forms.candidates import Candidates
from certify.exams.fixed_forms.demands import constraints_of
from certify.exams.fixed_forms.measuring import MeasuringBank
from certify.psychometrics.assembly import TargetInformation, assemble_forms
from certify.psychometrics.errors import ConflictingRequirements, SolverFailed
from certify.psychometrics.item_parameters import FloatArray
from question_bank.item import ItemVersion

NOISE = 0.03
"""By which share an item's information is disturbed, so that another seed gives another paper."""
TOLERANCE = 0.02
"""How far from the best the papers may stay, as a share of the target."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The item versions of each paper, and the information aimed at, (points,)."""

    forms: tuple[tuple[ItemVersion, ...], ...]
    target: tuple[float, ...]


def target_of(blueprint: FormBlueprint, information: FloatArray) -> FloatArray:
    """The information wanted at each ability, (points,).

    As high as possible: more than any paper of this length can have, the same at every ability, so
    that the distance is largest where the paper measures worst, and that is what is made small.
    """
    if not blueprint.target.is_highest:
        return np.array(blueprint.target.values, dtype=np.float64)
    best = np.sort(information, axis=0)[::-1][: blueprint.length].sum(axis=0)
    return np.full(len(best), float(best.max(initial=0.0)))


def assemble(
    blueprint: FormBlueprint,
    candidates: Candidates,
    bank: MeasuringBank,
    *,
    seed: str,
    seconds: float,
) -> Assembled:
    """Papers that meet the blueprint. Raises AssemblyFailed when none was found in time.

    `candidates` must have passed `diagnose`; what only shows between parallel forms ends here.
    """
    source = np.random.default_rng(list(hashlib.sha256(seed.encode()).digest()))
    order = source.permutation(len(candidates.items))
    shuffled = Candidates(tuple(candidates.versions[at] for at in order))
    information = bank.information_at(shuffled.items, blueprint.target.offsets, blueprint.level)
    target = target_of(blueprint, information)
    disturbed = information * source.uniform(1.0 - NOISE, 1.0 + NOISE, (len(order), 1))
    uses = [
        blueprint.forms if item.id in blueprint.required else blueprint.uses
        for item in shuffled.items
    ]
    try:
        found = assemble_forms(
            constraints_of(blueprint, shuffled),
            TargetInformation.of(disturbed, target),
            blueprint.forms,
            max_uses=uses,
            time_limit_seconds=seconds,
            tolerance=float(TOLERANCE * target.max(initial=1.0)),
        )
    except (ConflictingRequirements, SolverFailed) as error:
        raise AssemblyFailed(seconds=round(seconds)) from error
    forms = tuple(_versions(shuffled, form.tolist()) for form in found.forms)
    return Assembled(forms, tuple(float(value) for value in target))


def _versions(candidates: Candidates, places: Sequence[int]) -> tuple[ItemVersion, ...]:
    chosen = (candidates.versions[at] for at in places)
    return tuple(sorted(chosen, key=lambda version: version.item.id))
