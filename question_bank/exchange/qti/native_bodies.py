"""Item bodies of our own items: the stem in XHTML and the interaction of each type."""

from collections.abc import Callable, Iterable, Mapping

from question_bank.answer_key import EssayKey, NumericKey
from question_bank.exchange.markdown_nodes import block_nodes, inline_nodes
from question_bank.exchange.qti.native_blanks import blanks_of
from question_bank.item import Item, ItemType, Option
from question_bank.qti.tree import Node
from question_bank.response_processing import RESPONSE

STIMULUS_CLASS = "stimulus"
NUMBER_LENGTH = "12"
SHORTEST_BLANK = 6


def body_of(item: Item, names: Mapping[str, str], stimulus: bool) -> Node:
    """The body: the stimulus where it shall stand in the item, the stem, the interaction.

    `names` are the identifiers of options and targets; of a fill-in item, those of the responses.
    """
    parts = list(stimulus_nodes(item)) if stimulus else []
    if item.type is ItemType.FILL_IN:
        parts += _stem_with_blanks(item, names)
    else:
        parts += block_nodes(item.stem)
        parts.append(_INTERACTIONS[item.type](item, names))
    reference = item.answer_key.reference if isinstance(item.answer_key, EssayKey) else ""
    if reference:
        content = Node("qti-content-body", {}, block_nodes(reference))
        parts.append(Node("qti-rubric-block", {"view": "scorer", "use": "scoring"}, (content,)))
    return Node("qti-item-body", {}, tuple(parts))


def stimulus_nodes(item: Item) -> tuple[Node, ...]:
    """The shared case as a part of the body."""
    if item.stimulus is None:
        return ()
    title = item.stimulus.title
    heading = (Node("p", {}, (Node("strong", {}, (title,)),)),) if title else ()
    content = (*heading, *block_nodes(item.stimulus.text))
    return (Node("div", {"class": STIMULUS_CLASS}, content),) if content else ()


def _stem_with_blanks(item: Item, names: Mapping[str, str]) -> Iterable[Node]:
    """The stem with an entry in place of each mark, once; blanks without a mark follow."""
    waiting = {blank.id: blank for blank in blanks_of(item)}

    def entry(blank_id: str) -> Node | None:
        blank = waiting.pop(blank_id, None)
        if blank is None:
            return None
        longest = max((len(answer.text) for answer in blank.accepted), default=0)
        return _entry(names[blank_id], str(max(SHORTEST_BLANK, longest)))

    yield from block_nodes(item.stem, entry)
    for blank_id in tuple(waiting):
        made = entry(blank_id)
        if made is not None:
            yield Node("p", {}, (made,))


def _entry(name: str, length: str) -> Node:
    attributes = {"response-identifier": name, "expected-length": length}
    return Node("qti-text-entry-interaction", attributes)


def _choice(item: Item, names: Mapping[str, str]) -> Node:
    most = "0" if item.type is ItemType.MULTIPLE else "1"
    attributes = {"response-identifier": RESPONSE, "shuffle": _flag(item), "max-choices": most}
    return Node("qti-choice-interaction", attributes, _simple_choices(item, names))


def _order(item: Item, names: Mapping[str, str]) -> Node:
    attributes = {"response-identifier": RESPONSE, "shuffle": _flag(item)}
    return Node("qti-order-interaction", attributes, _simple_choices(item, names))


def _simple_choices(item: Item, names: Mapping[str, str]) -> tuple[Node, ...]:
    return tuple(
        Node("qti-simple-choice", {"identifier": names[option.id]}, inline_nodes(option.text))
        for option in item.options
    )


def _match(item: Item, names: Mapping[str, str]) -> Node:
    attributes = {
        "response-identifier": RESPONSE,
        "shuffle": _flag(item),
        "max-associations": str(len(item.options)),
    }
    sets = (_match_set(item.options, names, "1"), _match_set(item.targets, names, "0"))
    return Node("qti-match-interaction", attributes, sets)


def _match_set(options: Iterable[Option], names: Mapping[str, str], most: str) -> Node:
    """Options are used once, targets as often as wanted (0)."""
    choices = (
        Node(
            "qti-simple-associable-choice",
            {"identifier": names[option.id], "match-max": most},
            inline_nodes(option.text),
        )
        for option in options
    )
    return Node("qti-simple-match-set", {}, tuple(choices))


def _number(item: Item, names: Mapping[str, str]) -> Node:
    unit = item.answer_key.unit if isinstance(item.answer_key, NumericKey) else ""
    after = (" ", *inline_nodes(unit)) if unit else ()
    return Node("p", {}, (_entry(RESPONSE, NUMBER_LENGTH), *after))


def _essay(item: Item, names: Mapping[str, str]) -> Node:
    most = item.answer_key.most_characters if isinstance(item.answer_key, EssayKey) else 0
    attributes = {"response-identifier": RESPONSE}
    if most:
        attributes |= {"expected-length": str(most), "pattern-mask": rf"[\s\S]{{0,{most}}}"}
    return Node("qti-extended-text-interaction", attributes)


def _flag(item: Item) -> str:
    return "true" if item.shuffle and item.type is not ItemType.TRUE_FALSE else "false"


_INTERACTIONS: Mapping[ItemType, Callable[[Item, Mapping[str, str]], Node]] = {
    ItemType.SINGLE: _choice,
    ItemType.MULTIPLE: _choice,
    ItemType.TRUE_FALSE: _choice,
    ItemType.ORDER: _order,
    ItemType.MATCH: _match,
    ItemType.NUMERIC: _number,
    ItemType.ESSAY: _essay,
}
