"""The words of printed papers: sections, attributes, and what stands in the way of a blueprint."""

from __future__ import annotations

from flask_babel import LazyString, gettext, lazy_gettext

from certify.exams.errors import BlueprintFault
from certify.exams.fixed_forms.blueprint import BLOCK, Attribute
from certify.exams.fixed_forms.demands import Demand, DemandKind
from certify.exams.fixed_forms.diagnosis import Shortfall
from certify.services.context import ServiceContext
from certify.services.planning_papers import list_curriculum
from certify.web.i18n import current_language, translate_problem
from certify.web.item_words import BLOOM_NAMES, TYPE_NAMES
from certify.web.vocabulary import DIMENSION_NAMES, LEVEL_NAMES

SECTION_NAMES: dict[str, LazyString] = {**TYPE_NAMES, BLOCK: lazy_gettext("Items of a case")}
ATTRIBUTE_NAMES: dict[str, LazyString] = {
    Attribute.SECTION: lazy_gettext("Type of item"),
    Attribute.DIMENSION: lazy_gettext("Dimension"),
    Attribute.NODE: lazy_gettext("Skill"),
    Attribute.LEVEL: lazy_gettext("Level"),
    Attribute.BLOOM: lazy_gettext("Bloom step"),
    Attribute.DIFFICULTY: lazy_gettext("Expected difficulty"),
    Attribute.WORK_AREA: lazy_gettext("Work area"),
    Attribute.CHAPTER: lazy_gettext("Chapter"),
}
DIFFICULTY_NAMES: dict[str, LazyString] = {
    "easy": lazy_gettext("Easy (0.75 and above)"),
    "middle": lazy_gettext("Middle (0.50 to 0.74)"),
    "hard": lazy_gettext("Hard (below 0.50)"),
}
FIELD_NAMES: dict[str, LazyString] = {
    "title": lazy_gettext("Title of the paper"),
    "length": lazy_gettext("Number of items"),
    "minutes": lazy_gettext("Time for the paper"),
    "time_percent": lazy_gettext("Share of the time to be filled"),
    "negative_percent": lazy_gettext("Most negative stems"),
    "forms": lazy_gettext("Parallel forms"),
    "uses": lazy_gettext("Forms that may share an item"),
    "offsets": lazy_gettext("Abilities to measure at"),
    "information": lazy_gettext("Information wanted there"),
    "level": lazy_gettext("Level"),
    "levels": lazy_gettext("Levels of the items"),
    "points": lazy_gettext("Points"),
    "blocks_least": lazy_gettext("Fewest cases"),
    "blocks_most": lazy_gettext("Most cases"),
    "block_least_items": lazy_gettext("Fewest items of a case"),
    "block_most_items": lazy_gettext("Most items of a case"),
    "rules": lazy_gettext("Rule"),
    "unit": lazy_gettext("Unit"),
}


def field_words(name: str) -> str:
    """The label of a field of the blueprint form."""
    if name.startswith("points_"):
        section = str(SECTION_NAMES.get(name.removeprefix("points_"), ""))
        return gettext("Points of: %(section)s", section=section)
    return str(FIELD_NAMES.get(name, name))


def attribute_words(attribute: str) -> str:
    return str(ATTRIBUTE_NAMES.get(attribute, attribute))


def value_words(context: ServiceContext, attribute: str, value: str) -> str:
    """A value that rules count, in the language of the page; codes where there are no words."""
    match attribute:
        case Attribute.SECTION:
            return str(SECTION_NAMES.get(value, value))
        case Attribute.DIMENSION:
            return f"{DIMENSION_NAMES[value]} ({value})" if value in DIMENSION_NAMES else value
        case Attribute.LEVEL:
            return str(LEVEL_NAMES.get(value, value))
        case Attribute.BLOOM:
            return str(BLOOM_NAMES.get(value, value))
        case Attribute.DIFFICULTY:
            return str(DIFFICULTY_NAMES.get(value, value))
    nodes, curriculum = context.skill_model.nodes, list_curriculum()
    place = {
        Attribute.NODE: nodes,
        Attribute.WORK_AREA: curriculum.work_areas,
        Attribute.CHAPTER: curriculum.chapters,
    }[Attribute(attribute)]
    entry = place.get(value)
    title = getattr(entry, f"title_{current_language()}", "")
    return f"{value} {title}".strip()


def fault_words(context: ServiceContext, fault: BlueprintFault) -> str:
    """What contradicts in a blueprint, with fields and values in words."""
    params = dict(fault.params)
    attribute = str(params.get("attribute", ""))
    if "value" in params:
        params["value"] = value_words(context, attribute, str(params["value"]))
    if attribute:
        params["attribute"] = attribute_words(attribute)
    if "field" in params:
        params["field"] = field_words(str(params["field"]))
    return translate_problem(type(fault)(**params))


def demand_words(context: ServiceContext, shortfall: Shortfall) -> str:
    """One requirement in the way: what is wanted, what is there, what can be had."""
    demand = shortfall.demand
    if demand.kind is DemandKind.TRUTH:
        return gettext("True and false statements in about equal parts")
    if demand.kind is DemandKind.REQUIRED:
        return gettext("Item %(item)s is required", item=demand.value)
    subject = _subject(context, demand)
    if demand.kind is DemandKind.TIME:
        return _time_words(subject, shortfall)
    bound = f"{demand.bound:g}"
    if not demand.is_minimum:
        words = gettext("%(what)s: at most %(bound)s allowed", what=subject, bound=bound)
        if shortfall.possible is None:
            return words
        needed = gettext("the rest needs at least %(needed)s", needed=shortfall.possible)
        return f"{words}{_joint()}{needed}"
    words = gettext(
        "%(what)s: at least %(bound)s wanted, %(present)s there",
        what=subject,
        bound=bound,
        present=shortfall.present,
    )
    if shortfall.possible is None or shortfall.possible == shortfall.present:
        return words
    had = gettext("at most %(possible)s can be had beside the rest", possible=shortfall.possible)
    return f"{words}{_joint()}{had}"


def _subject(context: ServiceContext, demand: Demand) -> str:
    match demand.kind:
        case DemandKind.COUNT:
            return value_words(context, demand.attribute, demand.value)
        case DemandKind.TIME:
            return gettext("Expected time")
        case DemandKind.NEGATIVE:
            return gettext("Negative stems")
        case DemandKind.BLOCKS:
            return gettext("Cases with a shared material")
        case _:
            return gettext("Items of the paper")


def _time_words(subject: str, shortfall: Shortfall) -> str:
    allowed = f"{shortfall.demand.bound / 60:.1f}"
    if shortfall.possible is None:
        return gettext("%(what)s: at most %(bound)s minutes", what=subject, bound=allowed)
    return gettext(
        "%(what)s: at most %(bound)s minutes, the rest needs %(needed)s",
        what=subject,
        bound=allowed,
        needed=f"{shortfall.possible / 60:.1f}",
    )


def _joint() -> str:
    return "；" if current_language() == "zh" else "; "
