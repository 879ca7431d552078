"""Our own item format: the mapping that stands in YAML content files and in bank releases.

`item_to_mapping` emits text, integers, booleans, lists and mappings only (numbers with a fraction
travel as text), so that its canonical JSON is the same on every machine.
"""

from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from question_bank.errors import DuplicateItem, MalformedItem, UnreadableContent
from question_bank.exchange.field_reader import FieldReader
from question_bank.interactions import TRUE_FALSE_IDS
from question_bank.item import (
    AnswerKey,
    CalibratedParameters,
    ChoiceKey,
    Explanation,
    Item,
    ItemType,
    NumericKey,
    Option,
    ProvisionalDifficulty,
    WrongAnswer,
)
from question_bank.skills import SkillModel

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TRUE_FALSE_TEXT = {"true": "正确", "false": "错误"}
CHOICE_TYPES = (ItemType.SINGLE, ItemType.MULTIPLE)
"""Types whose options the author writes."""


def read_yaml(text: str, where: str) -> Any:
    """Parse YAML safely. Raises UnreadableContent with the place of the fault."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, in C where built
    except yaml.YAMLError as error:
        raise UnreadableContent(where=where, reason=" ".join(str(error).split())) from error


def read_content(folder: Traversable, model: SkillModel) -> tuple[Item, ...]:
    """All items below a content folder (`<dimension>/<node>.yaml`), ordered by id.

    Raises UnreadableContent, MalformedItem or DuplicateItem naming file and item.
    """
    items: dict[str, Item] = {}
    for path in _yaml_files(folder):
        for item in read_content_file(_read_text(path), path.name, model):
            if item.id in items:
                raise DuplicateItem(where=path.name, item_id=item.id)
            items[item.id] = item
    return tuple(items[item_id] for item_id in sorted(items))


def read_content_file(text: str, where: str, model: SkillModel) -> tuple[Item, ...]:
    """The items of one content file: a mapping with `node` and `items`."""
    data = read_yaml(text, where)
    if (
        not isinstance(data, Mapping)
        or "node" not in data
        or not isinstance(data.get("items"), list)
    ):
        found = repr(data)[:60]
        raise MalformedItem(where=where, expected="a mapping with node and items", found=found)
    node = str(data["node"])
    return tuple(
        item_from_mapping({"node": node, **entry}, model, f"{where}, entry {number}")
        for number, entry in _entries(data["items"], where)
    )


def _entries(listed: list[Any], where: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    for number, entry in enumerate(listed, start=1):
        if not isinstance(entry, Mapping):
            place, found = f"{where}, entry {number}", repr(entry)[:60]
            raise MalformedItem(where=place, expected="a mapping", found=found)
        yield number, entry


def _read_text(path: Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableContent(where=path.name, reason=str(error)) from error


def _yaml_files(folder: Traversable) -> Iterable[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda path: path.name):
        if entry.is_dir():
            yield from _yaml_files(entry)
        elif entry.name.endswith(".yaml"):
            yield entry


FIELDS = frozenset(
    (
        *("id", "node", "dimension", "level", "type", "point", "bloom", "stem", "options"),
        *("answer", "wrong_answers", "explanation", "takeaway", "source", "expected_seconds"),
        *("difficulty", "calibration", "enemies", "valid_until"),
    )
)
"""What an item's mapping may hold; anything else is a slip of the pen and refused."""


def item_from_mapping(data: Mapping[str, Any], model: SkillModel, where: str) -> Item:
    """Read one item. Raises MalformedItem naming the field, what was expected and found.

    Only the shape is checked here; `validation.validate_item` judges the content.
    """
    reader = FieldReader(data, f"{where} ({data.get('id', 'no id')})")
    for name in data:
        if name not in FIELDS:
            raise reader.fault(str(name), f"no field but {', '.join(sorted(FIELDS))}", name)
    node = reader.text("node")
    if node not in model.nodes:
        raise reader.fault("node", "a node of the skill model", node)
    item_type = reader.choice("type", tuple(ItemType))
    return Item(
        id=reader.text("id"),
        node=node,
        dimension=reader.choice(
            "dimension", model.dimension_codes, default=model.nodes[node].primary
        ),
        level=reader.choice("level", ("novice", "proficient", "elite")),
        type=ItemType(item_type),
        point=reader.text("point", default=""),
        bloom=reader.text("bloom", default=""),
        stem=reader.text("stem").strip(),
        options=_options(reader, item_type),
        answer_key=_answer_key(reader, item_type),
        explanation=_explanation(reader, item_type),
        source=reader.text("source", default=""),
        expected_seconds=reader.integer("expected_seconds"),
        difficulty=_difficulty(reader),
        calibration=_calibration(reader),
        enemies=reader.names("enemies", "a list of item ids"),
        valid_until=reader.date("valid_until"),
    )


