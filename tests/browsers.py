"""A headless Chromium for tests, driven by Playwright, kept off the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def launched_chromium(path: str) -> Iterator[Any]:
    """A browser; skips where Playwright is not installed."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright absent: [e2e]")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()
