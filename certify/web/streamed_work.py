"""Work that takes longer than a page may wait: the page is sent at once and tells how far it is.

Needs no script: each step is a further piece of the same page, of which only the last is shown,
and at the end the page leads on. The work goes on where the reader leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, Queue
from threading import Thread

import structlog
from flask import current_app, stream_with_context
from markupsafe import Markup
from werkzeug.wrappers import Response

Progress = Callable[[int, int], None]
PLACE = Markup("<!-- steps -->")
"""Where the template of the page wants the steps."""
SECONDS_BETWEEN = 5.0
"""After so long without a step something is sent, so that nobody on the way gives up."""

log = structlog.get_logger("certify.web")


class _End:
    """The work is over; `failed` where it raised."""

    def __init__(self, *, failed: bool) -> None:
        self.failed = failed


def stream_work(
    page: str,
    work: Callable[[Progress], object],
    step: Callable[[int, int], str],
    end: str,
    failed: str,
) -> Response:
    """The page with steps as the work tells them; `end` follows, or `failed` where it raised.

    `page` holds PLACE. The work runs on a thread of its own, without the request.
    """
    before, _, after = page.partition(str(PLACE))

    def pieces() -> Iterator[str]:
        yield before
        for told in _steps(work):
            if told is None:
                yield " "
            elif isinstance(told, _End):
                yield failed if told.failed else end
            else:
                yield step(*told)
        yield after

    response = current_app.response_class(
        stream_with_context(pieces()), content_type="text/html; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    # proxies that collect an answer before they pass it on would hide the steps
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _steps(work: Callable[[Progress], object]) -> Iterator[tuple[int, int] | _End | None]:
    told: Queue[tuple[int, int] | _End] = Queue()

    def run() -> None:
        try:
            work(lambda done, total: told.put((done, total)))
        except Exception as error:
            log.error("work behind a page failed", exc_info=error)
            told.put(_End(failed=True))
        else:
            told.put(_End(failed=False))

    Thread(target=run, name="streamed-work", daemon=True).start()
    while True:
        try:
            one = told.get(timeout=SECONDS_BETWEEN)
        except Empty:
            yield None
            continue
        yield one
        if isinstance(one, _End):
            return
