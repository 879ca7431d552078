"""A minimal HTTP/1.1 client on asyncio: one connection kept alive, one request at a time.

It knows what our servers send (Content-Length, no compression) and nothing more, so that the load
takes as little as possible of the cores that the server is measured on.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HEAD_END = b"\r\n\r\n"
COOKIE_NAME = b"certify_session="


class ConnectionLost(Exception):
    """The server closed the connection before it answered."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `head` is the status line with the headers."""

    status: int
    head: bytes
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)

    @property
    def session_cookie(self) -> str:
        """The session cookie that is set, or nothing."""
        start = self.head.find(COOKIE_NAME)
        return self.head[start : self.head.find(b";", start)].decode() if start >= 0 else ""


class _Receiver(asyncio.Protocol):
    """Collects one reply after the other."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.waiting: asyncio.Future[Reply] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head_end = self.buffer.find(HEAD_END)
        if head_end < 0:
            return
        head = bytes(self.buffer[:head_end])
        body_end = head_end + 4 + _content_length(head)
        if len(self.buffer) < body_end:
            return
        reply = Reply(int(head[9:12]), head, bytes(self.buffer[head_end + 4 : body_end]))
        del self.buffer[:body_end]
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(ConnectionLost())


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.find(b"content-length:")
    if start < 0:
        return 0
    end = lowered.find(b"\r\n", start)
    return int(lowered[start + 15 : end if end >= 0 else None])


@dataclass
class Connection:
    """One keep-alive connection; it is opened again where the server closed it."""

    host: str
    port: int
    lost: int = 0
    _receiver: _Receiver | None = field(default=None, repr=False)

    async def open(self) -> None:
        """Connect, unless that is done."""
        if self._receiver is None or self._receiver.transport is None:
            loop = asyncio.get_running_loop()
            _, self._receiver = await loop.create_connection(_Receiver, self.host, self.port)

    def close(self) -> None:
        """End the connection."""
        if self._receiver is not None and self._receiver.transport is not None:
            self._receiver.transport.close()

    async def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Reply:
        """Send one request; sent again once where an idle connection had been closed."""
        message = _message(self.host, method, path, headers or {}, body)
        try:
            return await self._send(message)
        except (ConnectionLost, OSError):
            self.lost += 1
            return await self._send(message)

    async def _send(self, message: bytes) -> Reply:
        await self.open()
        receiver = self._receiver
        if receiver is None or receiver.transport is None:
            raise ConnectionLost
        receiver.waiting = asyncio.get_running_loop().create_future()
        receiver.transport.write(message)
        return await receiver.waiting


def _message(host: str, method: str, path: str, headers: Mapping[str, str], body: Any) -> bytes:
    content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append("Content-Type: application/json")
    if method != "GET":
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join((*lines, "", "")).encode() + content
