"""The item bank in large: importing a workbook, the list, and the search, beside bare SQL.

Items are made of the shipped ones with their words exchanged, so that words are as frequent as
in real items. The import runs in a process of its own, whose memory is measured; its yardsticks
are the spreadsheet library alone, and the same rows put into one bare table. Lists and searches
are timed as use cases and as pages that the server sends, beside a page of a bare table by its
index, and a search that reads through all texts (LIKE). Times are wall-clock milliseconds, medians.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, create_engine, text

from certify.bootstrap import Installation
from certify.config import load_config
from certify.services.acting import COMMAND_LINE
from certify.services.banking import search_items
from certify.services.context import ServiceContext
from certify.services.exchanging import import_files
from certify.services.ports import ItemFilter
from certify.services.preparing import prepare_demo_people
from certify.storage.address import parse_address
from question_bank.exchange.formats import write_items
from question_bank.item import Item
from question_bank.shipped import load_shipped_items

REPEATS = 25
PAGE = 50
IMPORTED = 10_000
LISTED = 20_000
SEARCHES = {
    "two signs, frequent": "客户",
    "two signs, rare": "提单",
    "three signs": "转化率",
    "one sign": "率",
    "two words": "汇率 成本",
    "Latin word": "RFQ",
    "nothing found": "量子纠缠",
    "id": "bench-00777",
}
GOALS = {"import, s": 10, "import, MB": 300, "list": 150, "page": 150, "search": 100}


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the result; the ratio is ours to the yardstick."""

    database: str
    task: str
    ours: float
    goal: float
    yardstick: str
    other: float

    @property
    def ratio(self) -> float:
        """How many times the yardstick ours takes."""
        return self.ours / self.other if self.other else float("nan")


def made_items(count: int) -> Iterator[Item]:
    """Items like the shipped ones: the clauses of their texts, drawn anew; always the same."""
    source = random.Random(20)
    shipped = load_shipped_items()
    stems = [clause for item in shipped for clause in item.stem.split("，")]
    notes = [clause for item in shipped for clause in item.explanation.text.split("。") if clause]
    for number in range(count):
        item = shipped[number % len(shipped)]
        stem = "，".join((*source.sample(stems, 2), item.stem))
        explanation = "。".join((item.explanation.text, *source.sample(notes, 2)))
        yield replace(
            item,
            id=f"bench-{number:05d}",
            stem=stem,
            stimulus=None,
            enemies=(),
            explanation=replace(item.explanation, text=explanation),
        )


def median_ms(work: Callable[[], object]) -> float:
    """The median of repeated runs, the first ones left out."""
    times = []
    for _ in range(REPEATS + 3):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[3:])


def installation(folder: Path, address: str) -> Installation:
    """An installation on an empty database."""
    environ = {
        "HOME": str(folder),
        "CERTIFY_DATABASE_URL": address,
        "CERTIFY_LOG_LEVEL": "WARNING",
    }
    made = Installation(load_config(environ, folder / "data"))
    made.upgrade_schema()
    return made


# --- importing -----------------------------------------------------------------------------


def import_alone(folder: Path, address: str, workbook: Path) -> None:
    """Run in a process of its own: import a workbook and print seconds and megabytes."""
    context = installation(folder, address).context
    start = time.perf_counter()
    report = import_files(context, [workbook], actor=COMMAND_LINE, form="workbook", apply=True)
    seconds = time.perf_counter() - start
    told = {"seconds": seconds, "megabytes": peak_megabytes(), "new": len(report.new)}
    print(json.dumps({**told, "problems": [str(p.message) for p in report.problems[:3]]}))


