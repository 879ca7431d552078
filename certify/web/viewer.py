"""Who looks at the page, as far as the layout needs to know.

Whoever signs people in sets `flask.g.viewer`; this module does not check passwords.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from flask_limiter.util import get_remote_address


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person: what the header shows and what the navigation may offer."""

    identity: str
    display_name: str
    roles: frozenset[str]


def current_viewer() -> Viewer | None:
    """The signed-in person of this request, or None."""
    viewer = g.get("viewer")
    return viewer if isinstance(viewer, Viewer) else None


def rate_limit_identity() -> str:
    """Count by person when one is signed in, by address otherwise."""
    viewer = current_viewer()
    return f"person:{viewer.identity}" if viewer else f"address:{get_remote_address()}"
