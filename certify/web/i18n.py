"""Languages: Chinese first, English by switch.

Messages are written in English in code and templates; the Chinese stands in
`translations/zh_Hans_CN/LC_MESSAGES/`, one catalogue a room. They are compiled in memory when the
application starts, so there is neither a build step nor a compiled file to keep in step.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, Domain, get_locale, gettext

from certify.web.problem_words import part_words
from certify.web.script_messages import script_catalogue
from certify.web.settings import WebSettings

TRANSLATIONS_FOLDER = Path(__file__).parent / "translations"
LANGUAGE_COOKIE = "certify_language"
COOKIE_SECONDS = 365 * 24 * 3600

# What stands in an address or a cookie -> locale, and the language's own name for itself.
SWITCHABLE: dict[str, str] = {"zh": "zh_Hans_CN", "en": "en"}
OWN_NAMES: dict[str, str] = {"zh": "中文", "en": "English"}


class TranslatableProblem(Protocol):
    """An error of any room: a template with {named} parameters, and the parameters."""

    template: ClassVar[str]
    params: dict[str, object]


class CommittedCatalogues(Domain):
    """The .po files of this package, without compiled files on the disk."""

    def get_translations(self) -> NullTranslations:
        return load_translations(str(get_locale()))


@cache
def load_translations(locale: str) -> NullTranslations:
    """Compile a language's committed catalogues; English is the source and needs none."""
    translations: Translations | None = None
    for catalogue_path in sorted((TRANSLATIONS_FOLDER / locale / "LC_MESSAGES").glob("*.po")):
        with catalogue_path.open("rb") as source:
            catalogue = read_po(source, locale=locale)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        # the first one brings the language's plural rule, the others only their sentences
        room = Translations(compiled)
        translations = room if translations is None else translations.merge(room)
    return translations or Translations()


def init_app(app: Flask, settings: WebSettings) -> None:
    babel = Babel(
        app,
        default_locale=settings.language,
        default_timezone=settings.time_zone,
        locale_selector=select_locale,
    )
    babel.domain_instance = CommittedCatalogues()
    load_translations(settings.language)
    app.after_request(remember_language)
    app.context_processor(language_variables)
    app.add_template_global(script_catalogue)
    app.add_template_global(sentence_gap)


def select_locale() -> str:
    """Address first, then the remembered choice, then the configured default."""
    for offered in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if offered in SWITCHABLE:
            return SWITCHABLE[offered]
    settings: WebSettings = current_app.extensions["certify_web_settings"]
    return settings.language


def current_language() -> str:
    """The short code of the page's language: zh or en."""
    locale = str(get_locale())
    return next((code for code, name in SWITCHABLE.items() if name == locale), "en")


def sentence_gap() -> str:
    """What stands between two sentences: a blank in English, nothing in Chinese."""
    return "" if current_language() == "zh" else " "


def remember_language(response: Response) -> Response:
    """Keep a language chosen by `?lang=` or by the switch for the next pages."""
    chosen = g.get("chosen_language") or request.args.get("lang")
    if chosen in SWITCHABLE and request.endpoint != "static":
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=COOKIE_SECONDS,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    return response


def language_variables() -> dict[str, object]:
    code = current_language()
    other = "en" if code == "zh" else "zh"
    return {
        "language_code": code,
        "html_language": "zh-CN" if code == "zh" else "en",
        "other_language_code": other,
        "other_language_name": OWN_NAMES[other],
        "other_html_language": "zh-CN" if other == "zh" else "en",
        "address_without_language": address_without_language(),
    }


def address_without_language() -> str:
    """Path and query of this page without `lang`, which would win over the switch."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def translate_problem(problem: TranslatableProblem) -> str:
    """The message of a room's error, its parts included, in the language of this request."""
    words = {name: part_words(name, value) for name, value in problem.params.items()}
    return gettext(problem.template).format(**words)
