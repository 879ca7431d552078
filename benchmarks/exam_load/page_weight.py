"""What the exam page weighs: the HTML of one item, and all that it links on its first visit."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from typing import Any

from exam_load.http_client import Connection
from exam_load.phases import Seat

LINKED = re.compile(r"""(?:href|src)=["'](/static/[^"'#]+)["']""")
IMPORTED = re.compile(r"""(?:from|import)\s*\(?["'](\.{1,2}/[^"']+)["']""")
SLOW_3G = {"bytes a second": 50_000, "round trip, s": 0.4}
"""400 kbit/s and 400 ms, as Chromium's developer tools call it."""


async def weigh(seat: Seat) -> dict[str, Any]:
    """Bytes on the wire of page, styles and scripts, and the time they take on a slow line."""
    page = await seat.look()
    assert page.status == 200, page.status
    weights: dict[str, int] = {}
    for address in dict.fromkeys(LINKED.findall(page.body.decode())):
        await _fetch(seat.connection, address, weights)
    html = len(page.head) + len(page.body)
    total = html + sum(weights.values())
    return {
        "html kB": round(html / 1000, 1),
        "first visit kB": round(total / 1000, 1),
        "files": len(weights),
        "next item on slow 3G, s": round(_seconds(html, 1), 2),
        "first visit on slow 3G, s": round(_seconds(total, 3), 2),
        "heaviest": dict(sorted(weights.items(), key=lambda one: -one[1])[:5]),
    }


async def _fetch(connection: Connection, address: str, weights: dict[str, int]) -> None:
    """Weigh a file, and the modules that a script imports."""
    if address in weights:
        return
    reply = await connection.request("GET", address, {"Accept-Encoding": "gzip"})
    assert reply.status == 200, (address, reply.status)
    weights[address] = len(reply.head) + len(reply.body)
    if address.split("?")[0].endswith(".js"):
        folder = address.rsplit("/", 1)[0]
        is_compressed = b"content-encoding: gzip" in reply.head.lower()
        source = gzip.decompress(reply.body) if is_compressed else reply.body
        for name in IMPORTED.findall(source.decode()):
            await _fetch(connection, f"{folder}/{name.removeprefix('./')}", weights)


def _seconds(weight: int, round_trips: int, line: Mapping[str, float] = SLOW_3G) -> float:
    return weight / line["bytes a second"] + round_trips * line["round trip, s"]
