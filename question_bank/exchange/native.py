"""Our own item format: the mapping that stands in YAML content files and in bank releases.

`item_to_mapping` emits text, integers, booleans, lists and mappings only (numbers with a fraction
travel as text), so that its canonical JSON is the same on every machine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from question_bank.errors import DuplicateItem, MalformedItem, UnreadableContent
from question_bank.exchange.field_reader import FieldReader
from question_bank.exchange.native_keys import (
    OPTION_TYPES,
    key_to_mapping,
    read_answer_key,
    read_options,
    read_scoring,
    read_targets,
    scoring_to_mapping,
)
from question_bank.item import (
    CalibratedParameters,
    Explanation,
    Item,
    ItemFile,
    ItemType,
    ProvisionalDifficulty,
    Stimulus,
    WrongAnswer,
)
from question_bank.scoring import PLAIN_SCORING
from question_bank.skills import LEVELS, SkillModel

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    shared = {"node": str(data["node"])}
    stimuli = {
        part.text("id"): dict(part.data) for part in FieldReader(data, where).parts("stimuli")
    }
    return tuple(
        item_from_mapping(
            with_stimulus({**shared, **entry}, stimuli, f"{where}, entry {number}"),
            model,
            f"{where}, entry {number}",
        )
        for number, entry in _entries(data["items"], where)
    )


def with_stimulus(entry: dict[str, Any], stimuli: Mapping[str, Any], where: str) -> dict[str, Any]:
    """A content file names its stimuli once; an item refers to one by its id."""
    named = entry.get("stimulus")
    if not isinstance(named, str):
        return entry
    if named not in stimuli:
        found = repr(named)[:60]
        expected = f"a stimulus of this file ({', '.join(stimuli) or 'it has none'})"
        raise MalformedItem(where=f"{where}, field stimulus", expected=expected, found=found)
    return {**entry, "stimulus": stimuli[named]}


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
        *("difficulty", "calibration", "enemies", "valid_until", "targets", "scoring"),
        *("stimulus", "work_area", "chapter", "files", "markup", "shuffle"),
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
    if node and node not in model.nodes:
        raise reader.fault("node", "a node of the skill model", node)
    item_type = reader.choice("type", tuple(ItemType))
    return Item(
        id=reader.text("id"),
        node=node,
        dimension=_dimension(reader, node, model),
        level=reader.choice("level", LEVELS) if reader.data.get("level") != "" else "",
        type=ItemType(item_type),
        point=reader.text("point", default=""),
        bloom=reader.text("bloom", default=""),
        stem=reader.text("stem").strip(),
        options=read_options(reader, item_type),
        answer_key=read_answer_key(reader, item_type),
        explanation=_explanation(reader, item_type),
        source=reader.text("source", default=""),
        expected_seconds=reader.integer("expected_seconds"),
        difficulty=_difficulty(reader),
        calibration=_calibration(reader),
        enemies=reader.names("enemies", "a list of item ids"),
        valid_until=reader.date("valid_until"),
        targets=read_targets(reader, item_type),
        scoring=read_scoring(reader),
        stimulus=_stimulus(reader),
        work_area=reader.text("work_area", default=""),
        chapter=reader.text("chapter", default=""),
        files=_files(reader),
        markup=reader.text("markup", default=""),
        shuffle=reader.flag("shuffle", default=True),
    )


def _dimension(reader: FieldReader, node: str, model: SkillModel) -> str:
    """The node's primary dimension unless another is named; an untagged item has none."""
    if not node:
        return reader.text("dimension", default="")
    return reader.choice("dimension", model.dimension_codes, default=model.nodes[node].primary)


def item_to_mapping(item: Item) -> dict[str, Any]:
    """The mapping that `item_from_mapping` reads back to an equal item.

    What an item does not have is left out, so that formats that grow keep old digests.
    """
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
        **key_to_mapping(item),
    }
    if item.scoring != PLAIN_SCORING:
        data["scoring"] = scoring_to_mapping(item.scoring)
    if item.calibration:
        data["calibration"] = _calibration_to_mapping(item.calibration)
    if item.valid_until:
        data["valid_until"] = item.valid_until.isoformat()
    if item.stimulus:
        data["stimulus"] = asdict(item.stimulus)
    if item.files:
        data["files"] = [_file_to_mapping(file) for file in item.files]
    if not item.shuffle:
        data["shuffle"] = False
    for name in ("work_area", "chapter", "markup"):
        if getattr(item, name):
            data[name] = getattr(item, name)
    return data


def _calibration_to_mapping(fitted: CalibratedParameters) -> dict[str, Any]:
    return {
        "a": repr(fitted.a),
        "b": repr(fitted.b),
        "c": repr(fitted.c),
        "responses": fitted.responses,
    }


def _file_to_mapping(file: ItemFile) -> dict[str, Any]:
    return {"name": file.name, "media_type": file.media_type, "digest": file.digest}


def _explanation(reader: FieldReader, item_type: str) -> Explanation:
    """Notes on options and named slips only where the type has them: the rest would not travel."""
    options = reader.parts("options") if item_type in OPTION_TYPES else ()
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


def _stimulus(reader: FieldReader) -> Stimulus | None:
    if reader.data.get("stimulus") is None:
        return None
    return read_stimulus(reader.part("stimulus"))


def read_stimulus(part: FieldReader) -> Stimulus:
    """A shared case: id, title and text."""
    return Stimulus(part.text("id"), part.text("title", default=""), part.text("text").strip())


def _files(reader: FieldReader) -> tuple[ItemFile, ...]:
    return tuple(
        ItemFile(part.text("name"), part.text("media_type"), part.text("digest"))
        for part in reader.parts("files")
    )
