"""Report pages: one file each, Chinese first, English by a switch, no script, no other file.

Words stand in the templates; here is how numbers and pictures are put in.
"""

import base64
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def page_template(name: str) -> Template:
    """A page that refuses unknown names and escapes whatever stood in a file."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["fixed"] = fixed
    environment.filters["chance"] = chance
    return environment.get_template(name)


def fixed(value: float | None, places: int = 2) -> str:
    """A number with so many decimals and a real minus sign; a dash where there is none."""
    if value is None or not np.isfinite(value):
        return "–"
    return f"{value:.{places}f}".replace("-", "\u2212")


def chance(value: float | None) -> str:
    """A p-value with three decimals; very small ones as what they are below."""
    if value is None or not np.isfinite(value):
        return "–"
    return "< 0.001" if value < 0.0005 else f"{value:.3f}"


def image(content: bytes) -> str:
    """A picture inside the page."""
    return f"data:image/svg+xml;base64,{base64.b64encode(content).decode()}"
