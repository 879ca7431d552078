"""A small client of our own HTTP interface, as the demo's simulated candidate uses it."""

import http.cookiejar
import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener

TIMEOUT_SECONDS = 30


class ApiClient:
    """Keeps the login cookie and sends the CSRF token. Only for http addresses."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.token = ""
        self._opener = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def log_in(self, username: str, password: str) -> None:
        """Open a login session."""
        self.token = self.get("/csrf-token")["csrf_token"]
        answer = self.post("/login", {"username": username, "password": password})
        self.token = answer["csrf_token"]

    def answer(self, attempt: Mapping[str, Any], response: Any) -> Any:
        """Send a final answer to the attempt's current item; the attempt as it then stands."""
        self._save(attempt, response, is_final=True)
        return self.get(f"/attempts/{attempt['id']}")

    def save_draft(self, attempt: Mapping[str, Any], response: Any) -> Any:
        """Save an answer without moving on; the acknowledgement."""
        return self._save(attempt, response, is_final=False)

    def get(self, path: str) -> Any:
        """The JSON at a path."""
        return self._send("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send JSON, receive JSON."""
        return self._send("POST", path, body)

    def _save(self, attempt: Mapping[str, Any], response: Any, *, is_final: bool) -> Any:
        return self._send(
            "PUT",
            f"/attempts/{attempt['id']}/responses/{attempt['item']['position']}",
            {
                "response": response,
                "final": is_final,
                "revision": attempt["revision"] + 1,
                "idempotency_key": str(uuid.uuid4()),
            },
        )

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        request = Request(  # noqa: S310 - the address is our own server's
            self.base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                "X-CSRFToken": self.token,
            },
        )
        with self._opener.open(request, timeout=TIMEOUT_SECONDS) as reply:
            return json.loads(reply.read())
