"""A real server in a process of its own, that a test may kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 30


def free_port() -> int:
    """A port that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a person with an empty home, plus CERTIFY_ settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home), **{f"CERTIFY_{n}": v for n, v in settings.items()}}


@dataclass
class ServerProcess:
    """`certify serve` on a data directory."""

    process: subprocess.Popen[bytes]
    base: str

    def kill(self) -> None:
        """End it as a power cut would: no clean-up, no warning (SIGKILL)."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(START_SECONDS)


@contextmanager
def running_server(
    data: Path, home: Path, settings: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """Start a server, wait until it answers, and end it at the end."""
    port = free_port()
    command = [sys.executable, "-m", "certify", "serve", "--data", str(data), "--port", str(port)]
    log = (data.parent / "server.log").open("ab")
    process = subprocess.Popen(
        command, env=clean_environment(home, **(settings or {})), stdout=log, stderr=log
    )
    server = ServerProcess(process, f"http://127.0.0.1:{port}")
    try:
        wait_until_up(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(START_SECONDS)
        log.close()


def wait_until_up(server: ServerProcess) -> None:
    """Return once the server answers; fail when it ended or never does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.process.poll() is None, "the server ended while it started"
        try:
            with urllib.request.urlopen(f"{server.base}/api/v1/programmes", timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")
