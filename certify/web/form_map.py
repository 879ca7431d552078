"""The map of a form part: its items in sections, and how each of them stands, in words."""

from __future__ import annotations

from itertools import groupby

from flask_babel import gettext

from certify.services.attempt_views import FormProgress, FormQuestion
from certify.web.exam_page import MapEntry, MapSection
from certify.web.paper_words import SECTION_NAMES


def map_sections(form: FormProgress) -> tuple[MapSection, ...]:
    """Sections in the order of the form."""
    return tuple(
        MapSection(
            str(SECTION_NAMES.get(section, section)),
            tuple(MapEntry(one, question_words(one), one == form.current) for one in questions),
        )
        for section, questions in groupby(form.questions, key=lambda one: one.section)
    )


def question_words(question: FormQuestion) -> str:
    """For those who do not see the signs: number, answered or not, flagged."""
    if question.is_answered:
        sentence = (
            gettext("Item %(number)s, answered, flagged", number=question.number)
            if question.is_flagged
            else gettext("Item %(number)s, answered", number=question.number)
        )
    else:
        sentence = (
            gettext("Item %(number)s, not answered, flagged", number=question.number)
            if question.is_flagged
            else gettext("Item %(number)s, not answered", number=question.number)
        )
    return sentence