def item_to_mapping(item: Item) -> dict[str, Any]:
    """The mapping that `item_from_mapping` reads back to an equal item."""
    key = item.answer_key
    data: dict[str, Any] = {
        "id": item.id,
        "node": item.node,
        "dimension": item.dimension,
        "level": item.level,
        "type": item.type.value,
        "point": item.point,
        "bloom": item.bloom,
        "stem": item.stem,
        "explanation": item.explanation.text,
        "takeaway": item.explanation.takeaway,
        "source": item.source,
        "expected_seconds": item.expected_seconds,
        "difficulty": {"p": str(item.difficulty.p), "basis": item.difficulty.basis},
        "enemies": list(item.enemies),
    }
    if isinstance(key, NumericKey):
        data["answer"] = {
            "value": str(key.value),
            "tolerance": str(key.tolerance),
            "decimals": key.decimals,
            "unit": key.unit,
            "formula": key.formula,
        }
    elif item.type is ItemType.TRUE_FALSE:
        data["answer"] = sorted(key.correct) == ["true"] if key else None
    elif item.type in CHOICE_TYPES:
        data["options"] = [_option_to_mapping(item, option) for option in item.options]
    if item.type is ItemType.NUMERIC:
        data["wrong_answers"] = [
            {"value": str(wrong.value), "note": wrong.note}
            for wrong in item.explanation.wrong_answers
        ]
    if item.calibration:
        fitted = item.calibration
        data["calibration"] = {
            "a": repr(fitted.a),
            "b": repr(fitted.b),
            "c": repr(fitted.c),
            "responses": fitted.responses,
        }
    if item.valid_until:
        data["valid_until"] = item.valid_until.isoformat()
    return data


def _option_to_mapping(item: Item, option: Option) -> dict[str, Any]:
    key = item.answer_key
    return {
        "id": option.id,
        "text": option.text,
        "correct": isinstance(key, ChoiceKey) and option.id in key.correct,
        "note": item.explanation.option_notes.get(option.id, ""),
    }


def _options(reader: FieldReader, item_type: str) -> tuple[Option, ...]:
    if item_type == ItemType.TRUE_FALSE:
        return tuple(Option(option_id, TRUE_FALSE_TEXT[option_id]) for option_id in TRUE_FALSE_IDS)
    if item_type == ItemType.NUMERIC:
        return ()
    return tuple(Option(part.text("id"), _option_text(part)) for part in reader.parts("options"))


def _option_text(part: FieldReader) -> str:
    value = part.data.get("text")
    # YAML reads 40 as a number, which is the same as text; 2.50 would come out as 2.5
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return part.text("text", default="")


def _answer_key(reader: FieldReader, item_type: str) -> AnswerKey | None:
    if item_type == ItemType.NUMERIC:
        return _numeric_key(reader) if reader.data.get("answer") is not None else None
    if item_type == ItemType.TRUE_FALSE:
        answer = reader.data.get("answer")
        if answer is not None and not isinstance(answer, bool):
            raise reader.fault("answer", "true or false", answer)
        return None if answer is None else ChoiceKey(frozenset({"true" if answer else "false"}))
    correct = frozenset(part.text("id") for part in reader.parts("options") if part.flag("correct"))
    return ChoiceKey(correct) if correct else None


def _numeric_key(reader: FieldReader) -> NumericKey:
    part = reader.part("answer")
    return NumericKey(
        value=part.decimal("value"),
        tolerance=part.decimal("tolerance"),
        decimals=part.integer("decimals"),
        unit=part.text("unit", default=""),
        formula=part.text("formula", default=""),
    )


def _explanation(reader: FieldReader, item_type: str) -> Explanation:
    """Notes on options and named slips only where the type has them: the rest would not travel."""
    options = reader.parts("options") if item_type in CHOICE_TYPES else ()
    slips = reader.parts("wrong_answers") if item_type == ItemType.NUMERIC else ()
    return Explanation(
        text=reader.text("explanation", default="").strip(),
        takeaway=reader.text("takeaway", default="").strip(),
        option_notes={part.text("id"): part.text("note", default="").strip() for part in options},
        wrong_answers=tuple(
            WrongAnswer(part.decimal("value"), part.text("note", default="")) for part in slips
        ),
    )


def _difficulty(reader: FieldReader) -> ProvisionalDifficulty:
    part = reader.part("difficulty")
    return ProvisionalDifficulty(part.decimal("p"), part.text("basis"))


def _calibration(reader: FieldReader) -> CalibratedParameters | None:
    if reader.data.get("calibration") is None:
        return None
    part = reader.part("calibration")
    return CalibratedParameters(
        a=float(part.decimal("a")),
        b=float(part.decimal("b")),
        c=float(part.decimal("c", default="0")),
        responses=part.integer("responses"),
    )
