"""A browser in a process of our own, on a profile that outlives it, to be ended unwarned."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browsers import CHROMIUM_ARGUMENTS

START_SECONDS = 30


@dataclass
class KillableBrowser:
    """`page` is its only window."""

    process: subprocess.Popen[bytes]
    page: Any

    def kill(self) -> None:
        """As a power cut: the process and its children, no clean-up (SIGKILL)."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(START_SECONDS)


@contextmanager
def killable_browser(driver: Any, path: str, profile: Path) -> Iterator[KillableBrowser]:
    """Start on a profile folder; `driver` is a browser that Playwright has launched."""
    port_file = profile / "DevToolsActivePort"
    port_file.unlink(missing_ok=True)
    options = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    process = subprocess.Popen(
        [path, *CHROMIUM_ARGUMENTS, *options, "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        port = wait_for_port(process, port_file)
        joined = driver.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        yield KillableBrowser(process, joined.contexts[0].pages[0])
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(START_SECONDS)


def wait_for_port(process: subprocess.Popen[bytes], port_file: Path) -> str:
    """The port that the browser writes down once it listens."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the browser ended while it started"
        with suppress(FileNotFoundError):
            lines = port_file.read_text("ascii").split()
            if lines:
                return lines[0]
        time.sleep(0.1)
    raise AssertionError("the browser did not come up")
