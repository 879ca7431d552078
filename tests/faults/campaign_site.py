"""The site that the campaign breaks: the product with a clock that can be made to jump.

`gunicorn tests.faults.campaign_site:app` serves the web processes of a production site, and
`python -m tests.faults.campaign_site serve PORT` an embedded one. The clock is the system's and as
many seconds as a file says, so that a test can let every process jump at once.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from certify.bootstrap import Installation
from certify.cli.serve import make_server
from certify.clock import system_clock
from certify.config import load_config
from certify.services.context import ServiceContext

JUMP_FILE = "FAULTS_JUMP_FILE"


class JumpingClock:
    """The system's clock, moved by the seconds that a file holds."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> dt.datetime:
        return system_clock() + dt.timedelta(seconds=float(self._file.read_text() or 0))


class JumpingInstallation(Installation):
    """An installation of which every use case has that clock."""

    @cached_property
    def context(self) -> ServiceContext:
        """The use cases."""
        return replace(super().context, clock=JumpingClock(Path(os.environ[JUMP_FILE])))


def installation() -> JumpingInstallation:
    """The one that the environment describes."""
    return JumpingInstallation(load_config(os.environ))


def serve(port: int) -> None:
    """As `certify serve` does, with the background jobs inside."""
    made = installation()
    made.start_embedded_worker()
    make_server(made, "127.0.0.1", port).run()


if JUMP_FILE in os.environ and __name__ != "__main__":
    app = installation().web_application

if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]))
    else:
        installation().queue.create_consumer(workers=1, periodic=True).run()
