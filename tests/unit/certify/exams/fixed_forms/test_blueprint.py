"""A blueprint that contradicts itself is told so, number by number."""

from __future__ import annotations

from fractions import Fraction

import pytest

from certify.exams.errors import (
    BlueprintFault,
    CrossedBounds,
    CrossedItems,
    DuplicateRule,
    FieldOutOfRange,
    MalformedForm,
    NoSections,
    RulesTooLarge,
    UnknownValue,
)
from certify.exams.fixed_forms.blueprint import (
    Attribute,
    CountRule,
    InformationTarget,
    Unit,
    find_faults,
)
from certify.exams.fixed_forms.mapping import (
    blueprint_from_mapping,
    blueprint_to_mapping,
    default_blueprints,
)
from tests.unit.certify.exams.fixed_forms.bank import make_blueprint

SINGLE = CountRule(Attribute.SECTION, "single", 5, 4)


def test_a_blueprint_without_faults_has_none() -> None:
    assert find_faults(make_blueprint()) == ()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"title": " "}, FieldOutOfRange),
        ({"length": 0}, FieldOutOfRange),
        ({"minutes": 601}, FieldOutOfRange),
        ({"forms": 11}, FieldOutOfRange),
        ({"points": {}}, NoSections),
        ({"points": {"single": Fraction(0)}}, FieldOutOfRange),
        ({"points": {"song": Fraction(1)}}, UnknownValue),
        ({"level": "master"}, UnknownValue),
        ({"levels": ()}, UnknownValue),
        ({"rules": (SINGLE,)}, CrossedBounds),
        ({"rules": (CountRule(Attribute.NODE, "01", 1), CountRule(Attribute.NODE, "01", 2))},
         DuplicateRule),
        ({"rules": (CountRule(Attribute.NODE, "01", 30, 40),)}, RulesTooLarge),
        (
            {"rules": tuple(CountRule(Attribute.DIMENSION, d, 10) for d in "STM")},
            RulesTooLarge,
        ),
        ({"required": frozenset({"a"}), "excluded": frozenset({"a"})}, CrossedItems),
        ({"target": InformationTarget((0.0,), (1.0, 2.0))}, UnknownValue),
        ({"target": InformationTarget((9.0,))}, UnknownValue),
        ({"target": InformationTarget((0.0,), (float("nan"),))}, UnknownValue),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_is_named(
    changes: dict[str, object], kind: type[BlueprintFault]
) -> None:
    assert kind in {type(fault) for fault in find_faults(make_blueprint(**changes))}


def test_shares_are_rounded_inwards() -> None:
    rule = CountRule(Attribute.DIMENSION, "T", 15, 25, Unit.PERCENT)
    assert rule.bounds(73) == (11, 18)
    assert CountRule(Attribute.DIMENSION, "T", None, None, Unit.PERCENT).bounds(73) == (0, 73)


def test_points_of_a_paper_follow_from_its_sections() -> None:
    assert make_blueprint().points_range() == (Fraction(35), Fraction(35))


def test_a_blueprint_survives_being_written() -> None:
    for blueprint in (make_blueprint(), *default_blueprints().values()):
        assert blueprint_from_mapping(blueprint_to_mapping(blueprint)) == blueprint


@pytest.mark.parametrize("name", ["novice", "proficient", "elite"])
def test_default_blueprints_are_of_a_hundred_points_and_never_called_official(name: str) -> None:
    blueprint = default_blueprints()[name]
    assert find_faults(blueprint) == ()
    assert blueprint.points_range() == (Fraction(100), Fraction(100))
    assert "自拟" in blueprint.title
    assert "官方" not in blueprint.title


@pytest.mark.parametrize(
    "change",
    [{"points": {"single": "1/0"}}, {"levels": None}, {"rules": [{"attribute": "colour"}]},
     {"blocks": {"size": 1}}, {"unheard": 1}],
)  # fmt: skip
def test_a_mapping_of_another_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(MalformedForm):
        blueprint_from_mapping({**blueprint_to_mapping(make_blueprint()), **change})
