"""The import table of the architecture, as data: who may import whom, and which libraries.

A room is named by its dotted prefix; the longest matching prefix decides. To let a room use a new
library, add it to the room's `libraries`: that line is the place where the decision is seen.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Modules below everything else, open to the use cases and to the rim. The engines stay without.
LEAVES = ("certify.errors", "certify.clock", "certify.config", "certify.__version__")

#: The rooms that hold the domain. Outer rooms that only pass its values on may name its types.
DOMAIN = (
    "question_bank",
    "rubrics",
    "certificates",
    "certify.exams",
    "certify.papers",
    "certify.grading",
    "certify.workbench",
)


@dataclass(frozen=True, slots=True)
class Room:
    """What the modules below one prefix may import.

    `may_import` are prefixes open without restriction. From `types_only` prefixes only names that
    start with a capital (classes, type aliases, constants) may be imported, no functions and no
    modules: such a room may hold the values of its neighbour, and not do its work. A `single` room
    is one module, without anything below it.
    """

    prefix: str
    may_import: tuple[str, ...] = ()
    types_only: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    single: bool = False

    def holds(self, module: str) -> bool:
        """Whether a module stands in this room."""
        return module == self.prefix if self.single else within(module, self.prefix)


def within(module: str, prefix: str) -> bool:
    """Whether a dotted name is the prefix itself or lies below it."""
    return module == prefix or module.startswith(f"{prefix}.")


ROOMS = (
    # Pure rooms: nothing of ours, not each other.
    Room(
        "question_bank",
        libraries=(
            "defusedxml",
            "lxml",
            "markdown_it",
            "numpy",
            "python_calamine",
            "xlsxwriter",
            "yaml",
        ),
    ),
    Room("rubrics", libraries=("yaml", "numpy")),
    Room(
        "certificates",
        libraries=(
            "asn1crypto",
            "cryptography",
            "fontTools",
            "joserfc",
            "pyhanko",
            "pyhanko_certvalidator",
            "reportlab",
            "rfc8785",
            "segno",
            "yaml",
            "zhplot",
        ),
    ),
    Room("certify.psychometrics", libraries=("numpy", "highspy")),
    # Engines.
    Room(
        "certify.exams",
        may_import=("question_bank", "certify.psychometrics"),
        libraries=("numpy", "yaml"),
    ),
    Room(
        "certify.papers",
        may_import=("question_bank", "certify.exams"),
        libraries=("reportlab", "segno", "markdown_it"),
    ),
    Room(
        "certify.grading",
        may_import=("question_bank", "rubrics", "certify.psychometrics"),
        libraries=("numpy", "pandas", "pyarrow", "python_calamine", "xlsxwriter"),
    ),
    Room(
        "certify.workbench",
        may_import=("certify.psychometrics", "certify.grading"),
        libraries=("jinja2", "matplotlib", "numpy"),
    ),
    # Leaves: they lean on nothing but the errors, so everybody outside the pure rooms may use them.
    Room("certify", single=True),
    Room("certify.errors", single=True),
    Room("certify.clock", single=True),
    Room("certify.config", single=True, may_import=("certify.errors",)),
    # Use cases.
    Room(
        "certify.services",
        may_import=(*DOMAIN, "certify.psychometrics", *LEAVES),
        libraries=("argon2", "numpy", "structlog"),
    ),
    # The rim.
    Room(
        "certify.storage",
        may_import=(
            "certify.services.ports",
            *DOMAIN,
            *LEAVES,
        ),
        types_only=("certify.services", "certify.psychometrics"),
        libraries=("sqlalchemy", "alembic", "psycopg", "psycopg_pool", "structlog"),
    ),
    Room(
        "certify.jobs",
        may_import=("certify.services", *LEAVES),
        libraries=("huey", "dask", "distributed", "structlog"),
    ),
    Room(
        "certify.web",
        may_import=("certify.services", *LEAVES),
        types_only=DOMAIN,
        libraries=(
            "babel",
            "flask",
            "flask_babel",
            "flask_limiter",
            "flask_login",
            "flask_smorest",
            "flask_wtf",
            "itsdangerous",
            "jinja2",
            "latex2mathml",
            "markdown_it",
            "markupsafe",
            "marshmallow",
            "matplotlib",
            "nh3",
            "segno",
            "structlog",
            "webargs",
            "werkzeug",
            "wtforms",
            "zhplot",
        ),
    ),
    Room(
        "certify.bootstrap",
        single=True,
        may_import=(
            "certify.storage",
            "certify.services",
            "certify.jobs",
            "certify.web",
            *LEAVES,
        ),
        libraries=("flask", "huey", "structlog"),
    ),
    Room(
        "certify.cli",
        may_import=("certify.bootstrap", "certify.services", *LEAVES),
        types_only=tuple(f"{room}.errors" for room in DOMAIN),
        libraries=("click", "waitress"),
    ),
    Room("certify.__main__", single=True, may_import=("certify.cli",)),
    Room(
        "wsgi",
        single=True,
        may_import=("certify.bootstrap", "certify.services", "certify.config"),
    ),
    Room(
        "migrations",
        may_import=("certify.storage",),
        libraries=("alembic", "sqlalchemy"),
    ),
)


def room_of(module: str, rooms: tuple[Room, ...] = ROOMS) -> Room | None:
    """The room a module belongs to, by the longest matching prefix; None outside the product."""
    matches = [room for room in rooms if room.holds(module)]
    return max(matches, key=lambda room: len(room.prefix), default=None)
