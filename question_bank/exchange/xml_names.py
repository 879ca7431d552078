"""Names that XML accepts as identifiers, made of ids that need not be, without collision."""

import re
from collections.abc import Iterable

_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")
_FIT_START = re.compile(r"[A-Za-z_]")
LONGEST = 48


def xml_names(ids: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A name for each id: the id itself where it is one, else one like it; none twice."""
    used, names = set(taken), dict[str, str]()
    for given in ids:
        name = base = xml_name(given)
        count = 2
        while name in used:
            name, count = f"{base}_{count}", count + 1
        used.add(name)
        names[given] = name
    return names


def xml_name(given: str) -> str:
    """Signs that a name cannot hold as `_`, and a `_` before a digit at the start."""
    name = _UNFIT.sub("_", given)[:LONGEST]
    return name if _FIT_START.match(name) else f"_{name}"
