"""Progress bars on stderr, only where a person is watching; output for programs stays clean."""

import sys
from itertools import repeat
from types import TracebackType
from typing import Any

import click


class ProgressBars:
    """One bar after the other; called with a label, how much is done, and of how much.

    With a total of 0 nobody knows how long it takes, and the bar only shows that it goes on. Use it
    in a `with`, so that the line of the last bar ends whatever ends the work.
    """

    def __init__(self) -> None:
        self._label = ""
        self._bar: Any = None

    def __call__(self, label: str, done: int, total: int) -> None:
        """Show how far the work is."""
        if not sys.stderr.isatty():
            return
        if label != self._label:
            self._end()
            self._label = label
            self._bar = click.progressbar(
                iterable=None if total else repeat(None),
                length=total or None,
                label=label,
                file=sys.stderr,
                show_pos=True,
            )
            self._bar.__enter__()
        if done > self._bar.pos:
            self._bar.update(done - self._bar.pos)

    def __enter__(self) -> "ProgressBars":
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the line."""
        self._end()

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
