"""Every sentence of the product that a person may read, as the catalogue must hold it."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

PROJECT_ROOT = Path(__file__).parents[4]
WEB_ROOT = PROJECT_ROOT / "certify" / "web"
METHODS = [
    ("**.py", "python"),
    ("templates/**.html", "jinja2.ext.babel_extract"),
    ("static/js/**.js", "javascript"),
]
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "t": None, "N_": None}

Message = str | tuple[str, ...]


def web_messages() -> dict[Message, str]:
    """Sentence (or singular and plural) -> where it stands, from code, templates, scripts."""
    options = {"templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}
    found: dict[Message, str] = {}
    for filename, line, message, _comments, _context in extract_from_dir(
        WEB_ROOT, METHODS, options, KEYWORDS
    ):
        found.setdefault(message, f"{filename}:{line}")
    return found


def script_messages() -> set[str]:
    scripts = extract_from_dir(
        WEB_ROOT / "static" / "js", [("**.js", "javascript")], {}, {"t": None}
    )
    return {message for _file, _line, message, _comments, _context in scripts}