def peak_megabytes() -> float:
    """The most memory this process had; getrusage would count its parent's before the start."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured_import(folder: Path, name: str, address: str, workbook: Path) -> list[Figure]:
    command = [sys.executable, __file__, "--import-alone", str(folder), address, str(workbook)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(ran.stdout.splitlines()[-1])
    if told["new"] < IMPORTED * scale() or told["problems"]:
        raise SystemExit(f"the import came to {told}")
    start = time.perf_counter()
    rows = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_index(0).to_python()
    reading = time.perf_counter() - start
    start = time.perf_counter()
    with bare_connection(address) as connection:
        make_bare_table(connection, [(str(n), json.dumps(row)) for n, row in enumerate(rows)])
    writing = time.perf_counter() - start
    goals = GOALS["import, s"], GOALS["import, MB"]
    return [
        Figure(name, "import, s", told["seconds"], goals[0], "reading the sheet", reading),
        Figure(name, "import, s", told["seconds"], goals[0], "one bare table", writing),
        Figure(name, "import, MB", told["megabytes"], goals[1], "the workbook", size_of(workbook)),
    ]


def size_of(path: Path) -> float:
    return path.stat().st_size / 1024 / 1024


# --- listing and searching -----------------------------------------------------------------


@contextmanager
def bare_connection(address: str) -> Iterator[Connection]:
    """A connection of its own, committed at the end."""
    engine = create_engine(parse_address(address))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def make_bare_table(connection: Connection, rows: list[tuple[str, str]]) -> None:
    connection.execute(text("DROP TABLE IF EXISTS bare"))
    connection.execute(text("CREATE TABLE bare (id VARCHAR(40) PRIMARY KEY, body TEXT)"))
    values = [{"id": one, "body": body} for one, body in rows]
    connection.execute(text("INSERT INTO bare VALUES (:id, :body)"), values)


def fill(context: ServiceContext, address: str, workbook: Path, count: int) -> None:
    """The bank with as many items, and a bare table with the same texts."""
    import_files(context, [workbook], actor=COMMAND_LINE, form="workbook", apply=True)
    with context.database.reading() as work:
        stored = work.items.all_latest("")
    if len(stored) < count:
        raise SystemExit(f"expected {count} items, found {len(stored)}")
    with bare_connection(address) as connection:
        bodies = [(one.item_id, json.dumps(one.content, ensure_ascii=False)) for one in stored]
        make_bare_table(connection, bodies)
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))


def measured_lists(name: str, address: str, made: Installation) -> list[Figure]:
    context = made.context
    with bare_connection(address) as connection:
        bare = text(f"SELECT id, body FROM bare ORDER BY id LIMIT {PAGE}")  # noqa: S608 - ours
        counting = text("SELECT count(*) FROM bare")
        other = median_ms(lambda: (connection.execute(bare).all(), connection.scalar(counting)))
    views = {
        "by id": ItemFilter(),
        "drafts, newest first": ItemFilter(status="draft", sort="changed", descending=True),
        "node and level": ItemFilter(node="01", level="novice"),
        "with warnings": ItemFilter(findings="warnings", sort="level"),
        "open comments": ItemFilter(open_comments=True),
    }
    yardstick = "a bare page and its count"
    found = [
        Figure(
            name,
            f"list, {view}",
            median_ms(lambda c=conditions: search_items(context, c, size=PAGE)),  # type: ignore[misc]
            GOALS["list"],
            yardstick,
            other,
        )
        for view, conditions in views.items()
    ]
    get = signed_in(made)
    return [*found, Figure(name, "page /items", median_ms(get), GOALS["page"], yardstick, other)]


def signed_in(made: Installation) -> Callable[[], object]:
    """What asks the server for the first page of the bank as a teacher."""
    application = made.web_application
    teacher = next(p for p in prepare_demo_people(made.context) if "teacher" in p.roles)
    client = application.test_client()
    token = client.get("/api/v1/csrf-token").json["csrf_token"]  # type: ignore[index]
    answer = client.post(
        "/api/v1/login",
        json={"username": teacher.username, "password": PASSWORD},
        headers={"X-CSRFToken": token},
    )
    if answer.status_code != 200:
        raise SystemExit(f"login: {answer.status_code} {answer.text[:200]}")

    def get() -> object:
        page = client.get("/items")
        if page.status_code != 200:
            raise SystemExit(f"/items: {page.status_code}")
        return page

    return get


PASSWORD = "certify-demo"


def measured_searches(name: str, address: str, context: ServiceContext) -> list[Figure]:
    found = []
    scan = text(
        "SELECT id FROM bare WHERE body LIKE :wanted OR id LIKE :wanted ORDER BY id LIMIT 50"
    )
    counting = text("SELECT count(*) FROM bare WHERE body LIKE :wanted OR id LIKE :wanted")
    for kind, wanted in SEARCHES.items():
        page = search_items(context, ItemFilter(text=wanted), size=PAGE)
        ours = median_ms(
            lambda w=wanted: search_items(context, ItemFilter(text=w), size=PAGE)  # type: ignore[misc]
        )
        with bare_connection(address) as connection:
            values = {"wanted": f"%{wanted.replace(' ', '%')}%"}
            other = median_ms(
                lambda c=connection, v=values: (  # type: ignore[misc]
                    c.execute(scan, v).all(),
                    c.scalar(counting, v),
                )
            )
        task = f"search, {kind} ({page.total} found)"
        found.append(Figure(name, task, ours, GOALS["search"], "LIKE over all texts", other))
    return found


# --- all of it -----------------------------------------------------------------------------


_SCALE = [1.0]


def scale() -> float:
    """Share of the full size that is run."""
    return _SCALE[0]


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, Callable[[], str]]]:
    """What makes empty databases: SQLite files, and PostgreSQL where a server is found."""
    from contextlib import ExitStack

    from tests.postgres_servers import postgres_server

    numbers = iter(range(1000))
    with ExitStack() as stack:
        made = {"SQLite": lambda: f"sqlite:///{folder / f'{next(numbers)}.db'}"}
        server = stack.enter_context(postgres_server())
        made["PostgreSQL"] = lambda: stack.enter_context(server.fresh_database())
        yield made


def measure(folder: Path) -> list[Figure]:
    books = folder / "import.xlsx", folder / "list.xlsx"
    for book, count in zip(books, (IMPORTED, LISTED), strict=True):
        write_items(made_items(int(count * scale())), book, "workbook")
    figures = []
    with databases(folder) as makers:
        for name, make in makers.items():
            figures += measured_import(folder, name, make(), books[0])
            address = make()
            made = installation(folder, address)
            fill(made.context, address, books[1], int(LISTED * scale()))
            figures += measured_lists(name, address, made)
            figures += measured_searches(name, address, made.context)
            made.database.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the item bank, beside bare SQL")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--import-alone", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.import_alone:
        folder, address, workbook = arguments.import_alone
        import_alone(Path(folder), address, Path(workbook))
        return
    _SCALE[0] = arguments.scale
    with tempfile.TemporaryDirectory() as directory:
        figures = measure(Path(directory))
    if arguments.json:
        print(json.dumps([{**asdict(one), "ratio": one.ratio} for one in figures]))
        return
    print(f"{'':58}{'ours':>9}{'goal':>7}{'bare':>9}{'ratio':>8}  yardstick")
    for one in figures:
        name = f"{one.database:12}{one.task}"
        print(
            f"{name:58}{one.ours:9.1f}{one.goal:7.0f}{one.other:9.1f}{one.ratio:8.1f}  "
            f"{one.yardstick}"
        )


if __name__ == "__main__":
    main()
