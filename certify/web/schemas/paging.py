"""From a stored page of a list to the numbers that every list answers with."""

from __future__ import annotations

from typing import Any

from certify.services.ports import Page


def page_body(page: Page) -> dict[str, Any]:
    """Total, number, size and count of pages."""
    return {"total": page.total, "page": page.number, "size": page.size, "pages": page.count}
