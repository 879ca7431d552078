"""What to learn next: concrete steps by dimension, from `definitions/learning_steps.yaml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from rubrics.errors import MalformedDefinition
from rubrics.level_decision import DimensionEvidence


@dataclass(frozen=True, slots=True)
class LearningStep:
    """One thing to do and the course chapter behind it."""

    dimension: str
    text_zh: str
    text_en: str
    course_zh: str
    course_en: str


@cache
def load_learning_steps() -> Mapping[str, tuple[LearningStep, ...]]:
    """Steps by dimension letter. Raises MalformedDefinition."""
    path = resources.files("rubrics") / "definitions" / "learning_steps.yaml"
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
        return {
            letter: tuple(
                LearningStep(letter, s["zh"], s["en"], s["course_zh"], s["course_en"])
                for s in steps
            )
            for letter, steps in data.items()
        }
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise MalformedDefinition(
            where=path.name, expected="steps by dimension", found=repr(error)
        ) from error


def choose_steps(
    dimensions: Sequence[DimensionEvidence], count: int = 3
) -> tuple[LearningStep, ...]:
    """One step for each of the weakest assessed dimensions, weakest first.

    Ties go to the heavier weight. Where fewer dimensions were assessed, the weakest ones give a
    second and third step.
    """
    steps = load_learning_steps()
    assessed = [d for d in dimensions if d.theta is not None and d.code in steps]
    ranked = sorted(assessed, key=lambda d: (d.theta, -d.weight, d.code))
    chosen = [
        steps[d.code][turn]
        for turn in range(max((len(s) for s in steps.values()), default=0))
        for d in ranked
        if turn < len(steps[d.code])
    ]
    return tuple(chosen[:count])
