"""Scratch installations and the servers on them, each in processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from certify.bootstrap import Installation
from certify.config import load_config
from certify.services.planning_exposure import plan_newest_release
from certify.services.preparing import prepare_bank
from certify.storage.address import parse_address
from exam_load.bare_site import ADDRESS, make_tables

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 60
BACKLOG = 4096
SQLITE, POSTGRESQL = "sqlite", "postgresql"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A server that listens; `pid` is its first process."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def cpu_seconds(self) -> float:
        """What its processes have used so far, those that ended left out."""
        return sum(cpu_seconds(pid) for pid in family(self.process.pid))


@dataclass(frozen=True)
class Site:
    """One database with an installation, ours and the bare table beside it."""

    kind: str
    folder: Path
    address: str
    workers: int
    threads: int

    @property
    def environment(self) -> dict[str, str]:
        """Settings of the server, as in production but without HTTPS."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "benchmarks"))),
            "CERTIFY_DATA": str(self.folder / "data"),
            "CERTIFY_DATABASE_URL": self.address,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            ADDRESS: self.address,
        }

    def installation(self) -> Installation:
        """The installation, for this process."""
        return Installation(load_config(self.environment))

    @contextmanager
    def serving(self, application: str) -> Iterator[Server]:
        """`ours` or `bare`, served in the same way: gunicorn on PostgreSQL, waitress on SQLite."""
        port = free_port()
        log = (self.folder / f"{application}.log").open("ab")
        process = subprocess.Popen(
            self._command(application, port),
            env=self.environment,
            cwd=REPOSITORY,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_until_listening(process, port)
            yield Server(process, port)
        finally:
            end(process)
            log.close()

    def _command(self, application: str, port: int) -> list[str]:
        if self.kind == POSTGRESQL:
            module = {"ours": "wsgi:app", "bare": "exam_load.bare_site:app"}[application]
            return [
                *(sys.executable, "-m", "gunicorn", module, "--bind", f"127.0.0.1:{port}"),
                *("--workers", str(self.workers), "--threads", str(self.threads)),
                *("--worker-connections", "8000", "--backlog", str(BACKLOG)),
                *("--keep-alive", "100", "--timeout", "120", "--log-level", "warning"),
            ]
        if application == "bare":
            return [sys.executable, "-m", "exam_load.bare_site", str(port)]
        return [sys.executable, "-m", "certify", "serve", "--port", str(port)]


@contextmanager
def scratch_site(
    kind: str, folder: Path, server: str, workers: int, threads: int
) -> Iterator[Site]:
    """A database of its own with bank, release and plans; dropped at the end."""
    with scratch_database(kind, folder, server) as address:
        site = Site(kind, folder, address, workers, threads)
        installation = site.installation()
        installation.upgrade_schema()
        installation.context.open_keys()
        prepare_bank(installation.context)
        plan_newest_release(installation.context)
        make_tables(address)
        installation.database.close()
        yield site


@contextmanager
def scratch_database(kind: str, folder: Path, server: str) -> Iterator[str]:
    """The URL of an empty database."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == SQLITE:
        yield f"sqlite:///{folder / 'exam-day.sqlite3'}"
        return
    url = parse_address(server)
    name = f"certify_exam_day_{uuid.uuid4().hex[:12]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        engine.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_listening(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once something listens there. Raises SystemExit where the server ended or hangs."""
    end_at = time.monotonic() + START_SECONDS
    while time.monotonic() < end_at:
        if process.poll() is not None:
            raise SystemExit("the server ended while it started; see its log")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not come up")


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a server and all its processes."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


# --- what was used ------------------------------------------------------------------------


def family(pid: int) -> list[int]:
    """A process and everything below it."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        below = [int(c) for t in threads for c in (t / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in below for one in family(child))]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def database_cpu_seconds() -> float:
    """What all processes named postgres have used so far."""
    total = 0.0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                name = (folder / "comm").read_text().strip()
            except OSError:
                continue
            if name == "postgres":
                total += cpu_seconds(int(folder.name))
    return total


def machine_seconds() -> Mapping[str, float]:
    """Busy and idle seconds of all cores since the machine started."""
    values = [int(v) / TICKS for v in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    idle = values[3] + values[4]
    return {"idle": idle, "busy": sum(values) - idle}
