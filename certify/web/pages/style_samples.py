"""Sample items for the style guide, written for it and in no bank."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup, escape

from certify.web.exam_page import ExamItemPage, ItemType, ResponseOption

ITEM_TYPES: dict[str, ItemType] = {
    "single": "single",
    "multiple": "multiple",
    "true_false": "true_false",
    "numeric": "numeric",
}


def sample_exam_page(
    item_type: str, remaining_seconds: float, confirm_blank: bool, linear: bool
) -> ExamItemPage | None:
    """An exam page of the wanted type, or None when there is no such type."""
    known = ITEM_TYPES.get(item_type)
    if known is None:
        return None
    return ExamItemPage(
        exam_name=gettext("Cross-border e-commerce, proficient level: theory"),
        attempt_id="sample",
        position=7,
        item_type=known,
        stem=escape(stem_of(known)),
        stimulus=sample_stimulus() if known == "numeric" else None,
        options=options_of(known),
        unit="%" if known == "numeric" else "",
        remaining_seconds=remaining_seconds,
        revision=0,
        idempotency_key="00000000-0000-4000-8000-000000000000",
        submit_address="/_style/exam/" + known,
        hand_in_address="/_style/exam/" + known,
        part_name=gettext("Part 1: theory"),
        item_total=40 if linear else None,
        may_go_back=linear,
        may_flag=linear,
        confirm_blank=confirm_blank,
    )


def stem_of(item_type: ItemType) -> str:
    stems = {
        "single": gettext(
            "A shop finds that many visitors put goods into the cart, but few pay. "
            "Which figure should be looked at first?"
        ),
        "multiple": gettext("Which of these belong on a commercial invoice for an export parcel?"),
        "true_false": gettext("Click-through rate is the number of clicks divided by impressions."),
        "numeric": gettext(
            "What is the click-through rate of the second campaign, to one decimal?"
        ),
    }
    return stems[item_type]


def options_of(item_type: ItemType) -> tuple[ResponseOption, ...]:
    texts = {
        "single": (
            ("a", gettext("The conversion rate from cart to payment, by step and by device")),
            ("b", gettext("The number of impressions of the whole shop")),
            ("c", gettext("The average time that visitors spend on the home page")),
            ("d", gettext("The number of followers on social media")),
        ),
        "multiple": (
            ("a", gettext("Description, quantity and value of the goods")),
            ("b", gettext("Name and address of seller and buyer")),
            ("c", gettext("Terms of delivery")),
            ("d", gettext("Number of followers of the shop")),
        ),
        "true_false": (("true", gettext("True")), ("false", gettext("False"))),
        "numeric": (),
    }
    return tuple(
        ResponseOption(option_id, letter, escape(text))
        for letter, (option_id, text) in zip("ABCD", texts[item_type], strict=False)
    )


def sample_stimulus() -> Markup:
    heads = (gettext("Campaign"), gettext("Impressions"), gettext("Clicks"), gettext("Orders"))
    rows = (("1", "48,200", "1,205", "61"), ("2", "31,500", "1,134", "47"))
    head = Markup("").join(Markup("<th scope=col>{}</th>").format(text) for text in heads)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row)
        )
        for row in rows
    )
    intro = gettext("Figures of two advertising campaigns in one week.")
    return Markup("<p>{}</p><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        intro, head, body
    )
