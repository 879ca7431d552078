"""Rounds of faults against a real site, and what was promised to whom checked after each.

Every round draws from its seed what is broken and when: a process killed with SIGKILL, all of them,
the job worker, connections of the database cut, the whole database crashed, the disk full, the
server's clock moved. Candidates go on all the while (`candidates`). Timing is the machine's: a seed
repeats what is done, not the instant.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from certify.errors import DatabaseUnreachable
from certify.services.administering import add_person
from certify.services.context import ServiceContext
from tests.faults.campaign_site import JUMP_FILE
from tests.faults.candidates import Browser, RoundOver, UnluckyCandidate
from tests.faults.ledger import Ledger, violations
from tests.servers import START_SECONDS, ServerProcess, clean_environment, free_port, wait_until_up

REPOSITORY = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse"
AT_ONCE = 5
ROUND_SECONDS = 0.6
JUMPS = (-900, -60, -1, 1, 60, 900, 2400)
"""Seconds. The exam takes less than an hour, so that some jumps end exams."""
UNLIMITED = resource.RLIM_INFINITY


@dataclass
class BrokenSite:
    """The processes of one site and the ways to break them."""

    context: ServiceContext
    folder: Path
    database_url: str
    may_crash_database: bool = False
    port: int = 0
    server: subprocess.Popen[bytes] | None = None
    jobs: subprocess.Popen[bytes] | None = None
    done: Counter[str] = field(default_factory=Counter)
    waiting: list[Callable[[Random], None]] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is an embedded site: one process, SQLite."""
        return self.database_url.startswith("sqlite")

    @property
    def base(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start whatever does not run, and return once everything answers."""
        self._wait_for_database()
        if self.server is None or self.server.poll() is not None:
            self.port = self.port or free_port()
            self.server = self._run(*self._server_command())
            wait_until_up(ServerProcess(self.server, self.base))
        if not self.is_sqlite and (self.jobs is None or self.jobs.poll() is not None):
            self.jobs = self._run("-m", "tests.faults.campaign_site", "jobs")

    def stop(self) -> None:
        """End all processes."""
        for process in (self.server, self.jobs):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(30)

    def break_something(self, source: Random) -> None:
        """One fault; each kind comes up once before any comes again."""
        if not self.waiting:
            self.waiting = self.faults
            source.shuffle(self.waiting)
        fault = self.waiting.pop()
        self.done[fault.__name__.strip("_").replace("_", " ")] += 1
        fault(source)

    @property
    def faults(self) -> list[Callable[[Random], None]]:
        """All that may happen to this site, what is likelier more than once."""
        if self.is_sqlite:
            return [self._kill_all, self._kill_all, self._jump, self._fill_disk]
        kills = [self._kill_web_process, self._kill_web_process, self._kill_all, self._kill_jobs]
        crashes = [self._crash_database] if self.may_crash_database else []
        return [*kills, *crashes, self._cut_connections, self._jump]

    def _kill_web_process(self, source: Random) -> None:
        assert self.server is not None
        below = children(self.server.pid)
        os.kill(source.choice(below) if below else self.server.pid, signal.SIGKILL)

    def _kill_all(self, source: Random) -> None:
        assert self.server is not None
        for pid in (self.server.pid, *children(self.server.pid)):
            os.kill(pid, signal.SIGKILL)
        self.server.wait(30)

    def _kill_jobs(self, source: Random) -> None:
        assert self.jobs is not None
        self.jobs.kill()
        self.jobs.wait(30)

    def _jump(self, source: Random) -> None:
        file = self.folder / "jump"
        moved = float(file.read_text()) + source.choice(JUMPS)
        # in one step, so that no process reads half a number
        (self.folder / "jump.new").write_text(str(moved))
        (self.folder / "jump.new").replace(file)

    def _fill_disk(self, source: Random) -> None:
        """No file of the server may grow for a while: every write then fails, as on a full disk."""
        assert self.server is not None
        pid = self.server.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (source.randrange(1, 9) * 4096, UNLIMITED))
        time.sleep(ROUND_SECONDS / 2)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (UNLIMITED, UNLIMITED))

    def _cut_connections(self, source: Random) -> None:
        self._ask_database(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    def _crash_database(self, source: Random) -> None:
        """Kill a process of the database: the server gives up all others and recovers."""
        pids = self._ask_database(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if pids:
            os.kill(source.choice(pids), signal.SIGKILL)

    def _wait_for_database(self) -> None:
        """A crashed one recovers by itself, within seconds."""
        end_at = time.monotonic() + START_SECONDS
        while True:
            try:
                self.context.database.check_migrated()
                return
            except DatabaseUnreachable:
                assert time.monotonic() < end_at, "the database did not come back"
                time.sleep(0.1)

    def _ask_database(self, statement: str) -> list[int]:
        name = make_url(self.database_url)
        engine = create_engine(name)
        try:
            with engine.connect() as connection:
                return [int(row[0]) for row in connection.execute(text(statement))]
        finally:
            engine.dispose()

    def _server_command(self) -> tuple[str, ...]:
        if self.is_sqlite:
            return ("-m", "tests.faults.campaign_site", "serve", str(self.port))
        return (
            *(
                "-m",
                "gunicorn",
                "tests.faults.campaign_site:app",
                "--bind",
                f"127.0.0.1:{self.port}",
            ),
            *("--workers", "2", "--threads", "3", "--timeout", "60"),
        )

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = clean_environment(
            self.folder, DATA=str(self.folder / "data"), DATABASE_URL=self.database_url
        )
        jump = str(self.folder / "jump")
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=REPOSITORY,
                env={**environment, JUMP_FILE: jump, "PYTHONPATH": str(REPOSITORY)},
                stdout=log,
                stderr=log,
            )


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    found = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (thread / "children").read_text().split()]
    return found


@contextmanager
def broken_site(
    context: ServiceContext, folder: Path, database_url: str, *, may_crash_database: bool = False
) -> Iterator[BrokenSite]:
    """A site that runs until the end of the block."""
    (folder / "jump").write_text("0")
    site = BrokenSite(context, folder, database_url, may_crash_database)
    site.start()
    try:
        yield site
    finally:
        site.stop()


@dataclass
class Campaign:
    """Candidates at a site that breaks."""

    site: BrokenSite
    seed: int
    ledger: Ledger = field(default_factory=Ledger)
    candidates: list[UnluckyCandidate] = field(default_factory=list)
    people: int = 0

    def play(self, number: int) -> list[str]:
        """One round; the promises that it broke."""
        source = Random(f"{self.seed}-{number}")
        self._invite(source)
        stop = threading.Event()
        threads = [
            threading.Thread(target=sit, args=(candidate, stop)) for candidate in self.candidates
        ]
        for candidate in self.candidates:
            candidate.browser.stop = stop
        for thread in threads:
            thread.start()
        time.sleep(source.uniform(0, ROUND_SECONDS))
        self.site.break_something(source)
        time.sleep(source.uniform(0, ROUND_SECONDS))
        self.site.start()
        time.sleep(source.uniform(0, ROUND_SECONDS))
        stop.set()
        for thread in threads:
            thread.join()
        return violations(self.site.context, self.ledger)

    def finish(self) -> list[str]:
        """What is still pending is settled on a site that works; the promises broken at last."""
        stop = threading.Event()
        for candidate in self.candidates:
            candidate.browser.stop = stop
            if candidate.pending is not None:
                candidate.act()
        return violations(self.site.context, self.ledger)

    def _invite(self, source: Random) -> None:
        """Fill the room: those who have sat enough leave, and others come."""
        self.candidates = [one for one in self.candidates if not one.is_through]
        while len(self.candidates) < AT_ONCE:
            self.people += 1
            username = f"unlucky-{self.people}"
            person = add_person(
                self.site.context,
                username=username,
                display_name="林晓雨",
                password=PASSWORD,
                roles={"student"},
            )
            browser = Browser(self.site.base)
            browser.log_in(username, PASSWORD)
            own = Random(f"{self.seed}-{username}")
            self.candidates.append(UnluckyCandidate(person.id, browser, self.ledger, own))


def sit(candidate: UnluckyCandidate, stop: threading.Event) -> None:
    """Act until the round is over."""
    try:
        while not stop.is_set() and not candidate.is_through:
            candidate.act()
    except RoundOver:
        return
