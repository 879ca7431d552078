"""Our tags as the labels of formats that know only labels: `level:novice`, `node:10`.

Written by GIFT and Moodle XML, read back from there. A label that is not ours is given back, so
that the reader can name it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from question_bank.answer_key import EssayKey, NumericKey
from question_bank.item import Item, ProvisionalDifficulty
from question_bank.scoring import Scoring, ScoringRule
from question_bank.skills import LEVELS, load_skill_model

TEXT_LABELS = ("point", "bloom", "work_area", "source")
STIMULUS = "stimulus:"
_LONGEST_NUMBER = 9


def labels_of(item: Item, natural: Scoring, *, points: bool = True) -> list[str]:
    """What the item is tagged with, as labels `name:value`; only what it has.

    `natural` is the scoring that the format says by itself; another rule is labelled, and the
    points unless the format has a place for them.
    """
    values = {
        "node": item.node,
        "dimension": item.dimension,
        "level": item.level,
        **{name: getattr(item, name) for name in TEXT_LABELS},
        "seconds": str(item.expected_seconds),
        "difficulty": f"{item.difficulty.p} {item.difficulty.basis}",
        "until": item.valid_until.isoformat() if item.valid_until else "",
        **_labels_of_key(item),
    }
    if item.scoring.rule is not natural.rule:
        values["scoring"] = item.scoring.rule.value
    if points and item.scoring.max_points != 1:
        values["points"] = str(item.scoring.max_points)
    labels = [f"{name}:{value}" for name, value in values.items() if value]
    labels += [f"enemy:{enemy}" for enemy in item.enemies]
    labels += [f"{STIMULUS}{item.stimulus.id}"] if item.stimulus else []
    return labels if item.shuffle else [*labels, "shuffle:no"]


def _labels_of_key(item: Item) -> dict[str, str]:
    match item.answer_key:
        case NumericKey() as key:
            decimals = "" if key.decimals == decimal_places(key.value) else str(key.decimals)
            return {"unit": key.unit, "formula": key.formula, "decimals": decimals}
        case EssayKey(most_characters=most):
            return {"characters": str(most or "")}
        case _:
            return {}


def labelled_item(item: Item, labels: Iterable[str]) -> tuple[Item, list[str]]:
    """The item with the tags that its labels say, and the labels that say nothing to us."""
    strange = []
    for label in labels:
        name, _colon, value = label.partition(":")
        set_field = _SETTERS.get(name.strip())
        changed = set_field(item, value.strip()) if set_field and value.strip() else None
        if changed is None:
            strange.append(label)
        else:
            item = changed
    return item, strange


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < _LONGEST_NUMBER


def decimal_places(value: Decimal) -> int:
    """Digits after the point, as the number is written."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _node(item: Item, value: str) -> Item | None:
    return replace(item, node=value) if value in load_skill_model().nodes else None


def _dimension(item: Item, value: str) -> Item | None:
    return replace(item, dimension=value) if value in load_skill_model().dimension_codes else None


def _level(item: Item, value: str) -> Item | None:
    return replace(item, level=value) if value in LEVELS else None


def _seconds(item: Item, value: str) -> Item | None:
    return replace(item, expected_seconds=int(value)) if _is_count(value) else None


def _until(item: Item, value: str) -> Item | None:
    try:
        return replace(item, valid_until=dt.date.fromisoformat(value))
    except ValueError:
        return None


def _enemy(item: Item, value: str) -> Item | None:
    return replace(item, enemies=(*item.enemies, value))


def _shuffle(item: Item, value: str) -> Item | None:
    return replace(item, shuffle=False) if value == "no" else None


def _difficulty(item: Item, value: str) -> Item | None:
    share, _blank, basis = value.partition(" ")
    try:
        p = Decimal(share)
    except InvalidOperation:
        return None
    if not p.is_finite() or not 0 < p < 1 or not basis:
        return None
    return replace(item, difficulty=ProvisionalDifficulty(p, basis))


def _scoring(item: Item, value: str) -> Item | None:
    plain = set(ScoringRule) - {ScoringRule.MAPPED}
    if value not in plain:
        return None
    return replace(item, scoring=replace(item.scoring, rule=ScoringRule(value), mapping={}))


def _points(item: Item, value: str) -> Item | None:
    try:
        points = Fraction(value) if len(value) <= _LONGEST_NUMBER else Fraction(0)
    except (ValueError, ZeroDivisionError):
        return None
    if points <= 0:
        return None
    factor = points / item.scoring.max_points
    mapping = {option: share * factor for option, share in item.scoring.mapping.items()}
    return replace(item, scoring=replace(item.scoring, max_points=points, mapping=mapping))


def _unit(item: Item, value: str) -> Item | None:
    key = item.answer_key
    if not isinstance(key, NumericKey):
        return None
    return replace(item, answer_key=replace(key, unit=value))


def _formula(item: Item, value: str) -> Item | None:
    key = item.answer_key
    if not isinstance(key, NumericKey):
        return None
    return replace(item, answer_key=replace(key, formula=value))


def _decimal_places(item: Item, value: str) -> Item | None:
    key = item.answer_key
    if not isinstance(key, NumericKey) or not _is_count(value):
        return None
    return replace(item, answer_key=replace(key, decimals=int(value)))


def _characters(item: Item, value: str) -> Item | None:
    key = item.answer_key
    if not isinstance(key, EssayKey) or not _is_count(value):
        return None
    return replace(item, answer_key=replace(key, most_characters=int(value)))


def _text_setter(name: str) -> Callable[[Item, str], Item | None]:
    return lambda item, value: replace(item, **{name: value})  # type: ignore[arg-type]


_SETTERS: Mapping[str, Callable[[Item, str], Item | None]] = {
    **{name: _text_setter(name) for name in TEXT_LABELS},
    "node": _node,
    "dimension": _dimension,
    "level": _level,
    "seconds": _seconds,
    "difficulty": _difficulty,
    "until": _until,
    "enemy": _enemy,
    "shuffle": _shuffle,
    "scoring": _scoring,
    "points": _points,
    "unit": _unit,
    "formula": _formula,
    "decimals": _decimal_places,
    "characters": _characters,
}
