"""A blueprint as a JSON-able mapping and back, and the default blueprints that are data."""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

import yaml

from certify.exams.errors import MalformedForm
from certify.exams.fixed_forms.blueprint import (
    Attribute,
    BlockRule,
    CountRule,
    FormBlueprint,
    InformationTarget,
    Unit,
)


def blueprint_to_mapping(blueprint: FormBlueprint) -> dict[str, Any]:
    """Plain values; points as text, so that none is rounded."""
    return {
        **asdict(blueprint),
        "levels": list(blueprint.levels),
        "points": {section: str(worth) for section, worth in blueprint.points.items()},
        "rules": [asdict(rule) for rule in blueprint.rules],
        "required": sorted(blueprint.required),
        "excluded": sorted(blueprint.excluded),
        "target": {
            "offsets": list(blueprint.target.offsets),
            "values": list(blueprint.target.values),
        },
    }


def blueprint_from_mapping(data: Mapping[str, Any]) -> FormBlueprint:
    """What `blueprint_to_mapping` wrote; what is left out has its default.

    Raises MalformedForm for another shape.
    """
    try:
        target = data.get("target", {})
        read = {
            **data,
            "levels": tuple(data["levels"]),
            "points": {name: Fraction(str(worth)) for name, worth in data["points"].items()},
            "rules": tuple(_rule(rule) for rule in data.get("rules", ())),
            "blocks": BlockRule(**data.get("blocks", {})),
            "required": frozenset(data.get("required", ())),
            "excluded": frozenset(data.get("excluded", ())),
            "target": InformationTarget(
                **{name: tuple(map(float, values)) for name, values in target.items()}
            ),
        }
        return FormBlueprint(**read)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise MalformedForm(reason=repr(error)) from error


def _rule(data: Mapping[str, Any]) -> CountRule:
    return CountRule(
        attribute=Attribute(data["attribute"]),
        value=str(data["value"]),
        minimum=data.get("minimum"),
        maximum=data.get("maximum"),
        unit=Unit(data.get("unit", Unit.ITEMS)),
    )


@cache
def default_blueprints() -> Mapping[str, FormBlueprint]:
    """Our own starting points by name, to be copied and changed; no official format of any exam."""
    source = resources.files("certify.exams.fixed_forms") / "default_blueprints.yaml"
    listed = yaml.safe_load(source.read_text(encoding="utf-8"))
    return {name: _default(entry) for name, entry in listed.items()}


def _default(entry: Mapping[str, Any]) -> FormBlueprint:
    """Rules are written short: section counts, then shares in percent with a tolerance."""
    rules = [
        {"attribute": Attribute.SECTION, "value": name, "minimum": count, "maximum": count}
        for name, count in entry["counts"].items()
    ]
    for attribute, shares in entry["shares"].items():
        rules += [
            {
                "attribute": attribute,
                "value": value,
                "minimum": max(0, share - entry["tolerance"][attribute]),
                "maximum": min(100, share + entry["tolerance"][attribute]),
                "unit": Unit.PERCENT,
            }
            for value, share in shares.items()
        ]
    rules += entry.get("rules", [])
    plain = {k: v for k, v in entry.items() if k not in ("counts", "shares", "tolerance", "rules")}
    return blueprint_from_mapping({**plain, "rules": rules})
